"""`RowItems`: what a table shows at one of its places: cells, or a heading across all columns."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping, Sequence

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.cells import PADDING, CellItems
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.fitting import Fitter


class RowItems:
    """The items of a row; a row of one cell, where there are more columns, is a heading.

    Args:
        canvas: Of the table.
        columns: Of the table.
        theme: For fonts and sizes.
        fitters: Of the fonts of cells.
        headings: Of the font of headings.
    """

    def __init__(
        self,
        canvas: tk.Canvas,
        columns: Sequence[Column],
        theme: Theme,
        fitters: Mapping[Kind, Fitter],
        headings: Fitter,
    ) -> None:
        self._canvas = canvas
        self._columns = columns
        self._theme = theme
        self._fitter = headings
        self._ground = look.PANEL
        self._right = 0
        self._stripe = canvas.create_rectangle(0, 0, 0, 0, width=0, fill=look.PANEL)
        self._cells = [CellItems(canvas, one, theme, fitters[one.kind]) for one in columns]
        self._heading = canvas.create_text(0, 0, anchor="w", font=theme.bold)
        self._said = Cell()

    @property
    def drawn(self) -> list[str]:
        """The texts as they stand there, cut where they are."""
        if self._said.text:
            text: str = self._canvas.itemcget(self._heading, "text")  # type: ignore[no-untyped-call]
            return [text]
        return [one.drawn for one in self._cells]

    def place(self, top: int, widths: Sequence[int], right: int) -> None:
        """Where the row is from now on: its top, the widths of its cells, where it ends."""
        height, left = self._theme.row_height, 0
        self._right = right
        self._canvas.coords(self._stripe, 0, top, right, top + height)
        self._canvas.coords(self._heading, self._theme.pixels(PADDING), top + height // 2)
        for cell, width in zip(self._cells, widths, strict=True):
            cell.place(left, top, width)
            left += width
        said, self._said = self._said, Cell()
        if said.text:
            self._say(said)

    def show(self, row: Sequence[Cell], needed: list[int]) -> None:
        """Show a row, and have ``needed`` as wide as texts need that must be whole."""
        if len(row) == 1 < len(self._cells):
            self._clear_cells()
            self._say(row[0])
            return
        self._say(Cell())
        for place, (items, cell) in enumerate(zip(self._cells, row, strict=True)):
            if not items.show(cell) and self._columns[place].is_whole:
                needed[place] = max(needed[place], items.needed)

    def clear(self) -> None:
        """Show nothing."""
        self._clear_cells()
        self._say(Cell())

    def tint(self, ground: str) -> None:
        """Have a ground."""
        if ground != self._ground:
            self._ground = ground
            self._canvas.itemconfigure(self._stripe, fill=ground)

    def _clear_cells(self) -> None:
        for items in self._cells:
            items.clear()

    def _say(self, heading: Cell) -> None:
        if heading != self._said:
            self._said = heading
            text = self._fitter.fit(heading.text, self._right - 2 * self._theme.pixels(PADDING))
            self._canvas.itemconfigure(self._heading, text=text, fill=look.COLORS[heading.tone])
