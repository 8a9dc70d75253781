"""The attack laboratory: one scenario at growing severity, and what its detectors catch of it.

A manipulator who holds back is caught less often and gains less. The curve of a rule is both, beside each
other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from tapewarden.domain.kinds import SECOND
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.intervals import Share, share
from tapewarden.evaluation.matching import Judgement, Outcome
from tapewarden.evaluation.simulated import judge_simulation
from tapewarden.runtime.configuration import Configuration
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.scenarios.scenario import Scenario
from tapewarden.simulator.staging import Casting


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One severity: how many episodes were caught, how soon, and what they brought.

    ``delay`` is the median of seconds from the first harm to the first signal, ``None`` where nothing was
    caught; ``gain`` the mean gain of an episode in the quote currency, without fees, the rest of the
    position valued at the middle of the book; ``false_alarms`` those of all detectors on these tapes.
    """

    severity: float
    caught: Share
    delay: float | None
    gain: float
    false_alarms: int


def sweep(
    scenario: Scenario,
    severities: Sequence[float],
    plan: ProductionPlan,
    detectors: Sequence[Detector],
    *,
    seeds: Sequence[int],
    copies: int,
    configuration: Configuration | None = None,
) -> Iterator[Attempt]:
    """Try a scenario at each severity, ``copies`` times on each of the markets that ``seeds`` give.

    ``plan`` says what market and how long; its own seed and castings are not used.
    """
    for severity in severities:
        castings = (Casting(scenario, severity),) * copies
        judgements: list[Judgement] = []
        gains: list[float] = []
        for seed in seeds:
            market = replace(plan.market, seed=seed)
            judgement, production = judge_simulation(
                replace(plan, market=market, castings=castings), detectors, configuration=configuration
            )
            judgements.append(judgement)
            gains += production.gains().values()
        yield _attempt(severity, judgements, gains)


def _attempt(severity: float, judgements: Sequence[Judgement], gains: Sequence[float]) -> Attempt:
    outcomes = [one for judgement in judgements for one in judgement.outcomes]
    caught = [one for one in outcomes if one.caught]
    delays = [_delay(one) for one in caught]
    return Attempt(
        severity=severity,
        caught=share(len(caught), len(outcomes)),
        delay=median(delays) if delays else None,
        gain=mean(gains) if gains else 0.0,
        false_alarms=sum(not one.right for judgement in judgements for one in judgement.verdicts),
    )


def _delay(outcome: Outcome) -> float:
    """Seconds from the first harm, or the start, to the first signal."""
    episode = outcome.episode
    harm = episode.start_ns if episode.first_harm_ns is None else episode.first_harm_ns
    return (min(catch.first_ns for catch in outcome.catches.values()) - harm) / SECOND
