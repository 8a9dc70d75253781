"""The left bar: the views with their counts, and who works here."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter

WIDTH: Final = 176
NARROW: Final = 102
_ROW: Final = 42
_KEY: Final = 40  # width of the key before a name
_LEAST: Final = 1_360  # pixels of the design that a window has beside which there is room for all of the bar


class SideBar(tk.Canvas):
    """The bar; in a narrow window keys and counts stand above smaller names.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        titles: Of the views, in order.
        choose: Shows the view at a place.
    """

    def __init__(
        self, parent: tk.Misc, theme: Theme, titles: Sequence[str], choose: Callable[[int], object]
    ) -> None:
        super().__init__(
            parent, width=theme.pixels(WIDTH), background=look.PANEL, highlightthickness=0, borderwidth=0
        )
        self._theme = theme
        self._person_fitter, self._role_fitter = Fitter(theme.bold), Fitter(theme.small)
        self._shown: object = None
        self._grounds: list[int] = []
        self._keys: list[int] = []
        self._names: list[int] = []
        self._badges: list[int] = []
        for place, title in enumerate(titles):
            self._add(place, title, choose)
        self._person = self.create_text(0, 0, anchor="w", font=theme.bold, fill=look.TEXT)
        self._role = self.create_text(0, 0, anchor="w", font=theme.small, fill=look.MUTED)
        self.bind("<Configure>", lambda event: self._lay_out())

    def show(self, active: int, badges: Sequence[int | None], person: str, role: str) -> None:
        """Show which view is active, the counts, and who works here."""
        self._fit_window()
        shown = (active, tuple(badges), person, role, self.winfo_width())
        if shown == self._shown:
            return
        self._shown = shown
        for place, badge in enumerate(badges):
            chosen = place == active
            self.itemconfigure(self._grounds[place], fill=look.SELECTED if chosen else look.PANEL)
            for item in (self._keys[place], self._names[place]):
                self.itemconfigure(item, fill=look.TEXT if chosen else look.MUTED)
            text = "" if badge is None else f"{badge:,}" if badge < 10_000 else f"{badge // 1_000:,}k"
            self.itemconfigure(self._badges[place], text=text, fill=look.TEXT if chosen else look.MUTED)
        room = self.winfo_width() - self._theme.pixels(16)
        self.itemconfigure(self._person, text=self._person_fitter.fit(person, room, ends=True))
        self.itemconfigure(self._role, text=self._role_fitter.fit(role.upper(), room))

    def _add(self, place: int, title: str, choose: Callable[[int], object]) -> None:
        theme, tag = self._theme, f"view{place}"
        self._grounds.append(self.create_rectangle(0, 0, 0, 0, width=0, tags=tag))
        self._keys.append(
            self.create_text(0, 0, text=f"Alt+{place + 1}", anchor="w", font=theme.small, tags=tag)
        )
        self._names.append(self.create_text(0, 0, text=title, anchor="w", tags=tag))
        self._badges.append(self.create_text(0, 0, anchor="e", font=theme.number, tags=tag))
        self.tag_bind(tag, "<Button-1>", lambda event: choose(place))

    def _fit_window(self) -> None:
        narrow = self.winfo_toplevel().winfo_width() < self._theme.pixels(_LEAST)
        width = self._theme.pixels(NARROW if narrow else WIDTH)
        if width != self.winfo_reqwidth():
            self.configure(width=width)

    def _lay_out(self) -> None:
        pixels, width, height = self._theme.pixels, self.winfo_width(), self.winfo_height()
        narrow = width <= pixels(NARROW)
        left = pixels(12)
        for place, ground in enumerate(self._grounds):
            top = pixels(12 + place * _ROW)
            bottom, middle = top + pixels(_ROW), top + pixels(_ROW) // 2
            first, second = (top + pixels(12), top + pixels(29)) if narrow else (middle, middle)
            self.coords(ground, 0, top, width, bottom)
            self.coords(self._keys[place], left, first)
            self.coords(self._names[place], left if narrow else left + pixels(_KEY), second)
            self.itemconfigure(self._names[place], font=self._theme.small if narrow else self._theme.bold)
            self.coords(self._badges[place], width - left, first)
        self.coords(self._person, left, height - pixels(40))
        self.coords(self._role, left, height - pixels(20))
