import numpy as np
import pytest

from tapewarden.evaluation.realism.fact import Verdict
from tapewarden.evaluation.realism.sizes import benford_distance, digit_shares
from tests.unit.evaluation.realism.making import chance, measured, sized, value

UNITS = 1e6


def log_normal(deviation: float, count: int = 10_000) -> np.ndarray:
    return np.maximum(np.round(UNITS * chance(6).lognormal(0, deviation, count)), 1).astype(np.int64)


def mixed(bots: float, count: int = 10_000) -> np.ndarray:
    """Log-normal sizes, a share of them replaced by uniform ones around the typical size."""
    rng = chance(7)
    sizes = UNITS * rng.lognormal(0, 1.8, count)
    uniform = UNITS * rng.uniform(0.5, 1.5, count)
    return np.round(np.where(rng.random(count) < bots, uniform, sizes)).astype(np.int64)


def exact_benford(count: int) -> np.ndarray:
    return np.floor(10 ** chance(8).uniform(4, 9, count)).astype(np.int64)


# Median and 99th percentile over many draws of exact data: design, section 3.7.
@pytest.mark.parametrize(
    ("count", "median", "most"), [(200, 0.0165, 0.0271), (1_000, 0.0071, 0.0131), (10_000, 0.0023, 0.0039)]
)
def test_exact_benford_data_strays_as_much_as_chance_allows(count: int, median: float, most: float) -> None:
    strays = [
        benford_distance(np.floor(10 ** chance(seed).uniform(4, 9, count)).astype(np.int64))
        for seed in range(99)
    ]
    assert np.median(strays) == pytest.approx(median, rel=0.12)
    assert np.quantile(strays, 0.9) < most


@pytest.mark.parametrize(("deviation", "expected"), [(0.5, 0.053), (0.8, 0.0124), (1.0, 0.0041)])
def test_narrow_honest_sizes_stray_from_benford(deviation: float, expected: float) -> None:
    assert benford_distance(log_normal(deviation)) == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize(("bots", "expected"), [(0.05, 0.0052), (0.2, 0.0178), (0.5, 0.044)])
def test_bots_stray_from_benford_by_their_share(bots: float, expected: float) -> None:
    assert benford_distance(mixed(bots)) == pytest.approx(expected, abs=0.0025)


def test_sizes_are_judged_by_benford_only_where_they_spread() -> None:
    assert measured("first digits of sizes", sized(exact_benford(5_000))).verdict is Verdict.MET
    assert measured("first digits of sizes", sized(mixed(0.5))).verdict is Verdict.MISSED
    narrow = measured("first digits of sizes", sized(log_normal(0.5)))
    assert narrow.verdict is Verdict.NOT_MEASURABLE
    assert "of 2 decades" in narrow.why
    peaked = np.concatenate([np.full(110, 10**5), np.full(9_780, 10**6), np.full(110, 10**7 + 1)])
    assert "log deviation" in measured("first digits of sizes", sized(peaked)).why
    assert "999 of 1,000" in measured("first digits of sizes", sized(exact_benford(999))).why


def test_first_digits_are_exact() -> None:
    assert digit_shares(np.array([1, 10, 19, 999_999_999_999, 10**18])).tolist() == [0.8, *[0.0] * 7, 0.2]


def test_people_trade_round_sizes_and_programs_do_not() -> None:
    rng = chance(9)
    odd = np.floor(10 ** rng.uniform(4, 9, 5_000)).astype(np.int64)
    assert value("round sizes", sized(odd)) == pytest.approx(0, abs=0.01)
    people = np.where(rng.random(5_000) < 0.3, 10**5 * rng.integers(1, 100, 5_000), odd)
    assert value("round sizes", sized(people)) == pytest.approx(0.3, abs=0.02)
    assert measured("round sizes", sized(people)).verdict is Verdict.MET


def test_roundness_counts_in_lots() -> None:
    lots = 1_000 * np.floor(10 ** chance(9).uniform(4, 9, 5_000)).astype(np.int64)
    assert value("round sizes", sized(lots)) == pytest.approx(0, abs=0.01)
    assert "too coarse" in measured("round sizes", sized(chance().integers(1, 100, 5_000))).why
