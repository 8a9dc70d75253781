"""What windows are kept in: rows of pairs and of markets, and the pool of their sums.

A busy pair's sums and counts are differences: those at one length hold what belongs to its current window of
that length but not to its current window of the next shorter one. An act so changes one row only, and a pair
that acts now and then needs few. Windows of all lengths begin on multiples of their length, hence nest.

What most pairs are made of lies side by side, and rows are asked for before they are needed, fresh ones too:
most are in no cache, and most of the time would go to waiting for memory.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.features.sums import WIDTH, merge_sums
from tapewarden.compiled.borrowing import borrow, prefetch
from tapewarden.compiled.compiling import inline_rule, integer
from tapewarden.compiled.rows import Row, Table, f64, i64, u8, u16, u32
from tapewarden.domain.kinds import HOUR, MINUTE, SECOND
from tapewarden.engine.measures import Baseline
from tapewarden.engine.tables import CACHE_LINE

LENGTHS: Final = (SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, HOUR)
"""Lengths of windows, ns, each a multiple of the one before."""

COUNT: Final = len(LENGTHS)
LONGEST: Final = COUNT - 1
SECONDS: Final = tuple(length // SECOND for length in LENGTHS)
FURTHEST: Final = (1 << 63) - 1 - HOUR
"""Windows that begin later end nowhere in 64 bits; they are told as if they began here."""

UNKNOWN: Final = -(1 << 62)
"""A time at which nothing was yet."""

OWN: Final = 1
"""The row of sums in which those of an actor's window are put together; row 0 stays empty."""

FEW: Final = 12
"""With so many acts those that are kept enter sums; with fewer where windows with fewer are told."""

STAYING: Final = 4
"""Acts that may be kept on at most when the others of their pair enter sums."""

ACTS_PER_LINE: Final = 2

NEAR_ACTS: Final = ACTS_PER_LINE
"""Acts that lie beside their pair's state, so in the same page of memory: half of all pairs have no more."""

FAR_ACTS: Final = FEW - NEAR_ACTS
"""Acts that lie elsewhere, once there are so many."""

PAIR_LINES: Final = 1 + NEAR_ACTS // ACTS_PER_LINE
"""Cache lines of a pair."""

NOBODY: Final = 0
"""The row of pairs that each begins as; the act at hand is worked out beside it if it has no pair."""

PerLength = Annotated[npt.NDArray[np.uint32], np.uint32, (COUNT,)]
Prices = Annotated[npt.NDArray[np.float64], np.float64, (COUNT,)]
Starts = Annotated[npt.NDArray[np.int64], np.int64, (COUNT,)]


class PairState(Row):
    """An actor on an instrument, at the engine's number for the two; one cache line.

    It is nothing but zeros before it acts, and of no instrument once it did nothing for an hour.
    Its last acts are kept as they are, see ``kept_act``, and enter sums together: most pairs never have more
    in an hour, none of their windows is told, and sums would be many times as large.
    """

    second: i64  # of its last act
    message: i64  # times
    bought: i64
    sold: i64
    actor: u32
    instrument: u32
    after: u32  # row of the next of the instrument
    busy: u32  # its row of ``BusyState`` once some acts are in sums, 0 before
    far: u32  # the first of its rows of ``far``, 0 none
    spares: Annotated[npt.NDArray[np.uint32], np.uint32, (2,)]
    entered: u16  # second of the hour of the last act in sums
    acts: u8  # kept
    most: u8  # acts with which they enter sums


class BusyState(Row):
    """A pair that acted more often in this hour; one cache line."""

    counts: PerLength  # acts in sums
    sums: PerLength  # rows of sums, 0 none
    later: PerLength  # next whose window is to be told, by length
    home: u32  # its row of ``PairState``


class MarketState(Row):
    """An instrument: where its windows stand, and the last of everything."""

    second: i64  # UNKNOWN before its first act
    fill: i64
    rush: i64  # millisecond of the taker's last buy
    trade_size: i64
    trade_price: i64
    blind: i64  # time of the last act that was blind
    price: f64  # mid price, or that of the last trade where no two-sided book is known; 0 unknown
    anchor: f64  # price from which prices in sums are measured
    leaning: f64  # imbalance of the depth, with its sign
    starts: Starts  # second at which the current window began, by length
    opened: Prices  # price then
    leaned: Prices  # imbalance then
    counts: PerLength  # events, differences as sums are
    sums: PerLength
    first: PerLength  # pairs whose windows are to be told, by length
    last: PerLength
    due: PerLength  # how many there are
    pairs: u32  # first of the instrument


class Usual(Row):
    """What windows of one length are usually like on an instrument."""

    volatility: Baseline
    spread: Baseline
    depth: Baseline
    events: Baseline
    cancel_ratio: Baseline
    life: Baseline
    volume: Baseline
    trade_gap: Baseline


class PoolRow(Row):
    """How many rows are free."""

    far: i64
    busy: i64
    sums: i64


class WindowKey(Row):
    """Whose window values belong to."""

    start: i64
    end: i64
    event: u32  # place of the act that ended it
    pair: u32  # 0 for a window of the instrument
    actor: u32
    instrument: u32
    length: u32  # place in LENGTHS
    acts: u32  # of the actor; of the instrument: its events
    blind: u32  # whether the instrument was blind meanwhile
    spare: u32


class State(NamedTuple):
    """All tables, as the kernel takes them; ``numbers`` and ``counts`` are ``sums`` by another type.

    ``near`` are ``pairs`` by another type, two for one; of ``pairs`` every ``PAIR_LINES``th row is a pair.
    """

    pairs: Table
    near: Table
    far: Table
    far_free: Table
    busy: Table
    busy_free: Table
    sums: Table
    numbers: Table
    counts: Table
    sum_free: Table
    markets: Table
    books: Table
    book_numbers: Table
    usual: Table
    pool: Table
    least: Table


class Told(NamedTuple):
    """Where windows are told."""

    account_keys: Table
    account_values: Table
    instrument_keys: Table
    instrument_values: Table


@inline_rule
def near_row(pair: Any) -> Any:
    """The row of ``near`` at which the acts of a pair, by its row, begin."""
    return ACTS_PER_LINE * (pair + 1)


@inline_rule
def kept_act(t: Any, row: int, place: int) -> Any:
    """The act of a pair at this place, the oldest first."""
    far = integer(t.pairs[row].far) + place - NEAR_ACTS
    return t.near[near_row(row) + place] if place < NEAR_ACTS else t.far[far]


@inline_rule
def move_act(t: Any, row: int, to: int, place: int) -> None:
    """Move an act of a pair to another place that it has room for."""
    if to < NEAR_ACTS:
        t.near[near_row(row) + to] = kept_act(t, row, place)
    else:
        t.far[integer(t.pairs[row].far) + to - NEAR_ACTS] = kept_act(t, row, place)


@inline_rule
def have_room(t: Any, row: int) -> None:
    """Give a pair room for one act more; there must be some."""
    p = t.pairs[row]
    if p.acts == NEAR_ACTS and p.far == 0:
        pool = t.pool[0]
        p.far = t.far_free[pool.far]
        pool.far -= 1
        prefetch(t.far, integer(t.far_free[pool.far]))


@inline_rule
def lend_state(t: Any) -> Any:
    """The tables without reference counts, see ``borrow``."""
    return State(
        borrow(t.pairs),
        borrow(t.near),
        borrow(t.far),
        borrow(t.far_free),
        borrow(t.busy),
        borrow(t.busy_free),
        borrow(t.sums),
        borrow(t.numbers),
        borrow(t.counts),
        borrow(t.sum_free),
        borrow(t.markets),
        borrow(t.books),
        borrow(t.book_numbers),
        borrow(t.usual),
        borrow(t.pool),
        borrow(t.least),
    )


@inline_rule
def lend_told(t: Any) -> Any:
    """The tables without reference counts."""
    return Told(
        borrow(t.account_keys),
        borrow(t.account_values),
        borrow(t.instrument_keys),
        borrow(t.instrument_values),
    )


@inline_rule
def take_sums(t: Any) -> int:
    """A free row of sums, all zero; there must be one."""
    pool = t.pool[0]
    row = integer(t.sum_free[pool.sums])
    pool.sums -= 1
    ask_for_sums(t, integer(t.sum_free[pool.sums]))
    t.sums[row] = t.sums[0]
    return row


@inline_rule
def ask_for_sums(t: Any, row: int) -> None:
    """Ask for a row of sums that will be needed soon; changes nothing else."""
    for line in range(row * WIDTH, row * WIDTH + WIDTH, CACHE_LINE // 8):
        prefetch(t.numbers, line)


@inline_rule
def give_sums(t: Any, row: int) -> None:
    """Give a row of sums back."""
    pool = t.pool[0]
    pool.sums += 1
    t.sum_free[pool.sums] = row


@inline_rule
def add_sums(t: Any, into: int, other: int) -> None:
    """Add one row of sums to another."""
    merge_sums(t.sums, t.numbers, t.counts, into, other)
