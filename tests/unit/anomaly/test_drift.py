import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tapewarden.anomaly.drift import (
    alert_rate,
    decile_counts,
    feature_stability,
    population_stability,
    score_counts,
    score_shift,
    score_shift_of,
    stability_of,
)
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.domain.drift import SHIFTED
from tests.unit.anomaly.conftest import some_rows


def test_the_stability_index_is_that_of_the_formula() -> None:
    expected = (0.3 - 0.5) * math.log(0.3 / 0.5) + (0.7 - 0.5) * math.log(0.7 / 0.5)
    assert population_stability([0.5, 0.5], [0.3, 0.7]) == pytest.approx(expected)
    assert population_stability([0.5, 0.5], [0.5, 0.5]) == 0
    assert math.isfinite(population_stability([0.5, 0.5], [0, 1]))


def test_features_that_moved_are_told_from_those_that_did_not(model: AnomalyModel) -> None:
    values = some_rows(seed=5, count=3000).values
    values[:, 4] *= 4
    values[:, 1] = np.nan
    found = feature_stability(model, values)
    assert list(found) == ["cancels", "order life", "share of depth", "fills"]
    assert found["cancels"] < 0.03
    assert found["fills"] > SHIFTED
    assert math.isnan(found["order life"])


@given(st.integers(0, 1000), st.floats(0, 1))
def test_a_shift_of_scores_is_that_of_kolmogorov_and_smirnov(seed: int, shift: float) -> None:
    random = np.random.default_rng(seed)
    before, now = random.standard_normal(120).round(2), (random.standard_normal(80) + shift).round(2)
    expected = stats.ks_2samp(before, now)
    found = score_shift(before, now)
    assert found.distance == pytest.approx(expected.statistic, abs=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, abs=0.03)


@given(st.integers(0, 1000), st.integers(1, 300), st.integers(0, 300))
def test_counts_of_parts_tell_of_a_shift_what_all_together_do(
    model: AnomalyModel, seed: int, count: int, cut: int
) -> None:
    values = some_rows(seed, count).values
    scores = model.score(values)
    counts = [decile_counts(model, part) for part in (values[:cut], values[cut:])]
    assert stability_of(model, counts[0] + counts[1]) == pytest.approx(
        feature_stability(model, values), nan_ok=True
    )
    exact = score_shift(model.calibration, scores)
    told = score_shift_of(model, score_counts(model, scores[:cut]) + score_counts(model, scores[cut:]))
    assert exact.distance - 0.02 <= told.distance <= exact.distance + 1e-12


def test_without_scores_there_is_no_shift(model: AnomalyModel) -> None:
    assert score_shift([], [1.0]) == (0, 1)
    assert score_shift_of(model, score_counts(model, [])) == (0, 1)


def test_alerts_beyond_and_below_the_budget_are_unlikely() -> None:
    assert alert_rate(20, 10_000, 0.002).p_value == pytest.approx(1, abs=0.1)
    assert alert_rate(45, 10_000, 0.002).p_value < 1e-4
    assert alert_rate(4, 10_000, 0.002).p_value < 1e-3
    assert alert_rate(20, 10_000, 0.002).expected == 20
