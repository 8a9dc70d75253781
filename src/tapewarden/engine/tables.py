"""The engine's memory: pooled tables of records, found through open-addressing indexes.

Row 0 of every table stands for nobody or none and stays empty. Tables grow between calls of the kernel,
never inside it: before each row the kernel asks for room and returns when there is none.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.rows import Row, Table, i64, u32, u64
from tapewarden.engine.measures import Baseline, Decay

UNSET: Final = -(1 << 62)
TRADE_IDS: Final = 32
BLOCK_CLASSES: Final = 32
SMALLEST_BLOCK: Final = 8
CACHE_LINE: Final = 64  # bytes
HUGE_PAGE: Final = 1 << 21  # bytes; where pools begin on one, fewer addresses need translating
FIRST_ROWS: Final = 4096  # of a pool, before it grows
RESERVE: Final = 1 << 26  # bytes that a pool can grow to in place; so many at once are always fresh memory
FIRST_INFORMED: Final = 64
PAIRS_AT_ONCE: Final = 2  # the parties of a trade
MOST_TOLD: Final = 1024
"""Actors told of one client's order at most, in the order of their links."""

TradeIds = Annotated[npt.NDArray[np.uint64], np.uint64, (TRADE_IDS,)]
BlockHeads = Annotated[npt.NDArray[np.int64], np.int64, (BLOCK_CLASSES,)]


class OrderRow(Row):
    """A live order. ``rank`` orders prices of both sides alike: the price, negated for sells."""

    number: u64
    rank: i64
    size: i64  # remaining
    placed: i64  # time of entry, -1 when it was not seen
    instrument: u32
    account: u32
    pair: u32
    before: u32  # toward the front of the queue
    after: u32
    state: u32
    tag: u32  # of its hash, see ``order_tag``
    spare: u32  # fills the cache line


SELLS: Final = 1  # bits of OrderRow.state
DISPLAYED: Final = 2


class LevelRow(Row):
    """A price level: displayed size, and its queue of orders; levels of a feed of levels have no orders.

    Its rank stands apart, in ``Tables.ranks`` at the same place: searches read nothing else.
    """

    size: i64
    orders: u32
    front: u32
    back: u32
    spare: u32


class SideRow(Row):
    """One side of a book: a block of levels sorted by rank, the best last, and its near band."""

    start: u32
    room: u32
    count: u32
    hidden: u32  # front of the queue of orders that are known but not displayed
    anchor: i64  # best rank the band was measured from
    edge: i64  # worst rank inside the band
    near: i64  # displayed size inside the band
    total: i64  # displayed size
    hint: u32  # where the last search ended, counted from the start of the block
    spare: u32
    sought: i64  # the rank it was for: a row asks several times for the same
    best: i64  # best rank, UNSET on an empty side
    reach: i64  # how far the best rank may go from the anchor


class MarketRow(Row):
    """An instrument: clock, volumes, ambient baselines, and what is known of its data."""

    clock: i64
    tick: i64
    volume_buy: i64
    volume_sell: i64
    crossed_since: i64  # -1 when not crossed
    window_until: i64
    move_window: i64  # number of the ten-second window of the last move
    move_middle: i64  # bid + ask at its start, -1 when there was no two-sided book
    second: i64  # last second with a row
    rates: Baseline
    trades: Baseline
    levels: Baseline
    moves: Baseline
    trade_ids: TradeIds
    window_since: i64  # when the last reference window opened, and what was so as it did
    window_bid: i64
    window_ask: i64
    window_buy: i64  # volumes
    window_sell: i64
    window_seconds: i64
    spare: i64  # fills the eighth cache line
    seconds: u32
    facts: u32
    profile: u32
    window: u32
    trade_count: u32
    crossed_told: u32
    blind: u32
    windows: u32  # opened so far


class PairRow(Row):
    """An actor on an instrument."""

    actor: u32
    instrument: u32
    live: u32  # orders
    window: u32  # number of the reference window it last traded in
    near_buy: i64
    near_sell: i64
    last: i64  # time of the last act
    position: i64  # bought less sold
    rate: Decay


class CoupleRow(Row):
    """Two actors that traded with each other on an instrument, the smaller number first."""

    first: u32
    second: u32
    instrument: u32
    spare: u32
    last: i64


class AccountRow(Row):
    """Whose an account is, and its roles."""

    actor: u32
    roles: u32
    maker_until: i64


class InformedRow(Row):
    """Somebody who may know of a client's orders; client 0 stands for all clients."""

    account: u32
    client: u32


class CountersRow(Row):
    """How much of each pool is free, and how many rows are in use."""

    order_room: i64
    pair_room: i64
    couple_room: i64
    level_top: i64
    live_orders: i64
    informed: i64
    pairs_at_once: i64  # a row needs at most
    blocks: BlockHeads  # first free block of each size class, 0 none


class FactRow(Row):
    """A quality fact the kernel found: row of the batch, kind, instrument."""

    event: u32
    kind: u32
    instrument: u32
    spare: u32
    ts: i64


class Tables(NamedTuple):
    """All tables, as the kernel takes them."""

    orders: Table
    order_index: Table
    order_free: Table
    ranks: Table
    levels: Table
    sides: Table
    markets: Table
    pairs: Table
    pair_index: Table
    pair_free: Table
    couples: Table
    couple_index: Table
    couple_free: Table
    accounts: Table
    informed: Table
    counters: Table


class Step(NamedTuple):
    """One row on its way through the kernel: what, where, when, whose; 0 stands for none.

    ``order`` and ``counter`` are live orders it names; ``pair`` is a guess, see ``AheadRow``.
    """

    event: int
    kind: int
    instrument: int
    ts: int
    second: int  # of ``ts``
    order: int
    counter: int
    account: int
    counter_account: int
    pair: int
    order_tag: int


class Events(NamedTuple):
    """The columns of an ``EventBatch`` that the kernel reads."""

    kind: Table
    reason: Table
    initiator: Table
    side: Table
    flags: Table
    instrument: Table
    account: Table
    counter_account: Table
    order: Table
    counter_order: Table
    trade: Table
    price: Table
    size: Table
    ts_event: Table


def new_tables(instruments: int = 1, accounts: int = 1) -> Tables:
    """Empty tables with a little room."""
    tables = Tables(
        orders=growing(FIRST_ROWS, OrderRow.dtype),
        order_index=np.zeros(2 * FIRST_ROWS, np.uint64),
        order_free=free_rows(FIRST_ROWS),
        ranks=growing(FIRST_ROWS, np.dtype(np.int64)),
        levels=growing(FIRST_ROWS, LevelRow.dtype),
        sides=np.zeros(0, SideRow.dtype),
        markets=np.zeros(0, MarketRow.dtype),
        pairs=growing(FIRST_ROWS, PairRow.dtype),
        pair_index=np.zeros(2 * FIRST_ROWS, np.uint64),
        pair_free=free_rows(FIRST_ROWS),
        couples=growing(FIRST_ROWS, CoupleRow.dtype),
        couple_index=np.zeros(2 * FIRST_ROWS, np.uint32),
        couple_free=free_rows(FIRST_ROWS),
        accounts=np.zeros(0, AccountRow.dtype),
        informed=np.zeros(FIRST_INFORMED, InformedRow.dtype),
        counters=np.zeros(1, CountersRow.dtype),
    )
    counters = tables.counters[0]
    counters["order_room"], counters["pair_room"], counters["couple_room"] = (FIRST_ROWS - 1,) * 3
    counters["pairs_at_once"] = PAIRS_AT_ONCE
    counters["level_top"] = SMALLEST_BLOCK  # block 0 is nobody's, so that 0 can mean none
    return grow_directory(tables, instruments, accounts)


def aligned(rows: int, dtype: np.dtype[Any], boundary: int = CACHE_LINE) -> Table:
    """An empty table that begins on a boundary; on a cache line no row of 64 bytes lies across two."""
    room = np.zeros(rows * dtype.itemsize + boundary, np.uint8)
    start = -room.ctypes.data % boundary
    return room[start : start + rows * dtype.itemsize].view(dtype)


def growing(rows: int, dtype: np.dtype[Any]) -> Table:
    """An empty table with address space behind it to grow into, which takes no memory until it is used."""
    return aligned(max(RESERVE // dtype.itemsize, 2 * rows), dtype, HUGE_PAGE)[:rows]


def grown(table: Table, rows: int) -> Table:
    """The table with so many rows: in place as far as its address space reaches, otherwise a copy."""
    room = table.base
    assert room is not None
    start = table.ctypes.data - room.ctypes.data
    if start + rows * table.itemsize <= room.nbytes:
        return room[start : start + rows * table.itemsize].view(table.dtype)
    copy = growing(rows, table.dtype)
    copy[: len(table)] = table
    return copy


def free_rows(rows: int) -> Table:
    """A stack of all rows but 0, the lowest on top, to be taken from its end; its place 0 is not used."""
    stack = np.arange(rows, 0, -1).astype(np.uint32)
    stack[0] = 0
    return stack


def grow_directory(tables: Tables, instruments: int, accounts: int) -> Tables:
    """Tables with so many instruments and accounts, row 0 included."""
    markets, sides = _longer(tables.markets, instruments), _longer(tables.sides, 2 * instruments)
    for row in range(len(tables.markets), len(markets)):
        empty_market(markets[row], sides[2 * row], sides[2 * row + 1])
    known = len(tables.accounts)
    account_rows = _longer(tables.accounts, accounts)
    account_rows["actor"][known:] = np.arange(known, len(account_rows))
    account_rows["maker_until"][known:] = UNSET
    return tables._replace(markets=markets, sides=sides, accounts=account_rows)


def empty_market(market: Any, buys: Any, sells: Any) -> None:
    """Set the fields of an instrument that do not start at zero."""
    for name in ("clock", "window_until", "move_window", "second"):
        market[name] = UNSET
    market["crossed_since"] = market["move_middle"] = -1
    for side in (buys, sells):
        for name in ("anchor", "edge", "best", "sought"):
            side[name] = UNSET


def _longer(table: Table, length: int) -> Table:
    if length <= len(table):
        return table
    longer = aligned(length, table.dtype)
    longer[: len(table)] = table
    return longer
