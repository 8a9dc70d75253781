"""What a row's acts say: the event, and everything as it was just before it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tapewarden.compiled.compiling import inline_rule, integer, rule, unsigned
from tapewarden.domain.kinds import EndReason, EventKind, Flag
from tapewarden.engine import acts as kinds
from tapewarden.engine.activity import describe_rate, learn_level, pair_of, roles_of
from tapewarden.engine.book import level_size
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
    side = side_of_row(t, events, i, kind, row)
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
    act.side = side
    describe_market(t, act, market, side, kind == _TRADE and events.side[i] in (1, -1))
    describe_order(t, act, kind, row, side)
    other, pair = step.counter_account, 0
    if counter != 0:
        order = t.orders[counter]
        other = integer(order.account) if order.account != 0 else other
        pair = integer(order.pair)
    act.counter_age = age_of(t.orders, counter, step.ts)
    act.counter_account = other
    act.counter_actor = t.pairs[pair].actor if pair != 0 else t.accounts[other].actor
    describe_party(t, step, act, step.account, row, step.pair)


@inline_rule
def act_kind(events: Any, i: int, kind: int, fault: int) -> int:
    """Kind of act of a row."""
    if fault != 0:
        return kinds.OTHER
    if kind in (_AMEND, _CANCEL) and events.reason[i] == _FILLED:
        return kinds.RESTATE
    if kind in (_PLACE, _LEVEL) and events.flags[i] & _SNAPSHOT:
        return kinds.RESTATE
    return integer(ACT_KINDS[kind])


@inline_rule
def side_of_row(t: Any, events: Any, i: int, kind: int, row: int) -> int:
    """The side of the first act: of the order it names, otherwise as given."""
    if row != 0 and kind != _TRADE:
        return kinds.SELL if t.orders[row].state & SELLS else kinds.BUY
    side = events.side[i]
    if side in (1, -1):
        return kinds.BUY if side > 0 else kinds.SELL
    if kind == _TRADE and (
        events.account[i] >= 0
        or events.order[i] != unsigned(0)
        or events.counter_account[i] >= 0
        or events.counter_order[i] != unsigned(0)
    ):
        return kinds.BUY
    return kinds.NO_SIDE


@inline_rule
def own_first(side: int, buys: int, sells: int) -> tuple[int, int]:
    """Sizes of an act's own and of the opposite side, none without a side.

    Takes both numbers rather than where to look for one: sides alternate at random, and a branch on them
    would be mispredicted every other time.
    """
    buy, sell = integer(side == kinds.BUY), integer(side == kinds.SELL)
    return buy * buys + sell * sells, buy * sells + sell * buys


@inline_rule
def describe_market(t: Any, act: Any, market: Any, side: int, aggressor_known: bool) -> None:
    """Write touch, depth, ambient terms and the state of the data."""
    buy = t.sides[2 * act.instrument]
    sell = t.sides[2 * act.instrument + 1]
    bid, ask = buy.best, -sell.best
    own, opposite = own_first(side, buy.near, sell.near)
    act.bid = bid if bid != UNSET else -1
    act.ask = ask if ask != -UNSET else -1
    act.depth_own = own
    act.depth_opposite = opposite
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
    marks |= kinds.AGGRESSOR if aggressor_known else 0
    marks |= kinds.CROSSED if bid >= ask else 0  # an empty side is far from crossing
    marks |= kinds.BLIND if market.blind else 0
    act.marks = marks


@inline_rule
def age_of(orders: Any, row: int, ts: int) -> int:
    """How long an order has lived, -1 when its entry was not seen."""
    placed = orders[row].placed if row != 0 else -1
    return ts - placed if placed >= 0 else -1


@inline_rule
def describe_order(t: Any, act: Any, kind: int, row: int, side: int) -> None:
    """Write the order as it was: price, remaining size, age, distance from its side's best price."""
    sells = side == kinds.SELL
    book = t.sides[2 * act.instrument + (1 if sells else 0)]
    price, previous_price, previous_size, age = -1, -1, 0, -1
    if row != 0:
        order = t.orders[row]
        rank = order.rank
        price = -rank if order.state & SELLS else rank
        price = price if rank != UNSET else -1
        previous_price = price
        previous_size = order.size
        age = age_of(t.orders, row, act.ts)
        if kind in (_CANCEL, _EXPIRE):
            act.price = price
            act.size = act.size if act.size > 0 and act.size <= previous_size else previous_size
        elif kind == _AMEND and act.price <= 0:
            act.price = price
    elif kind == _PLACE:
        price = act.price
        age = -1 if act.flags & _SNAPSHOT else 0
    elif kind == _LEVEL:
        price = act.price
        previous_price = price
        if side != kinds.NO_SIDE:
            previous_size = level_size(t, book, -price if sells else price)
    act.previous_price = previous_price
    act.previous_size = previous_size
    act.age = age
    distance = book.best - (1 - 2 * integer(sells)) * price
    act.distance = distance if book.best != UNSET and price > 0 and side != kinds.NO_SIDE else 0


@inline_rule
def describe_party(t: Any, step: Step, act: Any, account: int, row: int, guessed: int) -> None:
    """Write who acted: the account and actor of the order it names, otherwise of the row."""
    pair = 0
    if row != 0:
        order = t.orders[row]
        account = integer(order.account) if order.account != 0 else account
        pair = integer(order.pair)
    if pair == 0:
        pair = pair_of(t, t.accounts[account].actor, step.instrument, step.ts, guessed)
    act.account = account
    act.roles = roles_of(t.accounts[account], step.ts) if account != 0 else 0
    act.pair = pair
    if pair == 0:
        act.actor = t.accounts[account].actor
        act.own = 0
        act.opposite = 0
        act.rate = 0.0
        act.rate_z = 0.0
        return
    party = t.pairs[pair]
    own, opposite = own_first(act.side, party.near_buy, party.near_sell)
    act.actor = party.actor
    act.own = own
    act.opposite = opposite
    describe_rate(act, t.markets[step.instrument], party, step)


@rule
def mirror(t: Any, step: Step, act: Any, other: Any) -> None:
    """Write the second act of a trade: the same event, from the resting side."""
    side = kinds.BUY if act.side == kinds.SELL else kinds.SELL
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
    other.side = side
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
    describe_order(t, other, _TRADE, step.counter, side)
    other.counter_age = age_of(t.orders, step.order, step.ts)
    describe_party(t, step, other, integer(act.counter_account), step.counter, 0)
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
    price = act.price
    if price > 0 and act.side != kinds.NO_SIDE:
        sells = act.side == kinds.SELL
        side = t.sides[2 * act.instrument + (1 if sells else 0)]
        size = level_size(t, side, -price if sells else price)
        act.level_size = size
        act.level_z = robust_z(market.levels, float(size), 0.5 * market.levels.median)
