"""Looking ahead is guessing: right guesses save time, wrong ones change nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.compiled.rows import RowTable, Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind, Side
from tapewarden.engine.advance import known_order
from tapewarden.engine.ahead import FAR, RING, AheadRow, look_ahead
from tapewarden.engine.engine import Engine
from tapewarden.engine.indexes import guess, order_tag
from tapewarden.engine.tables import AccountRow, Events, OrderRow, Tables
from tests.reference.comparing import differences, event, kernel_run, reference_run, rows
from tests.strategies import hostile_tapes, market_tapes, small_directory

PLACE, CANCEL, TRADE = EventKind.PLACE, EventKind.CANCEL, EventKind.TRADE
BID = event(PLACE, side=Side.BUY, price=1000, size=5, account=0)
ASK = event(PLACE, side=Side.SELL, price=1001, size=7, account=2)


def alike(count: int) -> tuple[int, int]:
    """Two order ids on the first instrument whose hashes keep the same 32 bits, among the first ``count``."""
    numbers = np.arange(1, count + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        tags: Any = order_tag(1, numbers)  # type: ignore[arg-type]
    order = np.argsort(tags, kind="stable")
    same = np.flatnonzero(np.diff(tags[order].astype(np.int64)) == 0)
    one, other = order[same[0]], order[same[0] + 1]
    return int(numbers[one]), int(numbers[other])


def run(*events: dict[str, int]) -> Engine:
    engine = Engine(small_directory(), [])
    for _ in engine.passes(rows(*events)):
        pass
    return engine


def looked_ahead(engine: Engine, batch: EventBatch) -> list[AheadRow]:
    """What the steps, as Python, find for each of at most ``RING`` rows before any of them is applied."""
    ring = RowTable(AheadRow, np.zeros(RING, AheadRow.dtype))
    columns: Any = Events(*(getattr(batch, name) for name in Events._fields))
    tables = as_python(engine.tables)
    with np.errstate(over="ignore"):
        for row in range(-FAR, len(batch)):
            look_ahead(tables, columns, ring, row)
    return [ring[row] for row in range(len(batch))]


def as_python(tables: Tables) -> Any:
    """The tables that looking ahead reads fields of, as rules see them when they run uncompiled."""
    orders: Any = RowTable(OrderRow, tables.orders)
    accounts: Any = RowTable(AccountRow, tables.accounts)
    return tables._replace(orders=orders, accounts=accounts)


def row_of(orders: Table, number: int) -> int:
    (row,) = np.flatnonzero((orders["number"] == number) & (orders["instrument"] != 0))
    return int(row)


def test_the_rows_of_known_orders_and_their_pair_are_found_ahead() -> None:
    engine = run(BID | {"order": 1}, ASK | {"order": 2})
    orders = engine.tables.orders
    bid, ask = row_of(orders, 1), row_of(orders, 2)
    batch = rows(
        BID | {"order": 3, "account": 2},
        event(CANCEL, order=1, account=0),
        event(TRADE, order=2, counter_order=1, side=Side.SELL, price=1000, size=1, account=2),
        event(CANCEL, order=3, account=1),
    )
    place, cancel, trade, unknown = looked_ahead(engine, batch)

    assert (place.order, place.counter, place.pair) == (0, 0, orders[ask]["pair"])
    assert (cancel.order, cancel.counter) == (bid, 0)
    assert (trade.order, trade.counter, trade.pair) == (ask, bid, orders[ask]["pair"])
    assert (unknown.order, unknown.counter, unknown.pair) == (0, 0, 0)


def test_unknown_accounts_and_instruments_are_nobody_ahead() -> None:
    batch = rows(
        event(CANCEL, order=1, account=-1, counter_account=99), event(CANCEL, order=1, instrument=-1)
    )
    one, other = looked_ahead(run(BID | {"order": 1}), batch)

    assert (one.account, one.counter_account) == (0, 0)
    assert other.order == 0


def test_a_wrong_guess_is_searched_for_and_a_right_one_taken() -> None:
    engine = run(BID | {"order": 1}, ASK | {"order": 2})
    tables, orders = as_python(engine.tables), engine.tables.orders
    right, wrong = row_of(orders, 1), row_of(orders, 2)
    with np.errstate(over="ignore"):
        tag = int(order_tag(1, 1))

        assert known_order(tables, 1, 1, tag, right) == right
        assert known_order(tables, 1, 1, tag, wrong) == right
        assert known_order(tables, 1, 1, tag, 0) == right
        assert known_order(tables, 2, 1, tag, right) == 0


def test_orders_whose_hashes_look_alike_are_told_apart() -> None:
    one, other = alike(300_000)
    tape = rows(
        BID | {"order": one},
        ASK | {"order": other},
        event(CANCEL, order=other),
        event(CANCEL, order=one),
        event(CANCEL, order=other),
    )
    engine = Engine(small_directory(), [])
    ours, theirs = kernel_run(engine, [tape]), reference_run(small_directory(), tape)

    assert differences(ours.acts, theirs.acts) == []
    assert sorted(ours.facts) == sorted(theirs.facts)
    assert not engine.tables.order_index.any()


def test_a_guess_is_nobody_where_neither_place_holds_the_tag() -> None:
    index = np.zeros(16, np.uint64)
    index[3], index[4] = np.uint64(5 << 32 | 1), np.uint64(0x30000000 << 32 | 2)

    assert guess(index, 0x30000000) == 2  # its home is place 3, which another tag holds
    assert guess(index, 0x38000000) == 0
    assert guess(index, 0x40000000) == 0


@given(st.one_of(market_tapes(), hostile_tapes()), st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_what_the_ring_held_before_a_batch_changes_nothing(tape: EventBatch, junk: int, size: int) -> None:
    clean, soiled = Engine(small_directory(), []), Engine(small_directory(), [])
    ours = kernel_run(clean, tape.split(size))
    found = []
    for batch in tape.split(size):
        soiled._ring.view(np.uint32)[:] = junk
        found += [act | {"event": 0} for act in kernel_run(soiled, [batch]).acts]

    assert found == [act | {"event": 0} for act in ours.acts]
    assert soiled.snapshot() == clean.snapshot()


@given(st.lists(st.tuples(st.sampled_from((PLACE, CANCEL)), st.integers(1, 3)), max_size=3 * FAR))
def test_orders_that_come_and_go_within_the_view_are_those_at_work(
    steps: list[tuple[EventKind, int]],
) -> None:
    events = [
        BID | {"order": number} if kind is PLACE else event(kind, order=number) for kind, number in steps
    ]
    tape = rows(*events)
    ours = kernel_run(Engine(small_directory(), []), [tape])
    theirs = reference_run(small_directory(), tape)

    assert differences(ours.acts, theirs.acts) == []
    assert sorted(ours.facts) == sorted(theirs.facts)
