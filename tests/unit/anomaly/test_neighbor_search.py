"""The nearest of many rows, beside looking at all of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tapewarden.anomaly.neighbor_search import LANES, RowBlocks, _find_nearest_of_all

COLUMNS = 6
VALUES = st.floats(-3, 3, width=32) | st.sampled_from([-3.0, 0.0, 0.5])

Rows = npt.NDArray[np.float32]


def tables(most: int) -> st.SearchStrategy[Rows]:
    shapes = st.tuples(st.integers(1, most), st.just(COLUMNS))
    return shapes.flatmap(lambda shape: arrays(np.float32, shape, elements=VALUES))


def squares_of(rows: Rows, wanted: Rows) -> npt.NDArray[np.float64]:
    """Of each wanted row to each row, columns summed up one after another."""
    apart = wanted[:, None].astype(np.float64) - rows.astype(np.float64)
    return np.cumsum(apart * apart, axis=2)[:, :, -1]


@given(tables(5 * LANES), tables(4), st.integers(1, 5))
def test_the_nearest_are_those_of_looking_at_all_rows(rows: Rows, wanted: Rows, count: int) -> None:
    squares, places = RowBlocks(rows).nearest(wanted, count)
    expected = squares_of(rows, wanted)
    known = min(count, len(rows))
    assert squares[:, :known].tolist() == np.sort(expected, axis=1)[:, :known].tolist()
    assert np.isinf(squares[:, known:]).all()
    assert np.take_along_axis(expected, places, axis=1)[:, :known].tolist() == squares[:, :known].tolist()
    assert all(len(set(own.tolist())) == known for own in places[:, :known])


def test_of_rows_in_crowds_far_apart_the_nearest_are_found() -> None:
    random = np.random.default_rng(3)
    crowds = 10 * random.standard_normal((20, 1, COLUMNS)) + random.standard_normal((20, 50, COLUMNS))
    rows = crowds.reshape(-1, COLUMNS).astype(np.float32)
    wanted = rows[::37] + np.float32(0.1)
    squares, places = RowBlocks(rows).nearest(wanted, 3)
    expected = squares_of(rows, wanted)
    assert places.tolist() == np.argsort(expected, axis=1, kind="stable")[:, :3].tolist()
    assert squares.tolist() == np.sort(expected, axis=1)[:, :3].tolist()


def test_compiled_and_uncompiled_search_give_the_same_bits() -> None:
    random = np.random.default_rng(4)
    rows, wanted = (random.standard_normal((count, COLUMNS)).astype(np.float32) for count in (60, 3))
    blocks = RowBlocks(rows)
    squares, places = np.full((3, 2), np.inf), np.zeros((3, 2), np.int64)
    _find_nearest_of_all.py_func(wanted, blocks.parted, squares, places)  # type: ignore[attr-defined]
    expected = blocks.nearest(wanted, 2)
    assert (squares.tobytes(), places.tobytes()) == tuple(one.tobytes() for one in expected)
