"""Keeping a book of levels in step with its snapshot, by the procedure Binance documents."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from tapewarden.adapters.files.rows import Row

_WAITING: Final = 2_000


class Step(Enum):
    """What to do with the update or snapshot beside it."""

    START = auto()  # empty the book and fill it from this snapshot
    APPLY = auto()  # set the levels of this update
    GAP = auto()  # updates before this one are missing: until the next START some levels may be stale
    DUPLICATE = auto()  # this update was applied before


@dataclass(frozen=True, slots=True)
class Update:
    """Levels to set: what changed after update ``previous`` up to ``last``, or a whole book as of it."""

    previous: int
    last: int
    rows: list[Row]


class DepthSync:
    """Decides which updates continue the book.

    Updates wait for the first snapshot. Those it contains are passed over, and the first one behind it must
    begin no later than it ends. From then on each must continue where the one before ended. Where one does
    not, that is a gap: what follows is still applied, because levels are absolute, and kept to be applied
    once more to the next snapshot, which mends the book. At most 2,000 updates are kept; the oldest give way.
    """

    def __init__(self) -> None:
        self.unused = 0
        self._last: int | None = None
        self._in_step = False
        self._waiting: deque[Update] = deque(maxlen=_WAITING)

    def update(self, update: Update) -> Iterator[tuple[Step, Update]]:
        """What an update leads to."""
        if self._last is None:
            self.unused += 1
            self._waiting.append(update)
            return
        if update.last <= self._last:
            yield Step.DUPLICATE, update
            return
        if update.previous > self._last:
            yield Step.GAP, update
            self._in_step = False
        if not self._in_step:
            self._waiting.append(update)
        self._last = update.last
        yield Step.APPLY, update

    def snapshot(self, snapshot: Update) -> Iterator[tuple[Step, Update]]:
        """What a snapshot leads to: nothing while the book is in step, or if it is too old to be of use."""
        fresh = [update for update in self._waiting if update.last > snapshot.last]
        if self._in_step or (fresh and fresh[0].previous > snapshot.last):
            return
        yield Step.START, snapshot
        self._last = snapshot.last
        self._in_step = True
        self._waiting.clear()
        self.unused = 0
        for update in fresh:
            yield from self.update(update)
