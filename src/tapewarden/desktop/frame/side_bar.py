"""The left bar: the views with their counts, and who works here."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter

WIDTH: Final = 176
_ROW: Final = 42


class SideBar(tk.Canvas):
    """The bar.

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
        self._fitter = Fitter(theme.bold)
        self._shown: object = None
        self._grounds: list[int] = []
        self._names: list[int] = []
        self._badges: list[int] = []
        for place, title in enumerate(titles):
            self._add(place, title, choose)
        self._person = self.create_text(0, 0, anchor="w", font=theme.bold, fill=look.TEXT)
        self._role = self.create_text(0, 0, anchor="w", font=theme.small, fill=look.MUTED)
        self.bind("<Configure>", lambda event: self._lay_out_foot())

    def show(self, active: int, badges: Sequence[int | None], person: str, role: str) -> None:
        """Show which view is active, the counts, and who works here."""
        shown = (active, tuple(badges), person, role)
        if shown == self._shown:
            return
        self._shown = shown
        for place, badge in enumerate(badges):
            chosen = place == active
            self.itemconfigure(self._grounds[place], fill=look.SELECTED if chosen else look.PANEL)
            self.itemconfigure(self._names[place], fill=look.TEXT if chosen else look.MUTED)
            text = "" if badge is None else f"{badge:,}" if badge < 10_000 else f"{badge // 1_000:,}k"
            self.itemconfigure(self._badges[place], text=text, fill=look.TEXT if chosen else look.MUTED)
        room = self._theme.pixels(WIDTH - 32)
        self.itemconfigure(self._person, text=self._fitter.fit(person, room))
        self.itemconfigure(self._role, text=self._fitter.fit(role.upper(), room))

    def _add(self, place: int, title: str, choose: Callable[[int], object]) -> None:
        theme, tag = self._theme, f"view{place}"
        top = theme.pixels(12 + place * _ROW)
        bottom, middle = top + theme.pixels(_ROW), top + theme.pixels(_ROW) // 2
        right = theme.pixels(WIDTH)
        self._grounds.append(self.create_rectangle(0, top, right, bottom, width=0, tags=tag))
        self._names.append(
            self.create_text(
                theme.pixels(14), middle, text=f"{place + 1}  {title}", anchor="w", font=theme.bold, tags=tag
            )
        )
        self._badges.append(
            self.create_text(right - theme.pixels(14), middle, anchor="e", font=theme.number, tags=tag)
        )
        self.tag_bind(tag, "<Button-1>", lambda event: choose(place))

    def _lay_out_foot(self) -> None:
        left, bottom = self._theme.pixels(16), self.winfo_height()
        self.coords(self._person, left, bottom - self._theme.pixels(40))
        self.coords(self._role, left, bottom - self._theme.pixels(20))
