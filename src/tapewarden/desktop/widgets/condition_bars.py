"""`ConditionBars`: values as bars with a tick where their threshold is, under headings; scrolls."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from functools import partial
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.conditions import Bar, Heading
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.pool import Pool

_PADDING: Final = 10
_LINE: Final = 18
_BAR: Final = 6
_THUMB: Final = 4
_BORDER: Final = 1


class ConditionBars(tk.Canvas):
    """The bars; ↑ ↓ j k PgUp PgDn and the wheel scroll them.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        empty: Said where there are none.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, empty: str) -> None:
        super().__init__(
            parent,
            background=look.PANEL,
            highlightthickness=_BORDER,
            highlightbackground=look.PANEL,
            highlightcolor=look.ACCENT,
            borderwidth=0,
            width=1,
            height=1,
            takefocus=True,
            yscrollincrement=theme.pixels(_LINE),
        )
        self._theme = theme
        self._empty = empty
        self._fitter = Fitter(theme.small)
        self._lines: Sequence[Heading | Bar] = ()
        make = self.create_text
        self._titles = Pool(self, lambda: make(0, 0, anchor="nw", font=theme.bold))
        self._notes = Pool(self, lambda: make(0, 0, anchor="nw", font=theme.small, fill=look.MUTED))
        self._names = Pool(self, lambda: make(0, 0, anchor="nw", font=theme.small, fill=look.TEXT))
        self._numbers = Pool(self, lambda: make(0, 0, anchor="e", font=theme.small, fill=look.MUTED))
        self._bars = Pool(self, lambda: self.create_rectangle(0, 0, 0, 0, width=0))
        self._ticks = Pool(self, lambda: self.create_line(0, 0, 0, 0, fill="#ffffff", width=2))
        self._thumb = self.create_rectangle(0, 0, 0, 0, width=0, fill=look.LINE)
        self.configure(yscrollcommand=self._show_thumb)
        self.bind("<Configure>", lambda event: self._draw())
        self.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1))
        self.bind("<Button-4>", lambda event: self._scroll(-1))
        self.bind("<Button-5>", lambda event: self._scroll(1))
        self.bind("<Button-1>", lambda event: self.focus_set())
        for keys, lines in ((("Up", "k"), -1), (("Down", "j"), 1), (("Prior",), -8), (("Next",), 8)):
            for key in keys:
                self.bind(f"<{key}>", partial(self._keyed, lines))

    def show(self, lines: Sequence[Heading | Bar]) -> None:
        """Show headings and bars."""
        if lines != self._lines:
            self._lines = lines
            self.yview_moveto(0)
            self._draw()

    def _draw(self) -> None:
        pools = (self._titles, self._notes, self._names, self._numbers, self._bars, self._ticks)
        for pool in pools:
            pool.begin()
        padding = self._theme.pixels(_PADDING)
        y = self._theme.pixels(8)
        if not self._lines:
            self._notes.put(padding, y, text=self._empty, width=self.winfo_width() - 2 * padding)
        for line in self._lines:
            y = self._draw_heading(line, y) if isinstance(line, Heading) else self._draw_bar(line, y)
        for pool in pools:
            pool.finish()
        height = max(y, self.winfo_height() - 2 * _BORDER)
        self.configure(scrollregion=(0, 0, self.winfo_width(), height))

    def _draw_heading(self, heading: Heading, y: int) -> int:
        padding = self._theme.pixels(_PADDING)
        room = max(1, self.winfo_width() - 2 * padding)
        color = look.COLORS[heading.tone]
        y = self._below(self._titles.put(padding, y, text=heading.title, fill=color, width=room))
        return self._below(self._notes.put(padding, y, text=heading.note, width=room)) + self._theme.pixels(6)

    def _draw_bar(self, bar: Bar, y: int) -> int:
        """Name and numbers on a line, or below each other where that is too narrow; then the bar."""
        padding, line, thick = (self._theme.pixels(one) for one in (_PADDING, _LINE, _BAR))
        width = max(1, self.winfo_width() - 2 * padding)
        right = padding + width
        together = self._fitter.width(bar.name) + padding + self._fitter.width(bar.text) <= width
        below = self._below(self._names.put(padding, y, text=bar.name, width=0 if together else width))
        middle = (y + below) // 2 if together else below + line // 2
        self._numbers.put(right, middle, text=self._fitter.fit(bar.text, width))
        top = (below if together else below + line) + self._theme.pixels(3)
        self._bars.put(padding, top, right, top + thick, fill=look.LINE)
        begin, end = sorted(padding + round(width * one) for one in (bar.start, bar.share))
        self._bars.put(begin, top, max(end, begin + 1), top + thick, fill=look.COLORS[bar.tone])
        if bar.mark is not None:
            x, beyond = padding + round(width * bar.mark), self._theme.pixels(3)
            self._ticks.put(x, top - beyond, x, top + thick + beyond)
        return top + thick + self._theme.pixels(8)

    def _below(self, item: int) -> int:
        """Where a text ends that may be of several lines."""
        return self.bbox(item)[3]

    def _show_thumb(self, first: float, last: float) -> None:
        """Show at the right edge which part is in sight, unless all is."""
        begin, end = float(first), float(last)  # they come as texts
        top, height, right = self.canvasy(0), self.winfo_height(), self.winfo_width()
        left = right if end - begin >= 1 else right - self._theme.pixels(_THUMB)
        self.coords(self._thumb, left, top + begin * height, right, top + end * height)

    def _keyed(self, lines: int, event: object) -> str:
        self._scroll(lines)
        return "break"

    def _scroll(self, lines: int) -> None:
        self.yview_scroll(lines, "units")
