"""`Alarm`: what an analyst would look at once, however often a detector repeated itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tapewarden.domain.kinds import DAY
from tapewarden.domain.signal import Signal

GAP: Final = DAY
"""Signals of one detector about one actor on one instrument belong together up to this gap, ns."""

_ACCUSED: Final = frozenset({"actor", "suspect"})
_COUPLE: Final = " + "


@dataclass(frozen=True, slots=True)
class Alarm:
    """Signals of one detector about one actor on one instrument, in order of time; at least one."""

    signals: tuple[Signal, ...]

    @property
    def detector(self) -> str:
        """The detector's id."""
        return self.signals[0].detector

    @property
    def family(self) -> str:
        """The detector's family."""
        return self.signals[0].family

    @property
    def actor(self) -> str:
        """Whom it names; empty where it names nobody."""
        return self.signals[0].actor

    @property
    def instrument(self) -> str:
        """The instrument's name; empty for a signal about several."""
        return self.signals[0].instrument

    @property
    def score(self) -> float:
        """The highest score of its signals."""
        return max(signal.score for signal in self.signals)


def collapse(signals: Iterable[Signal], gap: int = GAP) -> list[Alarm]:
    """Signals per detector, actor and instrument, cut where nothing was told for longer than ``gap``.

    The result does not depend on the order of the signals.
    """
    return [
        Alarm(tuple(run))
        for _, group in groupby(sorted(signals, key=_order), key=_subject)
        for run in _runs(group, gap)
    ]


def names(signal: Signal) -> frozenset[str]:
    """Actors and accounts the signal accuses; whom it merely mentions, such as victims, is not among them."""
    accused = {party.account for party in signal.parties if party.role in _ACCUSED}
    return frozenset(accused.union(signal.actor.split(_COUPLE) if signal.actor else ()))


def _runs(signals: Iterable[Signal], gap: int) -> Iterator[list[Signal]]:
    run: list[Signal] = []
    end = 0
    for signal in signals:
        if run and signal.start_ns - end > gap:
            yield run
            run = []
        end = max(end, signal.end_ns) if run else signal.end_ns
        run.append(signal)
    if run:
        yield run


def _subject(signal: Signal) -> tuple[str, str, str]:
    return signal.detector, signal.actor, signal.instrument


def _order(signal: Signal) -> tuple[tuple[str, str, str], int, int, str]:
    return _subject(signal), signal.start_ns, signal.end_ns, signal.id
