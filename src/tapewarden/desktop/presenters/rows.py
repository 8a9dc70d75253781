"""Rows of a table: what a table asks of them, and rows that are a list."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from tapewarden.desktop.presenters.tone import Tone

Item = TypeVar("Item")


class Cell(NamedTuple):
    """What a table shows at one place; ``share`` (0 to 1) is how far a bar goes."""

    text: str = ""
    tone: Tone = Tone.PLAIN
    share: float = 0.0


class Rows(Protocol):
    """What a table shows. A key names a row wherever it moves."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> Hashable:
        """The key of the row at a place."""

    def index(self, key: Hashable) -> int | None:
        """The place of a row; ``None`` if it is not there."""

    def cells(self, index: int) -> Sequence[Cell]:
        """The row at a place, a cell per column."""


class ListRows(Generic[Item]):
    """Rows that are a list, replaced as a whole.

    Args:
        key: Of an item.
        cells: Of an item, one per column.
    """

    def __init__(self, key: Callable[[Item], Hashable], cells: Callable[[Item], Sequence[Cell]]) -> None:
        self._key = key
        self._cells = cells
        self._places: dict[Hashable, int] = {}
        self.items: Sequence[Item] = ()

    def __len__(self) -> int:
        return len(self.items)

    def replace(self, items: Iterable[Item]) -> None:
        """Show these, in this order."""
        self.items = tuple(items)
        self._places = {self._key(item): place for place, item in enumerate(self.items)}

    def key(self, index: int) -> Hashable:
        """See ``Rows``."""
        return self._key(self.items[index])

    def index(self, key: Hashable) -> int | None:
        """See ``Rows``."""
        return self._places.get(key)

    def cells(self, index: int) -> Sequence[Cell]:
        """See ``Rows``."""
        return self._cells(self.items[index])

    def find(self, key: Hashable) -> Item | None:
        """The item with a key; ``None`` if it is not there."""
        place = self._places.get(key)
        return None if place is None else self.items[place]


class ChangingRows:
    """Rows of something that is replaced by something else; none while ``rows`` is ``None``."""

    def __init__(self) -> None:
        self.rows: Rows | None = None

    def __len__(self) -> int:
        return 0 if self.rows is None else len(self.rows)

    def key(self, index: int) -> Hashable:
        """See ``Rows``."""
        return None if self.rows is None else self.rows.key(index)

    def index(self, key: Hashable) -> int | None:
        """See ``Rows``."""
        return None if self.rows is None or key is None else self.rows.index(key)

    def cells(self, index: int) -> Sequence[Cell]:
        """See ``Rows``."""
        return () if self.rows is None else self.rows.cells(index)
