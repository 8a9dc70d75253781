"""`PagedRows`: rows of a list that the server has; those that came into sight are here, page by page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from tapewarden.desktop.presenters.rows import Cell

Item = TypeVar("Item")

PAGE: Final = 100
"""Rows of a page."""

MOST_PAGES: Final = 60
"""Pages that are kept; those farthest from the latest give way."""


class Unread(NamedTuple):
    """The key of a row that is not here yet."""

    place: int


class PagedRows(Generic[Item]):
    """See ``Rows``; a row that is not here shows an ellipsis, and its page is ``missing``.

    Args:
        key: Of an item.
        cells: Of an item, one per column.
        columns: How many there are.
    """

    def __init__(
        self, key: Callable[[Item], Hashable], cells: Callable[[Item], Sequence[Cell]], columns: int
    ) -> None:
        self._key = key
        self._cells = cells
        self._unread = (Cell("…"), *[Cell()] * (columns - 1))
        self._pages: dict[int, Sequence[Item]] = {}
        self._places: dict[Hashable, int] = {}
        self._drawn: set[int] = set()
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def __iter__(self) -> Iterator[Item]:
        """The items that are here, from the top."""
        return (item for number in sorted(self._pages) for item in self._pages[number])

    def key(self, index: int) -> Hashable:
        """See ``Rows``."""
        item = self._at(index)
        return Unread(index) if item is None else self._key(item)

    def index(self, key: Hashable) -> int | None:
        """See ``Rows``."""
        place = key.place if isinstance(key, Unread) else self._places.get(key)
        return place if place is not None and place < self._total else None

    def cells(self, index: int) -> Sequence[Cell]:
        """See ``Rows``."""
        self._drawn.add(index // PAGE)
        item = self._at(index)
        return self._unread if item is None else self._cells(item)

    def find(self, key: Hashable) -> Item | None:
        """The item with a key, or at the place of an ``Unread`` one; ``None`` if it is not here."""
        place = self.index(key)
        return None if place is None else self._at(place)

    def drawn(self) -> set[int]:
        """The pages that were shown since the last call."""
        drawn, self._drawn = self._drawn, set()
        return drawn

    def missing(self, pages: set[int]) -> list[int]:
        """Those of the pages that are not here."""
        return sorted(number for number in pages if number not in self._pages)

    def replace(self, pages: Mapping[int, Sequence[Item]], total: int) -> None:
        """Forget what is here and have these pages."""
        self._pages.clear()
        self._places.clear()
        self._total = total
        for number, items in pages.items():
            self.put(number, items, total)

    def put(self, number: int, items: Sequence[Item], total: int) -> None:
        """Have a page. Pages that show one of its rows elsewhere are older, and forgotten."""
        self._forget(number)
        self._total = total
        for item in items:
            place = self._places.get(self._key(item))
            if place is not None:
                self._forget(place // PAGE)
        self._pages[number] = items[: max(0, total - number * PAGE)]
        for place, item in enumerate(self._pages[number], number * PAGE):
            self._places[self._key(item)] = place
        if len(self._pages) > MOST_PAGES:
            self._forget(max(self._pages, key=lambda one: abs(one - number)))

    def _at(self, index: int) -> Item | None:
        number, place = divmod(index, PAGE)
        page = self._pages.get(number, ())
        return page[place] if place < len(page) else None

    def _forget(self, number: int) -> None:
        for item in self._pages.pop(number, ()):
            self._places.pop(self._key(item), None)
