"""Tables that grow in place, and what growth must keep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.compiled.rows import Row, RowTable, Table
from tapewarden.engine.housekeeping import more_orders
from tapewarden.engine.indexes import copy_entries, find_order, order_tag
from tapewarden.engine.tables import (
    CACHE_LINE,
    HUGE_PAGE,
    RESERVE,
    CoupleRow,
    LevelRow,
    OrderRow,
    PairRow,
    growing,
    grown,
    new_tables,
)

POOLS = (OrderRow, LevelRow, PairRow, CoupleRow)
pools = st.sampled_from(POOLS)


def numbered(rows: int, row: type[Row]) -> Table:
    """A growing table with a different number in the first field of each row."""
    table = growing(rows, row.dtype)
    table[table.dtype.names[0]] = np.arange(1, rows + 1)  # type: ignore[index]
    return table


@given(pools, st.lists(st.integers(1, 3000), min_size=1, max_size=5).map(sorted))
def test_a_grown_table_keeps_its_rows_and_new_ones_are_empty(row: type[Row], sizes: list[int]) -> None:
    table = numbered(sizes[0], row)
    before = table.tobytes()
    for size in sizes[1:]:
        table = grown(table, size)

    assert len(table) == sizes[-1]
    assert table.tobytes() == before.ljust(table.nbytes, b"\0")


@given(pools, st.integers(1, 100), st.integers(1, 100))
def test_growth_within_the_reserve_moves_nothing(row: type[Row], rows: int, more: int) -> None:
    table = growing(rows, row.dtype)
    longer = grown(table, rows + more)
    longer[0][0] = 7

    assert longer.ctypes.data == table.ctypes.data
    assert table[0][0] == 7


@pytest.mark.parametrize("row", POOLS)
def test_a_table_that_used_up_its_reserve_is_copied_and_can_grow_again(row: type[Row]) -> None:
    rows = RESERVE // row.dtype.itemsize
    table = grown(numbered(8, row), rows)
    copy = grown(table, rows + HUGE_PAGE // row.dtype.itemsize + 1)  # more than alignment leaves over

    assert copy.ctypes.data != table.ctypes.data
    assert copy[: len(table)].tobytes() == table.tobytes()
    assert not copy[len(table) :].view(np.uint8).any()
    assert grown(copy, 2 * rows).ctypes.data == copy.ctypes.data


@given(pools, st.integers(1, 5000), st.integers(0, 5000))
def test_tables_begin_on_a_cache_line_however_they_grow(row: type[Row], rows: int, more: int) -> None:
    table = growing(rows, row.dtype)

    assert table.ctypes.data % CACHE_LINE == 0
    assert grown(table, rows + more).ctypes.data % CACHE_LINE == 0


@pytest.mark.parametrize("row", [OrderRow, PairRow])
def test_a_row_that_is_looked_up_fills_one_cache_line(row: type[Row]) -> None:
    assert row.dtype.itemsize == CACHE_LINE


@given(st.sets(st.integers(1, 2**64 - 1), max_size=60))
def test_an_index_copied_into_a_larger_one_finds_the_same_orders(numbers: set[int]) -> None:
    orders = np.zeros(len(numbers) + 1, OrderRow.dtype)
    small, large = np.zeros(64, np.uint64), np.zeros(256, np.uint64)
    one_row = np.zeros(64, np.uint64)
    for row, number in enumerate(numbers, start=1):
        orders[row]["number"], orders[row]["instrument"] = number, 1
        one_row[:] = 0
        one_row[0] = np.uint64(tag_of(number)) << np.uint64(32) | np.uint64(row)
        copy_entries(small, one_row)
    copy_entries(large, small)

    found = [find(large, orders, number) for number in numbers]
    assert found == list(range(1, len(numbers) + 1))
    assert np.count_nonzero(large) == len(numbers)


def test_more_room_for_orders_leaves_the_free_rows_on_top() -> None:
    tables = new_tables(instruments=2)
    rows = len(tables.orders)
    tables.counters[0]["order_room"] = 0
    larger = more_orders(tables)
    room = int(larger.counters[0]["order_room"])

    assert room == len(larger.orders) - rows
    assert sorted(larger.order_free[1 : room + 1]) == list(range(rows, len(larger.orders)))


def tag_of(number: int) -> int:
    with np.errstate(over="ignore"):
        return int(order_tag(1, number))


def find(index: Table, orders: Table, number: int) -> int:
    """Row of a live order by the rule the kernel uses, as Python."""
    rows = RowTable(OrderRow, orders)
    return find_order(index, rows, tag_of(number), 1, number)
