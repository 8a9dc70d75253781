"""`Digest`: what an act adds to sums, in a cache line, worked out once for all the sums it enters."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.anomaly.features.state import LONGEST, UNKNOWN
from tapewarden.anomaly.features.sums import bucket_of
from tapewarden.compiled.compiling import inline_rule, integer
from tapewarden.compiled.rows import AccountNumber, Row, f64, u8, u16, u32
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
NEAREST: Final = (100.0, 25.0, 5.0)
"""Basis points behind the best price up to which an order is far from it, middle or near."""
SOON: Final = SECOND
MOST_GAP: Final = (1 << 32) - 1  # microseconds

IS_MESSAGE: Final = 1 << 0  # bits of Digest.flags
IS_SELL: Final = 1 << 1
HAS_GAP: Final = 1 << 2
HAS_DEPTH: Final = 1 << 3
HAS_OCTAVE: Final = 1 << 4
IS_SHOWN: Final = 1 << 5
IMPROVES: Final = 1 << 6
RETREATS: Final = 1 << 7
IS_MASS: Final = 1 << 8
BY_MEMBER: Final = 1 << 9
AFTER_FILL: Final = 1 << 10  # the actor had a fill on the other side before
IS_SOON: Final = 1 << 11
TAKES: Final = 1 << 12
TICKS: Final = 1 << 13
WITH_ITSELF: Final = 1 << 14
IN_WINDOW: Final = 1 << 15

_UNDISPLAYED: Final = int(Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN)
_IGNORED: Final = int(Flag.SNAPSHOT | Flag.OFF_BOOK)
_MEMBER: Final = int(Initiator.MEMBER)
_MASS: Final = int(EndReason.MASS_CANCEL)


class Digest(Row):
    """An act, for sums. Which fields mean something depends on its kind and flags."""

    size: f64
    distance: f64  # of a shown order from the best price, basis points; of a fill's price from the anchor
    depth: f64  # near the touch on its side; of a fill: seconds since one on the other side
    own: f64  # the actor's part of the depth
    level_z: f64
    rate_z: f64
    partner: AccountNumber  # of a fill
    gap: u32  # microseconds since the actor's last message, 71 minutes at most
    flags: u16
    second: u16  # of the hour
    kind: u8  # bit of Act.kind
    zone: u8  # of a shown order
    life: u8  # bucket of the order's age at its end, from 1 on; 0 unknown or no end
    other: u8  # octave of an order's size, bucket of a cancelation's wait, or of a fill's gap from 1 on


@inline_rule
def is_counted(act: Any) -> bool:
    """Whether an act belongs to windows: not what merely restates, not what was priced away from the book."""
    return bool(act.kind & WATCHED != 0 and act.flags & _IGNORED == 0)


@inline_rule
def since(ts: int, before: int) -> int:
    """Time since then, -1 if it never was."""
    return ts - before if before != UNKNOWN else -1


@inline_rule
def digest_act(d: Any, p: Any, m: Any, act: Any) -> None:
    """Work out what an act of the pair adds to sums, as of just before it."""
    other_side = since(act.ts, p.sold if act.side == BUY else p.bought)
    kind = act.kind
    d.size = float(act.size)
    d.distance, d.level_z = 0.0, 0.0
    d.depth, d.own, d.rate_z = float(act.depth_own), float(act.own), act.rate_z
    d.partner, d.gap, d.kind, d.zone, d.life, d.other = 0, 0, kind & 255, 0, 0, 0
    d.second = m.second - m.starts[LONGEST]
    flags = IS_SELL if act.side != BUY else 0
    if other_side >= 0:
        flags |= AFTER_FILL | (IS_SOON if other_side <= SOON else 0)
    if act.initiator <= _MEMBER:
        flags |= BY_MEMBER
        if kind & MESSAGES != 0:
            flags |= IS_MESSAGE | (HAS_DEPTH if act.depth_own > 0 else 0)
            if p.message != UNKNOWN:
                flags |= HAS_GAP
                d.gap = min((act.ts - p.message) // 1000, MOST_GAP)
    if kind == PLACE:
        flags |= digest_order(d, act)
    elif kind == FILL:
        flags |= digest_fill(d, m, act, other_side)
        d.other = trade_gap(act.ts, max(p.bought, p.sold))
    elif kind == AMEND:
        if act.price > 0 and act.previous_price > 0:
            worse = act.price < act.previous_price if act.side == BUY else act.price > act.previous_price
            flags |= RETREATS if worse else 0
    elif kind & (CANCEL | EXPIRE) != 0:
        if act.age >= 0 and act.size >= act.previous_size:
            d.life = 1 + bucket_of(act.age)
        d.other = bucket_of(other_side)
        flags |= IS_MASS if act.reason == _MASS else 0
    d.flags = flags


@inline_rule
def digest_order(d: Any, act: Any) -> int:
    """A new order: how large, how far from the touch."""
    flags = 0
    d.level_z = act.level_z
    if act.size_scale > 0.0:
        flags |= HAS_OCTAVE
        d.other = octave(act.size, act.size_scale)
    if act.flags & _UNDISPLAYED != 0 or act.price <= 0 or act.side == NO_SIDE:
        return flags
    away = 1e4 * float(act.distance) / float(act.price)
    d.distance = away if away > 0.0 else 0.0
    d.zone = zone_of(away)
    return flags | IS_SHOWN | (IMPROVES if act.distance < 0 else 0)


@inline_rule
def digest_fill(d: Any, m: Any, act: Any, other_side: int) -> int:
    """A trade, from the act's side."""
    flags = IN_WINDOW if act.window != 0 else 0
    if act.age >= 0 and act.size >= act.previous_size > 0:
        d.life = 1 + bucket_of(act.age)
    if act.marks & AGGRESSOR != 0:
        flags |= TAKES
        moved = act.price > m.trade_price if act.side == BUY else act.price < m.trade_price
        flags |= TICKS if moved and m.fill != UNKNOWN and m.trade_price >= 0 else 0
    if act.counter_actor != 0 and act.counter_actor == act.actor:
        flags |= WITH_ITSELF
    d.distance = m.price - m.anchor
    d.depth = 1e-9 * float(other_side)
    d.partner = act.counter_actor
    return flags


@inline_rule
def zone_of(away: float) -> int:
    """The zone of an order so many basis points behind the best price."""
    far, middle, near = NEAREST
    return (1 if away <= far else 0) + (1 if away <= middle else 0) + (1 if away <= near else 0)


@inline_rule
def trade_gap(ts: int, before: int) -> int:
    """Bucket of the time since a trade, from 1 on; 0 if there was none."""
    return 1 + bucket_of(ts - before) if before != UNKNOWN else 0


@inline_rule
def is_activity(d: Any) -> bool:
    """Whether it counts as something the actor did."""
    return bool(integer(d.kind) == FILL or d.flags & IS_MESSAGE != 0)
