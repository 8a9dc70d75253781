"""`Choice`: a row of words of which one is chosen, flat, as small as it can be."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import ELLIPSIS, Fitter

_HEIGHT: Final = 26
_PADDING: Final = 10  # on each side of a word
_GAP: Final = 6


class Choice(tk.Canvas):
    """The row, or two where one has no room; words that do not fit then are left out, and ``…`` says so.

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
            height=theme.pixels(_HEIGHT),
            width=theme.pixels(40),
            background=background,
            highlightthickness=0,
            borderwidth=0,
        )
        self._theme = theme
        self._told = chosen
        self._fitter = Fitter(theme.small)
        self._words: Sequence[str] = ()
        self._chosen = -1
        self._shown: tuple[tuple[str, ...], int, int] | None = None
        self.bind("<Configure>", lambda event: self.show(self._words, self._chosen))

    def show(self, words: Sequence[str], place: int) -> None:
        """Show words, one of them chosen; -1 for none."""
        self._words, self._chosen = words, place
        shown = (tuple(words), place, self.winfo_width())
        if shown == self._shown:
            return
        self._shown = shown
        self.delete("all")
        gap, row = self._theme.pixels(_GAP), self._theme.pixels(_HEIGHT)
        widths = [self._fitter.width(word) + self._theme.pixels(2 * _PADDING) for word in words]
        wanted = sum(widths) + gap * max(0, len(widths) - 1)
        available = self.winfo_width() if self.winfo_width() > 1 else wanted
        left = top = 0
        for number, (word, width) in enumerate(zip(words, widths, strict=True)):
            if left and left + width > available and top == 0:
                left, top = 0, row + gap
            more = top and number < len(words) - 1
            if left + width + (self._fitter.width(ELLIPSIS) + gap if more else 0) > available:
                self.create_text(left, top + row // 2, text=ELLIPSIS, anchor="w", fill=look.MUTED)
                break
            self._draw(number, word, left, top, width, chosen=number == place)
            left += width + gap
        self._ask_for(wanted, top + row)

    def _ask_for(self, width: int, height: int) -> None:
        """Ask for a size, unless it is asked for already."""
        if (self.winfo_reqwidth(), self.winfo_reqheight()) != (width, height):
            self.configure(width=width, height=height)

    def _draw(self, number: int, word: str, left: int, top: int, width: int, *, chosen: bool) -> None:
        tag, height = f"word{number}", self._theme.pixels(_HEIGHT)
        self.create_rectangle(
            left,
            top + 1,
            left + width - 1,
            top + height - 1,
            fill=look.ACCENT if chosen else look.HEADER,
            outline=look.ACCENT if chosen else look.LINE,
            tags=tag,
        )
        self.create_text(
            left + width // 2,
            top + height // 2,
            text=word,
            font=self._theme.small,
            fill="#ffffff" if chosen else look.TEXT,
            tags=tag,
        )
        self.tag_bind(tag, "<Button-1>", lambda event: self._told(number))
