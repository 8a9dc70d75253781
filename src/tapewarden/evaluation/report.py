"""`Report`: everything the evaluation says of some detectors on some labelled tapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tapewarden.engine.contract import Detector
from tapewarden.evaluation.baselines import Baseline, baselines
from tapewarden.evaluation.intervals import Share
from tapewarden.evaluation.matching import Judgement, families_of
from tapewarden.evaluation.metrics import (
    FalseAlarms,
    Performance,
    Scenario,
    by_scenario,
    by_severity,
    false_alarms,
    performance,
)


@dataclass(frozen=True, slots=True)
class DetectorResult:
    """A detector's figures, and recall by severity (``power``).

    ``not_evaluated`` says why it could see none of the tapes, ``None`` where it saw one.
    """

    detector: str
    title: str
    not_evaluated: str | None
    performance: Performance
    power: Mapping[float, Share]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures. ``events`` and ``instrument_days`` are ``None`` where the tapes were not at hand."""

    tapes: int
    events: int | None
    instrument_days: float | None
    episodes: int
    twins: int
    overall: Performance
    scenarios: tuple[Scenario, ...]
    detectors: tuple[DetectorResult, ...]
    market_quality: tuple[DetectorResult, ...]
    false_alarms: tuple[FalseAlarms, ...]
    baselines: tuple[Baseline, ...]


def report(judgements: Sequence[Judgement], detectors: Sequence[Detector], seed: int = 1) -> Report:
    """The figures of the detectors over judged tapes; ``seed`` decides what the bootstrap draws."""
    result = partial(_result, judgements, seed)
    events = [one.coverage.events for one in judgements]
    days = [one.coverage.instrument_days for one in judgements]
    return Report(
        tapes=len(judgements),
        events=None if None in events else sum(filter(None, events)),
        instrument_days=None if None in days else sum(filter(None, days)),
        episodes=sum(len(one.outcomes) for one in judgements),
        twins=sum(len(one.twins) for one in judgements),
        overall=performance(judgements, seed),
        scenarios=tuple(by_scenario(judgements)),
        detectors=tuple(result(one) for one in detectors if one.meta.accuses),
        market_quality=tuple(result(one) for one in detectors if not one.meta.accuses),
        false_alarms=tuple(false_alarms(judgements)),
        baselines=tuple(baselines(judgements, families_of(detectors))),
    )


def _result(judgements: Sequence[Judgement], seed: int, detector: Detector) -> DetectorResult:
    reasons = [one.coverage.blind.get(detector.id) for one in judgements]
    return DetectorResult(
        detector.id,
        detector.meta.title,
        reasons[0] if reasons and None not in reasons else None,
        performance(judgements, seed, detector.id, market=not detector.meta.accuses),
        by_severity(judgements, detector.id),
    )
