"""Cells of a table as items of a canvas, changed only where what they show has changed."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.fitting import Fitter

PADDING: Final = 8
_CHIP_GROUND: Final = 0.22
_BAR_NUMBER: Final = 42
_LEAST_BAR: Final = 16
"""Pixels of the design; a shorter bar is left out, its number stays."""


class CellItems:
    """The items of one place in a table.

    Args:
        canvas: Of the table.
        column: That the cell belongs to.
        theme: For fonts and sizes.
        fitter: Of the column's font.
    """

    def __init__(self, canvas: tk.Canvas, column: Column, theme: Theme, fitter: Fitter) -> None:
        self._canvas = canvas
        self._kind = column.kind
        self._theme = theme
        self._fitter = fitter
        self._shown: Cell | None = None
        self._ground = self._bar = 0
        if self._kind in (Kind.CHIP, Kind.BAR):
            self._ground = canvas.create_rectangle(0, 0, 0, 0, width=0, state="hidden")
            self._bar = canvas.create_rectangle(0, 0, 0, 0, width=0, state="hidden")
        to_right = self._kind in (Kind.NUMBER, Kind.BAR)
        monospaced = self._kind in (Kind.NUMBER, Kind.CODE, Kind.BAR)
        font = theme.number if monospaced else theme.small if self._kind is Kind.CHIP else theme.text
        self._text = canvas.create_text(0, 0, anchor="e" if to_right else "w", font=font)

    def place(self, left: int, top: int, width: int) -> None:
        """Where the cell is from now on."""
        self._left, self._top, self._width = left, top, width
        padding, middle = self._theme.pixels(PADDING), top + self._theme.row_height // 2
        right = self._kind in (Kind.NUMBER, Kind.BAR)
        inset = 2 * padding if self._kind is Kind.CHIP else padding
        self._canvas.coords(self._text, left + width - padding if right else left + inset, middle)
        self._shown = None

    @property
    def drawn(self) -> str:
        """The text as it stands there, cut if it was."""
        text: str = self._canvas.itemcget(self._text, "text")  # type: ignore[no-untyped-call]
        return text

    @property
    def needed(self) -> int:
        """How wide the cell must be for its text to be whole, pixels."""
        text = "" if self._shown is None else self._shown.text
        return self._fitter.width(text) + self._margins

    @property
    def _margins(self) -> int:
        return (4 if self._kind is Kind.CHIP else 2) * self._theme.pixels(PADDING)

    def show(self, cell: Cell) -> bool:
        """Show a cell; whether its text is whole, or was told of before."""
        if cell == self._shown:
            return True
        self._shown = cell
        color = look.COLORS[cell.tone]
        text = self._fitter.fit(cell.text, self._width - self._margins, ends=self._kind is Kind.CODE)
        self._canvas.itemconfigure(self._text, text=text, fill=look.TEXT if self._kind is Kind.BAR else color)
        if self._kind is Kind.CHIP:
            self._show_chip(text, color)
        elif self._kind is Kind.BAR:
            self._show_bar(cell, color)
        return text == cell.text

    def clear(self) -> None:
        """Show nothing."""
        if self._shown != Cell():
            self.show(Cell())

    def _show_chip(self, text: str, color: str) -> None:
        inset, left = self._theme.pixels(3), self._left + self._theme.pixels(PADDING)
        right = left + self._fitter.width(text) + 2 * self._theme.pixels(PADDING)
        bottom = self._top + self._theme.row_height - inset
        self._canvas.coords(self._ground, left, self._top + inset, right, bottom)
        ground = look.mixed(color, look.PANEL, _CHIP_GROUND)
        self._canvas.itemconfigure(self._ground, fill=ground, state="normal" if text else "hidden")

    def _show_bar(self, cell: Cell, color: str) -> None:
        left, right = self._left + self._theme.pixels(PADDING), self._left + self._width
        right -= self._theme.pixels(_BAR_NUMBER + PADDING)
        top = self._top + self._theme.row_height // 2 - self._theme.pixels(3)
        long_enough = right - left >= self._theme.pixels(_LEAST_BAR)
        bottom, state = top + self._theme.pixels(6), "normal" if cell.text and long_enough else "hidden"
        end = left + (right - left) * min(max(cell.share, 0.0), 1.0)
        self._canvas.coords(self._ground, left, top, right, bottom)
        self._canvas.coords(self._bar, left, top, end, bottom)
        self._canvas.itemconfigure(self._ground, fill=look.LINE, state=state)
        self._canvas.itemconfigure(self._bar, fill=color, state=state)
