"""`Digest`: what an act adds to sums, in half a cache line, worked out once for all the sums it enters."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.anomaly.features.state import LONGEST, UNKNOWN
from tapewarden.anomaly.features.sums import bucket_of
from tapewarden.compiled.compiling import exponent_of, inline_rule, integer
from tapewarden.compiled.rows import Row, f32, u8, u16, u32
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

SECOND_BITS: Final = 12  # of Digest.moment
_BUCKET_BITS: Final = 4  # of Digest.buckets

IS_SELL: Final = 1 << 0  # bits of Digest.flags
BY_MEMBER: Final = 1 << 1
AFTER_FILL: Final = 1 << 2  # the actor had a fill on the other side before
HAS_GAP: Final = 1 << 3

HAS_OCTAVE: Final = 1 << 4  # of a new order
IS_SHOWN: Final = 1 << 5
IMPROVES: Final = 1 << 6

RETREATS: Final = 1 << 4  # of an amendment

IS_MASS: Final = 1 << 4  # of an end
IS_SOON: Final = 1 << 5

TAKES: Final = 1 << 4  # of a fill
TICKS: Final = 1 << 5
WITH_ITSELF: Final = 1 << 6
IN_WINDOW: Final = 1 << 7

NO_DEPTH: Final = -1.0

_UNDISPLAYED: Final = int(Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN)
_IGNORED: Final = int(Flag.SNAPSHOT | Flag.OFF_BOOK)
_MEMBER: Final = int(Initiator.MEMBER)
_MASS: Final = int(EndReason.MASS_CANCEL)


class Digest(Row):
    """An act, for sums. Which fields mean something depends on its kind and flags.

    Half a cache line: most pairs act twice in an hour, and their state and both acts are two lines then.
    """

    size: f32
    distance: f32  # of a shown order from the best price, basis points; of a fill's price from the anchor
    depth: f32  # near the touch on its side; of a fill: seconds since one on the other side
    depth_share: f32  # of a message: the actor's part of the depth, ``NO_DEPTH`` where there is none
    rate_z: f32
    level_z: f32
    partner_or_gap: u32  # of a fill: account; else microseconds since the last message, 71 minutes at most
    flags: u8
    buckets: u8  # see ``bucket`` and ``other_bucket``
    moment: u16  # see ``second_of`` and ``kind_of``


@inline_rule
def kind_of(d: Any) -> int:
    """Its bit of ``Act.kind``."""
    return 1 << (integer(d.moment) >> SECOND_BITS)


@inline_rule
def second_of(d: Any) -> int:
    """Second of the hour."""
    return integer(d.moment) & ((1 << SECOND_BITS) - 1)


@inline_rule
def bucket(d: Any) -> int:
    """Of a new order: its zone, if it is shown. Of an end or a fill: the order's age from 1 on; 0 unknown."""
    return integer(d.buckets) >> _BUCKET_BITS


@inline_rule
def other_bucket(d: Any) -> int:
    """Octave of a new order's size, an end's wait since a fill, or a fill's gap since one, from 1 on."""
    return integer(d.buckets) & ((1 << _BUCKET_BITS) - 1)


@inline_rule
def is_message(d: Any) -> bool:
    """Whether the actor sent a message."""
    return bool(d.flags & BY_MEMBER != 0 and kind_of(d) & MESSAGES != 0)


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
    kind = integer(act.kind)
    d.size, d.distance, d.level_z = float(act.size), 0.0, 0.0
    d.depth, d.rate_z = float(act.depth_own), act.rate_z
    d.depth_share = float(act.own) / float(act.depth_own) if act.depth_own > 0 else NO_DEPTH
    d.partner_or_gap = 0
    d.moment = m.second - m.starts[LONGEST] | place_of_kind(kind) << SECOND_BITS
    flags = IS_SELL if act.side != BUY else 0
    flags |= AFTER_FILL if other_side >= 0 else 0
    if act.initiator <= _MEMBER:
        flags |= BY_MEMBER
        if kind & MESSAGES != 0 and p.message != UNKNOWN:
            flags |= HAS_GAP
            d.partner_or_gap = min((act.ts - p.message) // 1000, MOST_GAP)
    first, second = 0, 0
    if kind == PLACE:
        d.level_z = act.level_z
        second = octave(act.size, act.size_scale) if act.size_scale > 0.0 else 0
        flags |= HAS_OCTAVE if act.size_scale > 0.0 else 0
        if is_shown(act):
            away = 1e4 * float(act.distance) / float(act.price)
            first = zone_of(away)
            d.distance = away if away > 0.0 else 0.0
            flags |= IS_SHOWN | (IMPROVES if act.distance < 0 else 0)
    elif kind == FILL:
        flags |= digest_fill(d, m, act, other_side)
        first = 1 + bucket_of(act.age) if act.age >= 0 and act.size >= act.previous_size > 0 else 0
        second = trade_gap(act.ts, max(p.bought, p.sold))
    elif kind == AMEND:
        if act.price > 0 and act.previous_price > 0:
            worse = act.price < act.previous_price if act.side == BUY else act.price > act.previous_price
            flags |= RETREATS if worse else 0
    elif kind & (CANCEL | EXPIRE) != 0:
        first = 1 + bucket_of(act.age) if act.age >= 0 and act.size >= act.previous_size else 0
        second = bucket_of(other_side)
        flags |= IS_MASS if act.reason == _MASS else 0
        flags |= IS_SOON if 0 <= other_side <= SOON else 0
    d.flags = flags
    d.buckets = first << _BUCKET_BITS | second


@inline_rule
def place_of_kind(kind: int) -> int:
    """The place of a kind's bit, up to 7."""
    return exponent_of(float(kind))


@inline_rule
def is_shown(act: Any) -> bool:
    """Whether a new order is displayed in the book, at a price."""
    return bool(act.flags & _UNDISPLAYED == 0 and act.price > 0 and act.side != NO_SIDE)


@inline_rule
def digest_fill(d: Any, m: Any, act: Any, other_side: int) -> int:
    """A trade, from the act's side."""
    flags = IN_WINDOW if act.window != 0 else 0
    if act.marks & AGGRESSOR != 0:
        flags |= TAKES
        moved = act.price > m.trade_price if act.side == BUY else act.price < m.trade_price
        flags |= TICKS if moved and m.fill != UNKNOWN and m.trade_price >= 0 else 0
    if act.counter_actor != 0 and act.counter_actor == act.actor:
        flags |= WITH_ITSELF
    d.distance = m.price - m.anchor
    d.depth = 1e-9 * float(other_side)
    d.partner_or_gap = act.counter_actor
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
    return bool(kind_of(d) == FILL or is_message(d))
