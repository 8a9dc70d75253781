"""`Split`: parts beside each other, or below each other where they would be too narrow."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme

GAP: Final = 8
LEAST: Final = 60
"""Pixels of the design that dragging leaves of a part."""


class Split(tk.Frame):
    """The parts, in the order in which they were appended; the gap between two of them can be dragged.

    Each keeps its share of the room when the window changes: first as given, then as it was dragged.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        beside: Whether they are beside each other, by width and height in pixels of the design.
        shares: Where each part but the last one ends, of the width, where they are beside each other.
        below: Likewise of the height, where they are below each other.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        beside: Callable[[float, float], bool],
        shares: Sequence[float],
        below: Sequence[float],
    ) -> None:
        super().__init__(parent, background=look.BACKGROUND)
        self._theme = theme
        self._beside = beside
        self._ends = {True: list(shares), False: list(below)}
        self._parts: list[tk.Widget] = []
        self._gaps: list[tk.Frame] = []
        self.across = True
        self.bind("<Configure>", lambda event: self.arrange())

    def append(self, part: tk.Widget) -> None:
        """Have one more part, whose parent this is."""
        if self._parts:
            gap = tk.Frame(self, background=look.BACKGROUND)
            gap.bind("<B1-Motion>", partial(self._drag, len(self._gaps)))
            self._gaps.append(gap)
        self._parts.append(part)

    def arrange(self) -> None:
        """Give each part its place."""
        width, height = self.winfo_width(), self.winfo_height()
        self.across = self._beside(width / self._theme.scale, height / self._theme.scale)
        gap, length = self._theme.pixels(GAP), width if self.across else height
        begin = 0
        for place, part in enumerate(self._parts):
            last = place == len(self._gaps)
            end = length if last else round(self._ends[self.across][place] * length)
            self._put(part, begin, max(1, end - begin))
            if not last:
                self._put(self._gaps[place], end, gap)
                self._gaps[place].configure(
                    cursor="sb_h_double_arrow" if self.across else "sb_v_double_arrow"
                )
            begin = end + gap

    def _put(self, part: tk.Widget, begin: int, length: int) -> None:
        if self.across:
            part.place_configure(x=begin, y=0, width=length, height=self.winfo_height())
        else:
            part.place_configure(x=0, y=begin, width=self.winfo_width(), height=length)

    def _drag(self, place: int, event: Any) -> None:  # noqa: ANN401 - what Tk gives has no useful type
        """Move a gap to the pointer, within its neighbors."""
        length = self.winfo_width() if self.across else self.winfo_height()
        at = event.x_root - self.winfo_rootx() if self.across else event.y_root - self.winfo_rooty()
        ends, least = self._ends[self.across], self._theme.pixels(LEAST)
        low = (round(ends[place - 1] * length) if place else 0) + least
        high = (round(ends[place + 1] * length) if place + 1 < len(ends) else length) - least
        ends[place] = min(max(at, low), max(low, high)) / max(1, length)
        self.arrange()


def wider_than_high(width: float, height: float) -> bool:
    """For ``beside``: the parts fill the longer side."""
    return width > height


def at_least(pixels: float) -> Callable[[float, float], bool]:
    """For ``beside``: there is so much width, in pixels of the design."""
    return lambda width, height: width >= pixels
