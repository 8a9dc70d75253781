"""Matching: an order enters, trades with what rests at better prices, and what is left rests or ends.

Price before time: the best price first, at a price who came first. An iceberg's next slice goes to the end of
the queue. Trades between orders of one account are prevented as that account asks.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, rule
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator
from tapewarden.simulator.exchange.accounts import settle_trade
from tapewarden.simulator.exchange.agenda import CANCELED, FILLED, TRIGGERED, compose, send
from tapewarden.simulator.exchange.ladder import (
    BOOK,
    STOPS_TO_BUY,
    STOPS_TO_SELL,
    join_queue,
    leave_queue,
    level_of,
    next_above,
    next_below,
)
from tapewarden.simulator.exchange.reporting import answer, report_order, report_trade
from tapewarden.simulator.exchange.tables import BUY

PREVENT_NOTHING: Final = 0  # how trades with oneself are prevented
CANCEL_NEWEST: Final = 1
CANCEL_OLDEST: Final = 2
CANCEL_BOTH: Final = 3
DECREMENT: Final = 4  # both lose what would have traded

UNDER_WAY: Final = 1 << 13  # of an order's flags: a stop whose price was reached, in no queue for a moment
MOST_FILLS: Final = 1000  # of one order at once; the venue cancels the rest of it
MICROSECOND: Final = 1000
_PLACE: Final = int(EventKind.PLACE)
_AMEND: Final = int(EventKind.AMEND)
_CANCEL: Final = int(EventKind.CANCEL)
_MARKET: Final = int(Flag.MARKET)
_IMMEDIATE: Final = int(Flag.IMMEDIATE)
_LIQUIDATION: Final = int(Flag.LIQUIDATION)
_VENUE: Final = int(Initiator.VENUE)
_SYSTEM: Final = int(Initiator.SYSTEM)
_MEMBER: Final = int(Initiator.MEMBER)
_BY_VENUE: Final = int(EndReason.VENUE)
_BY_PREVENTION: Final = int(EndReason.SELF_TRADE_PREVENTION)


@rule
def enter(w: Any, row: int) -> None:
    """An accepted order reaches the book: it trades, then rests or ends."""
    initiator = _SYSTEM if w.orders[row].flags & _LIQUIDATION else _MEMBER
    reveal(w, row)
    report_order(w, _PLACE, row, w.orders[row].shown, 0, initiator)
    match(w, row)


@inline_rule
def reveal(w: Any, row: int) -> None:
    """An iceberg that trades on arrival shows all of itself; what is left hides again when it rests."""
    order = w.orders[row]
    if is_marketable(w, row):
        order.shown = order.size


@rule
def match(w: Any, row: int) -> None:
    """Trade an order that is not in the book with what rests there, then let it rest or end it."""
    order = w.orders[row]
    instrument, before = integer(order.instrument), w.instruments[order.instrument].last
    fills = 0
    while order.size > 0 and fills < MOST_FILLS and is_marketable(w, row):
        maker = integer(level_of(w, instrument, BOOK, best_opposite(w, row)).front)
        if w.orders[maker].account == order.account and prevents(w, order.account):
            if prevent(w, row, maker):
                return
        else:
            trade(w, row, maker)
        fills += 1
    if order.size == 0:
        free(w, row)
    elif order.flags & (_MARKET | _IMMEDIATE) or is_marketable(w, row):
        end(w, row, _BY_VENUE, _VENUE)
    else:
        rest(w, row)
    if w.instruments[instrument].last != before:
        trigger_stops(w, instrument)


@inline_rule
def best_opposite(w: Any, row: int) -> int:
    """Position of the best price of the other side; off the ladder where it is empty."""
    order = w.orders[row]
    market = w.instruments[order.instrument]
    return integer(market.best_ask if order.side == BUY else market.best_bid)


@rule
def is_marketable(w: Any, row: int) -> bool:
    """Whether an order would trade with the best price of the other side."""
    order = w.orders[row]
    market = w.instruments[order.instrument]
    best = best_opposite(w, row)
    if best < 0 or best >= market.ladder:
        return False
    if order.flags & _MARKET:
        return True
    limit = order.price // market.tick
    return best <= limit if order.side == BUY else best >= limit


@rule
def trade(w: Any, row: int, maker: int) -> None:
    """Trade as much as both orders have, at the resting one's price."""
    taker, resting = w.orders[row], w.orders[maker]
    market = w.instruments[taker.instrument]
    size = min(taker.size, resting.shown)
    price, number = resting.price, report_trade(w, row, maker, resting.price, size)
    settle_trade(w, row, maker, price, size)
    market.last = price // market.tick
    market.volume += size
    market.trades += 1
    taker.size -= size
    taker.shown = taker.size
    shrink(w, maker, size)
    answer(w, FILLED, row, price, size, number)
    answer(w, FILLED, maker, price, size, number)
    renew(w, maker)


@rule
def shrink(w: Any, row: int, size: int) -> None:
    """Take size off an order in the book that keeps its place."""
    order = w.orders[row]
    order.size -= size
    order.shown -= size
    level_of(w, order.instrument, BOOK, order.price // w.instruments[order.instrument].tick).size -= size


@rule
def renew(w: Any, row: int) -> None:
    """Once nothing of a resting order is displayed: show an iceberg's next slice, or let the order go."""
    order = w.orders[row]
    if order.shown > 0:
        return
    withdraw(w, row)
    if order.size == 0:
        free(w, row)
        return
    counters = w.counters[0]
    counters.number += 1
    order.told = counters.number
    order.shown = min(order.peak, order.size)
    report_order(w, _PLACE, row, order.shown, 0, _SYSTEM)
    rest(w, row)


@inline_rule
def prevents(w: Any, account: int) -> bool:
    """Whether an account wants no trades with itself."""
    return bool(w.accounts[account].prevention != PREVENT_NOTHING)


@rule
def prevent(w: Any, row: int, maker: int) -> bool:
    """Prevent a trade of an account with itself; whether the arriving order is gone."""
    how = w.accounts[w.orders[row].account].prevention
    if how == DECREMENT:
        size = min(w.orders[row].size, w.orders[maker].shown)
        report_order(w, _CANCEL, maker, size, _BY_PREVENTION, _VENUE)
        report_order(w, _CANCEL, row, size, _BY_PREVENTION, _VENUE)
        shrink(w, maker, size)
        w.orders[row].size -= size
        w.orders[row].shown = w.orders[row].size
        renew(w, maker)
        if w.orders[row].size == 0:
            answer(w, CANCELED, row, 0, size, 0)
        return False
    if how in (CANCEL_OLDEST, CANCEL_BOTH):
        withdraw(w, maker)
        end(w, maker, _BY_PREVENTION, _VENUE)
    if how in (CANCEL_NEWEST, CANCEL_BOTH):
        end(w, row, _BY_PREVENTION, _VENUE)
        return True
    return False


@rule
def rest(w: Any, row: int) -> None:
    """Put an order into the book; it crosses nothing."""
    order = w.orders[row]
    market = w.instruments[order.instrument]
    position = order.price // market.tick
    if 0 < order.peak < order.shown:
        order.shown = order.peak
        report_order(w, _AMEND, row, order.shown, 0, _SYSTEM)
    join_queue(w, row, BOOK, position)
    if order.side == BUY:
        market.best_bid = max(market.best_bid, position)
    else:
        market.best_ask = min(market.best_ask, position)


@rule
def withdraw(w: Any, row: int) -> None:
    """Take an order out of the book, or out of the stop orders that wait."""
    order = w.orders[row]
    market = w.instruments[order.instrument]
    if order.trigger > 0:
        leave_queue(
            w, row, STOPS_TO_BUY if order.side == BUY else STOPS_TO_SELL, order.trigger // market.tick
        )
        return
    position = order.price // market.tick
    leave_queue(w, row, BOOK, position)
    if level_of(w, order.instrument, BOOK, position).front != 0:
        return
    if order.side == BUY and position == market.best_bid:
        market.best_bid = next_below(w, order.instrument, BOOK, position)
    elif order.side != BUY and position == market.best_ask:
        market.best_ask = next_above(w, order.instrument, BOOK, position)


@rule
def end(w: Any, row: int, reason: int, initiator: int) -> None:
    """End an order that is in no queue, tell so, and free its row. Stop orders end untold."""
    order = w.orders[row]
    if order.trigger == 0:
        report_order(w, _CANCEL, row, order.shown, reason, initiator)
    answer(w, CANCELED, row, order.price, order.size, 0)
    free(w, row)


@rule
def free(w: Any, row: int) -> None:
    """Give the row of an ended order back."""
    counters = w.counters[0]
    w.orders[row].number = 0
    counters.orders += 1
    w.order_free[counters.orders] = row


@rule
def trigger_stops(w: Any, instrument: int) -> None:
    """Send the stop orders that the last trade reached on their way, a microsecond from now."""
    last = w.instruments[instrument].last
    while True:
        position = next_below(w, instrument, STOPS_TO_BUY, last)
        if position < 0:
            break
        trigger_level(w, instrument, STOPS_TO_BUY, position)
    ladder = w.instruments[instrument].ladder
    while True:
        position = next_above(w, instrument, STOPS_TO_SELL, last)
        if position >= ladder:
            break
        trigger_level(w, instrument, STOPS_TO_SELL, position)


@rule
def trigger_level(w: Any, instrument: int, ladder: int, position: int) -> None:
    """Trigger all stop orders of one price, longest waiting first."""
    while True:
        row = integer(level_of(w, instrument, ladder, position).front)
        if row == 0:
            return
        leave_queue(w, row, ladder, position)
        w.orders[row].flags |= UNDER_WAY
        message = compose(w, TRIGGERED, w.orders[row].agent)
        w.messages[message].order = row
        w.messages[message].number = w.orders[row].number
        send(w, message, w.counters[0].now + MICROSECOND)
