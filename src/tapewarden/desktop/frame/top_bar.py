"""The top bar: the product, the connection, how the tape goes, and the time."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.connection import Pill
from tapewarden.desktop.presenters.facts import Fact
from tapewarden.desktop.theme import Theme

HEIGHT: Final = 46
_DOT: Final = 10
_GAP: Final = 22
_HINT: Final = "Ctrl+K search   F1 keys   F2 lessons"


class TopBar(tk.Canvas):
    """The bar; ``show`` costs nothing where nothing has changed.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        search: Opens the command search.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, search: Callable[[], object]) -> None:
        super().__init__(
            parent, height=theme.pixels(HEIGHT), background=look.PANEL, highlightthickness=0, borderwidth=0
        )
        self._theme = theme
        self._shown: object = None
        middle = theme.pixels(HEIGHT) // 2
        self.create_text(
            theme.pixels(16),
            middle,
            text="◆ TAPEWARDEN",
            anchor="w",
            font=theme.title,
            fill=look.ACCENT,
            tags="name",
        )
        self._left = self.bbox("name")[2] + theme.pixels(_GAP)
        self._dot = self.create_oval(0, 0, 0, 0, width=0)
        self._pill = self.create_text(0, middle, anchor="w", font=theme.bold)
        self._mark_ground = self.create_rectangle(0, 0, 0, 0, width=0, state="hidden")
        self._mark = self.create_text(0, middle, anchor="w", font=theme.bold)
        self._facts: list[int] = []
        self._clock = self.create_text(0, middle, anchor="e", font=theme.number, fill=look.TEXT)
        self._hint = self.create_text(
            0, middle, anchor="e", font=theme.small, fill=look.MUTED, text=_HINT, tags="hint"
        )
        self.tag_bind("hint", "<Button-1>", lambda event: search())
        self.bind("<Configure>", lambda event: self._lay_out_right())

    def show(self, pill: Pill, mark: Fact | None, facts: tuple[Fact, ...], now: datetime) -> None:
        """Show the connection, a mark that must not be missed, facts about the tape, and the time."""
        self.itemconfigure(self._clock, text=f"{now.astimezone(UTC):%H:%M:%S} UTC")
        if (pill, mark, facts) == self._shown:
            return
        self._shown = (pill, mark, facts)
        color, middle = look.COLORS[pill.tone], self._theme.pixels(HEIGHT) // 2
        radius, left = self._theme.pixels(_DOT) // 2, self._left
        self.coords(self._dot, left, middle - radius, left + 2 * radius, middle + radius)
        self.itemconfigure(self._dot, fill=color)
        self.itemconfigure(self._pill, text=pill.text, fill=color)
        self.coords(self._pill, left + self._theme.pixels(_DOT + 6), middle)
        left = self.bbox(self._pill)[2] + self._theme.pixels(_GAP)
        self._show_facts(facts, self._show_mark(mark, left))

    def _show_mark(self, mark: Fact | None, left: int) -> int:
        """Show the mark as dark words on a bright ground; gives where it ends."""
        state = "hidden" if mark is None else "normal"
        self.itemconfigure(self._mark_ground, state=state)
        self.itemconfigure(self._mark, state=state)
        if mark is None:
            return left
        padding, middle = self._theme.pixels(8), self._theme.pixels(HEIGHT) // 2
        self.coords(self._mark, left + padding, middle)
        self.itemconfigure(self._mark, text=mark.text, fill=look.BACKGROUND)
        right, half = self.bbox(self._mark)[2] + padding, self._theme.pixels(11)
        self.coords(self._mark_ground, left, middle - half, right, middle + half)
        self.itemconfigure(self._mark_ground, fill=look.COLORS[mark.tone])
        return right + self._theme.pixels(_GAP)

    def _show_facts(self, facts: tuple[Fact, ...], left: int) -> None:
        middle, gap = self._theme.pixels(HEIGHT) // 2, self._theme.pixels(_GAP)
        while len(self._facts) < len(facts):
            self._facts.append(self.create_text(0, middle, anchor="w", font=self._theme.number))
        ends = []
        for item, fact in zip(self._facts, facts, strict=False):
            self.coords(item, left, middle)
            self.itemconfigure(item, text=fact.text, fill=look.COLORS[fact.tone], state="normal")
            ends.append(self.bbox(item)[2])
            left = ends[-1] + gap
        end = self._make_room(left)
        for item, right in zip(self._facts, ends, strict=False):
            if right > end:  # a narrow window shows fewer, never half of one
                self.itemconfigure(item, state="hidden")

    def _make_room(self, left: int) -> int:
        """Hide the hint where facts need its place; gives where they must end."""
        self.itemconfigure(self._hint, state="normal")
        hint = self.bbox(self._hint)[0]
        if left <= hint:
            return hint
        self.itemconfigure(self._hint, state="hidden")
        return self.bbox(self._clock)[0] - self._theme.pixels(_GAP)

    def _lay_out_right(self) -> None:
        middle, right = self._theme.pixels(HEIGHT) // 2, self.winfo_width() - self._theme.pixels(16)
        self.itemconfigure(self._clock, text="00:00:00 UTC")
        self.coords(self._clock, right, middle)
        self.coords(self._hint, self.bbox(self._clock)[0] - self._theme.pixels(_GAP), middle)
        self._shown = None
