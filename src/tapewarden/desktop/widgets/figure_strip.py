"""`FigureStrip`: a row of figures, or two, each with its name above and what to think of it below."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.health.figures import Figure
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter

HEIGHT: Final = 76
_GAP: Final = 8
_LEAST: Final = 124  # pixels of the design for a figure; where they would be narrower they stand in two rows
_PADDING: Final = 12


class FigureStrip(tk.Canvas):
    """The strip; ``show`` costs nothing where nothing has changed.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(
            parent,
            height=theme.pixels(HEIGHT),
            background=look.BACKGROUND,
            highlightthickness=0,
            borderwidth=0,
        )
        self._theme = theme
        self._names = Fitter(theme.small)
        self._values = (Fitter(theme.heading), theme.heading), (Fitter(theme.bold), theme.bold)
        self._shown: object = None

    def show(self, figures: Sequence[Figure]) -> None:
        """Show figures, all of the same width, in two rows where one is too narrow."""
        shown = (tuple(figures), self.winfo_width())
        if shown == self._shown or not figures:
            return
        self._shown = shown
        self.delete("all")
        gap, height = self._theme.pixels(_GAP), self._theme.pixels(HEIGHT)
        rows = 1 if self.winfo_width() >= len(figures) * self._theme.pixels(_LEAST) else 2
        columns = -(-len(figures) // rows)
        width = (self.winfo_width() + gap) / columns
        for number, figure in enumerate(figures):
            row, place = divmod(number, columns)
            left, right = round(place * width), round((place + 1) * width) - gap
            self._draw(figure, left, right, row * (height + gap))
        self.configure(height=rows * (height + gap) - gap)

    def _draw(self, figure: Figure, left: int, right: int, top: int) -> None:
        pixels, padding = self._theme.pixels, self._theme.pixels(_PADDING)
        room, color = right - left - 2 * padding, look.COLORS[figure.tone]
        bottom = top + pixels(HEIGHT)
        large, smaller = self._values
        values, font = large if large[0].width(figure.value) <= room else smaller
        self.create_rectangle(left, top, right, bottom, width=0, fill=look.PANEL)
        self.create_rectangle(left, top, left + pixels(3), bottom, width=0, fill=color)
        for text, middle, written, fitter, shade in (
            (figure.name.upper(), 16, self._theme.small, self._names, look.MUTED),
            (figure.value, 38, font, values, look.TEXT),
            (figure.judgement, 60, self._theme.small, self._names, color),
        ):
            shown, y = fitter.fit(text, room), top + pixels(middle)
            self.create_text(left + padding, y, text=shown, anchor="w", font=written, fill=shade)
