"""Models that learn on some markets and are judged on others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapewarden.anomaly.features.catalogue import ACCOUNT
from tapewarden.detectors.self_match import DETECTOR
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.typology import Family
from tapewarden.evaluation.anomalies.choosing import Choosing, Learner
from tapewarden.evaluation.anomalies.markets import (
    FOREST,
    MODEL,
    ROBUST_Z,
    Trial,
    market_of,
    neighbors,
)
from tapewarden.evaluation.anomalies.windows import INNOCENT, JudgedWindows, market_windows, together
from tapewarden.evaluation.published import FIRST_SEED
from tapewarden.runtime.configuration import Configuration
from tapewarden.simulator.orders import ProductionPlan, wishes
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.scenarios.scenario import Ranges
from tools.evaluate_models import market_lines, picture

WIDTH = len(ACCOUNT)


def windows(seed: int, count: int, turned: int | None = None, **facts: Any) -> JudgedWindows:
    """Windows whose features, but the last, are one number; every fourth from ``turned`` on is 9 less it."""
    random = np.random.default_rng(seed)
    values = np.tile(random.integers(0, 10 if turned is None else 3, (count, 1)).astype(float), WIDTH)
    values[:, -1] = random.random(count)
    if turned is not None:
        values[:, turned:-1:4] = 9 - values[:, turned:-1:4]
    columns: dict[str, Any] = {
        "market": np.arange(count) % 3,
        "starts": np.arange(count) * 10 * SECOND,
        "instruments": np.array(list("ABC"), object)[np.arange(count) % 3],
        "abusive": False,
        "unclear": False,
        "families": INNOCENT,
        "told": 0.0,
    }
    filled = {name: np.full(count, value) for name, value in {**columns, **facts}.items()}
    filled["families"] = filled["families"].astype(object)
    return JudgedWindows(values, **filled, episodes=(count, count))


def scheme(seed: int, count: int, family: Family, told: float = 0.0) -> JudgedWindows:
    return windows(seed, count, 0, abusive=True, families=family.value, told=told)


def some(seed: int) -> JudgedWindows:
    twins = windows(seed + 1, 120, 1, families=Family.ORDER_BOOK.value)
    schemes = [scheme(seed + 10 + n, 20, family, told=n % 2) for n, family in enumerate(FAMILIES_SEEN)]
    unclear = windows(seed + 2, 5, 0, unclear=True)
    return together([windows(seed, 700), twins, *schemes, unclear])


FAMILIES_SEEN = (Family.ORDER_BOOK, Family.WASH, Family.PRICE, Family.INFORMATION)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial(some(1), some(2))


def test_what_is_unusual_together_is_ranked_first_by_the_model_alone(trial: Trial) -> None:
    model = trial.ranking(MODEL).average_precision
    assert model > trial.ranking(FOREST).average_precision + 0.1
    assert model > trial.ranking(ROBUST_Z).average_precision + 0.1
    assert trial.ranking(MODEL, Family.WASH).recall[0] <= 1 / 20


def test_unclear_windows_are_neither_learned_from_nor_judged(trial: Trial) -> None:
    assert len(trial.judged) - len(trial.clear) == 5
    assert trial.usual.sum() == 820


def test_rules_come_first_and_the_model_behind_them(trial: Trial) -> None:
    rules, combined = trial.ranking("rules"), trial.ranking("rules, then ANM-01")
    assert rules.recall[0] == 0.5
    assert combined.average_precision > rules.average_precision
    assert (trial.scores["rules, then ANM-01"][trial.clear.told > 0].min()) > trial.scores[
        "rules, then ANM-01"
    ][trial.clear.told == 0].max()


def test_look_alikes_that_nobody_learned_from_count_as_unusual(trial: Trial) -> None:
    assert trial.without_twins().average_precision < trial.ranking(MODEL).average_precision


@pytest.mark.parametrize("symbol", ["quiet", "never seen"])
def test_a_model_per_liquidity_group_does_not_know_what_is_usual_elsewhere(symbol: str) -> None:
    learned = together(
        [
            windows(1, 300, instruments="quiet"),
            windows(2, 400, 0, instruments="busy"),  # as abusive windows are
            windows(3, 350, instruments="between"),
        ]
    )
    abusive = windows(5, 20, 0, instruments=symbol, abusive=True, families=Family.WASH.value)
    trial = Trial(learned, together([windows(4, 200, instruments=symbol), abusive]))
    assert trial.by_liquidity().average_precision > trial.ranking(MODEL).average_precision + 0.2


def test_who_chooses_without_a_family_takes_what_ranks_the_others_best(trial: Trial) -> None:
    assert set(trial.choices) == set(FAMILIES_SEEN)
    assert all(name.endswith("neighbors") for name in trial.choices.values())
    alike = trial.chosen_without.average_precision / trial.ranking(MODEL).average_precision
    assert alike == pytest.approx(1, abs=0.1)


def test_the_family_left_out_has_no_part_in_the_choice() -> None:
    judged: dict[str, Learner] = {
        "likes wash": lambda _: lambda rows: np.arange(len(rows), dtype=float),  # which come last
        "likes prices": lambda _: lambda rows: -np.arange(len(rows), dtype=float),
    }
    choosing = Choosing(
        together([scheme(1, 20, Family.PRICE), windows(0, 300), scheme(4, 20, Family.WASH)]), judged
    )
    assert choosing.without(Family.PRICE) == "likes wash"
    assert choosing.without(Family.WASH) == "likes prices"


def test_abuse_that_was_learned_from_is_usual_unless_rules_told_of_it(trial: Trial) -> None:
    learned, told = trial.with_abuse(MODEL, told=True), trial.with_abuse(MODEL, told=False)
    assert learned.average_precision < trial.ranking(MODEL).average_precision
    assert learned.average_precision <= told.average_precision
    near = neighbors(trial.learned)
    assert np.median(near(scheme(5, 20, Family.WASH).values)) < np.median(
        neighbors(trial.learned.where(trial.usual))(scheme(5, 20, Family.WASH).values)
    )


def test_the_page_has_a_line_per_target_scorer_and_family(trial: Trial) -> None:
    lines = list(market_lines({300: trial}))
    assert sum(line.endswith(("| met |", "| **missed** |")) for line in lines) == 4
    for name in ("rules", MODEL, "rules, then ANM-01", FOREST, ROBUST_Z):
        assert sum(line.startswith(f"| {name} |") for line in lines) == 2
    assert all(any(line.startswith(f"| {family.value} | 20 |") for line in lines) for family in FAMILIES_SEEN)
    assert picture(trial).startswith("<svg")


def test_every_scenario_is_on_a_market_and_tuning_never_sees_published_ranges() -> None:
    tuning, published = market_of(700), market_of(FIRST_SEED)
    assert (tuning.ranges, published.ranges) == (Ranges.TUNING, Ranges.PUBLISHED)
    assert {one.scenario.name for one in published.castings} == set(all_scenarios())


def test_windows_of_a_simulated_market_know_the_truth_and_what_rules_told() -> None:
    market = MarketPlan(seed=3, instruments=1, accounts=60, rate=20)
    plan = ProductionPlan(market=market, minutes=8, castings=wishes(["self-match@1"]))
    found = market_windows(plan, Configuration(detectors=(DETECTOR,)), (60, 10))
    assert found.keys() == {60, 10}
    minutes = found[60]
    assert minutes.values.shape == (len(minutes), WIDTH)
    assert set((minutes.starts % (60 * SECOND)).tolist()) == {0}
    assert minutes.abusive.any()
    assert (minutes.told[minutes.abusive] > 0).any()
    assert set(minutes.families[minutes.abusive]) == {"wash"}
    assert not (minutes.told[minutes.families == INNOCENT] > 0).any()
    assert minutes.episodes == (1, 1)
