"""`SelfTrades`: how often an actor's orders met his own, and how often chance would have had them meet.

Under random matching, an order the actor takes with meets one of his own as often as others' orders do. So
each of his fills as a taker is a trial; its chance is his share of what other takers of that side met (the
expected counts of counterparty concentration, DETECTION.md 1.2, with the roles kept apart). The number of
meetings is then about Poisson, and its upper tail says how likely chance alone is.

The share is measured from the first self-trade on, which begins the record and counts for nothing itself.
While little has been measured, the share of depth he displays stands in for some typical trades, and one
typical trade more is taken to have met him: the mean of a Beta distribution that is updated by other takers.
All sums fade with one half-life.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.engine.acts import BUY, PRIMARY, Act
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.compiling import rule
from tapewarden.engine.measures import TRAIL_LENGTH, Decay, Trail, add, decayed, last, remember
from tapewarden.engine.rows import Row, i64

Times = Annotated[npt.NDArray[np.int64], np.int64, (TRAIL_LENGTH,)]

STAND_IN: Final = 10
"""Typical trades for which displayed depth stands in."""


class Flow(Row):
    """What takers of one side did since the record began; sizes."""

    before: i64  # traded by them on the instrument until then
    taken: i64  # by the actor as a taker
    given: i64  # by the actor to other takers


class SelfTrades(Row):
    """The record of one actor on one instrument."""

    buying: Flow
    selling: Flow
    met: Decay  # orders that met an own order
    expected: Decay
    told: Decay  # `met` as of the last signal
    began: i64
    instant: i64  # of the last fill as a taker
    counted: i64  # whether a meeting in that instant was counted
    total: i64  # meetings counted in all
    size: i64  # traded with himself
    trades: Trail
    times: Times
    written: i64  # trades the trail was told of


@rule
def begin(record: SelfTrades, act: Act) -> None:
    """Measure shares from this act on."""
    record.began = act.ts
    record.buying.before = act.volume_buy
    record.selling.before = act.volume_sell


@rule
def note_given(record: SelfTrades, act: Act) -> None:
    """A resting order of the actor was met by somebody else."""
    if act.side == BUY:
        record.selling.given += act.size
    else:
        record.buying.given += act.size


@rule
def note_taken(record: SelfTrades, act: Act, half_life: int) -> None:
    """The actor took: one trial, at the chance that it would meet himself."""
    if act.side == BUY:
        chance = chance_to_meet(record.buying, act, act.volume_buy)
        record.buying.taken += act.size
    else:
        chance = chance_to_meet(record.selling, act, act.volume_sell)
        record.selling.taken += act.size
    add(record.expected, chance, act.ts, half_life)


@rule
def chance_to_meet(flow: Flow, act: Act, volume: int) -> float:
    """The actor's share of what other takers of this side met, near his share of depth while they were few."""
    others = max(volume - flow.before - flow.taken, 0)
    displayed = act.opposite / act.depth_opposite if act.depth_opposite > 0 else 1.0
    typical = max(act.size_scale, float(act.size))
    return min((flow.given + typical * (1.0 + STAND_IN * displayed)) / (others + typical * (1.0 + STAND_IN)), 1.0)


@rule
def note_meeting(record: SelfTrades, act: Act, half_life: int) -> bool:
    """He met himself; an order that meets several of his at once counts once. Whether it counted."""
    remember(record.trades, record.written, act.trade)
    remember(record.times, record.written, act.ts)
    record.written += 1
    record.size += act.size
    if act.ts == record.instant and record.counted:
        return False
    record.instant, record.counted = act.ts, 1
    record.total += 1
    add(record.met, 1.0, act.ts, half_life)
    return True


@rule
def is_excess(record: SelfTrades, ts: int, half_life: int, excess: float, growth: float, limit: float) -> bool:
    """Whether he met himself far oftener than chance has it, and materially oftener than when last told.

    ``excess`` is the least ratio to what is expected. The tail probability must not exceed ``limit``, of which
    the k-th look spends the part 1 / (k (k + 1)): the parts of all looks sum to one.
    """
    met, expected = record.met.value, decayed(record.expected, ts, half_life)
    if met < excess * expected or met < growth * decayed(record.told, ts, half_life):
        return False
    return poisson_tail(int(met + 0.5), expected) <= limit / (record.total * (record.total + 1))


@rule
def note_told(record: SelfTrades, ts: int) -> None:
    """A signal was given."""
    record.told.value = record.met.value
    record.told.ts = ts


def trades_since(record: SelfTrades, since: int) -> tuple[int, ...]:
    """Ids of the last trades with himself, those that have one and are not older."""
    ids, times = last(record.trades, record.written), last(record.times, record.written)
    return tuple(number for number, ts in zip(ids, times, strict=True) if number and ts >= since)
