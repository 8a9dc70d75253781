"""The clean-tape gate: how often each detector speaks on a tape, and whether it may."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from tapewarden.domain.kinds import DAY
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.contract import Detector
from tapewarden.runtime.configuration import Configuration
from tapewarden.runtime.replay import Replay
from tapewarden.runtime.summary import DetectorReport
from tapewarden.tape.reader import TapeReader

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CleanTape:
    """What the detectors said of one tape. ``days`` is the event time it spans, over all instruments."""

    name: str
    tier: str
    events: int
    days: float
    reports: Mapping[str, DetectorReport]


@dataclass(frozen=True, slots=True)
class Rate:
    """A detector over all tapes on which it could see: signals, events there, and what is allowed.

    ``budget`` is signals per million events, ``None`` where the detector has none.
    """

    detector: str
    title: str
    signals: int
    events: int
    days: float
    budget: float | None

    @property
    def per_million(self) -> float:
        """Signals per million events; 0 where it never could see."""
        return MILLION * self.signals / self.events if self.events else 0.0

    @property
    def bound(self) -> float | None:
        """Signals per million events that the count still allows for at a confidence of 95 %.

        ``None`` where it never could see. The mean of the Poisson distribution under which so few signals
        have a chance of 5 % (Garwood 1936), found by bisection.
        """
        low, high = 0.0, 10.0 + 2.0 * self.signals
        while high - low > 1e-6 * high:
            middle = (low + high) / 2
            low, high = (middle, high) if poisson_tail(self.signals + 1, middle) < 0.95 else (low, middle)
        return MILLION * high / self.events if self.events else None

    @property
    def exceeded(self) -> bool:
        """Whether it speaks more often than allowed; a detector without a budget may not speak at all."""
        return self.per_million > (self.budget or 0.0)


def measure(name: str, tape: TapeReader, detectors: Sequence[Detector]) -> CleanTape:
    """Replay a tape with the detectors' default parameters."""
    run = Replay(tape, Configuration(detectors=tuple(detectors)))
    for _ in run:
        pass
    summary = run.summary()
    span = (summary.last_ns or 0) - (summary.first_ns or 0)
    return CleanTape(
        name,
        summary.tier or "unknown",
        summary.events,
        len(summary.instruments) * span / DAY,
        {report.id: report for report in summary.detectors},
    )


def read_budgets() -> dict[str, float]:
    """Signals per million events that each detector may give on clean tapes, from ``budgets.toml``."""
    text = (files("tapewarden.evaluation") / "budgets.toml").read_text(encoding="utf-8")
    return {name: float(rate) for name, rate in tomllib.loads(text).items()}


def rates(
    tapes: Iterable[CleanTape], detectors: Iterable[Detector], budgets: Mapping[str, float]
) -> list[Rate]:
    """Each detector over all tapes on which it could see, in the order of their ids."""
    tapes = list(tapes)
    return [
        _rate(detector, [tape for tape in tapes if _could_see(tape, detector.id)], budgets.get(detector.id))
        for detector in detectors
    ]


def _rate(detector: Detector, tapes: Sequence[CleanTape], budget: float | None) -> Rate:
    return Rate(
        detector.id,
        detector.meta.title,
        sum(tape.reports[detector.id].signals for tape in tapes),
        sum(tape.events for tape in tapes),
        sum(tape.days for tape in tapes),
        budget,
    )


def _could_see(tape: CleanTape, detector: str) -> bool:
    return tape.reports[detector].not_evaluated is None
