from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tapewarden.anomaly.forest import PARTS, Forest
from tapewarden.anomaly.forest_kernel import score_rows
from tapewarden.anomaly.growing import _rounded_down, grow
from tests.reference import forest as reference
from tests.unit.anomaly.conftest import Grown

VALUES = st.none() | st.floats(-4, 4, width=32)


def test_scores_are_those_of_scikit_learn(grown: Grown) -> None:
    for count in (0, 1, 7, 8, 9, 700):
        rows = grown.rows[:count]
        expected = -grown.library.score_samples(rows) if count else []
        assert grown.forest.score(rows.reshape(count, 5)) == pytest.approx(expected, abs=1e-12)


def test_values_are_compared_as_float32(grown: Grown) -> None:
    node = grown.forest.nodes[grown.forest.roots[0]]
    row = np.zeros((1, 5))
    row[0, node["feature"]] = np.nextafter(np.float64(node["threshold"]), np.inf)
    assert grown.forest.score(row) == pytest.approx(-grown.library.score_samples(row), abs=1e-12)


@given(row=st.lists(VALUES, min_size=5, max_size=5))
def test_path_lengths_are_those_of_a_walk_through_the_trees(grown: Grown, row: list[float | None]) -> None:
    numbers = [np.nan if value is None else value for value in row]
    expected = reference.path_length(grown.forest, numbers)
    assert grown.forest.path_lengths(numbers)[0] == pytest.approx(expected, rel=1e-12)
    assert grown.forest.score(numbers)[0] == pytest.approx(reference.score(grown.forest, numbers), abs=1e-12)


def test_compiled_and_uncompiled_loops_give_the_same_bits(grown: Grown) -> None:
    forest, rows = grown.forest, with_missing(grown.rows[:19])
    means, scores = np.empty(19), np.empty(19)
    score_rows.py_func(rows, forest.tables, means, scores)  # type: ignore[attr-defined]
    assert means.tobytes() == forest.path_lengths(rows).tobytes()
    assert scores.tobytes() == forest.score(rows).tobytes()


def test_scores_do_not_depend_on_how_rows_are_cut_into_batches(grown: Grown) -> None:
    rows = with_missing(grown.rows)
    apart = [grown.forest.score(part) for part in np.split(rows, [1, 9, 20, 600])]
    assert np.concatenate(apart).tobytes() == grown.forest.score(rows).tobytes()


def test_a_missing_value_counts_as_the_median_of_those_the_forest_was_grown_on() -> None:
    rows = with_missing(np.random.default_rng(6).lognormal(0, 1, (300, 3)).astype(np.float32))
    forest, medians = grow(rows, 1, 10), np.nanmedian(rows, axis=0)
    filled = np.where(np.isnan(rows), medians, rows)
    assert forest.score(rows).tobytes() == forest.score(filled).tobytes()
    assert forest.arrays().keys() == PARTS.keys()
    for name, array in grow(filled, 1, 10).arrays().items():
        assert array.tobytes() == forest.arrays()[name].tobytes()


@given(st.floats(width=32, allow_nan=False), st.floats(allow_nan=False, allow_infinity=False))
def test_thresholds_rounded_down_part_float32_values_as_before(value: float, threshold: float) -> None:
    assume(abs(threshold) < 3e38)
    (rounded,) = _rounded_down(np.array([threshold]))
    assert (np.float32(value) > rounded) == (value > threshold)
    assert rounded <= np.float64(threshold) < np.nextafter(rounded, np.float32(np.inf))


def test_the_training_samples_are_as_long_as_expected() -> None:
    rows = np.random.default_rng(7).standard_normal((200, 3)).astype(np.float32)
    forest = grow(rows, 1, 10)
    lengths = forest.path_lengths(rows)
    assert lengths.mean() == pytest.approx(forest.expected_length, rel=0.02)
    assert reference.path_length(forest, rows[0].tolist(), range(3)) == pytest.approx(forest.expected_length)


def test_rows_of_another_width_are_refused(grown: Grown) -> None:
    with pytest.raises(ValueError, match="rows of 5 values expected, received 4"):
        grown.forest.score([1, 2, 3, 4])


def damaged(forest: Forest, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    arrays = {name: array.copy() for name, array in forest.arrays().items()}
    change(arrays)
    return arrays


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: arrays["nodes"]["step"].__setitem__(0, 60_000),
        lambda arrays: arrays["nodes"]["step"].__setitem__(0, 2),
        lambda arrays: arrays["nodes"]["step"].__setitem__(0, 0),
        lambda arrays: arrays["nodes"]["feature"].__setitem__(0, 5),
        lambda arrays: arrays["nodes"]["threshold"].__setitem__(0, np.nan),
        lambda arrays: arrays["nodes"]["threshold"].__setitem__(-1, 0.5),
        lambda arrays: arrays["samples"].__setitem__(0, 63),
        lambda arrays: arrays["samples"].__setitem__(-1, 0),
        lambda arrays: arrays["roots"].__setitem__(0, 1),
        lambda arrays: arrays["roots"].__setitem__(1, arrays["roots"][1] + 1),
        lambda arrays: arrays.__setitem__("roots", arrays["roots"][:0]),
        lambda arrays: arrays.__setitem__("nodes", arrays["nodes"][:-1]),
        lambda arrays: arrays["typical"].__setitem__(0, np.nan),
        lambda arrays: arrays.__setitem__("typical", arrays["typical"][:0]),
    ],
)
def test_arrays_that_are_no_trees_are_refused(grown: Grown, change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(ValueError, match="nodes that form trees expected"):
        replace(grown.forest, **damaged(grown.forest, change))


def with_missing(rows: Any) -> Any:
    return np.where(np.random.default_rng(2).random(rows.shape) < 0.1, np.float32(np.nan), rows)
