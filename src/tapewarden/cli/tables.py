"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FILE_WIDTH = 200
"""Width of a table, in letters, that does not go to a terminal."""

LISTED = 50
"""Signals of a run that are shown; a file takes all of them."""


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under named columns, as wide as the terminal."""
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(*(Column(name, overflow="fold") for name in columns))
    for row in rows:
        table.add_row(*map(shown, row))
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = FILE_WIDTH
    console.print(table)


def shown(value: object) -> str:
    """The value as text that cannot steer a terminal, whatever a source calls its accounts."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(letter if letter.isprintable() else "�" for letter in text)
