from collections.abc import Callable

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tapewarden.engine.chance import binomial_tail, exp_of_minus, poisson_head, poisson_tail, uniform


def draw(seed: int, index: int) -> float:
    return uniform(seed, index)


def compiled(function: Callable[..., float]) -> Callable[..., float]:
    machine: Callable[..., float] = numba.njit(error_model="numpy")(function)
    return machine


EXP, POISSON, BINOMIAL = compiled(exp_of_minus), compiled(poisson_tail), compiled(binomial_tail)
UNIFORM = compiled(draw)


@given(st.floats(0, 700))
def test_exponential_agrees_with_the_library(x: float) -> None:
    assert exp_of_minus(x) == pytest.approx(np.exp(-x), rel=2e-13)


@given(st.integers(0, 200), st.floats(1e-6, 200))
def test_poisson_tail_agrees_with_scipy(count: int, mean: float) -> None:
    assert poisson_tail(count, mean) == pytest.approx(stats.poisson.sf(count - 1, mean), rel=1e-9, abs=1e-14)


@given(st.integers(-1, 200), st.floats(0, 200))
def test_poisson_head_agrees_with_scipy(count: int, mean: float) -> None:
    assert poisson_head(count, mean) == pytest.approx(stats.poisson.cdf(count, mean), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(("count", "mean"), [(1500, 700.0), (700, 700.0), (600, 700.0), (1, 1e-9), (40, 0.5)])
def test_poisson_tail_neither_overflows_nor_vanishes(count: int, mean: float) -> None:
    assert poisson_tail(count, mean) == pytest.approx(stats.poisson.sf(count - 1, mean), rel=1e-9)


@given(st.integers(0, 60), st.integers(0, 50), st.floats(0, 1))
def test_binomial_tail_agrees_with_scipy(count: int, trials: int, chance: float) -> None:
    expected = stats.binom.sf(count - 1, trials, chance)
    assert binomial_tail(count, trials, chance) == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_binomial_tail_of_many_trials_agrees_with_scipy() -> None:
    assert binomial_tail(1100, 2000, 0.5) == pytest.approx(stats.binom.sf(1099, 2000, 0.5), rel=1e-9)


@settings(deadline=None)  # the first call compiles
@given(st.integers(-3, 300), st.floats(0, 300), st.integers(0, 300), st.floats(0, 1))
def test_tails_are_the_same_bits_compiled(count: int, mean: float, trials: int, chance: float) -> None:
    assert EXP(mean) == exp_of_minus(mean)
    assert POISSON(count, mean) == poisson_tail(count, mean)
    assert BINOMIAL(count, trials, chance) == binomial_tail(count, trials, chance)


@settings(deadline=None)
@given(st.integers(0, 2**63 - 1), st.integers(0, 2**40))
def test_random_numbers_are_the_same_bits_compiled(seed: int, index: int) -> None:
    assert UNIFORM(seed, index) == uniform(seed, index)
    assert UNIFORM(np.uint64(seed + 2**63), index) == uniform(seed + 2**63, index)


def test_random_numbers_are_those_of_splitmix64() -> None:
    # First three outputs of the published generator for seed 1234567.
    outputs = (6457827717110365317, 3203168211198807973, 9817491932198370423)
    assert [uniform(1234567, i) for i in range(3)] == [(output >> 11) * 2.0**-53 for output in outputs]


def test_random_numbers_spread_evenly() -> None:
    draws = [uniform(7, i) for i in range(20_000)]
    assert stats.kstest(draws, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.03
