"""A market to show: every kind of misconduct once, beside the honest behavior it is mistaken for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tapewarden.evaluation.matching import Judgement
from tapewarden.evaluation.metrics import by_scenario, false_alarms
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.staging import Casting

SEVERITY: Final = 0.7


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of cast: how many acted, how many of them were caught, and false alarms about them.

    ``caught`` is ``None`` for benign twins and for everybody else: there is nothing to catch.
    """

    name: str
    injected: int | None
    caught: int | None
    false_alarms: int


def showcase(seed: int, seconds: float) -> ProductionPlan:
    """A market of six instruments on which every scenario is performed once, for so much event time."""
    market = MarketPlan(seed=seed, instruments=6, accounts=800, rate=90)
    castings = tuple(Casting(scenario, SEVERITY) for scenario in all_scenarios().values())
    return ProductionPlan(market=market, minutes=seconds / 60, castings=castings)


def score(judgement: Judgement) -> list[Line]:
    """The table of what was injected, caught, missed, and what was told of the innocent."""
    lines = [Line(one.scenario, one.recall.total, one.recall.hits, 0) for one in by_scenario([judgement])]
    about = false_alarms([judgement])
    lines += [Line(one.about, one.labelled, None, one.alarms) for one in about if one.labelled]
    others = sum(one.alarms for one in about if not one.labelled)
    return [*lines, Line("everybody else", None, None, others)]
