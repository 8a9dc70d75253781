"""`Act`: one account's part in one event, with everything a rule may see as of that moment.

A rule reads the act, its own state and its parameters, nothing else: that makes batches invisible. So
whatever is ambient is written into the act. Every event yields at least one act; a trade between two
known parties yields two, the aggressor's first. One act of an event is PRIMARY; others tell of it to those
whom it concerns besides: a client's order to who may know of it, an open reference window to who trades in
it for the first time (in an act of its own, before that of the trade).

A column needs two users; the row is four cache lines. Context (touch, depth, own size, rates) is as it
was *just before* the event. 0 means nobody or none in id columns, -1 unknown in prices.
"""

from __future__ import annotations

from typing import Final

from tapewarden.compiled.rows import Row, f64, i64, u8, u16, u32, u64

PLACE: Final = 1 << 0
AMEND: Final = 1 << 1
CANCEL: Final = 1 << 2
FILL: Final = 1 << 3
REJECT: Final = 1 << 4
EXPIRE: Final = 1 << 5
LEVEL: Final = 1 << 6
RESTATE: Final = 1 << 7  # book-keeping that nobody decided: snapshots, clears, changes that report a fill
CLIENT_ORDER: Final = 1 << 8
WINDOW: Final = 1 << 9
REFERENCE: Final = 1 << 10
LINK: Final = 1 << 11
QUALITY: Final = 1 << 12
CLOCK: Final = 1 << 13
OTHER: Final = 1 << 14  # kinds that no book rule reads yet: swaps, transfers
WAKE: Final = 1 << 15  # not an event: the first act of the instrument at or after the time a rule asked for

BUY: Final = 0
SELL: Final = 1
NO_SIDE: Final = 2

PRIMARY: Final = 1 << 0  # bits of `marks`
AGGRESSOR: Final = 1 << 1
CROSSED: Final = 1 << 2  # best bid at or above best ask: a taker is announced before it matches
BLIND: Final = 1 << 3  # between a gap and the resync

HOUSE: Final = 1 << 0  # bits of `roles`
EMPLOYEE: Final = 1 << 1
MARKET_MAKER: Final = 1 << 2
INFORMED: Final = 1 << 3  # can see the orders of some client


class Act(Row):
    """One account's part in one event. Times in nanoseconds, prices and sizes in the instrument's units."""

    ts: i64  # event time, never running backwards within an instrument
    price: i64
    size: i64  # placed, canceled, filled; for AMEND and LEVEL the new size
    previous_price: i64  # of the order, before the event
    previous_size: (
        i64  # remaining of the order (LEVEL: of the level; WINDOW: the position) before; 0 for PLACE
    )
    age: i64  # of the order; -1 when its entry was not seen
    counter_age: i64
    distance: i64  # from the same side's best price into the book before the event; negative: improves it
    bid: i64
    ask: i64
    depth_own: i64  # size near the touch on the act's side, see BAND
    depth_opposite: i64
    own: i64  # the actor's share of depth_own
    opposite: i64  # the actor's share of depth_opposite
    level_size: i64  # at `price` on the act's side, after the event
    volume_buy: i64  # traded on the instrument so far, by aggressor side, before the event
    volume_sell: i64
    order: u64
    counter_order: u64
    trade: u64
    rate: f64  # the actor's messages per second on this instrument, fading with a half-life of a second
    rate_z: f64  # robust z of `rate` among the instrument's actors
    level_z: f64  # robust z of `level_size` among the instrument's levels near the touch
    size_scale: f64  # typical size of a trade
    move_scale: f64  # typical move of the mid price in ten seconds, in price units
    event: u32  # row of the batch
    instrument: u32
    account: u32
    actor: u32
    pair: u32  # actor x instrument
    counter_account: u32
    counter_actor: u32
    couple: u32  # the two actors of a trade x instrument, in either order
    profile: u32  # which row of the parameters applies
    facts: u32  # quality facts of the instrument so far
    warm: u32  # seconds the instrument's baselines have learned from
    kind: u32
    flags: u16  # of the event, see domain.kinds.Flag
    reason: u8  # of the event: EndReason, ClientStage, LinkKind, WindowKind, ReferenceKind or QualityKind
    side: u8
    initiator: u8
    marks: u8
    roles: u8
    window: u8  # kind of the open reference window, 0 none
