from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.engine.measures import (
    MAD_TO_SIGMA,
    TRAIL_LENGTH,
    Baseline,
    Decay,
    add,
    decayed,
    half_power,
    last,
    learn,
    ones,
    remember,
    robust_z,
)

NORMAL_DEVIATION = 0.6745
"""Median absolute deviation of the standard normal distribution."""


def learned(values: Iterable[float]) -> Baseline:
    baseline = Baseline()
    for value in values:
        learn(baseline, float(value))
    return baseline


def normal(count: int, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).standard_normal(count)


@pytest.mark.parametrize("seed", range(5))
def test_a_baseline_finds_median_and_deviation_of_normal_values(seed: int) -> None:
    baseline = learned(100 + 10 * normal(5000, seed))
    assert baseline.median == pytest.approx(100, abs=2)
    assert MAD_TO_SIGMA * baseline.deviation == pytest.approx(10, rel=0.25)


@pytest.mark.parametrize("seed", range(5))
def test_a_baseline_finds_median_and_deviation_of_skewed_values(seed: int) -> None:
    values = np.exp(normal(5000, seed))
    baseline = learned(values)
    deviation = float(np.median(abs(values - 1)))
    assert baseline.median == pytest.approx(1, rel=0.2)
    assert baseline.deviation == pytest.approx(deviation, rel=0.3)


def test_a_baseline_of_one_value_repeated_has_no_deviation() -> None:
    baseline = learned([7.0] * 100)
    assert (baseline.median, baseline.deviation, baseline.count) == (7.0, 0.0, 100)


def test_a_baseline_follows_a_shift() -> None:
    baseline = learned([*(10 * normal(2000)), *(100 + 10 * normal(6000))])
    assert baseline.median == pytest.approx(100, abs=4)
    assert MAD_TO_SIGMA * baseline.deviation == pytest.approx(10, rel=0.4)


def test_one_enormous_value_moves_a_baseline_as_little_as_any_large_one() -> None:
    values = normal(500).tolist()
    calm, shaken = learned([*values, 5.0]), learned([*values, 1e15])
    assert shaken.median == pytest.approx(calm.median, abs=1e-9)
    assert shaken.deviation == pytest.approx(calm.deviation, abs=1e-9)


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=60))
def test_a_baseline_stays_within_what_it_learned(values: list[int]) -> None:
    baseline = learned(values)
    spread = max(values) - min(values)
    rounding = 1e-12 * max(abs(min(values)), abs(max(values)))
    assert baseline.count == len(values)
    assert min(values) - rounding <= baseline.median <= max(values) + rounding
    assert 0 <= baseline.deviation <= spread + rounding


def test_robust_z_counts_standard_deviations_above_the_median() -> None:
    baseline = learned(100 + 10 * normal(5000))
    assert robust_z(baseline, 130.0, 1.0) == pytest.approx(3, abs=0.8)
    assert robust_z(baseline, 70.0, 1.0) == pytest.approx(-3, abs=0.8)


def test_robust_z_divides_by_no_less_than_the_floor() -> None:
    baseline = learned([7.0] * 10)
    assert robust_z(baseline, 9.0, 0.5) == 4.0
    assert robust_z(baseline, 9.0, 0.0) == 0.0


@pytest.mark.parametrize("values", [[], [5.0]])
def test_robust_z_is_zero_before_two_values_were_learned(values: list[float]) -> None:
    assert robust_z(learned(values), 100.0, 1.0) == 0.0


@given(st.integers(0, 70 * 10**9), st.integers(1, 3 * 10**9))
def test_half_power_lies_within_its_bound(elapsed: int, half_life: int) -> None:
    assert half_power(elapsed, half_life) == pytest.approx(2 ** -(elapsed / half_life), rel=0, abs=1e-4)


@given(st.integers(1, 10**9), st.integers(0, 10**12), st.integers(0, 10**6))
def test_half_power_never_rises_with_time_by_more_than_its_error(
    half_life: int, elapsed: int, more: int
) -> None:
    assert half_power(elapsed + more, half_life) <= half_power(elapsed, half_life) + 2e-4


@pytest.mark.parametrize(("elapsed", "power"), [(-5, 1.0), (0, 1.0), (10, 0.5), (30, 0.125), (610, 0.0)])
def test_half_power_is_exact_at_whole_half_lives(elapsed: int, power: float) -> None:
    assert half_power(elapsed, 10) == power


def test_a_sum_fades_and_takes_more() -> None:
    decay = Decay()
    assert add(decay, 8.0, 0, 10) == 8.0
    assert decayed(decay, 20, 10) == 2.0
    assert add(decay, 1.0, 20, 10) == 3.0
    assert decayed(decay, 20, 10) == 3.0


def test_a_steady_stream_adds_up_to_its_rate() -> None:
    decay = Decay()
    for ts in range(0, 60_000, 10):
        add(decay, 1.0, ts, 1000)
    assert decay.value * math.log(2) == pytest.approx(100, rel=0.01)


@given(st.lists(st.integers(1, 2**64 - 1), max_size=30))
def test_a_trail_keeps_the_last_eight_in_order(numbers: list[int]) -> None:
    trail = np.zeros(TRAIL_LENGTH, np.uint64)
    for position, number in enumerate(numbers):
        remember(trail, position, number)
    assert last(trail, len(numbers)) == tuple(numbers[-TRAIL_LENGTH:])


@given(st.integers(0, 255), st.integers(0, 8))
def test_ones_are_counted_among_the_last_bits(bits: int, most: int) -> None:
    assert ones(bits, most) == f"{bits:08b}"[8 - most :].count("1")
