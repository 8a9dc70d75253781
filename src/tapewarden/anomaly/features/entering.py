"""What an act adds to the sums of its actor and, once per event, to those of its instrument."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tapewarden.anomaly.features.state import UNKNOWN
from tapewarden.anomaly.features.sums import bucket_of, meet
from tapewarden.compiled.compiling import inline_rule, rule
from tapewarden.domain.kinds import SECOND, EndReason, Flag, Initiator
from tapewarden.engine.acts import (
    AGGRESSOR,
    AMEND,
    BUY,
    CANCEL,
    EXPIRE,
    FILL,
    LEVEL,
    NO_SIDE,
    PLACE,
    REJECT,
)
from tapewarden.engine.dealings import octave

WATCHED: Final = PLACE | AMEND | CANCEL | FILL | REJECT | EXPIRE | LEVEL
MESSAGES: Final = PLACE | AMEND | CANCEL | REJECT
NEAR: Final = 5.0  # basis points behind the best price
MIDDLE: Final = 25.0
FAR: Final = 100.0
SOON: Final = SECOND

_UNDISPLAYED: Final = int(Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN)
_IGNORED: Final = int(Flag.SNAPSHOT | Flag.OFF_BOOK)
_LIQUIDATION: Final = int(Flag.LIQUIDATION)
_MEMBER: Final = int(Initiator.MEMBER)
_MASS: Final = int(EndReason.MASS_CANCEL)


class Context(NamedTuple):
    """What an act means besides itself: times since the actor's earlier acts, -1 where there was none."""

    message_gap: int
    trade_gap: int
    other_side: int  # since its last fill on the other side
    price: float  # of the instrument before the act, measured from its anchor
    last_price: int  # of the last trade, -1 unknown
    partner: int  # the other actor of a trade, 0 for nobody


@inline_rule
def is_counted(act: Any) -> bool:
    """Whether an act belongs to windows: not what merely restates, not what was priced away from the book."""
    return bool(act.kind & WATCHED != 0 and act.flags & _IGNORED == 0)


@inline_rule
def is_message(act: Any) -> bool:
    """Whether somebody sent something."""
    return bool(act.kind & MESSAGES != 0 and act.initiator <= _MEMBER)


@inline_rule
def since(ts: int, before: int) -> int:
    """Time since then, -1 if it never was."""
    return ts - before if before != UNKNOWN else -1


@rule
def enter(s: Any, act: Any, context: Context) -> None:
    """Add an act to sums."""
    kind = act.kind
    if is_message(act):
        enter_message(s, act, context)
    if kind == PLACE:
        enter_order(s, act)
    elif kind == FILL:
        enter_fill(s, act, context)
    elif kind == AMEND:
        if act.initiator <= _MEMBER:
            enter_amendment(s, act)
    elif kind == REJECT:
        s.rejected += 1
    elif kind & (CANCEL | EXPIRE):
        enter_end(s, act, context)


@inline_rule
def enter_message(s: Any, act: Any, context: Context) -> None:
    """Rates, gaps and the share of the depth near the touch, for every message."""
    s.messages += 1
    s.rate_z += act.rate_z
    if context.message_gap >= 0:
        gap = 1e-9 * float(context.message_gap)
        s.gaps += 1
        s.gap += gap
        s.gap_squares += gap * gap
    if act.depth_own > 0:
        s.depths += 1
        s.depth_share += float(act.own) / float(act.depth_own)


@inline_rule
def enter_order(s: Any, act: Any) -> None:
    """A new order: how large, on which side, how far from the touch."""
    size = float(act.size)
    s.placed += 1
    s.placed_size += size
    s.level_z += act.level_z
    if act.size_scale > 0.0:
        s.sizes[octave(act.size, act.size_scale)] += 1
    if act.flags & _UNDISPLAYED != 0 or act.price <= 0 or act.side == NO_SIDE:
        return
    s.improving += 1 if act.distance < 0 else 0
    away = 1e4 * float(act.distance) / float(act.price)
    away = away if away > 0.0 else 0.0
    weighted = size / (1.0 + away)
    if act.side == BUY:
        s.shown_buy += size
        s.weighted_buy += weighted
    else:
        s.shown_sell += size
        s.weighted_sell += weighted
    part = size / (size + float(act.depth_own))
    if away <= NEAR:
        s.nears += 1
        s.near += part
    elif away <= MIDDLE:
        s.middles += 1
        s.middle += part
    elif away <= FAR:
        s.fars += 1
        s.far += part


@inline_rule
def enter_amendment(s: Any, act: Any) -> None:
    """An amendment, perhaps to a worse price."""
    s.amended += 1
    if act.price > 0 and act.previous_price > 0:
        worse = act.price < act.previous_price if act.side == BUY else act.price > act.previous_price
        s.retreated += 1 if worse else 0


@inline_rule
def enter_end(s: Any, act: Any, context: Context) -> None:
    """A cancelation or the end of an order otherwise."""
    if act.age >= 0 and act.size >= act.previous_size:
        s.lives[bucket_of(act.age)] += 1
    if act.kind != CANCEL or act.initiator > _MEMBER:
        s.ended += 1
        return
    s.canceled += 1
    s.canceled_size += float(act.size)
    s.mass += 1 if act.reason == _MASS else 0
    if context.other_side >= 0:
        s.waits[bucket_of(context.other_side)] += 1
        s.soon += 1 if context.other_side <= SOON else 0


@inline_rule
def enter_fill(s: Any, act: Any, context: Context) -> None:
    """A trade, from the act's side."""
    size = float(act.size)
    s.fills += 1
    sign = 1.0 if act.side == BUY else -1.0
    if act.side == BUY:
        s.bought += size
    else:
        s.sold += size
    if act.age >= 0 and act.size >= act.previous_size > 0:
        s.lives[bucket_of(act.age)] += 1
    if act.marks & AGGRESSOR != 0:
        s.takes += 1
        s.taken += size
        s.net_taken += sign * size
        s.net_taken_at += sign * size * context.price
        if context.last_price >= 0:
            rises, falls = act.price > context.last_price, act.price < context.last_price
            s.ticking += 1 if (rises if act.side == BUY else falls) else 0
    if act.counter_actor != 0 and act.counter_actor == act.actor:
        s.self_size += size
    if context.partner != 0:
        meet(s, context.partner, size)
    if act.window != 0:
        s.window_size += size
    if context.trade_gap >= 0:
        s.trade_gaps[bucket_of(context.trade_gap)] += 1
    if context.other_side >= 0:
        s.trips += 1
        s.trip += 1e-9 * float(context.other_side)


@rule
def enter_trade(b: Any, m: Any, act: Any) -> None:
    """A trade as the market sees it: rushes, round and repeated sizes, liquidations."""
    if act.marks & AGGRESSOR != 0 and act.side == BUY:
        millisecond = act.ts // (SECOND // 1000)
        b.buys += 1.0
        b.rushed += 1.0 if millisecond == m.rush else 0.0
        m.rush = millisecond
    b.round += 1.0 if is_round(act.size) else 0.0
    b.repeated += 1.0 if act.size == m.trade_size else 0.0
    b.liquidated += float(act.size) if act.flags & _LIQUIDATION else 0.0
    m.trade_size = act.size
    m.trade_price = act.price


@rule
def is_round(size: int) -> bool:
    """Whether a size is one digit and zeros, of which there is one at least."""
    rest, zeros = size, 0
    while rest >= 10 and rest % 10 == 0:
        rest //= 10
        zeros += 1
    return rest < 10 and zeros > 0
