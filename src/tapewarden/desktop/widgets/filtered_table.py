"""`FilteredTable`: a table below a line to filter by, words to choose from, and what it shows in words."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.rows import Rows
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.choice import Choice
from tapewarden.desktop.widgets.columns import Column
from tapewarden.desktop.widgets.filter_entry import FilterEntry
from tapewarden.desktop.widgets.fitted_label import FittedLabel
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.flow import Flow
from tapewarden.desktop.widgets.table import TableActions, VirtualTable

_TOLD: Final = 0.6  # of the width, at most, for what is told


class FilteredTable(tk.Frame):
    """The parts: ``bar`` holds the ``entry`` and may hold buttons at its right; ``fill`` makes the ``table``.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        example: What one may filter by.
        filtered: Told the text of the filter with every letter.
        hint: A quiet line below the table.
    """

    table: VirtualTable

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        example: str,
        filtered: Callable[[str], object],
        hint: str = "",
    ) -> None:
        super().__init__(parent, background=look.BACKGROUND)
        self._theme, gap = theme, theme.pixels(6)
        self._filtered = filtered
        self._fitter = Fitter(theme.number)
        self.bar = tk.Frame(self, background=look.BACKGROUND)
        self.bar.pack(fill="x", pady=(0, gap))
        self.entry = FilterEntry(self.bar, theme, example, self._written, self._leave)
        self._state = tk.Label(self.bar, font=theme.number, background=look.BACKGROUND, borderwidth=0, padx=0)
        self._state.pack(side="right", padx=(theme.pixels(10), 0))
        self.entry.pack(side="left", fill="both", expand=True)
        self._line = Flow(self, theme)
        self._line.pack(fill="x", pady=(0, gap))
        if hint:
            FittedLabel(self, theme, hint).pack(side="bottom", fill="x", pady=(gap // 2, 0))

    def fill(
        self,
        columns: Sequence[Column],
        rows: Rows,
        actions: TableActions,
        *,
        follow_top: bool = False,
    ) -> None:
        """Have a table; see ``VirtualTable``."""
        self.table = VirtualTable(self, self._theme, columns, rows, actions, follow_top=follow_top)
        self.table.configure(width=1, height=1)
        self.table.pack(fill="both", expand=True)

    def offer(self, words: Sequence[str], chosen: Callable[[int], object]) -> Choice:
        """Have one more row of words; ``chosen`` is told the place of one that is clicked."""

        def choose(place: int) -> None:
            self.table.selection.clear()
            chosen(place)

        choice = Choice(self._line, self._theme, choose, look.BACKGROUND)
        choice.show(words, -1)
        self._line.append(choice)
        return choice

    def tell(self, text: str, tone: Tone) -> None:
        """Say what the table shows, or why it does not."""
        text = self._fitter.fit(text, round(self.bar.winfo_width() * _TOLD))
        if self._state.cget("text") != text:
            self._state.configure(text=text, foreground=look.COLORS[tone])

    def _written(self, text: str) -> None:
        self.table.selection.clear()
        self._filtered(text)

    def _leave(self) -> None:
        self.table.focus_set()
