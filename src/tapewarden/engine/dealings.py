"""`Dealings`: how often two actors deal with each other in a way that looks arranged, and would by habit.

A couple is on record from the first of its trades that looks arranged; that one counts for nothing itself.
From then on each trade between the two is a trial. Its chance to look arranged is taken from what both do
otherwise: the one's orders that others meet, the other's orders that meet others. A maker whose orders never
stand long, or a taker who snatches whatever is new, has a high chance with anybody, and is never remarkable.

While little is known of an actor, the market stands in: how often trades of the same size look arranged,
sizes counted in octaves of the typical trade. Trades of couples on record teach the market nothing, and each
other partner on record is but one example of an actor's habit, however often they trade: a ring of a few
cannot make its own doings look usual.

The record of an instrument is bounded: the couple with the least evidence makes room for a new one.
"""

from __future__ import annotations

from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import ACCOUNT, Row, i64
from tapewarden.engine.acts import Act
from tapewarden.engine.measures import TRAIL_LENGTH, half_power

ROOM: Final = 64
"""Couples on record at a time, per instrument."""

OCTAVES: Final = 8
STAND_IN: Final = 4.0
"""Trades for which the market stands in, and in the market, mere chance."""

FIRST_MAKES: Final = 0  # places among the habits of a couple
FIRST_TAKES: Final = 1
SECOND_MAKES: Final = 2
SECOND_TAKES: Final = 3

Actors = Annotated[npt.NDArray[np.uint32], np.uint32, (ROOM,), ACCOUNT]
Sums = Annotated[npt.NDArray[np.float64], np.float64, (ROOM,)]
Numbers = Annotated[npt.NDArray[np.int64], np.int64, (ROOM,)]
Habits = Annotated[npt.NDArray[np.float64], np.float64, (ROOM, 4)]
Sizes = Annotated[npt.NDArray[np.float64], np.float64, (OCTAVES,)]
Ids = Annotated[npt.NDArray[np.uint64], np.uint64, (ROOM, TRAIL_LENGTH)]
Times = Annotated[npt.NDArray[np.int64], np.int64, (ROOM, TRAIL_LENGTH)]


class Dealings(Row):
    """The couples of one instrument that are on record, in places below ``count``, and the market."""

    count: i64
    traded: Sums  # times the two met, at different instants
    alike: Sums  # of these, looking arranged
    expected: Sums  # of these, by habit
    told: Sums  # `alike` as of the last signal
    others: Habits  # trades with actors of whom the couple is not on record, by party and role
    others_alike: Habits  # of these, looking arranged
    market: Sizes  # trades of couples not on record, by octave of their size
    market_alike: Sizes
    began: Numbers
    last: Numbers  # time at which they met last
    looks: Numbers  # `alike` in all
    trades: Ids  # that look arranged
    orders: Ids  # that rested in them
    times: Times
    first: Actors
    second: Actors


@rule
def find(d: Dealings, one: int, other: int) -> int:
    """Place of a couple, -1 when it is not on record."""
    for i in range(d.count):
        if (d.first[i] == one and d.second[i] == other) or (d.first[i] == other and d.second[i] == one):
            return i
    return -1


@rule
def octave(size: int, typical: float) -> int:
    """Which power of two a size is of the typical one; the lowest place takes all below a quarter of it."""
    place, bound = 0, 0.25 * typical
    for _ in range(OCTAVES - 1):  # as often for any size: a loop that ends by it would be guessed wrongly
        place += 1 if size >= bound > 0 else 0
        bound *= 2.0
    return place


@rule
def teach(d: Dealings, act: Act, alike: bool) -> None:
    """A trade of a couple that is not on record, seen from its resting side, teaches what is usual."""
    weight = 1.0 if alike else 0.0
    place = octave(act.size, act.size_scale)
    d.market[place] += 1.0
    d.market_alike[place] += weight
    for i in range(d.count):
        if d.first[i] == act.actor:
            _note_habit(d, i, FIRST_MAKES, weight)
        elif d.second[i] == act.actor:
            _note_habit(d, i, SECOND_MAKES, weight)
        if d.first[i] == act.counter_actor:
            _note_habit(d, i, FIRST_TAKES, weight)
        elif d.second[i] == act.counter_actor:
            _note_habit(d, i, SECOND_TAKES, weight)


@rule
def _note_habit(d: Dealings, i: int, role: int, weight: float) -> None:
    d.others[i, role] += 1.0
    d.others_alike[i, role] += weight


@rule
def begin(d: Dealings, act: Act, half_life: int) -> None:
    """Put the couple of a trade on record; if there is no room, in place of the one with least evidence."""
    i = d.count
    if i < ROOM:
        d.count += 1
    else:
        i = _least(d, act.ts, half_life)
    d.first[i], d.second[i] = act.actor, act.counter_actor
    d.traded[i], d.alike[i], d.expected[i], d.told[i], d.looks[i] = 0.0, 0.0, 0.0, 0.0, 0
    for role in range(4):
        d.others[i, role], d.others_alike[i, role] = 0.0, 0.0
    for n in range(TRAIL_LENGTH):
        d.trades[i, n], d.orders[i, n], d.times[i, n] = 0, 0, 0
    d.began[i] = d.last[i] = act.ts


@rule
def _least(d: Dealings, ts: int, half_life: int) -> int:
    """The couple with the least evidence left; among equals the one that met longest ago."""
    least, found = d.alike[0] * half_power(ts - d.last[0], half_life), 0
    for i in range(1, ROOM):
        evidence = d.alike[i] * half_power(ts - d.last[i], half_life)
        if evidence < least or (evidence == least and d.last[i] < d.last[found]):
            least, found = evidence, i
    return found


@rule
def usual(d: Dealings, act: Act, chance: float) -> float:
    """How often a trade of this size looks arranged in the market; ``chance`` until that is known."""
    place = octave(act.size, act.size_scale)
    return float(d.market_alike[place] + STAND_IN * chance) / float(d.market[place] + STAND_IN)


@rule
def _habit_of(d: Dealings, i: int, actor: int, role: int, market: float) -> float:
    """Chance that a trade of one of the couple with somebody else looks arranged."""
    trials, alike = d.others[i, role] + STAND_IN, d.others_alike[i, role] + STAND_IN * market
    for j in range(d.count):
        if j != i and (d.first[j] == actor or d.second[j] == actor):
            trials += 1.0
            alike += (d.alike[j] + 1.0) / (d.traded[j] + 1.0)
    return float(alike / trials)


@rule
def habit(d: Dealings, i: int, act: Act, chance: float) -> float:
    """Chance that a trade between the two looks arranged: the larger of both actors' in these roles."""
    market = usual(d, act, chance)
    maker, taker = FIRST_MAKES, SECOND_TAKES
    if d.first[i] != act.actor:
        maker, taker = SECOND_MAKES, FIRST_TAKES
    makes = _habit_of(d, i, act.actor, maker, market)
    takes = _habit_of(d, i, act.counter_actor, taker, market)
    return max(makes, takes)


@rule
def note(d: Dealings, i: int, act: Act, alike: bool, chance: float, half_life: int) -> None:
    """The two met: one trial, which looks arranged or not, at the given chance."""
    left = half_power(act.ts - d.last[i], half_life)
    d.traded[i] = d.traded[i] * left + 1.0
    d.expected[i] = d.expected[i] * left + chance
    d.alike[i] *= left
    d.told[i] *= left
    for role in range(4):
        d.others[i, role] *= left
        d.others_alike[i, role] *= left
    d.last[i] = act.ts
    if alike:
        place = d.looks[i] % TRAIL_LENGTH
        d.trades[i, place], d.orders[i, place], d.times[i, place] = act.trade, act.order, act.ts
        d.alike[i] += 1.0
        d.looks[i] += 1
