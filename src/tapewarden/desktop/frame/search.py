"""The command search: Ctrl+K, a few letters, Enter."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Hashable, Sequence
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop.frame.overlay import Overlay
from tapewarden.desktop.presenters.commands import Command, Finder, found
from tapewarden.desktop.presenters.rows import Cell, ListRows
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.columns import Column
from tapewarden.desktop.widgets.table import TableActions, VirtualTable

_WHAT: Final = "views, commands, lessons, cases by number, accounts, markets"


class Search(Overlay):
    """The search.

    Args:
        parent: The window.
        theme: For fonts and sizes.
        finders: Where to search, asked anew with every letter.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, finders: Callable[[], Sequence[Finder]]) -> None:
        super().__init__(parent, theme, f"Search: {_WHAT}", 760, 420)
        self._finders = finders
        self._text = tk.StringVar(self)
        self._entry = ttk.Entry(self.body, textvariable=self._text, font=theme.text)
        self._entry.pack(fill="x", pady=(0, theme.pixels(8)))
        self._rows = ListRows[Command](_key, _cells)
        columns = (Column("Go to or do", 400, stretch=True), Column("Key or kind", 140))
        self._table = VirtualTable(
            self.body, theme, columns, self._rows, TableActions(open=self._run), empty="Nothing of this name."
        )
        self._table.configure(takefocus=False)
        self._table.pack(fill="both", expand=True)
        self._text.trace_add("write", lambda *changed: self._search())
        self._entry.bind("<Up>", lambda event: self._move(-1))
        self._entry.bind("<Down>", lambda event: self._move(1))
        self._entry.bind("<Return>", lambda event: self._run(self._table.selection.cursor))

    def begin(self) -> None:
        """Open it, empty."""
        self._text.set("")
        self._search()
        self.open(self._entry)

    def look(self) -> None:
        """Show what was found meanwhile: some finders ask the server."""
        if self.is_open:
            commands = found(self._text.get(), self._finders())
            if [_key(one) for one in commands] != [_key(one) for one in self._rows.items]:
                self._rows.replace(commands)
                self._table.refresh()

    def _search(self) -> None:
        self._rows.replace(found(self._text.get(), self._finders()))
        self._table.selection.clear()
        self._table.refresh()

    def _move(self, steps: int) -> str:
        self._table.selection.move_by(steps)
        self._table.refresh()
        return "break"

    def _run(self, key: Hashable) -> str:
        command = self._rows.find(key)
        if command is not None:
            self.close()
            command.act()
        return "break"


def _key(command: Command) -> tuple[str, str]:
    return command.name, command.hint


def _cells(command: Command) -> tuple[Cell, Cell]:
    return Cell(command.name), Cell(command.hint, Tone.MUTED)
