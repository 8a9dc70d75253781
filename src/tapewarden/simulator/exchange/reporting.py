"""What the exchange tells: rows for the tape, and answers to the members concerned."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, rule
from tapewarden.domain.kinds import EventKind, Flag
from tapewarden.simulator.exchange.agenda import compose, send
from tapewarden.simulator.exchange.tables import BUY

UNKNOWN_SIDE: Final = 1  # sides of rows are one more than ``domain.kinds.Side``: reports hold no signs
OUTSIDE: Final = 0  # kind of agents that are told what happens to their orders: those outside the kernel
ICEBERG_TELLS: Final = int(
    Flag.POST_ONLY | Flag.IMMEDIATE | Flag.MARKET | Flag.LIQUIDATION | Flag.REDUCE_ONLY
)
_LIQUIDATION: Final = int(Flag.LIQUIDATION)
_TRADE: Final = int(EventKind.TRADE)


@rule
def report(w: Any, kind: int, instrument: int, account: int) -> Any:
    """A fresh row of the tape, as of now, about an account (-1: nobody's); fill in the rest."""
    counters = w.counters[0]
    row = w.reports[counters.reports]
    counters.reports += 1
    row.order = 0
    row.counter_order = 0
    row.trade = 0
    row.price = -1
    row.size = -1
    row.ts_event = counters.now
    row.instrument = instrument
    row.account = account + 1
    row.counter_account = 0
    row.kind = kind
    row.reason = 0
    row.initiator = 0
    row.side = UNKNOWN_SIDE
    row.flags = 0
    return row


@rule
def report_order(w: Any, kind: int, row: int, size: int, reason: int, initiator: int) -> None:
    """An order was placed, amended or ended."""
    order = w.orders[row]
    told = report(w, kind, order.instrument, order.account)
    told.order = order.told
    told.price = order.price if order.price > 0 else -1
    told.size = size
    told.reason = reason
    told.initiator = initiator
    told.side = side_code(order.side)
    told.flags = order.flags & ICEBERG_TELLS


@rule
def report_trade(w: Any, taker: int, maker: int, price: int, size: int) -> int:
    """Two orders traded; gives the trade's id."""
    counters = w.counters[0]
    counters.trade += 1
    aggressor, resting = w.orders[taker], w.orders[maker]
    told = report(w, _TRADE, aggressor.instrument, aggressor.account)
    told.order = aggressor.told
    told.counter_order = resting.told
    told.counter_account = resting.account + 1
    told.trade = counters.trade
    told.price = price
    told.size = size
    told.side = side_code(aggressor.side)
    told.flags = aggressor.flags & _LIQUIDATION
    return int(counters.trade)


@inline_rule
def side_code(side: int) -> int:
    """The side of a row of the tape."""
    return UNKNOWN_SIDE + 1 if side == BUY else UNKNOWN_SIDE - 1


@rule
def answer(w: Any, kind: int, row: int, price: int, size: int, trade: int) -> None:
    """Tell the owner of an order, if he listens, what happened; it takes his delay."""
    order = w.orders[row]
    agent = w.agents[order.agent]
    if order.agent == 0 or agent.kind != OUTSIDE:
        return
    message = compose(w, kind, order.agent)
    note = w.messages[message]
    note.number = order.number
    note.order = row
    note.price = price
    note.size = size
    note.trigger = trade
    note.life = order.size
    note.side = order.side
    note.slot = order.slot
    note.instrument = order.instrument
    send(w, message, w.counters[0].now + w.accounts[order.account].latency)
