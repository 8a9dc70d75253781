"""`Takers`: who takes how much on an instrument, what they hold of it, and whose orders pay new prices.

An order pays a *new price* when one of its fills is beyond the latest price of any taker on its side: buying
higher than the last buyer, selling lower than the last seller. Half the bounce between bid and ask is thereby
left out. Whoever pushes the price does so oftener than others who take on that side at the same time.

The heaviest takers of either side have places of their own (see ``heaviest``); an actor who takes on both has
two. All sums fade, in eight steps to a window, with a half-life of half a window. Fills of one order at
one time are one order.
"""

from __future__ import annotations

from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, f64, i64, u64
from tapewarden.engine.acts import BUY, Act
from tapewarden.engine.heaviest import PLACES, Actors, Amounts, Codes, Ids, Numbers, lightest, place_of
from tapewarden.engine.measures import half_power
from tapewarden.engine.past import market_price

STEPS: Final = 8
"""In which sums fade, to a window."""

Prices = Annotated[npt.NDArray[np.int64], np.int64, (2,)]
Counts = Annotated[npt.NDArray[np.float64], np.float64, (2,)]


class Takers(Row):
    """All takers of one instrument, and by place the heaviest of them."""

    faded: i64  # sums are as of this time
    instant: i64  # of the latest taking order
    order: u64
    paying: i64  # whether the latest order has paid a new price
    latest: Prices  # of the latest trade by taking side
    total: f64  # taken on both sides
    orders: Counts  # by taking side
    payers: Counts  # of these, that paid a new price
    actors: Actors
    first_accounts: Actors
    sides: Codes
    pinned: Codes  # whether the place must be kept: its weight does not fade
    weights: Amounts
    taken: Amounts
    rested: Amounts  # filled of resting orders on the same side
    own_orders: Amounts
    own_payers: Amounts
    position: Numbers  # acquired and not given back
    latest_act: Numbers
    since: Numbers  # when the position was begun
    starts: Amounts  # market price then
    first_trades: Ids


@rule
def fade(t: Takers, ts: int, window: int) -> None:
    """Let all sums lose what they lose until ``ts``, if a step is over."""
    if ts < t.faded + window // STEPS:
        return
    left = half_power(ts - t.faded, window // 2)
    t.faded = ts
    t.total *= left
    for side in range(2):
        t.orders[side] *= left
        t.payers[side] *= left
    for i in range(PLACES):
        if t.pinned[i] == 0:
            t.weights[i] *= left
        t.taken[i] *= left
        t.rested[i] *= left
        t.own_orders[i] *= left
        t.own_payers[i] *= left


@rule
def note_taken(t: Takers, act: Act, window: int) -> int:
    """Take an aggressor's fill into the sums; the place of the actor, -1 for nobody.

    Whoever has taken nothing for a window begins a new position.
    """
    side = int(act.side)
    begun = act.order != t.order or act.ts != t.instant
    if begun:
        t.order, t.instant, t.paying = act.order, act.ts, 0
        t.orders[side] += 1.0
    pays = t.paying == 0 and _is_new_price(t, act)
    if pays:
        t.paying = 1
        t.payers[side] += 1.0
    t.latest[side] = act.price
    t.total += act.size
    if act.actor == 0:
        return -1
    i = place_of(t.actors, t.sides, act.actor, side)
    if i < 0:
        i = _take_place(t, act)
    if act.ts > t.latest_act[i] + window and t.pinned[i] == 0:
        t.position[i], t.since[i], t.starts[i], t.first_trades[i] = 0, act.ts, market_price(act), act.trade
    t.latest_act[i] = act.ts
    t.weights[i] += act.size
    t.taken[i] += act.size
    t.position[i] += act.size
    t.own_orders[i] += 1.0 if begun else 0.0
    t.own_payers[i] += 1.0 if pays else 0.0
    return i


@rule
def _is_new_price(t: Takers, act: Act) -> bool:
    latest = t.latest[int(act.side)]
    if latest == 0:
        return False
    return bool(act.price > latest if act.side == BUY else act.price < latest)


@rule
def _take_place(t: Takers, act: Act) -> int:
    i = lightest(t.weights)
    t.actors[i], t.first_accounts[i], t.sides[i], t.pinned[i] = act.actor, act.account, act.side, 0
    t.taken[i], t.rested[i], t.own_orders[i], t.own_payers[i] = 0.0, 0.0, 0.0, 0.0
    t.position[i], t.latest_act[i] = 0, 0
    return i


@rule
def note_rested(t: Takers, actor: int, side: int, size: int) -> None:
    """A resting order of an actor was filled on this side; it counts if he is among its heaviest takers."""
    i = place_of(t.actors, t.sides, actor, side)
    if i >= 0:
        t.rested[i] += size
        t.position[i] += size


@rule
def note_given(t: Takers, actor: int, side: int, size: int) -> int:
    """An actor traded so much against what he had acquired on this side; his place there, -1 if none."""
    i = place_of(t.actors, t.sides, actor, side)
    if i >= 0:
        t.position[i] = max(t.position[i] - size, 0)
    return i


@rule
def share_of_taking(t: Takers, i: int) -> float:
    """What the actor took on his side / what everybody took on both."""
    return float(t.taken[i]) / t.total


@rule
def usual_payers(t: Takers, i: int) -> float:
    """How often orders of others on that side pay a new price; one half while they are few."""
    side = int(t.sides[i])
    others = float(t.orders[side]) - float(t.own_orders[i])
    return (float(t.payers[side]) - float(t.own_payers[i]) + 1.0) / (others + 2.0)
