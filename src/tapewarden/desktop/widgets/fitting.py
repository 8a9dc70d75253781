"""`Fitter`: text cut to a width, with an ellipsis where something is missing."""

from __future__ import annotations

from tkinter import font as fonts
from typing import Final

ELLIPSIS: Final = "…"
_MOST_KEPT: Final = 4_096


class Fitter:
    """Measures text of one font, and remembers, because Tk takes microseconds for it."""

    def __init__(self, font: fonts.Font) -> None:
        self._font = font
        self._fixed = font.measure("0") if font.metrics("fixed") else None
        self._widest = font.measure("W")
        self._widths: dict[str, int] = {}

    def width(self, text: str) -> int:
        """Of a text, pixels."""
        if self._fixed is not None and text.isascii():
            return self._fixed * len(text)
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) >= _MOST_KEPT:
                self._widths.clear()
            width = self._widths[text] = self._font.measure(text)
        return width

    def fit(self, text: str, width: int, *, ends: bool = False) -> str:
        """The text, or as much of it as goes into ``width`` pixels with an ellipsis.

        That is its beginning, or with ``ends`` beginning and end: names often differ in their last letters.
        """
        if len(text) * self._widest <= width or self.width(text) <= width:
            return text
        kept = self._most_letters(text, width, ends=ends)
        return _cut(text, kept, ends=ends) if kept > 0 else ""

    def fit_lines(self, text: str, width: int, lines: int) -> str:
        """The text, or as many words of it as go into so many lines of ``width`` pixels with an ellipsis."""
        count, line = 1, ""
        words = text.split(" ")
        for place, word in enumerate(words):
            longer = f"{line} {word}" if line else word
            if line and self.width(longer) > width:
                count, longer = count + 1, word
            if count > lines:
                return self._shortened(words[:place], line, width)
            line = longer
        return text

    def _shortened(self, words: list[str], line: str, width: int) -> str:
        """Words of which the last ones make up a line, with an ellipsis that goes into it too."""
        while " " in line and self.width(line + ELLIPSIS) > width:
            line, words = line.rpartition(" ")[0], words[:-1]
        return " ".join(words) + ELLIPSIS

    def _most_letters(self, text: str, width: int, *, ends: bool) -> int:
        """How many letters there is room for beside the ellipsis."""
        if self._fixed is not None and text.isascii():
            return (width - self.width(ELLIPSIS)) // self._fixed
        low, high = 0, len(text) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._font.measure(_cut(text, middle, ends=ends)) <= width:
                low = middle
            else:
                high = middle - 1
        return low


def _cut(text: str, kept: int, *, ends: bool) -> str:
    """So many letters of a text, and an ellipsis for the others."""
    behind = kept // 2 if ends else 0
    return text[: kept - behind].rstrip() + ELLIPSIS + text[len(text) - behind :].lstrip()
