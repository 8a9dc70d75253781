"""The figures of detectors over judged tapes: recall, precision, false alarms, time to detect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.curves import Curve, Interval, Point, Ranked, Target
from tapewarden.evaluation.intervals import Share, share
from tapewarden.evaluation.matching import Catch, Judgement, Outcome, Verdict

MILLION: Final = 1_000_000
_NOBODY: Final = "nobody labelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """How one detector, or all of them together, did.

    Attributes:
        recall: Episodes caught among those it owed and could see.
        precision: Alarms that were right.
        average_precision: With its bootstrap interval; ``None`` without episodes.
        curve: Precision and recall by score threshold.
        false_alarms: Alarms that were not right.
        per_million: False alarms per million events it could see; ``None`` without the tapes.
        per_instrument_day: False alarms per day of event time and instrument; ``None`` without the tapes.
        delay_median: Seconds from the first harm to the first signal, of those caught; may be negative.
        delay_p90: Nine in ten were caught as soon.
    """

    recall: Share
    precision: Share
    average_precision: Interval | None
    curve: tuple[Point, ...]
    false_alarms: int
    per_million: float | None
    per_instrument_day: float | None
    delay_median: float | None
    delay_p90: float | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Episodes of one scenario: how many were caught by anyone, how soon, by whom, and how strong they were.

    ``power`` is recall by severity to the nearest tenth.
    """

    scenario: str
    recall: Share
    not_evaluated: int
    delay_median: float | None
    caught_by: Mapping[str, int]
    power: Mapping[float, Share]


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """False alarms about one kind of actor; ``labelled`` episodes of it are on the tapes."""

    about: str
    labelled: int
    alarms: int
    by_detector: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Case:
    """An episode that counts, on which tape, and how it was caught."""

    tape: int
    outcome: Outcome
    catches: tuple[Catch, ...]


def performance(
    judgements: Sequence[Judgement], seed: int, detector: str | None = None, *, market: bool = False
) -> Performance:
    """The figures of a detector, or of all that accuse; with ``market``, those about the market's quality."""
    verdicts = list(_verdicts(judgements, detector, market=market))
    cases = list(_cases(judgements, detector, market=market))
    curve = _curve(verdicts, cases)
    false_alarms = sum(not one.right for _, one in verdicts)
    seen = [one.coverage for one in judgements if detector is None or detector not in one.coverage.blind]
    delays = _delays(cases)
    return Performance(
        recall=share(len(delays), len(cases)),
        precision=share(len(verdicts) - false_alarms, len(verdicts)),
        average_precision=curve.interval(seed),
        curve=curve.points(),
        false_alarms=false_alarms,
        per_million=_rate(MILLION * false_alarms, [one.events for one in seen]),
        per_instrument_day=_rate(false_alarms, [one.instrument_days for one in seen]),
        delay_median=_quantile(delays, 0.5),
        delay_p90=_quantile(delays, 0.9),
    )


def by_scenario(judgements: Sequence[Judgement]) -> list[Scenario]:
    """Misconduct by scenario, in the order of their names."""
    labelled = Counter(one.episode.scenario for judgement in judgements for one in judgement.outcomes)
    groups: dict[str, list[_Case]] = {name: [] for name in sorted(labelled)}
    for case in _cases(judgements, None, market=False):
        groups[case.outcome.episode.scenario].append(case)
    return [_scenario(name, labelled[name], cases) for name, cases in groups.items()]


def by_severity(judgements: Sequence[Judgement], detector: str) -> dict[float, Share]:
    """The power curve of a detector: recall of what it owes, by severity to the nearest tenth."""
    return _power(_cases(judgements, detector, market=False))


def _power(cases: Iterable[_Case]) -> dict[float, Share]:
    groups: dict[float, list[bool]] = {}
    for case in cases:
        groups.setdefault(round(case.outcome.episode.severity, 1), []).append(bool(case.catches))
    return {severity: share(sum(groups[severity]), len(groups[severity])) for severity in sorted(groups)}


def false_alarms(judgements: Sequence[Judgement]) -> list[FalseAlarms]:
    """What the false alarms were about: each kind of twin, nobody labelled, and the rest.

    The first two are told also where there was no false alarm.
    """
    labelled = Counter(one.scenario for judgement in judgements for one in judgement.twins)
    told: dict[str, Counter[str]] = {name: Counter() for name in [*sorted(labelled), _NOBODY]}
    for judgement in judgements:
        for verdict in judgement.verdicts:
            if not verdict.right:
                told.setdefault(_about(verdict), Counter())[verdict.alarm.detector] += 1
    return [
        FalseAlarms(about, labelled[about], counts.total(), dict(sorted(counts.items())))
        for about, counts in told.items()
    ]


def _about(verdict: Verdict) -> str:
    if verdict.instead is None:
        return _NOBODY
    return (
        "misconduct of another family" if verdict.instead.benign_twin_of is None else verdict.instead.scenario
    )


def _scenario(name: str, labelled: int, cases: Sequence[_Case]) -> Scenario:
    delays = _delays(cases)
    caught_by = Counter(detector for case in cases for detector in case.outcome.catches)
    return Scenario(
        name,
        share(len(delays), len(cases)),
        labelled - len(cases),
        _quantile(delays, 0.5),
        dict(sorted(caught_by.items())),
        _power(cases),
    )


def _delays(cases: Iterable[_Case]) -> list[float]:
    """Seconds to the first signal from the first harm, or the start where there was none, of those caught."""
    return [
        (min(catch.first_ns for catch in case.catches) - case.outcome.episode.harm_ns) / SECOND
        for case in cases
        if case.catches
    ]


def _verdicts(
    judgements: Iterable[Judgement], detector: str | None, *, market: bool
) -> Iterator[tuple[int, Verdict]]:
    for tape, judgement in enumerate(judgements):
        for verdict in judgement.market_verdicts if market else judgement.verdicts:
            if detector in (None, verdict.alarm.detector):
                yield tape, verdict


def _cases(judgements: Iterable[Judgement], detector: str | None, *, market: bool) -> Iterator[_Case]:
    """The episodes that count: those a detector owes, or those anybody could have claimed."""
    for tape, judgement in enumerate(judgements):
        for outcome in judgement.market_outcomes if market else judgement.outcomes:
            if detector is None and outcome.seers:
                yield _Case(tape, outcome, tuple(outcome.catches.values()))
            elif detector in outcome.owing:
                found = outcome.catches.get(detector)
                yield _Case(tape, outcome, () if found is None else (found,))


def _curve(verdicts: Iterable[tuple[int, Verdict]], cases: Iterable[_Case]) -> Curve:
    alarms = [Ranked(one.alarm.score, one.right, _cluster(tape, one)) for tape, one in verdicts]
    targets = [
        Target(
            max((catch.score for catch in case.catches), default=None),
            (case.tape, case.outcome.episode.episode_id),
        )
        for case in cases
    ]
    return Curve(alarms, targets)


def _cluster(tape: int, verdict: Verdict) -> Hashable:
    """What the alarm is drawn with: its episode, the twin that deceived it, or the actor it named."""
    if verdict.episodes:
        return tape, verdict.episodes[0].episode_id
    if verdict.instead is not None:
        return tape, verdict.instead.episode_id
    return tape, verdict.alarm.actor, verdict.alarm.instrument


def _rate(count: float, amounts: Sequence[float | None]) -> float | None:
    known = [one for one in amounts if one is not None]
    total = sum(known)
    return round(count / total, 4) if total and len(known) == len(amounts) else None


def _quantile(values: Sequence[float], level: float) -> float | None:
    return round(float(np.quantile(values, level)), 3) if values else None
