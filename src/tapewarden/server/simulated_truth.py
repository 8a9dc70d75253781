"""What became of the scenarios on a simulated market: detected, missed, or not to be told yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.domain.simulation import Performed, Result, Truth
from tapewarden.domain.typology import Family
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.coverage import Coverage
from tapewarden.evaluation.matching import GRACE, Judgement, Outcome, judge
from tapewarden.server.simulated_run import Part


def truth(
    run: int,
    parts: Sequence[Part],
    signals: Iterable[Signal],
    detectors: Sequence[Detector],
    coverage: Coverage,
    seen_ns: int | None,
) -> Truth:
    """Hold signals of rules against those parts that are over. A model says unusual, which accuses nobody.

    Args:
        run: Number of the run.
        parts: What was put on.
        signals: All about the run, so far.
        detectors: Those that watch.
        coverage: Owners of accounts, and where detectors have not seen enough to speak.
        seen_ns: How far detectors may have come at least, event time; ``None``: to the end.
    """
    episodes = [part.episode for part in parts if part.episode is not None]
    accusing = [one for one in signals if one.family != Family.ANOMALY]
    judgement = judge(accusing, episodes, detectors, coverage)
    outcomes = {one.episode.episode_id: one for one in (*judgement.outcomes, *judgement.market_outcomes)}
    performances = tuple(
        _performed(number, part, judgement, outcomes, seen_ns) for number, part in enumerate(parts)
    )
    wrong = None if seen_ns is not None else sum(not one.right for one in judgement.verdicts)
    return Truth(run, performances, wrong)


def _performed(
    number: int,
    part: Part,
    judgement: Judgement,
    outcomes: Mapping[str, Outcome],
    seen_ns: int | None,
) -> Performed:
    plain = Performed(number=number, wish=part.wish, episode=part.episode)
    episode = part.episode
    if episode is None:
        return replace(plain, result=Result.IDLE) if part.is_over else plain
    signals = _signals_about(judgement, episode)
    accusing = sum(one.instead is episode for one in judgement.verdicts)
    if episode.benign_twin_of is not None and accusing:
        return replace(plain, result=Result.ACCUSED, signals=signals, false_alarms=accusing)
    outcome = outcomes.get(episode.episode_id)
    if episode.benign_twin_of is None and outcome is not None and outcome.caught:
        first = min(one.first_ns for one in outcome.catches.values())
        after = (first - episode.harm_ns) / SECOND
        return replace(plain, result=Result.DETECTED, detected_after_s=after, signals=signals)
    if seen_ns is not None and seen_ns <= episode.end_ns + GRACE:
        return plain
    if episode.benign_twin_of is not None:
        return replace(plain, result=Result.LEFT_ALONE)
    judged = outcome is not None and outcome.owing
    return replace(plain, result=Result.MISSED if judged else Result.NOT_EVALUATED)


def _signals_about(judgement: Judgement, episode: Episode) -> tuple[str, ...]:
    """Signals of alarms that were right about an episode; of a twin, of those that accused it."""
    twin = episode.benign_twin_of is not None
    verdicts = judgement.verdicts if twin else (*judgement.verdicts, *judgement.market_verdicts)
    return tuple(
        signal.id
        for verdict in verdicts
        if (verdict.instead is episode if twin else episode in verdict.episodes)
        for signal in verdict.alarm.signals
        if signal.start_ns <= episode.end_ns + GRACE and signal.end_ns >= episode.start_ns
    )
