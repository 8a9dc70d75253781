from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.kinds import SECOND
from tapewarden.engine.activity import RATE_PER_SUM
from tapewarden.engine.acts import Act
from tapewarden.engine.measures import MAD_TO_SIGMA
from tapewarden.engine.quantities import (
    imbalance,
    is_two_sided,
    mid_price,
    other_rate,
    spread,
    usual_move,
)


def act(**columns: int) -> Act:
    record = np.zeros(1, Act.dtype)
    record["bid"] = record["ask"] = -1
    for name, value in columns.items():
        record[name] = value
    return Act(record[0, ...])


def test_quantities_of_a_two_sided_book() -> None:
    seen = act(bid=100, ask=103, depth_own=30, depth_opposite=10)
    assert is_two_sided(seen)
    assert (mid_price(seen), spread(seen), imbalance(seen)) == (101.5, 3, 0.5)


@pytest.mark.parametrize("book", [{}, {"bid": 100}, {"ask": 100}, {"bid": 101, "ask": 100}])
def test_an_empty_or_crossed_book_has_no_middle(book: dict[str, int]) -> None:
    assert not is_two_sided(act(**book))
    assert (mid_price(act(**book)), spread(act(**book)), imbalance(act(**book))) == (0.0, 0, 0.0)


@pytest.mark.parametrize(("rate", "left"), [(2.0, 2.0 - RATE_PER_SUM / 2), (0.0, 0.0)])
def test_an_orders_own_entry_is_left_out_of_its_actors_rate(rate: float, left: float) -> None:
    seen = act(age=SECOND)
    seen.rate = rate
    assert other_rate(seen) == pytest.approx(left, abs=1e-4)


def measured(acts: Any) -> tuple[float, int, float]:
    return mid_price(acts[0]), spread(acts[0]), imbalance(acts[0])


COMPILED = numba.njit(measured)
prices, depths = st.integers(-1, 2**53 - 1), st.integers(0, 2**62)


@settings(deadline=None)  # the first call compiles
@given(prices, prices, depths, depths)
def test_quantities_are_the_same_compiled(bid: int, ask: int, own: int, opposite: int) -> None:
    table = np.zeros(1, Act.dtype)
    table["bid"], table["ask"], table["depth_own"], table["depth_opposite"] = bid, ask, own, opposite
    assert COMPILED(table) == measured([Act(table[0, ...])])


def test_the_usual_move_grows_with_the_square_root_of_time() -> None:
    assert usual_move(2.0, 10 * SECOND) == MAD_TO_SIGMA * 2.0
    assert usual_move(2.0, 90 * SECOND) == pytest.approx(3 * MAD_TO_SIGMA * 2.0)
    assert usual_move(2.0, -1) == 0.0
