"""Looking ahead: what a row will need is hashed, found and asked for while earlier rows are at work.

Books, orders and pairs do not fit into the cache, and a row that waits for one memory access after the
other takes twice its time. So each row is prepared in three steps, each of which touches only memory that
the step before asked for. What a step finds is a guess: rows in between may change it, so that whoever
uses it compares keys first. Steps have hardly any branch, because a row's kind cannot be predicted; nor do
they ask whether there is such a row: before the first and after the last one they repeat what they did for
an earlier row, which does no harm.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.borrowing import prefetch
from tapewarden.compiled.compiling import inline_rule, integer, unsigned
from tapewarden.compiled.rows import Row, u32
from tapewarden.domain.kinds import EventKind
from tapewarden.engine.indexes import call_place, guess, order_tag, pair_tag

FAR: Final = 16  # rows ahead of the row at work at which each step is taken
NEAR: Final = 8
NEXT: Final = 4
RING: Final = 32  # rows that are under way at most, a power of two

_TRADE: Final = int(EventKind.TRADE)


class AheadRow(Row):
    """A row to come: the accounts it names, the hashes of its keys, and the rows that were found for them."""

    account: u32
    counter_account: u32
    order_tag: u32
    counter_tag: u32  # 0 where the row is no trade
    pair_tag: u32
    order: u32
    counter: u32
    pair: u32


@inline_rule
def clear_ring(ring: Any) -> None:
    """Forget the rows found for an earlier batch."""
    for place in range(RING):
        ring[place].order = 0
        ring[place].counter = 0


@inline_rule
def look_ahead(t: Any, e: Any, ring: Any, i: int) -> None:
    """Take the steps that are due when row ``i`` is at work."""
    end = len(e.kind)
    if i & 7 == 0 and i + 64 < end:
        prefetch(e.instrument, i + 64)
        prefetch(e.account, i + 64)
        prefetch(e.counter_account, i + 64)
        prefetch(e.order, i + 64)
        prefetch(e.counter_order, i + 64)
        prefetch(e.trade, i + 64)
        prefetch(e.price, i + 64)
        prefetch(e.size, i + 64)
        prefetch(e.ts_event, i + 64)
    if i + FAR < end:
        hash_keys(t, e, i + FAR, ring[(i + FAR) & (RING - 1)])
    guess_rows(t, ring[(i + NEAR) & (RING - 1)])
    call_neighbors(t, ring[(i + NEXT) & (RING - 1)])


@inline_rule
def hash_keys(t: Any, e: Any, i: int, ahead: Any) -> None:
    """Number the accounts, hash the keys, and ask for the places where searches for them begin."""
    instrument = integer(e.instrument[i]) + 1
    account = account_number(t, e.account[i])
    order = order_tag(instrument, e.order[i])
    pair = pair_tag(t.accounts[account].actor, instrument)
    ahead.account = account
    ahead.counter_account = account_number(t, e.counter_account[i])
    ahead.order_tag = order
    ahead.pair_tag = pair
    ahead.counter_tag = 0
    call_place(t.order_index, order)
    call_place(t.pair_index, pair)
    if e.kind[i] == _TRADE:
        counter = order_tag(instrument, e.counter_order[i])
        ahead.counter_tag = counter
        call_place(t.order_index, counter)


@inline_rule
def guess_rows(t: Any, ahead: Any) -> None:
    """Guess the rows of orders and pair, and ask for them."""
    order, pair = guess(t.order_index, ahead.order_tag), guess(t.pair_index, ahead.pair_tag)
    ahead.order = order
    ahead.pair = pair
    prefetch(t.orders, order)
    prefetch(t.pairs, pair)
    if ahead.counter_tag != 0:
        counter = guess(t.order_index, ahead.counter_tag)
        ahead.counter = counter
        prefetch(t.orders, counter)


@inline_rule
def call_neighbors(t: Any, ahead: Any) -> None:
    """Ask for the neighbors of the orders in their queues, and for the pairs they belong to."""
    call_neighbors_of(t, t.orders[ahead.order])
    if ahead.counter_tag != 0:
        call_neighbors_of(t, t.orders[ahead.counter])


@inline_rule
def call_neighbors_of(t: Any, order: Any) -> None:
    """The same for one order; row 0 has none, and asking for row 0 of a table does no harm."""
    prefetch(t.orders, order.before)
    prefetch(t.orders, order.after)
    prefetch(t.pairs, order.pair)


@inline_rule
def account_number(t: Any, account: int) -> int:
    """The engine's number of an account, 0 for an unknown one."""
    number = integer(account) + 1
    return number if unsigned(number) < unsigned(len(t.accounts)) else 0
