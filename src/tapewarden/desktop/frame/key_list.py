"""The list of keys: F1."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from tapewarden.desktop.frame.overlay import Overlay
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.rows import Cell, ListRows
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.table import VirtualTable

_TABLE_KEYS = (
    ("↑ ↓ j k", "move in a list"),
    ("PgUp PgDn Home End", "move far in a list"),
    ("Shift+↑ ↓", "choose a range"),
    ("Ctrl+A", "choose all"),
    ("Enter", "open"),
)


class KeyList(Overlay):
    """The list.

    Args:
        parent: The window.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, theme, "Keys", 620, 620)
        self._rows = ListRows[tuple[str, str, str]](lambda one: one, _cells)
        columns = (Column("Key", 170, Kind.CODE), Column("Does", 260, stretch=True), Column("Where", 130))
        self._table = VirtualTable(self.body, theme, columns, self._rows)
        self._table.pack(fill="both", expand=True)

    def begin(self, place: str, here: Sequence[Binding], everywhere: Sequence[Binding]) -> None:
        """Open it with the keys of a view, of lists, and of the window."""
        rows = [(one.key, one.meaning, place) for one in here]
        rows += [(key, meaning, "lists") for key, meaning in _TABLE_KEYS]
        rows += [(one.key, one.meaning, "everywhere") for one in everywhere]
        self._rows.replace(rows)
        self._table.refresh()
        self.open(self._table)


def _cells(row: tuple[str, str, str]) -> tuple[Cell, Cell, Cell]:
    key, meaning, place = row
    return Cell(key, Tone.ACCENT), Cell(meaning), Cell(place, Tone.MUTED)
