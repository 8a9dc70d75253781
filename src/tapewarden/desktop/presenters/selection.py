"""`Selection`: the cursor of a table and the rows chosen around it, by key: they stay as rows move."""

from __future__ import annotations

from collections.abc import Hashable

from tapewarden.desktop.presenters.rows import Rows


class Selection:
    """A cursor, and what is chosen: the row under it, a range, or any rows.

    Args:
        rows: What to choose from.
        follow_top: A cursor on the first row stays on the first row, whatever comes above it.
    """

    def __init__(self, rows: Rows, *, follow_top: bool = False) -> None:
        self._rows = rows
        self._follow_top = follow_top
        self._place = 0
        self._anchor: Hashable = None
        self._chosen: set[Hashable] = set()
        self.cursor: Hashable = None

    def __contains__(self, key: Hashable) -> bool:
        return key in self._chosen

    @property
    def place(self) -> int | None:
        """Where the cursor is; ``None`` without rows."""
        return None if self.cursor is None else self._rows.index(self.cursor)

    @property
    def keys(self) -> list[Hashable]:
        """The chosen rows that are there, from the top."""
        places = sorted(place for key in self._chosen if (place := self._rows.index(key)) is not None)
        return [self._rows.key(place) for place in places]

    @property
    def count(self) -> int:
        """How many rows are chosen, with those that have gone since; costs nothing, unlike ``keys``."""
        return len(self._chosen)

    def settle(self) -> None:
        """Find the cursor after rows have moved; where its row has gone, the next one takes its place."""
        count = len(self._rows)
        found = self.place
        follows = self._follow_top and self._place == 0 and len(self._chosen) < 2
        if found is not None and not follows:
            self._place = found
        elif count:
            self.move_to(0 if follows else min(self._place, count - 1))
        else:
            self.clear()

    def move_to(self, place: int, *, extend: bool = False) -> None:
        """Put the cursor on a row, within bounds; ``extend`` chooses all from where the last move began."""
        if not len(self._rows):
            return
        self._place = max(0, min(place, len(self._rows) - 1))
        self.cursor = self._rows.key(self._place)
        begin = self._rows.index(self._anchor) if extend and self._anchor is not None else None
        if begin is None:
            self._anchor, self._chosen = self.cursor, {self.cursor}
        else:
            low, high = sorted((begin, self._place))
            self._chosen = {self._rows.key(one) for one in range(low, high + 1)}

    def move_by(self, steps: int, *, extend: bool = False) -> None:
        """Move the cursor down, or up by a negative number."""
        self.move_to((self.place or 0) + steps, extend=extend)

    def toggle(self, place: int) -> None:
        """Choose a row beside others, or no longer; the cursor goes there."""
        key = self._rows.key(place)
        chosen = self._chosen ^ {key}
        self.move_to(place)
        self._chosen = chosen

    def choose_all(self) -> None:
        """Choose all rows."""
        self._chosen = {self._rows.key(place) for place in range(len(self._rows))}

    def clear(self) -> None:
        """Choose nothing."""
        self._place, self._anchor, self.cursor, self._chosen = 0, None, None, set()
