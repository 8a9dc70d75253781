"""`Choice`: a row of words of which one is chosen, flat, as small as it can be."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter


class Choice(tk.Canvas):
    """The row; words that do not fit are left out at the end, and ``…`` says so.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        chosen: Told the place of a word that is clicked.
        background: Of what is around it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        chosen: Callable[[int], object],
        background: str = look.PANEL,
    ) -> None:
        super().__init__(
            parent,
            height=theme.pixels(26),
            width=theme.pixels(40),
            background=background,
            highlightthickness=0,
            borderwidth=0,
        )
        self._theme = theme
        self._told = chosen
        self._fitter = Fitter(theme.small)
        self._shown: tuple[tuple[str, ...], int, int] | None = None

    def show(self, words: Sequence[str], place: int) -> None:
        """Show words, one of them chosen; -1 for none."""
        shown = (tuple(words), place, self.winfo_width())
        if shown == self._shown:
            return
        self._shown = shown
        self.delete("all")
        left, height = 0, self._theme.pixels(26)
        for number, word in enumerate(words):
            width = self._fitter.width(word) + self._theme.pixels(20)
            if left + width > self.winfo_width() and self.winfo_width() > 1:
                self.create_text(left + 4, height // 2, text="…", anchor="w", fill=look.MUTED)
                break
            self._draw(number, word, left, width, chosen=number == place)
            left += width + self._theme.pixels(6)

    def wanted_width(self, words: Sequence[str]) -> int:
        """How wide it must be for all words."""
        return sum(self._fitter.width(word) + self._theme.pixels(26) for word in words)

    def _draw(self, number: int, word: str, left: int, width: int, *, chosen: bool) -> None:
        tag, height = f"word{number}", self._theme.pixels(26)
        self.create_rectangle(
            left,
            1,
            left + width,
            height - 1,
            fill=look.ACCENT if chosen else look.HEADER,
            outline=look.ACCENT if chosen else look.LINE,
            tags=tag,
        )
        self.create_text(
            left + width // 2,
            height // 2,
            text=word,
            font=self._theme.small,
            fill="#ffffff" if chosen else look.TEXT,
            tags=tag,
        )
        self.tag_bind(tag, "<Button-1>", lambda event: self._told(number))
