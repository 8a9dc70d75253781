"""`CaseHeader`: a case in two lines of text with chips."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.case_details.header import Header
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.pool import Pool

HEIGHT: Final = 60
_GROUND: Final = 0.22
_GAP: Final = 8


class CaseHeader(tk.Canvas):
    """The header; what does not fit is cut with an ellipsis, chips that do not fit are left out.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(
            parent,
            height=theme.pixels(HEIGHT),
            width=1,
            background=look.PANEL,
            highlightthickness=0,
            borderwidth=0,
        )
        self._theme = theme
        self._header: Header | None = None
        self._title_fitter, self._chip_fitter = Fitter(theme.title), Fitter(theme.small)
        self._bold_fitter, self._about_fitter = Fitter(theme.bold), Fitter(theme.text)
        self._title = self.create_text(0, 0, anchor="w", font=theme.title, fill=look.TEXT)
        self._risk = self.create_text(0, 0, anchor="w", font=theme.bold, fill=look.COLORS[Tone.CRITICAL])
        self._about = self.create_text(0, 0, anchor="w", font=theme.text, fill=look.TEXT)
        self._grounds = Pool(self, lambda: self.create_rectangle(0, 0, 0, 0, width=0))
        self._words = Pool(self, lambda: self.create_text(0, 0, anchor="w", font=theme.small))
        self.bind("<Configure>", lambda event: self._draw())

    def show(self, header: Header | None) -> None:
        """Show a case; ``None`` for none."""
        if header != self._header:
            self._header = header
            self._draw()

    def _draw(self) -> None:
        pixels, header = self._theme.pixels, self._header
        self._grounds.begin()
        self._words.begin()
        title, about, risk = ("", "", "") if header is None else (header.title, header.about, header.risk)
        first, second, left = pixels(20), pixels(44), pixels(12)
        room = self.winfo_width() - 2 * left
        self.coords(self._title, left, first)
        self.itemconfigure(self._title, text=self._title_fitter.fit(title, room))
        self.coords(self._about, left, second)
        self.itemconfigure(self._about, text=self._about_fitter.fit(about, room))
        x = left + self._title_fitter.width(title) + pixels(_GAP + 4)
        self.coords(self._risk, x, first)
        fits = x + self._bold_fitter.width(risk) <= left + room
        self.itemconfigure(self._risk, text=risk if fits else "")
        x += self._bold_fitter.width(risk) + pixels(_GAP + 4)
        if header is not None:
            self._draw_chips(header, x, first)
        self._grounds.finish()
        self._words.finish()

    def _draw_chips(self, header: Header, x: int, middle: int) -> None:
        pixels, end = self._theme.pixels, self.winfo_width() - self._theme.pixels(12)
        half = pixels(10)
        for chip in header.chips:
            text = self._chip_fitter.fit(chip.text, max(0, end - x - 2 * pixels(_GAP)))
            if not text:
                return
            right = x + self._chip_fitter.width(text) + 2 * pixels(_GAP)
            color = look.COLORS[chip.tone]
            ground = look.mixed(color, look.PANEL, _GROUND)
            self._grounds.put(x, middle - half, right, middle + half, fill=ground)
            self._words.put(x + pixels(_GAP), middle, text=text, fill=color)
            x = right + pixels(_GAP)
