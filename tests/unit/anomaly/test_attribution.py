import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.anomaly.attribution import _attribute, _integration, _trees, contributions
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.growing import grow
from tests.reference.forest import path_length
from tests.reference.shapley import shapley
from tests.unit.anomaly.conftest import Grown

VALUES = st.none() | st.floats(-4, 4, width=32)


@settings(max_examples=8)
@given(row=st.lists(VALUES, min_size=4, max_size=4))
def test_contributions_are_shapley_values_where_paths_go_both_ways_at_unknown_features(
    small: Forest, row: list[float | None]
) -> None:
    numbers = [np.nan if value is None else value for value in row]

    def worth(known: frozenset[int]) -> float:
        return path_length(small, numbers, frozenset(range(4)) - known)

    assert contributions(small, numbers) == pytest.approx(shapley(worth, 4), abs=1e-12)


@given(row=st.lists(VALUES, min_size=5, max_size=5))
def test_contributions_add_up_to_the_path(grown: Grown, row: list[float | None]) -> None:
    numbers = np.array([np.nan if value is None else value for value in row])
    parts = contributions(grown.forest, numbers)
    total = grown.forest.expected_length + parts.sum()
    assert total == pytest.approx(grown.forest.path_lengths(numbers)[0], rel=1e-12)


def test_trees_deeper_than_usual_take_more_points_of_integration() -> None:
    deep = grow(np.random.default_rng(3).standard_normal((2_000, 3)).astype(np.float32), 1, 5, 1_500)
    assert len(_integration(int(deep.levels.max()))) == 2
    row = [0.3, -1.2, 0.9]

    def worth(known: frozenset[int]) -> float:
        return path_length(deep, row, frozenset(range(3)) - known)

    assert contributions(deep, row) == pytest.approx(shapley(worth, 3), abs=1e-10)


def test_compiled_and_uncompiled_attribution_give_the_same_bits(small: Forest) -> None:
    row, totals = np.array([0.3, np.nan, -2, 1], np.float32), np.zeros(4)
    for points, weights in _integration(int(small.levels.max())):
        _attribute.py_func(  # type: ignore[attr-defined]
            row, _trees(small), points, weights, totals
        )
    assert (totals / len(small.roots)).tobytes() == contributions(small, row).tobytes()


def test_a_row_of_another_width_is_refused(small: Forest) -> None:
    with pytest.raises(ValueError, match="rows of 4 values expected, received 3"):
        contributions(small, [1, 2, 3])
    with pytest.raises(ValueError, match="a single row expected, received 2"):
        contributions(small, np.zeros((2, 4)))
