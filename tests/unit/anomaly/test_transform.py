import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.anomaly.logarithm import logarithm
from tapewarden.anomaly.transform import PERCENTILES, Shape, Transform, learn_transform

TRAINING = np.random.default_rng(4).lognormal(0, 3, (2000, 3))
TRAINING[:, 1] = 5
TRAINING[:, 2] = np.round(TRAINING[:, 2])
TRAINING[7, 0] = np.nan


def learned(shape: Shape) -> Transform:
    return learn_transform(TRAINING, ("size", "constant", "count"), shape)


LOG, RANK = learned(Shape.SIGNED_LOG), learned(Shape.RANK_GAUSS)


def test_features_that_never_vary_are_dropped() -> None:
    assert LOG.kept.tolist() == [0, 2]
    assert LOG.apply(TRAINING).shape == (2000, 2)


def test_the_signed_logarithm_keeps_ratios_and_signs() -> None:
    spread = learn_transform(np.array([[-1e9], [1e9], [0.0]]), ("x",))
    assert spread.apply([[-99.0], [99.0], [0.0]]).ravel() == pytest.approx(
        [-np.log(100), np.log(100), 0], rel=1e-6
    )


def test_ranks_become_normal_and_equal_values_their_middle() -> None:
    mapped = RANK.apply(TRAINING)[:, 0]
    assert np.nanmean(mapped) == pytest.approx(0, abs=0.01)
    assert np.nanstd(mapped) == pytest.approx(1, abs=0.05)
    zeros = (TRAINING[:, 2] == 0).mean()
    (of_zero,) = RANK.apply([[0, 5, 0]])[:, 1]
    assert of_zero < RANK.apply([[0, 5, 1]])[0, 1]
    assert RANK.apply([[0, 5, -3]])[0, 1] == of_zero
    assert zeros > 0.3


@pytest.mark.parametrize("transform", [LOG, RANK])
@given(values=st.lists(st.floats(allow_nan=False), min_size=2, max_size=30))
def test_larger_values_never_become_smaller_and_all_stay_finite(
    transform: Transform, values: list[float]
) -> None:
    rows = np.array(sorted(values))
    mapped = transform.apply(np.stack([rows, rows, rows], axis=1))
    assert np.isfinite(mapped).all()
    assert (np.diff(mapped, axis=0) >= 0).all()


@pytest.mark.parametrize("transform", [LOG, RANK])
def test_missing_values_stay_missing_and_others_what_they_are(transform: Transform) -> None:
    one, other = transform.apply([[np.nan, 5, 3.0], [2.0, 5, 3.0]])
    assert np.isnan(one[0])
    assert one[1] == other[1]


@given(value=st.floats())
def test_the_signed_logarithm_is_that_of_the_value_within_its_bounds(value: float) -> None:
    low, high = LOG.bounds[0]
    within = value if math.isnan(value) else min(max(value, low), high)
    expected = math.copysign(logarithm(1.0 + abs(within)), within)
    np.testing.assert_array_equal(LOG.apply([[value, 5, 1]])[0, 0], np.float32(expected))


@given(place=st.integers(0, PERCENTILES - 2), part=st.floats(0, 1))
def test_between_percentiles_a_rank_is_interpolated(place: int, part: float) -> None:
    low, high = RANK.percentiles[0, place : place + 2]
    below, above = (NormalDist().inv_cdf((rank + 0.5) / PERCENTILES) for rank in (place, place + 1))
    value = low + part * (high - low)
    reached = (value - low) / (high - low)
    expected = below + reached * (above - below)
    assert within_bounds(value) == pytest.approx(expected, abs=1e-6)


def within_bounds(value: float) -> float:
    """The rank of a value, if its bounds did not cut it."""
    wide = replace(RANK, bounds=np.tile([-np.inf, np.inf], (2, 1)))
    return float(wide.apply([[value, 5, 1]])[0, 0])


def test_values_beyond_the_training_rows_are_cut_to_them() -> None:
    assert LOG.apply([[1e300, 5, 1]])[0, 0] == LOG.apply([[np.inf, 5, 1]])[0, 0]
    assert LOG.apply([[1e300, 5, 1]])[0, 0] < np.log1p(np.nanmax(TRAINING[:, 0]))


def test_infinite_training_values_are_refused_with_their_place() -> None:
    values = TRAINING.copy()
    values[41, 2] = np.inf
    with pytest.raises(ValueError, match="row 42, feature 'count': a finite number or none expected"):
        learn_transform(values, ("size", "constant", "count"))


def test_rows_in_which_nothing_varies_are_refused() -> None:
    with pytest.raises(ValueError, match="features that vary expected"):
        learn_transform(np.array([[1.0, np.nan], [1.0, np.nan]]), ("a", "b"))
