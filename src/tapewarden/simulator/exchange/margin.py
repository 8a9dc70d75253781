"""Perpetuals: index, mark, funding, margins, and the liquidation of accounts that lack them."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import EventKind, Flag, ReferenceKind
from tapewarden.simulator.exchange.agenda import NEW, compose, send
from tapewarden.simulator.exchange.reporting import report
from tapewarden.simulator.exchange.tables import BUY, NO_SLOT, SELL, position_of

MAINTENANCE: Final = 0.5  # of the margin an account put up: below it the position is closed
MOST_PREMIUM: Final = 0.02  # the mark stays this close to the index
MOST_FUNDING: Final = 0.0075  # of the notional, per funding
_REFERENCE: Final = int(EventKind.REFERENCE)
_INDEX, _MARK, _FUNDING = int(ReferenceKind.INDEX), int(ReferenceKind.MARK), int(ReferenceKind.FUNDING)
_REDUCE_ONLY: Final = int(Flag.REDUCE_ONLY)
_LIQUIDATION: Final = int(Flag.MARKET | Flag.REDUCE_ONLY | Flag.LIQUIDATION)
_SMOOTHING: Final = 1 / 300  # of the premium, per second


@rule
def middle(market: Any) -> float:
    """Between the best prices, in units; the last price where a side is empty, 0 before the first trade."""
    if market.best_bid >= 0 and market.best_ask < market.ladder:
        return 0.5 * float(market.best_bid + market.best_ask) * market.tick
    return float(market.last * market.tick)


@rule
def mark(w: Any, instrument: int) -> None:
    """Once a second: the index from the spot market, the mark close to it, the mean premium."""
    market = w.instruments[instrument]
    spot = middle(w.instruments[market.spot])
    own = middle(market)
    if spot <= 0 or own <= 0:
        return
    premium = min(max(own / spot - 1, -MOST_PREMIUM), MOST_PREMIUM)
    market.premium += _SMOOTHING * (premium - market.premium)
    market.index = int(spot)
    market.mark = int(spot * (1 + premium))


@rule
def report_references(w: Any, instrument: int) -> None:
    """Tell index and mark."""
    market = w.instruments[instrument]
    told = report(w, _REFERENCE, instrument, -1)
    told.reason, told.price = _INDEX, market.index
    told = report(w, _REFERENCE, instrument, -1)
    told.reason, told.price = _MARK, market.mark


@rule
def fund(w: Any, instrument: int) -> None:
    """Longs pay shorts the mean premium, or the other way round."""
    market = w.instruments[instrument]
    rate = min(max(market.premium, -MOST_FUNDING), MOST_FUNDING)
    per_unit = int(rate * market.mark)
    for account in range(len(w.accounts)):
        w.accounts[account].cash -= position_of(w, account, instrument).size * per_unit
    told = report(w, _REFERENCE, instrument, -1)
    told.reason, told.price = _FUNDING, int(rate * 1e8)


@rule
def lacks_margin(w: Any, row: int) -> bool:
    """Whether an order would take a margined account beyond its leverage; closing is always allowed."""
    order = w.orders[row]
    market, money = w.instruments[order.instrument], w.accounts[order.account]
    if market.mark == 0 or money.leverage <= 0 or order.flags & _REDUCE_ONLY:
        return False
    held = position_of(w, order.account, order.instrument).size
    after = held + (order.size if order.side == BUY else -order.size)
    if abs(after) <= abs(held):
        return False
    return bool(abs(after) * float(market.mark) > money.leverage * equity(w, order.account, order.instrument))


@rule
def equity(w: Any, account: int, instrument: int) -> float:
    """What an account would have if its position were closed at the mark."""
    held = position_of(w, account, instrument).size
    return float(w.accounts[account].cash) + float(held) * float(w.instruments[instrument].mark)


@rule
def liquidate(w: Any, instrument: int) -> None:
    """Close the positions of margined accounts that lost too much of their margin, at the market."""
    market = w.instruments[instrument]
    for account in range(len(w.accounts)):
        money = w.accounts[account]
        held = integer(position_of(w, account, instrument).size)
        if money.leverage <= 0 or held == 0:
            continue
        needed = MAINTENANCE * abs(held) * float(market.mark) / money.leverage
        if equity(w, account, instrument) < needed:
            close_position(w, account, instrument, held)


@rule
def close_position(w: Any, account: int, instrument: int, held: int) -> None:
    """Sell what an account has, or buy what it owes, on behalf of the venue."""
    message = compose(w, NEW, 0)
    order = w.messages[message]
    order.account = account
    order.instrument = instrument
    order.size = abs(held)
    order.side = SELL if held > 0 else BUY
    order.flags = _LIQUIDATION
    order.slot = NO_SLOT
    send(w, message, w.counters[0].now)
