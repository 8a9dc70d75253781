"""What is usual on a simulated market: learned from others like it, on which nobody deceives."""

from __future__ import annotations

from typing import Final

from tapewarden.anomaly.collection import ModelCollection
from tapewarden.anomaly.training import TrainingPlan
from tapewarden.domain.simulation import MarketWish
from tapewarden.evaluation.simulated import SimulatedTape
from tapewarden.runtime.training import samples_of, train_models
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.scenarios.scenario import Ranges
from tapewarden.simulator.staging import Casting

SEEDS: Final = (500, 501, 502)
"""Of the markets that are learned from."""

MINUTES: Final = 40.0
"""How long each of them is at most: as long as the usual market of the demo in a terminal."""

CHANCE: Final = 5e-5
"""Alerts per window: about one by chance in as many windows as a market to show has."""

KEPT: Final = 2_000
"""Usual windows that neighbors keep: half of the usual number finds the same here, and is learned sooner."""

_SEVERITY: Final = 0.5


def learn_usual(market: MarketWish) -> ModelCollection:
    """Models for a market, learned from three of its kind with other seeds.

    Everybody honest is on them who looks like misconduct, and no misconduct: known cases are left out of
    training. Ten seconds for six instruments, and a second or two more where forests are grown first.

    Raises:
        ModelError: The market is too short for anything to be learned.
        UnavailableError: scikit-learn is not installed.
    """
    samples = samples_of(SimulatedTape(_honest(market, seed)) for seed in SEEDS)
    models, _ = train_models(samples, TrainingPlan(name="usual", chance=CHANCE, kept=KEPT))
    return models


def _honest(market: MarketWish, seed: int) -> ProductionPlan:
    """A market like this one, with other chance and only honest behavior."""
    plan = MarketPlan(seed=seed, instruments=market.instruments, accounts=market.accounts, rate=market.rate)
    castings = tuple(Casting(one, _SEVERITY) for one in all_scenarios().values() if one.twin_of is not None)
    return ProductionPlan(
        market=plan, minutes=min(market.minutes, MINUTES), castings=castings, ranges=Ranges.TUNING
    )
