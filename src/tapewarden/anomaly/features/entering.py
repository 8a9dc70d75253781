"""What an act adds to sums."""

from __future__ import annotations

from typing import Any

from tapewarden.anomaly.features.digest import (
    AFTER_FILL,
    BY_MEMBER,
    HAS_GAP,
    HAS_OCTAVE,
    IMPROVES,
    IN_WINDOW,
    IS_MASS,
    IS_SELL,
    IS_SHOWN,
    IS_SOON,
    NO_DEPTH,
    RETREATS,
    TAKES,
    TICKS,
    WITH_ITSELF,
    bucket,
    is_message,
    kind_of,
    other_bucket,
)
from tapewarden.anomaly.features.sums import meet
from tapewarden.compiled.compiling import inline_rule, integer, real, rule
from tapewarden.domain.kinds import SECOND, Flag
from tapewarden.engine.acts import AGGRESSOR, AMEND, BUY, CANCEL, EXPIRE, FILL, PLACE, REJECT

_LIQUIDATION = int(Flag.LIQUIDATION)


@rule
def enter_event(s: Any, d: Any, gap: int) -> None:
    """Add an event to the sums of all actors: only what actors are compared with, and what the market tells.

    ``gap`` is the bucket of the time since the last trade, from 1 on, 0 if there was none.
    """
    kind = kind_of(d)
    s.messages += 1 if is_message(d) else 0
    if kind == PLACE:
        count_order(s, d)
    elif kind == FILL:
        count_fill(s, d, gap)
    elif kind & (CANCEL | EXPIRE) != 0:
        count_end(s, d)


@rule
def enter(s: Any, d: Any) -> None:
    """Add an act to the sums of its actor."""
    kind, flags = kind_of(d), d.flags
    if is_message(d):
        enter_message(s, d)
    if kind == PLACE:
        enter_order(s, d)
    elif kind == FILL:
        enter_fill(s, d)
    elif kind == AMEND:
        if flags & BY_MEMBER != 0:
            s.amended += 1
            s.retreated += 1 if flags & RETREATS != 0 else 0
    elif kind == REJECT:
        s.rejected += 1
    elif kind & (CANCEL | EXPIRE) != 0:
        enter_end(s, d)


@inline_rule
def count_order(s: Any, d: Any) -> None:
    """A new order: its kind."""
    s.placed += 1
    s.level_z += real(d.level_z)
    if d.flags & HAS_OCTAVE != 0:
        s.sizes[other_bucket(d)] += 1
    s.zones[bucket(d)] += 1 if d.flags & IS_SHOWN != 0 else 0


@inline_rule
def count_end(s: Any, d: Any) -> None:
    """A cancelation or the end of an order otherwise: how old the order was, how soon it followed a fill."""
    if bucket(d) != 0:
        s.lives[bucket(d) - 1] += 1
    canceled = kind_of(d) == CANCEL and d.flags & BY_MEMBER != 0
    s.canceled += 1 if canceled else 0
    s.soon += 1 if canceled and d.flags & IS_SOON != 0 else 0


@inline_rule
def count_fill(s: Any, d: Any, gap: int) -> None:
    """A trade: volume, and when the last one was."""
    flags, size = d.flags, real(d.size)
    s.fills += 1
    s.traded[1 if flags & IS_SELL != 0 else 0] += size
    if bucket(d) != 0:
        s.lives[bucket(d) - 1] += 1
    if flags & TAKES != 0:
        s.taken += size
        s.net_taken += size if flags & IS_SELL == 0 else -size
    s.self_size += size if flags & WITH_ITSELF != 0 else 0.0
    s.window_size += size if flags & IN_WINDOW != 0 else 0.0
    if gap != 0:
        s.trade_gaps[gap - 1] += 1


@inline_rule
def enter_message(s: Any, d: Any) -> None:
    """Rates, gaps and the share of the depth near the touch, for every message."""
    s.messages += 1
    s.rate_z += real(d.rate_z)
    if d.flags & HAS_GAP != 0:
        gap = 1e-6 * float(d.partner_or_gap)
        s.gaps += 1
        s.gap += gap
        s.gap_squares += gap * gap
    if d.depth_share != NO_DEPTH:
        s.depths += 1
        s.depth_share += real(d.depth_share)


@inline_rule
def enter_order(s: Any, d: Any) -> None:
    """A new order of the actor."""
    count_order(s, d)
    size = real(d.size)
    s.placed_size += size
    if d.flags & IS_SHOWN != 0:
        side = 1 if d.flags & IS_SELL != 0 else 0
        s.improving += 1 if d.flags & IMPROVES != 0 else 0
        s.shown[side] += size
        s.weighted[side] += size / (1.0 + real(d.distance))
        s.parts[bucket(d)] += size / (size + real(d.depth))


@inline_rule
def enter_end(s: Any, d: Any) -> None:
    """A cancelation of the actor or the end of its order otherwise."""
    count_end(s, d)
    if kind_of(d) == CANCEL and d.flags & BY_MEMBER != 0:
        s.canceled_size += real(d.size)
        s.mass += 1 if d.flags & IS_MASS != 0 else 0
        if d.flags & AFTER_FILL != 0:
            s.waits[other_bucket(d)] += 1


@inline_rule
def enter_fill(s: Any, d: Any) -> None:
    """A trade of the actor."""
    size, flags = real(d.size), d.flags
    count_fill(s, d, other_bucket(d))
    if flags & TAKES != 0:
        s.takes += 1
        s.net_taken_at += (size if flags & IS_SELL == 0 else -size) * real(d.distance)
        s.ticking += 1 if flags & TICKS != 0 else 0
    if d.partner_or_gap != 0:
        meet(s, integer(d.partner_or_gap), size)
    if flags & AFTER_FILL != 0:
        s.trips += 1
        s.trip += real(d.depth)


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
