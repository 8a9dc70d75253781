"""Requests of members as they arrive: new orders, amends and cancels, and why some are refused."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator
from tapewarden.simulator.exchange.agenda import ACCEPTED, CANCEL, CANCELED, REJECTED, compose, send
from tapewarden.simulator.exchange.ladder import (
    BOOK,
    STOPS_TO_BUY,
    STOPS_TO_SELL,
    join_queue,
    level_of,
    next_above,
    next_below,
)
from tapewarden.simulator.exchange.margin import lacks_margin
from tapewarden.simulator.exchange.matching import (
    UNDER_WAY,
    end,
    enter,
    free,
    match,
    reveal,
    shrink,
    withdraw,
)
from tapewarden.simulator.exchange.reporting import OUTSIDE, answer, report, report_order, side_code
from tapewarden.simulator.exchange.tables import BUY, NO_SLOT, position_of

FILL_OR_KILL: Final = 1 << 12  # of an order's flags: all at once or nothing; told as IMMEDIATE
_MARKET: Final = int(Flag.MARKET)
_IMMEDIATE: Final = int(Flag.IMMEDIATE)
_POST_ONLY: Final = int(Flag.POST_ONLY)
_REDUCE_ONLY: Final = int(Flag.REDUCE_ONLY)
_PLACE: Final = int(EventKind.PLACE)
_AMEND: Final = int(EventKind.AMEND)
_REJECT: Final = int(EventKind.REJECT)
_MEMBER: Final = int(Initiator.MEMBER)
_VENUE: Final = int(Initiator.VENUE)
_BY_USER: Final = int(EndReason.USER)
_BY_VENUE: Final = int(EndReason.VENUE)
_BY_POST_ONLY: Final = int(EndReason.POST_ONLY)


@rule
def receive_order(w: Any, message: int) -> None:
    """A new order arrives: refused, parked until its stop price, or let into the book."""
    request = w.messages[message]
    row = take_order(w, message)
    order = w.orders[row]
    reason = refusal(w, row)
    if reason != 0:
        refuse(w, row, reason)
        return
    remember_slot(w, row)
    answer(w, ACCEPTED, row, order.price, order.size, 0)
    if request.life > 0:
        cancel_later(w, row, request.life)
    w.counters[0].placed += 1
    if w.agents[order.agent].kind != OUTSIDE:
        w.counters[0].background += 1
    if order.trigger > 0:
        park(w, row)
    elif order.flags & FILL_OR_KILL and fillable(w, row) < order.size:
        order.shown = order.size
        report_order(w, _PLACE, row, order.size, 0, _MEMBER)
        end(w, row, _BY_VENUE, _VENUE)
    else:
        cut(w, row)
        enter(w, row)


@rule
def take_order(w: Any, message: int) -> int:
    """A row for a new order as requested; the caller made room."""
    request, counters = w.messages[message], w.counters[0]
    row = integer(w.order_free[counters.orders])
    counters.orders -= 1
    counters.number += 1
    order = w.orders[row]
    order.number = counters.number
    order.told = counters.number
    order.price = request.price
    order.size = request.size
    order.peak = request.peak
    order.shown = min(request.peak, request.size) if request.peak > 0 else request.size
    order.trigger = request.trigger
    order.instrument = request.instrument
    order.account = request.account
    order.agent = request.agent
    order.before = 0
    order.after = 0
    order.side = request.side
    order.flags = request.flags | (_IMMEDIATE if request.flags & FILL_OR_KILL else 0)
    order.slot = request.slot
    return row


@rule
def refusal(w: Any, row: int) -> int:
    """Why the exchange refuses an order (``EndReason``), 0 if it takes it."""
    order = w.orders[row]
    market = w.instruments[order.instrument]
    if order.size <= 0 or order.size % market.lot != 0 or order.peak % market.lot != 0:
        return _BY_VENUE
    if order.flags & _REDUCE_ONLY and order.trigger == 0 and closable(w, row) <= 0:
        return _BY_VENUE
    if not order.flags & _MARKET and not is_price(market, order.price):
        return _BY_VENUE
    if order.trigger != 0 and not is_price(market, order.trigger):
        return _BY_VENUE
    price = order.price if order.price > 0 else market.last * market.tick
    if price * order.size < market.least_notional and not order.flags & _REDUCE_ONLY:
        return _BY_VENUE
    if order.flags & _POST_ONLY and crosses(market, order.side, order.price):
        return _BY_POST_ONLY
    if lacks_margin(w, row):
        return _BY_VENUE
    return 0


@rule
def closable(w: Any, row: int) -> int:
    """How much of what its account holds an order would close; not positive if it would only add to it."""
    order = w.orders[row]
    held = position_of(w, order.account, order.instrument).size
    return integer(-held if order.side == BUY else held)


@rule
def cut(w: Any, row: int) -> None:
    """An order that may only reduce what is held becomes no larger than that."""
    order = w.orders[row]
    if order.flags & _REDUCE_ONLY:
        order.size = min(order.size, closable(w, row))
        order.shown = min(order.shown, order.size)


@rule
def is_price(market: Any, price: int) -> bool:
    """Whether a price lies on the ladder."""
    return bool(price > 0 and price % market.tick == 0 and price // market.tick < market.ladder)


@rule
def crosses(market: Any, side: int, price: int) -> bool:
    """Whether a limit order would trade at once."""
    position = price // market.tick
    return bool(position >= market.best_ask if side == BUY else position <= market.best_bid)


@rule
def refuse(w: Any, row: int, reason: int) -> None:
    """Tell that an order was refused, and forget it."""
    report_order(w, _REJECT, row, w.orders[row].size, reason, _VENUE)
    answer(w, REJECTED, row, w.orders[row].price, w.orders[row].size, 0)
    free(w, row)


@rule
def remember_slot(w: Any, row: int) -> None:
    """Let a compiled agent know its order under the slot it asked for."""
    order = w.orders[row]
    agent = w.agents[order.agent]
    if agent.kind != OUTSIDE and order.slot < NO_SLOT:
        agent.rows[order.slot] = row
        agent.numbers[order.slot] = order.number


@rule
def cancel_later(w: Any, row: int, life: int) -> None:
    """The member's cancel, sent when he has waited long enough."""
    order = w.orders[row]
    message = compose(w, CANCEL, order.agent)
    w.messages[message].order = row
    w.messages[message].number = order.number
    send(w, message, w.counters[0].now + life)


@rule
def park(w: Any, row: int) -> None:
    """Let a stop order wait for its price; nothing of it is on the tape before."""
    order = w.orders[row]
    ladder = STOPS_TO_BUY if order.side == BUY else STOPS_TO_SELL
    join_queue(w, row, ladder, order.trigger // w.instruments[order.instrument].tick)


@rule
def fillable(w: Any, row: int) -> int:
    """How much of an order could trade at once, counted no further than its size; icebergs as displayed."""
    order = w.orders[row]
    market = w.instruments[order.instrument]
    limit = order.price // market.tick
    found, position = 0, integer(market.best_ask if order.side == BUY else market.best_bid)
    while found < order.size and 0 <= position < market.ladder:
        if not order.flags & _MARKET and (position > limit if order.side == BUY else position < limit):
            break
        found += level_of(w, order.instrument, BOOK, position).size
        if order.side == BUY:
            position = next_above(w, order.instrument, BOOK, position + 1)
        else:
            position = next_below(w, order.instrument, BOOK, position - 1) if position > 0 else -1
    return found


@rule
def receive_cancel(w: Any, message: int) -> None:
    """A cancel arrives; an order that ended meanwhile stays ended."""
    request = w.messages[message]
    row = integer(request.order)
    if row == 0 or w.orders[row].number != request.number or w.orders[row].flags & UNDER_WAY:
        return
    withdraw(w, row)
    end(w, row, _BY_USER, _MEMBER)


@rule
def receive_amend(w: Any, message: int) -> None:
    """An amend arrives: a smaller size keeps the order's place, anything else loses it."""
    request = w.messages[message]
    row = integer(request.order)
    if row == 0 or w.orders[row].number != request.number or w.orders[row].trigger > 0:
        return
    order = w.orders[row]
    market = w.instruments[order.instrument]
    price = request.price if request.price > 0 else order.price
    size = request.size if request.size > 0 else order.size
    reason = amend_refusal(market, order, price, size)
    if reason != 0:
        told = report(w, _REJECT, order.instrument, order.account)
        told.order, told.price, told.size = order.told, price, size
        told.reason, told.initiator, told.side = reason, _VENUE, side_code(order.side)
        answer(w, REJECTED, row, price, size, 0)
        return
    if price == order.price and size <= order.size and order.peak == 0:
        shrink(w, row, order.size - size)
        report_order(w, _AMEND, row, size, _BY_USER, _MEMBER)
        return
    withdraw(w, row)
    order.price, order.size = price, size
    order.shown = min(order.peak, size) if order.peak > 0 else size
    reveal(w, row)
    report_order(w, _AMEND, row, order.shown, _BY_USER, _MEMBER)
    match(w, row)


@rule
def amend_refusal(market: Any, order: Any, price: int, size: int) -> int:
    """Why the exchange refuses to change an order to this price and size, 0 if it does not."""
    if not is_price(market, price) or size % market.lot != 0 or price * size < market.least_notional:
        return _BY_VENUE
    if order.flags & _POST_ONLY and crosses(market, order.side, price):
        return _BY_POST_ONLY
    return 0


@rule
def receive_triggered(w: Any, message: int) -> None:
    """A stop order whose price was reached enters the book, unless there is nothing left for it to close."""
    row = integer(w.messages[message].order)
    order = w.orders[row]
    order.flags &= ~UNDER_WAY
    order.trigger = 0
    if order.flags & _REDUCE_ONLY and closable(w, row) <= 0:
        answer(w, CANCELED, row, order.price, order.size, 0)
        free(w, row)
        return
    cut(w, row)
    enter(w, row)
