"""`Passed`: the last trades that may have passed something round, and what is asked of those of one group.

Kept are the trades on edges of the trade graph that stand out, of all groups of an instrument together. The
newest replaces the oldest.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import ACCOUNT, Row, i64
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.acts import SELL, Act
from tapewarden.engine.measures import Baseline, learn
from tapewarden.engine.quantities import spread
from tapewarden.engine.rounds import Places, chance_of_rounds

KEPT: Final = 128
"""Trades kept of an instrument, of all suspected groups together."""

MOST_TRADES: Final = 64
"""Trades of one group that are looked at together."""

CONFIDENCE: Final = 2.0  # standard errors

BEYOND: Final = 1e18  # cost where there is nothing to compare it with

Members = npt.NDArray[np.uint32]

Actors = Annotated[npt.NDArray[np.uint32], np.uint32, (KEPT,), ACCOUNT]
Numbers = Annotated[npt.NDArray[np.int64], np.int64, (KEPT,)]
Ids = Annotated[npt.NDArray[np.uint64], np.uint64, (KEPT,)]


class Passed(Row):
    """The last trades that may belong to a round."""

    measured: i64  # when the spread was looked at last
    spreads: Baseline
    count: i64  # kept in all
    sizes: Numbers
    prices: Numbers
    times: Numbers
    trades: Ids
    sellers: Actors
    buyers: Actors


@rule
def note_spread(passed: Passed, act: Act) -> None:
    """Learn how wide the spread is, once a second: an order inside it that is taken at once hardly counts.

    Just before a trade the taker's own order may cross the book, so other acts should be shown too.
    """
    if act.ts < passed.measured + SECOND:
        return
    width = spread(act)
    if width > 0:
        passed.measured = act.ts
        learn(passed.spreads, float(width))


@rule
def seller_of(act: Act) -> int:
    """The actor who sells in the trade of a FILL act."""
    return act.actor if act.side == SELL else act.counter_actor


@rule
def buyer_of(act: Act) -> int:
    """The actor who buys."""
    return act.counter_actor if act.side == SELL else act.actor


@rule
def keep(passed: Passed, act: Act) -> None:
    """Remember a trade."""
    place = passed.count % KEPT
    passed.sizes[place], passed.prices[place] = act.size, act.price
    passed.times[place], passed.trades[place] = act.ts, act.trade
    passed.sellers[place], passed.buyers[place] = seller_of(act), buyer_of(act)
    passed.count += 1


@rule
def add_fill(passed: Passed, act: Act) -> None:
    """The last trade goes on with another fill, at whatever price: what was kept of it grows."""
    place = (passed.count - 1) % KEPT
    same = passed.sellers[place] == seller_of(act) and passed.buyers[place] == buyer_of(act)
    if same and passed.times[place] == act.ts:
        passed.sizes[place] += act.size


@rule
def select(passed: Passed, actors: Members, members: int, since: int, places: Places) -> int:
    """Write the places of the last trades among ``actors`` from ``since`` on, oldest first; how many."""
    n = 0
    for age in range(min(passed.count, KEPT)):
        place = (passed.count - 1 - age) % KEPT
        inside = _member(actors, members, passed.sellers[place]) >= 0
        inside = inside and _member(actors, members, passed.buyers[place]) >= 0
        if inside and passed.times[place] >= since and n < MOST_TRADES:
            places[n] = place
            n += 1
    for k in range(n // 2):
        places[k], places[n - 1 - k] = places[n - 1 - k], places[k]
    return n


@rule
def _member(actors: Members, members: int, actor: int) -> int:
    for m in range(members):
        if actors[m] == actor:
            return m
    return -1


@rule
def cost_share(passed: Passed, actors: Members, members: int, places: Places, n: int) -> float:
    """What the trades may have cost a member at most, as a share of what they cost one who always takes.

    Who always takes pays half the usual spread on each trade. A position is worth the price of each trade in
    turn. Its gains and losses are the member's result if he meant it, and noise if he did not: so added to
    their sum is its standard error twice, from the sum of their squares. ``BEYOND`` where no spread is known.
    """
    taken, most = 0.0, 0.0
    for k in range(n):
        taken += 0.5 * float(passed.sizes[places[k]]) * passed.spreads.median
    for m in range(members):
        position, result, squares = 0.0, 0.0, 0.0
        price = passed.prices[places[0]]
        for k in range(n):
            i = places[k]
            gain = position * float(passed.prices[i] - price)
            price = passed.prices[i]
            result += gain
            squares += gain * gain
            if passed.sellers[i] == actors[m]:
                position -= float(passed.sizes[i])
            elif passed.buyers[i] == actors[m]:
                position += float(passed.sizes[i])
        most = max(most, abs(result) + CONFIDENCE * math.sqrt(squares))
    if taken > 0.0:
        return float(most / taken)
    return 0.0 if most == 0.0 else BEYOND


@rule
def chance_among(
    passed: Passed,
    actors: Members,
    members: int,
    places: Places,
    n: int,
    margin: float,
    shuffles: int,
    limit: float,
) -> float:
    """``chance_of_rounds`` of the trades at the first ``n`` places, keyed by their number and their span."""
    sellers, buyers, sizes = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n)
    for k in range(n):
        sellers[k] = _member(actors, members, passed.sellers[places[k]])
        buyers[k] = _member(actors, members, passed.buyers[places[k]])
        sizes[k] = passed.sizes[places[k]]
    seed = int(passed.times[places[n - 1]] - passed.times[places[0]] + n)
    return chance_of_rounds(sellers, buyers, sizes, n, members, margin, shuffles, limit, seed)
