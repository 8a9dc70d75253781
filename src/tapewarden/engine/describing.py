"""What a row's acts say: the event, and everything as it was just before it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tapewarden.compiled.compiling import inline_rule, integer, rule, unsigned
from tapewarden.domain.kinds import EndReason, EventKind, Flag
from tapewarden.engine import acts as kinds
from tapewarden.engine.activity import describe_rate, learn_level, pair_of, roles_of, touch
from tapewarden.engine.book import best_rank, level_size
from tapewarden.engine.measures import robust_z
from tapewarden.engine.tables import SELLS, UNSET, Step

ACT_KINDS: Final = np.array(
    [
        kinds.OTHER,
        kinds.PLACE,
        kinds.AMEND,
        kinds.CANCEL,
        kinds.REJECT,
        kinds.EXPIRE,
        kinds.FILL,
        kinds.LEVEL,
        kinds.RESTATE,
        kinds.CLIENT_ORDER,
        kinds.LINK,
        kinds.WINDOW,
        kinds.REFERENCE,
        kinds.OTHER,
        kinds.OTHER,
        kinds.CLOCK,
        kinds.QUALITY,
    ],
    np.uint32,
)
"""Kind of act by kind of event; RESTATE replaces it where nobody decided anything."""

_PLACE: Final = int(EventKind.PLACE)
ON_A_LEVEL: Final = (
    kinds.PLACE | kinds.AMEND | kinds.CANCEL | kinds.EXPIRE | kinds.FILL | kinds.LEVEL | kinds.RESTATE
)

_AMEND: Final = int(EventKind.AMEND)
_CANCEL: Final = int(EventKind.CANCEL)
_EXPIRE: Final = int(EventKind.EXPIRE)
_TRADE: Final = int(EventKind.TRADE)
_LEVEL: Final = int(EventKind.LEVEL)
_SNAPSHOT: Final = int(Flag.SNAPSHOT)
_FILLED: Final = int(EndReason.FILLED)


@rule
def describe(t: Any, events: Any, step: Step, act: Any, fault: int) -> None:
    """Write the first act of a row: the event, and everything as it was just before it."""
    i, kind, row, counter = step.event, step.kind, step.order, step.counter
    market = t.markets[step.instrument]
    act.ts = step.ts
    act.event = i
    act.instrument = step.instrument
    act.kind = act_kind(events, i, kind, fault)
    act.flags = events.flags[i]
    act.reason = events.reason[i]
    act.initiator = events.initiator[i]
    act.order = events.order[i]
    act.counter_order = events.counter_order[i]
    act.trade = events.trade[i]
    act.price = events.price[i]
    act.size = events.size[i]
    act.couple = 0
    act.side = side_of_row(t, events, i, kind, row)
    describe_market(t, act, market, kind == _TRADE and events.side[i] in (1, -1))
    account = account_number(t, events.account[i])
    other = account_number(t, events.counter_account[i])
    if kind == _TRADE and counter != 0 and t.orders[counter].account != 0:
        other = integer(t.orders[counter].account)
    describe_order(t, act, kind, row)
    act.counter_age = age_of(t.orders, counter, step.ts)
    describe_party(t, act, market, account, row)
    act.counter_account = other
    act.counter_actor = t.accounts[other].actor
    if kind == _TRADE and counter != 0 and t.orders[counter].pair != 0:
        act.counter_actor = t.pairs[t.orders[counter].pair].actor


@inline_rule
def act_kind(events: Any, i: int, kind: int, fault: int) -> int:
    """Kind of act of a row."""
    if fault != 0:
        return kinds.OTHER
    if kind in (_AMEND, _CANCEL) and events.reason[i] == _FILLED:
        return kinds.RESTATE
    if kind == _PLACE and events.flags[i] & _SNAPSHOT:
        return kinds.RESTATE
    if kind == _LEVEL and events.flags[i] & _SNAPSHOT:
        return kinds.RESTATE
    return integer(ACT_KINDS[kind])


@inline_rule
def account_number(t: Any, account: int) -> int:
    """The engine's number of an account, 0 for an unknown one."""
    number = integer(account) + 1
    return number if number > 0 and number < len(t.accounts) else 0


@inline_rule
def side_of_row(t: Any, events: Any, i: int, kind: int, row: int) -> int:
    """The side of the first act: of the order it names, otherwise as given."""
    if row != 0 and kind != _TRADE:
        return kinds.SELL if t.orders[row].state & SELLS else kinds.BUY
    side = events.side[i]
    if side == 1:
        return kinds.BUY
    if side == -1:
        return kinds.SELL
    if kind == _TRADE and (
        events.account[i] >= 0
        or events.order[i] != unsigned(0)
        or events.counter_account[i] >= 0
        or events.counter_order[i] != unsigned(0)
    ):
        return kinds.BUY
    return kinds.NO_SIDE


@inline_rule
def describe_market(t: Any, act: Any, market: Any, aggressor_known: bool) -> None:
    """Write touch, depth, ambient terms and the state of the data."""
    buy = t.sides[2 * act.instrument]
    sell = t.sides[2 * act.instrument + 1]
    bid, ask = touch(t, act.instrument)
    act.bid = bid
    act.ask = ask
    act.depth_own = 0
    act.depth_opposite = 0
    if act.side != kinds.NO_SIDE:
        act.depth_own = sell.near if act.side == kinds.SELL else buy.near
        act.depth_opposite = buy.near if act.side == kinds.SELL else sell.near
    act.level_size = 0
    act.level_z = 0.0
    act.volume_buy = market.volume_buy
    act.volume_sell = market.volume_sell
    act.size_scale = market.trades.median
    act.move_scale = market.moves.median
    act.profile = market.profile
    act.facts = market.facts
    act.warm = market.seconds
    act.window = market.window if act.ts <= market.window_until else 0
    marks = kinds.PRIMARY
    if aggressor_known:
        marks |= kinds.AGGRESSOR
    if bid >= 0 and ask >= 0 and bid >= ask:
        marks |= kinds.CROSSED
    if market.blind:
        marks |= kinds.BLIND
    act.marks = marks


@inline_rule
def age_of(orders: Any, row: int, ts: int) -> int:
    """How long an order has lived, -1 when its entry was not seen."""
    if row == 0 or orders[row].placed < 0:
        return -1
    return ts - orders[row].placed


@inline_rule
def describe_order(t: Any, act: Any, kind: int, row: int) -> None:
    """Write the order as it was: price, remaining size, age, distance from its side's best price."""
    sells = act.side == kinds.SELL
    act.previous_price = -1
    act.previous_size = 0
    fresh = kind == _PLACE and row == 0 and act.flags & _SNAPSHOT == 0
    act.age = 0 if fresh else age_of(t.orders, row, act.ts)
    price = -1
    if row != 0:
        order = t.orders[row]
        act.previous_size = order.size
        if order.rank != UNSET:
            price = -order.rank if order.state & SELLS else order.rank
            act.previous_price = price
        if kind in (_CANCEL, _EXPIRE):
            act.price = act.previous_price
            if act.size <= 0 or act.size > order.size:
                act.size = order.size
        elif kind == _AMEND and act.price <= 0:
            act.price = act.previous_price
    elif kind == _LEVEL:
        side = t.sides[2 * act.instrument + (1 if sells else 0)]
        price = act.price
        act.previous_price = price
        if act.side != kinds.NO_SIDE:
            act.previous_size = level_size(side, t.levels, -price if sells else price)
    elif kind == _PLACE:
        price = act.price
    act.distance = 0
    best = best_rank(t.sides[2 * act.instrument + (1 if sells else 0)], t.levels)
    if best != UNSET and price > 0 and act.side != kinds.NO_SIDE:
        act.distance = best + price if sells else best - price


@inline_rule
def describe_party(t: Any, act: Any, market: Any, account: int, row: int) -> None:
    """Write who acted: the account and actor of the order it names, otherwise of the row."""
    pair = 0
    if row != 0:
        order = t.orders[row]
        account = integer(order.account) if order.account != 0 else account
        pair = integer(order.pair)
    if pair == 0:
        pair = pair_of(t, t.accounts[account].actor, act.instrument, act.ts)
    act.account = account
    act.roles = roles_of(t.accounts[account], act.ts) if account != 0 else 0
    act.pair = pair
    if pair == 0:
        act.actor = t.accounts[account].actor
        act.own = 0
        act.opposite = 0
        act.rate = 0.0
        act.rate_z = 0.0
        return
    party = t.pairs[pair]
    act.actor = party.actor
    act.own = 0
    act.opposite = 0
    if act.side != kinds.NO_SIDE:
        act.own = party.near_sell if act.side == kinds.SELL else party.near_buy
        act.opposite = party.near_buy if act.side == kinds.SELL else party.near_sell
    describe_rate(act, market, party)


@rule
def mirror(t: Any, step: Step, act: Any, other: Any) -> None:
    """Write the second act of a trade: the same event, from the resting side."""
    other.ts = act.ts
    other.event = act.event
    other.instrument = act.instrument
    other.kind = act.kind
    other.flags = act.flags
    other.reason = act.reason
    other.initiator = act.initiator
    other.order = act.counter_order
    other.counter_order = act.order
    other.trade = act.trade
    other.price = act.price
    other.size = act.size
    other.couple = 0
    other.side = kinds.BUY if act.side == kinds.SELL else kinds.SELL
    other.bid = act.bid
    other.ask = act.ask
    other.depth_own = act.depth_opposite
    other.depth_opposite = act.depth_own
    other.level_size = 0
    other.level_z = 0.0
    other.volume_buy = act.volume_buy
    other.volume_sell = act.volume_sell
    other.size_scale = act.size_scale
    other.move_scale = act.move_scale
    other.profile = act.profile
    other.facts = act.facts
    other.warm = act.warm
    other.window = act.window
    other.marks = act.marks & ~(kinds.PRIMARY | kinds.AGGRESSOR)
    describe_order(t, other, _TRADE, step.counter)
    other.counter_age = age_of(t.orders, step.order, act.ts)
    describe_party(t, other, t.markets[act.instrument], integer(act.counter_account), step.counter)
    other.counter_account = act.account
    other.counter_actor = act.actor
    act.counter_actor = other.actor


@inline_rule
def describe_level(t: Any, step: Step, act: Any, other: Any, edge: int) -> None:
    """Write the size at the act's price after the event, and how unusual it is; let usual sizes learn."""
    market = t.markets[step.instrument]
    if act.kind & ON_A_LEVEL:
        write_level(t, market, act)
        if other.side != act.side:
            write_level(t, market, other)
        rank = -act.price if act.side == kinds.SELL else act.price
        learn_level(market, act.kind, act.flags, act.level_size, rank >= edge)


@inline_rule
def write_level(t: Any, market: Any, act: Any) -> None:
    """Level size and its robust z for one act."""
    if act.price > 0 and act.side != kinds.NO_SIDE:
        sells = act.side == kinds.SELL
        side = t.sides[2 * act.instrument + (1 if sells else 0)]
        act.level_size = level_size(side, t.levels, -act.price if sells else act.price)
        act.level_z = robust_z(market.levels, float(act.level_size), 0.5 * market.levels.median)
