"""What many order lives come to: how they ended, how long they took, and how much was filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tapewarden.runtime.lives import Ending, OrderLife

_DIGITS: Final = 3


@dataclass(slots=True)
class Endings:
    """The lives that ended one way. Durations are counted to three digits, so that memory stays bounded."""

    lives: int = 0
    with_fills: int = 0
    flashed: int = 0
    durations: Counter[int] = field(default_factory=Counter)

    def add(self, life: OrderLife) -> None:
        """Take one more life into account."""
        self.lives += 1
        self.with_fills += life.filled > 0
        self.flashed += life.flashed
        if life.duration is not None:
            self.durations[_rounded(life.duration)] += 1

    @property
    def median(self) -> int | None:
        """The median duration in nanoseconds, the smaller one of two; ``None`` where none is known."""
        middle = (self.durations.total() + 1) // 2
        for duration in sorted(self.durations):
            middle -= self.durations[duration]
            if middle <= 0:
                return duration
        return None


@dataclass(slots=True)
class LifeTally:
    """All lives by ending, and the size that was ordered and filled on each instrument, in its units."""

    endings: dict[Ending, Endings] = field(default_factory=dict)
    ordered: Counter[int] = field(default_factory=Counter)
    filled: Counter[int] = field(default_factory=Counter)

    def add(self, life: OrderLife) -> None:
        """Take one more life into account."""
        self.endings.setdefault(life.ending, Endings()).add(life)
        self.ordered[life.instrument] += life.size + life.increased
        self.filled[life.instrument] += life.filled

    def rows(self) -> Iterator[tuple[Ending, Endings]]:
        """What is known of each ending, in the order of ``Ending``."""
        for ending in Ending:
            if ending in self.endings:
                yield ending, self.endings[ending]

    def fill_ratio(self, instrument: int) -> float | None:
        """Size filled over size ordered, ``None`` where nothing was ordered."""
        ordered = self.ordered[instrument]
        return self.filled[instrument] / ordered if ordered else None


def _rounded(duration: int) -> int:
    unit: int = 10 ** max(len(str(duration)) - _DIGITS, 0)
    return duration // unit * unit
