import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tapewarden.evaluation.realism.fact import Band, Fact, Measured, Verdict
from tapewarden.evaluation.realism.flow import _exponential, _log_normal, _weibull
from tapewarden.evaluation.realism.statistics import autocorrelation, distance, kurtosis, power_law
from tests.unit.evaluation.realism.making import chance, trades
from tests.unit.evaluation.realism.making import record as made

samples = st.lists(st.integers(0, 20), min_size=1, max_size=30).map(np.array)


@given(samples, samples)
def test_the_distance_is_that_of_kolmogorov_and_smirnov(first: np.ndarray, second: np.ndarray) -> None:
    expected = max(abs(np.mean(first <= place) - np.mean(second <= place)) for place in range(21))
    assert distance((first, np.ones(len(first))), (second, np.ones(len(second)))) == pytest.approx(expected)


@given(samples)
def test_weights_count_like_repeated_values(values: np.ndarray) -> None:
    unique, counts = np.unique(values, return_counts=True)
    assert distance((values, np.ones(len(values))), (unique, counts.astype(float))) == pytest.approx(0)


def test_kurtosis_is_that_of_scipy_and_undefined_for_constants() -> None:
    values = chance().standard_t(5, 1_000)
    assert kurtosis(values) == pytest.approx(stats.kurtosis(values, fisher=False))
    assert math.isnan(kurtosis(np.ones(9)))


def test_the_autocorrelation_of_an_alternating_series_alternates() -> None:
    values = np.tile([1.0, -1.0], 500)
    assert autocorrelation(values, 1) == pytest.approx(-0.999)
    assert autocorrelation(values, 2) == pytest.approx(0.998)


def test_a_power_law_is_found_with_its_error() -> None:
    x = np.arange(1.0, 9.0)
    assert power_law(x, 3 * x**-0.7) == pytest.approx((-0.7, 0))
    found = stats.linregress(np.log(x), np.log(x + 1))
    assert power_law(x, x + 1) == pytest.approx((found.slope, found.stderr))


def test_criteria_of_akaike_are_those_of_the_fitted_distributions() -> None:
    waits = chance().weibull(0.7, 500)
    scale = waits.mean()
    assert _exponential(waits) == pytest.approx(2 - 2 * stats.expon.logpdf(waits, scale=scale).sum())
    logs = np.log(waits)
    log_normal = stats.lognorm.logpdf(waits, logs.std(), scale=np.exp(logs.mean())).sum()
    assert _log_normal(waits) == pytest.approx(4 - 2 * log_normal)
    assert _weibull(waits) < min(_exponential(waits), _log_normal(waits))


@pytest.mark.parametrize(
    ("value", "error", "verdict"),
    [
        (0.5, 0.01, Verdict.MET),
        (0.5, None, Verdict.MET),
        (0.5, 0.06, Verdict.LIKELY_MET),
        (0.71, 0.01, Verdict.LIKELY_MISSED),
        (0.9, 0.01, Verdict.MISSED),
        (math.inf, None, Verdict.MISSED),
    ],
)
def test_a_verdict_is_only_likely_while_the_interval_reaches_across_an_edge(
    value: float, error: float | None, verdict: Verdict
) -> None:
    fact = Fact("f", "s", Band(0.4, 0.7), "nobody", lambda _, __: Measured(value, 10, error))
    assert fact.on(made(trades())).verdict is verdict


def test_bands_are_shown_as_they_are_read() -> None:
    assert [str(Band(low=5)), str(Band(high=0.3)), str(Band(2, 5))] == ["> 5", "< 0.3", "2 to 5"]
