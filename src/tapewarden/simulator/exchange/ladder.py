"""Ladders: a queue of orders for every price of an instrument, and a bit for every price in use.

A ladder has one level per tick, so finding a price costs nothing; the next price in use is found 64 ticks at
a time. An instrument has three: its book, in which everything up to the best bid is bids, and the stop
orders waiting to buy and to sell.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, rule, unsigned

BOOK: Final = 0
STOPS_TO_BUY: Final = 1
STOPS_TO_SELL: Final = 2
LADDERS: Final = 3
WORD: Final = 64  # bits


@inline_rule
def level_of(w: Any, instrument: int, ladder: int, position: int) -> Any:
    """The level at a position."""
    market = w.instruments[instrument]
    return w.levels[market.first + ladder * market.ladder + position]


@inline_rule
def mark_used(w: Any, instrument: int, ladder: int, position: int) -> None:
    """Set the bit of a price that has orders now."""
    market = w.instruments[instrument]
    at = market.first + ladder * market.ladder + position
    w.words[at >> 6] = w.words[at >> 6] | (unsigned(1) << unsigned(at & 63))


@inline_rule
def mark_empty(w: Any, instrument: int, ladder: int, position: int) -> None:
    """Clear the bit of a price whose last order went."""
    market = w.instruments[instrument]
    at = market.first + ladder * market.ladder + position
    w.words[at >> 6] = w.words[at >> 6] & ~(unsigned(1) << unsigned(at & 63))


@rule
def next_above(w: Any, instrument: int, ladder: int, position: int) -> int:
    """The first price in use at or above a position; the ladder's length if there is none."""
    market = w.instruments[instrument]
    start = market.first + ladder * market.ladder
    at, end = integer(start + position), integer(start + market.ladder)
    while at < end:
        word = unsigned(w.words[at >> 6]) >> unsigned(at & 63)
        if word != unsigned(0):
            return at + lowest_bit(word) - start
        at = (at | 63) + 1
    return market.ladder


@rule
def next_below(w: Any, instrument: int, ladder: int, position: int) -> int:
    """The first price in use at or below a position; -1 if there is none."""
    market = w.instruments[instrument]
    start = market.first + ladder * market.ladder
    at = integer(start + position)
    while at >= start:
        word = unsigned(w.words[at >> 6]) << unsigned(63 - (at & 63))
        if word != unsigned(0):
            return at - (63 - highest_bit(word)) - start
        at = (at & ~63) - 1
    return -1


@rule
def lowest_bit(word: int) -> int:
    """Position of the lowest bit set, of at least one."""
    place, width, rest = 0, 32, unsigned(word)
    while width:
        mask = (unsigned(1) << unsigned(width)) - unsigned(1)
        if rest & mask == unsigned(0):
            rest = rest >> unsigned(width)
            place += width
        width >>= 1
    return place


@rule
def highest_bit(word: int) -> int:
    """Position of the highest bit set, of at least one."""
    place, width, rest = 0, 32, unsigned(word)
    while width:
        if rest >> unsigned(width) != unsigned(0):
            rest = rest >> unsigned(width)
            place += width
        width >>= 1
    return place


@rule
def join_queue(w: Any, row: int, ladder: int, position: int) -> None:
    """Put an order at the end of the queue of a price."""
    order = w.orders[row]
    level = level_of(w, order.instrument, ladder, position)
    order.before = level.back
    order.after = 0
    if level.back != 0:
        w.orders[level.back].after = row
    else:
        level.front = row
        mark_used(w, order.instrument, ladder, position)
    level.back = row
    level.size += order.shown


@rule
def leave_queue(w: Any, row: int, ladder: int, position: int) -> None:
    """Take an order out of the queue of a price."""
    order = w.orders[row]
    level = level_of(w, order.instrument, ladder, position)
    if order.before != 0:
        w.orders[order.before].after = order.after
    else:
        level.front = order.after
    if order.after != 0:
        w.orders[order.after].before = order.before
    else:
        level.back = order.before
    level.size -= order.shown
    if level.front == 0:
        mark_empty(w, order.instrument, ladder, position)
