"""Which signals make a case: one actor, one instrument, one family, without a gap of more than a day.

Actors are never merged: who belongs together is said by links on the tape, and the signal's actor is then the
owner. Signals that accuse nobody are grouped by instrument and family.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from tapewarden.domain.kinds import DAY
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Family, Severity

GAP: Final = DAY
"""Longest time between two signals of a case, ns."""


class Subject(NamedTuple):
    """What the signals of a case have in common."""

    actor: str
    instrument: str
    family: str


@dataclass(frozen=True, slots=True)
class Group:
    """Signals that make a case, in order of time; at least one."""

    subject: Subject
    signals: tuple[Signal, ...]

    @property
    def start_ns(self) -> int:
        """Start of the earliest signal."""
        return min(signal.start_ns for signal in self.signals)

    @property
    def end_ns(self) -> int:
        """End of the latest signal."""
        return max(signal.end_ns for signal in self.signals)


def subject(signal: Signal) -> Subject:
    """What a signal must share with others to be in one case with them."""
    return Subject(signal.actor, signal.instrument, signal.family)


def gravity(signal: Signal) -> Severity:
    """How grave a signal makes its case: what is merely unusual is low, whatever it says of itself."""
    return Severity.LOW if signal.family == Family.ANOMALY else Severity(signal.severity)


def belongs(signal: Signal, start_ns: int, end_ns: int, gap: int = GAP) -> bool:
    """Whether a signal lies within ``gap`` of a case's signals, which reach from start to end; all ns."""
    return signal.start_ns - end_ns <= gap and start_ns - signal.end_ns <= gap


def group(signals: Iterable[Signal], gap: int = GAP) -> list[Group]:
    """Signals grouped into what would be cases, in order of subject and time, whatever order they came in."""
    return [
        Group(about, tuple(run))
        for about, those in groupby(sorted(signals, key=_order), key=subject)
        for run in _runs(those, gap)
    ]


def _runs(signals: Iterable[Signal], gap: int) -> Iterator[list[Signal]]:
    run: list[Signal] = []
    start = end = 0
    for signal in signals:
        if run and not belongs(signal, start, end, gap):
            yield run
            run = []
        start = min(start, signal.start_ns) if run else signal.start_ns
        end = max(end, signal.end_ns) if run else signal.end_ns
        run.append(signal)
    if run:
        yield run


def _order(signal: Signal) -> tuple[Subject, int, int, str]:
    return subject(signal), signal.start_ns, signal.end_ns, signal.id
