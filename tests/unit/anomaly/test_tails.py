from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tapewarden.anomaly.tails import Tail, fit_tail, tail_of

SHAPES = (-0.4, -0.1, 0.0, 0.2)


@pytest.mark.parametrize("shape", [*SHAPES, -0.05])
def test_chances_and_thresholds_are_those_of_a_distribution_a_little_longer_than_the_fit(
    shape: float,
) -> None:
    tail = Tail(level=2, shape=shape, scale=0.5, observed=1049, exceeded=20)
    for chance in (0.02, 0.005, 1e-4):
        expected = 2 + stats.genpareto.isf(chance / 0.02, shape + 0.05, scale=0.5)
        assert tail.threshold(chance) == pytest.approx(expected)
        assert tail.chance(expected) == pytest.approx(chance)
    assert tail.chance(1) == 0.02


def test_nothing_reaches_a_score_beyond_the_end_of_the_tail() -> None:
    assert Tail(level=2, shape=-0.5, scale=0.5, observed=1000, exceeded=20).chance(4) == 0


@pytest.mark.parametrize("chance", [0.1, 0.02, 0.002])
def test_of_exponential_tails_the_next_excess_is_foretold_exactly(chance: float) -> None:
    random, reached = np.random.default_rng(7), []
    for known in np.sort(random.exponential(size=(8_000, 60))):
        level, excesses = known[-21], known[-20:] - known[-21]
        tail = Tail(level, 0.0, float(excesses.mean()), len(known), len(excesses))
        reached.append(np.exp(-tail.threshold(chance)))
    assert np.mean(reached) == pytest.approx(chance, rel=0.05)


@pytest.mark.parametrize(
    "scores",
    [*(stats.genpareto(shape) for shape in (-0.2, 0.0, 0.2)), stats.norm(), stats.lognorm(0.5)],
    ids=["bounded", "exponential", "heavy", "normal", "lognormal"],
)
@pytest.mark.parametrize("count", [100, 200])
def test_the_budget_is_kept_on_average_over_small_sets_of_scores_whatever_their_tail(
    scores: Any, count: int
) -> None:
    tails = [fit_tail(known, 20 / count) for known in scores.rvs((2_000, count), random_state=5)]
    thresholds = [tail.threshold(0.02) for tail in tails]
    assert scores.sf(thresholds).mean() == pytest.approx(0.02, rel=0.15)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_fit_finds_the_tail_that_excesses_came_from(shape: float) -> None:
    excesses = stats.genpareto.rvs(shape, scale=0.5, size=20_000, random_state=3)
    tail = tail_of(0, excesses, 20_000, 20_000)
    assert tail.shape == pytest.approx(shape, abs=0.03)
    assert tail.scale == pytest.approx(0.5, rel=0.05)
    assert tail.mean_excess == pytest.approx(excesses.mean())


def test_thresholds_beyond_what_was_seen_are_about_right() -> None:
    scores = np.random.default_rng(6).standard_normal(20_000)
    tail = fit_tail(scores)
    assert tail.threshold(1e-5) == pytest.approx(stats.norm.isf(1e-5), abs=0.4)
    assert tail.chance(float(stats.norm.isf(1e-3))) == pytest.approx(1e-3, rel=0.2)


@given(st.lists(st.floats(1e-6, 1e6), min_size=10, max_size=60), st.floats(1e-6, 0.02))
def test_every_fit_allows_what_was_seen_and_rarer_means_higher(excesses: list[float], chance: float) -> None:
    tail = tail_of(0.0, excesses, 50 * len(excesses), len(excesses))
    assert tail.scale > 0
    if tail.shape < 0:
        assert -tail.scale / tail.shape >= max(excesses) * (1 - 1e-9)
    assert tail.threshold(chance) >= tail.threshold(tail.share) == pytest.approx(0)
    assert tail.threshold(chance / 2) >= tail.threshold(chance)


def test_what_no_tail_can_answer_is_refused() -> None:
    tail = Tail(level=2, shape=0.1, scale=0.5, observed=1049, exceeded=20)
    with pytest.raises(ValueError, match=r"above 0 and at most 0\.02 expected, received 0\.03"):
        tail.threshold(0.03)
    with pytest.raises(ValueError, match=r"at least 10 scores above 1 expected, received 0"):
        fit_tail(np.ones(1000))
