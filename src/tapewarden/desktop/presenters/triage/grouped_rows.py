"""`GroupedRows`: signals under a heading for each group they are in, which can be folded away."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.triage.paged_rows import PagedRows
from tapewarden.domain.casework import SignalGroup, StoredSignal


class Heading(NamedTuple):
    """The key of the heading of a group."""

    name: str


class GroupedRows:
    """See ``Rows``; without groups these are the signals alone.

    Args:
        signals: As they follow each other, those of a group together.
        told: What a heading says of a group, and whether it is folded.
    """

    def __init__(self, signals: PagedRows[StoredSignal], told: Callable[[SignalGroup, bool], Cell]) -> None:
        self._signals = signals
        self._told = told
        self._folded: set[str] = set()
        self._group_signals(())

    def __len__(self) -> int:
        return self._starts[-1] if self._groups else len(self._signals)

    def __iter__(self) -> Iterator[StoredSignal]:
        """The signals that are here, from the top."""
        return iter(self._signals)

    def key(self, index: int) -> Hashable:
        """See ``Rows``."""
        group, place = self._at(index)
        return Heading(group.name) if group is not None else self._signals.key(place)

    def index(self, key: Hashable) -> int | None:
        """See ``Rows``; ``None`` for a signal that is folded away."""
        if isinstance(key, Heading):
            number = self._numbers.get(key.name)
            return None if number is None else self._starts[number]
        place = self._signals.index(key)
        if place is None or not self._groups:
            return place
        number = bisect_right(self._firsts, place) - 1
        if number >= len(self._groups) or self._groups[number].name in self._folded:
            return None
        return self._starts[number] + 1 + place - self._firsts[number]

    def cells(self, index: int) -> Sequence[Cell]:
        """See ``Rows``: a single one of a heading."""
        group, place = self._at(index)
        if group is None:
            return self._signals.cells(place)
        return (self._told(group, group.name in self._folded),)

    def find(self, key: Hashable) -> StoredSignal | None:
        """The signal with a key, of a heading the first of its group; ``None`` if it is not here."""
        if isinstance(key, Heading):
            number = self._numbers.get(key.name)
            if number is None:
                return None
            key = self._signals.key(self._firsts[number])
        return self._signals.find(key)

    def group_of(self, key: Hashable) -> SignalGroup | None:
        """The group of a heading, or of a signal that is here; ``None`` for none."""
        if isinstance(key, Heading):
            number = self._numbers.get(key.name)
        else:
            place = self._signals.index(key)
            number = None if place is None else bisect_right(self._firsts, place) - 1
        return None if number is None or number >= len(self._groups) else self._groups[number]

    def group(self, groups: Sequence[SignalGroup]) -> None:
        """Have these groups, as they follow each other."""
        if tuple(groups) != self._groups:
            self._group_signals(groups)

    def fold(self, name: str, *, folded: bool) -> None:
        """Fold the signals of a group away, or show them."""
        self._folded = self._folded | {name} if folded else self._folded - {name}
        self._group_signals(self._groups)

    def fold_all(self, *, folded: bool) -> None:
        """Fold all signals away, or show them."""
        self._folded = {one.name for one in self._groups} if folded else set()
        self._group_signals(self._groups)

    def is_folded(self, name: str) -> bool:
        """Whether the signals of a group are folded away."""
        return name in self._folded

    def _group_signals(self, groups: Sequence[SignalGroup]) -> None:
        """Work out where each group begins, among the signals and on the screen, and where the last ends."""
        self._groups = tuple(groups)
        self._numbers = {one.name: number for number, one in enumerate(self._groups)}
        self._firsts = list(accumulate((one.signals for one in self._groups), initial=0))
        shown = (1 if one.name in self._folded else 1 + one.signals for one in self._groups)
        self._starts = list(accumulate(shown, initial=0))

    def _at(self, index: int) -> tuple[SignalGroup | None, int]:
        """The group whose heading is there, or ``None`` and the place among the signals."""
        if not self._groups:
            return None, index
        number = bisect_right(self._starts, index) - 1
        within = index - self._starts[number]
        if within == 0:
            return self._groups[number], 0
        return None, self._firsts[number] + within - 1
