"""Anomaly models on simulated markets: learned on some, held against the truth about others.

What is learned from are usual windows only, as when known cases are left out of training. So no family of
misconduct has a part in what is learned; each is new to the model that judges it. How much hangs on that is
measured too, by leaving out the benign twins of the family as well, or by leaving abuse in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.card import Method
from tapewarden.anomaly.collection import Subject
from tapewarden.anomaly.robust_z import learn_robust_z
from tapewarden.anomaly.training import TrainingPlan, TrainingRows, train
from tapewarden.domain.kinds import DAY, SECOND
from tapewarden.domain.typology import Family
from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation.anomalies.choosing import CANDIDATES, Choosing, Learner, Score
from tapewarden.evaluation.anomalies.ranking import Ranking, first_by, rank
from tapewarden.evaluation.anomalies.windows import JudgedWindows, market_windows, together
from tapewarden.evaluation.published import (
    ACCOUNTS,
    FIRST_SEED,
    INSTRUMENTS,
    MINUTES,
    SEVERITY,
    short_windows,
)
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.scenarios.scenario import Ranges
from tapewarden.simulator.staging import Casting

RATE: Final = 250.0
"""Orders per second over all instruments."""

LEARNED: Final = range(700, 740)
JUDGED: Final = range(FIRST_SEED, FIRST_SEED + 30)
"""Seeds of the markets that are learned from, and of those that are judged."""

SECONDS: Final = (300, 60)
LIQUIDITY_GROUPS: Final = 3
FAMILIES: Final = (Family.ORDER_BOOK, Family.WASH, Family.PRICE, Family.INFORMATION)

MODEL, FOREST, ROBUST_Z = "ANM-01", "isolation forest", "robust z"

Numbers = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


def market_of(seed: int) -> ProductionPlan:
    """Every scenario once on a market; published ranges for published seeds."""
    return ProductionPlan(
        market=MarketPlan(seed=seed, instruments=INSTRUMENTS, accounts=ACCOUNTS, rate=RATE),
        minutes=MINUTES,
        castings=tuple(Casting(one, SEVERITY) for one in all_scenarios().values()),
        ranges=Ranges.PUBLISHED if seed >= FIRST_SEED else Ranges.TUNING,
    )


def windows_of(seeds: Sequence[int], told: Callable[[str], None]) -> dict[int, JudgedWindows]:
    """The windows of these markets by their length in seconds; on all cores."""
    found: list[dict[int, JudgedWindows]] = []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as cores:
        for one in cores.map(_windows_of_one, seeds):
            found.append(one)
            told(f"market {len(found)} of {len(seeds)}, seed {seeds[len(found) - 1]}")
    return {length: together([one[length] for one in found]) for length in SECONDS}


def _windows_of_one(seed: int) -> dict[int, JudgedWindows]:
    return market_windows(market_of(seed), short_windows(find_detectors()), SECONDS)


def learner(plan: TrainingPlan) -> Learner:
    """What learns from usual windows by a plan."""
    parted = replace(plan, embargo=max(SECONDS) * SECOND)
    return lambda usual: train(_rows(usual), parted).score


neighbors: Final = learner(TrainingPlan(name="usual", method=Method.NEIGHBORS))
"""The model of windows of actors, as ``tapewarden model train`` makes it."""

forest: Final = learner(TrainingPlan(name="usual", method=Method.FOREST))
"""An isolation forest instead."""


def robust_z(usual: JudgedWindows) -> Score:
    """The baseline."""
    return learn_robust_z(usual.values).score


LEARNERS: Final[Mapping[str, Learner]] = {
    MODEL: neighbors,
    FOREST: forest,
    ROBUST_Z: robust_z,
}

CHOICES: Final[Mapping[str, Learner]] = {name: learner(plan) for name, plan in CANDIDATES.items()}


def _rows(usual: JudgedWindows) -> TrainingRows:
    """What training takes; markets follow each other, day by day."""
    names = tuple(feature.name for feature in Subject.ACCOUNT.features)
    days = np.unique(usual.market, return_inverse=True)[1]
    return TrainingRows(features=names, times=usual.starts + days * DAY, values=usual.values)


@dataclass(frozen=True, eq=False)
class Trial:
    """Windows of one length: those learned from, and those judged; unclear ones are neither."""

    learned: JudgedWindows
    judged: JudgedWindows

    @cached_property
    def clear(self) -> JudgedWindows:
        """The windows that rankings are made of."""
        return self.judged.where(~self.judged.unclear)

    @cached_property
    def usual(self) -> Marks:
        """Those learned from that are nobody's misconduct."""
        return ~self.learned.abusive & ~self.learned.unclear

    @cached_property
    def scores(self) -> dict[str, Numbers]:
        """The scores of all learners, of rules, and of rules with the model behind them."""
        usual = self.learned.where(self.usual)
        scores = {name: learn(usual)(self.clear.values) for name, learn in LEARNERS.items()}
        rules = self.clear.told
        return scores | {"rules": rules, "rules, then ANM-01": first_by(rules, scores[MODEL])}

    def ranking(self, name: str, family: Family | None = None) -> Ranking:
        """How well a scorer ranks, among windows of one family and those of nobody's misconduct."""
        kept = np.ones(len(self.clear), np.bool_)
        if family is not None:
            kept = ~self.clear.abusive | (self.clear.families == family.value)
        return rank(self.scores[name][kept], self.clear.abusive[kept])

    def without_twins(self) -> Ranking:
        """As the model ranks if nobody who looks like the family was learned from either."""
        return self._each_family(
            lambda family: neighbors(self.learned.where(self.usual & (self.learned.families != family.value)))
        )

    @cached_property
    def choices(self) -> dict[Family, str]:
        """Which model is chosen for each family by whoever has seen nothing of it."""
        choosing = Choosing(self.learned, CHOICES)
        return {family: choosing.without(family) for family in FAMILIES}

    @cached_property
    def chosen_without(self) -> Ranking:
        """As those models rank, each the windows of the family that had no part in its choice."""
        usual = self.learned.where(self.usual)
        chosen = {name: CHOICES[name](usual) for name in set(self.choices.values())}
        return self._each_family(lambda family: chosen[self.choices[family]])

    def _each_family(self, score_of: Callable[[Family], Score]) -> Ranking:
        """As the models of families rank; windows of nobody's misconduct, judged by all, count less."""
        scores, wanted, weights = [], [], []
        for family in FAMILIES:
            own = self.clear.where(~self.clear.abusive | (self.clear.families == family.value))
            scores.append(score_of(family)(own.values))
            wanted.append(own.abusive)
            weights.append(np.where(own.abusive, 1.0, 1 / len(FAMILIES)))
        return rank(np.concatenate(scores), np.concatenate(wanted), np.concatenate(weights))

    def by_liquidity(self) -> Ranking:
        """As models rank that each learned from, and judge, one of three groups of instruments by liquidity.

        How many usual windows were learned from says how liquid an instrument is; one that is new is not.
        """
        usual = self.learned.where(self.usual)
        symbols, counts = np.unique(usual.instruments.astype(str), return_counts=True)
        groups = np.array_split(symbols[np.argsort(counts, kind="stable")], LIQUIDITY_GROUPS)
        places = {symbol: number for number, group in enumerate(groups) for symbol in group.tolist()}
        learned, judged = (
            np.array([places.get(symbol, 0) for symbol in windows.instruments.tolist()])
            for windows in (usual, self.clear)
        )
        scores = np.empty(len(self.clear))
        for group in range(LIQUIDITY_GROUPS):
            own = judged == group
            scores[own] = neighbors(usual.where(learned == group))(self.clear.values[own])
        return rank(scores, self.clear.abusive)

    def with_abuse(self, name: str, *, told: bool) -> Ranking:
        """As a learner ranks if abuse was learned from as usual, also what rules ``told`` of or not."""
        learned = self.learned if told else self.learned.where(self.learned.told == 0)
        return rank(LEARNERS[name](learned)(self.clear.values), self.clear.abusive)
