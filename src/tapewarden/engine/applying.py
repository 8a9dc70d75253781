"""What a row does: books, volumes, links, windows and the state of the data."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, rule, unsigned
from tapewarden.domain.kinds import EventKind, Flag, QualityKind
from tapewarden.engine.activity import link, open_window
from tapewarden.engine.book import clear_side, conceal, display, reduce, retire, set_level, take_order
from tapewarden.engine.measures import learn
from tapewarden.engine.tables import DISPLAYED, SELLS, UNSET, Step

_PLACE: Final = int(EventKind.PLACE)
_AMEND: Final = int(EventKind.AMEND)
_CANCEL: Final = int(EventKind.CANCEL)
_EXPIRE: Final = int(EventKind.EXPIRE)
_TRADE: Final = int(EventKind.TRADE)
_LEVEL: Final = int(EventKind.LEVEL)
_CLEAR: Final = int(EventKind.CLEAR)
_LINK: Final = int(EventKind.LINK)
_WINDOW: Final = int(EventKind.WINDOW)
_QUALITY: Final = int(EventKind.QUALITY)
_SNAPSHOT: Final = int(Flag.SNAPSHOT)
_OFF_BOOK: Final = int(Flag.OFF_BOOK)
_REPORT_ONLY: Final = int(Flag.REPORT_ONLY)
_UNDISPLAYED: Final = int(Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN)
_UNKNOWN_ORDER: Final = int(QualityKind.UNKNOWN_ORDER)
_OVERFILL: Final = int(QualityKind.OVERFILL)
_GAP: Final = int(QualityKind.GAP)
_DISCONNECT: Final = int(QualityKind.DISCONNECT)
_DROPPED: Final = int(QualityKind.DROPPED)
_RESYNC: Final = int(QualityKind.RESYNC)
_CONNECT: Final = int(QualityKind.CONNECT)
_MOST: Final = (1 << 63) - 1  # volumes wrap around rather than turn negative


@rule
def apply(t: Any, events: Any, step: Step, pair: int) -> tuple[int, int]:
    """Make the event, an act of ``pair``, happen; return up to two further quality facts, 0 for none."""
    none = 0
    i, kind, instrument = step.event, step.kind, step.instrument
    price, size, side = events.price[i], events.size[i], events.side[i]
    if kind == _PLACE:
        place(t, events, step, pair)
    elif kind in (_CANCEL, _EXPIRE):
        return take_off(t, side_of(t, step, step.order), step.order, size), none
    elif kind == _TRADE:
        return trade(t, events, step)
    elif kind == _AMEND:
        amend(t, side_of(t, step, step.order), step.order, price, size)
    elif kind == _LEVEL:
        sells = side < 0
        set_level(t, t.sides[2 * instrument + (1 if sells else 0)], -price if sells else price, size)
    elif kind == _CLEAR:
        clear_side(t, t.sides[2 * instrument])
        clear_side(t, t.sides[2 * instrument + 1])
    elif kind == _LINK:
        link(t, events.reason[i], step.account, step.counter_account, size)
    elif kind == _WINDOW:
        until = step.ts + min(max(size, none), _MOST - max(step.ts, none))
        open_window(t, events.reason[i], instrument, step.account, step.ts, until)
    elif kind == _QUALITY:
        see(t, integer(events.reason[i]), instrument)
    return none, none


@inline_rule
def side_of(t: Any, step: Step, row: int) -> Any:
    """The side of the book that a live order is on."""
    return t.sides[2 * step.instrument + (1 if t.orders[row].state & SELLS else 0)]


@inline_rule
def place(t: Any, events: Any, step: Step, pair: int) -> None:
    """Enter an order."""
    i = step.event
    row = take_order(t, step.instrument, events.order[i], step.order_tag)
    order = t.orders[row]
    sells = events.side[i] < 0
    price = events.price[i]
    account = step.account
    order.rank = UNSET if price <= 0 else (-price if sells else price)
    order.size = events.size[i]
    order.placed = -1 if events.flags[i] & _SNAPSHOT else step.ts
    order.account = account
    order.pair = pair
    order.before = 0
    order.after = 0
    order.state = (SELLS if sells else 0) | (0 if events.flags[i] & _UNDISPLAYED else DISPLAYED)
    if pair != 0:
        t.pairs[pair].live += 1
    display(t, side_of(t, step, row), row)


@inline_rule
def amend(t: Any, side: Any, row: int, price: int, size: int) -> None:
    """Change price or size of an order; it keeps its place in the queue only if it merely shrinks."""
    order = t.orders[row]
    rank = order.rank
    if price > 0:
        rank = -price if order.state & SELLS else price
    if size == 0:
        retire(t, side, row)
    elif rank == order.rank and size <= order.size:
        if size < order.size:
            reduce(t, side, order, order.size - size)
    else:
        conceal(t, side, row)
        order.rank = rank
        order.size = size
        display(t, side, row)


@inline_rule
def take_off(t: Any, side: Any, row: int, size: int) -> int:
    """Remove size, or all of it, from an order; OVERFILL if there was less."""
    order = t.orders[row]
    if size > 0 and size < order.size:
        reduce(t, side, order, size)
        return 0
    excess = size > order.size
    retire(t, side, row)
    return _OVERFILL if excess else 0


@rule
def trade(t: Any, events: Any, step: Step) -> tuple[int, int]:
    """Reduce the orders that traded, and let volume and usual sizes learn."""
    i, row, counter = step.event, step.order, step.counter
    size, flags, market = events.size[i], events.flags[i], t.markets[step.instrument]
    also, more = 0, 0
    if flags & _REPORT_ONLY == 0:
        if row != 0:
            also = take_off(t, side_of(t, step, row), row, size)
        if counter not in (0, row):
            more = take_off(t, side_of(t, step, counter), counter, size)
        elif counter == 0 and events.counter_order[i] != unsigned(0):
            more = _UNKNOWN_ORDER
    if flags & _OFF_BOOK == 0:
        if events.side[i] == 1:
            market.volume_buy = (market.volume_buy + size) & _MOST
        elif events.side[i] == -1:
            market.volume_sell = (market.volume_sell + size) & _MOST
        learn(market.trades, float(size))
    return also, more


@inline_rule
def see(t: Any, kind: int, instrument: int) -> None:
    """A gap blinds one or all instruments, a resync ends it."""
    blinds = kind in (_GAP, _DISCONNECT, _DROPPED)
    if blinds or kind in (_RESYNC, _CONNECT):
        for row in range(1, len(t.markets)):
            if instrument in (0, row):
                t.markets[row].blind = 1 if blinds else 0
