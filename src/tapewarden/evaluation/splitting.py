"""A spoofer on one account, on two that the venue knows to be linked, and on two that nobody knows of.

The same scheme, as strong, on the same kind of market; only whose the orders are differs. Rules of the book
follow owners, so a link should be worth as much as one account, and without it the wall and the fill are
those of strangers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation.intervals import Share, share
from tapewarden.evaluation.matching import Judgement, Outcome
from tapewarden.evaluation.simulated import judge_simulation
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.scenarios.scenario import Ranges, Scenario
from tapewarden.simulator.staging import Casting

SEVERITY: Final = 0.5
MINUTES: Final = 30.0
COPIES: Final = 4
"""Episodes on each market."""
MARKET: Final = MarketPlan(seed=0, instruments=3, accounts=400, rate=15.0)
"""The market, but for its seed."""


@dataclass(frozen=True, slots=True)
class Caught:
    """Episodes caught by the detector they are meant for, by any of its family, and false alarms of all."""

    meant: Share
    any: Share
    false_alarms: int


def forms() -> Mapping[str, Scenario]:
    """The scheme in its three forms."""
    two = find_scenario("spoofing-two-accounts")
    return {
        "one account": find_scenario("spoofing"),
        "two linked accounts": two,
        "two accounts, no link known": replace(two, owners=False),
    }


def by_form(
    seeds: Sequence[int], ranges: Ranges, told: Callable[[str], None] = lambda words: None
) -> Iterator[tuple[str, Caught]]:
    """What is caught of each form on as many markets as there are seeds. Cost: seconds for each of them."""
    for name, scenario in forms().items():
        judgements: list[Judgement] = []
        for seed in seeds:
            told(f"{name}, market {len(judgements) + 1} of {len(seeds)}")
            judgements.append(_judged(scenario, seed, ranges))
        yield name, _caught(judgements)


def _judged(scenario: Scenario, seed: int, ranges: Ranges) -> Judgement:
    plan = ProductionPlan(
        market=replace(MARKET, seed=seed),
        minutes=MINUTES,
        castings=(Casting(scenario, SEVERITY),) * COPIES,
        ranges=ranges,
    )
    return judge_simulation(plan, find_detectors())[0]


def _caught(judgements: Sequence[Judgement]) -> Caught:
    outcomes = [one for judgement in judgements for one in judgement.outcomes]
    return Caught(
        meant=share(sum(map(_is_caught_as_meant, outcomes)), len(outcomes)),
        any=share(sum(one.caught for one in outcomes), len(outcomes)),
        false_alarms=sum(not one.right for judgement in judgements for one in judgement.verdicts),
    )


def _is_caught_as_meant(outcome: Outcome) -> bool:
    return not outcome.owing.isdisjoint(outcome.catches)
