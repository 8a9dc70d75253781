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

from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, i64
from tapewarden.domain.kinds import HOUR, MINUTE
from tapewarden.domain.signal import Reason
from tapewarden.engine.acts import BUY, Act
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.contract import Finding
from tapewarden.engine.measures import TRAIL_LENGTH, Decay, Trail, add, decayed, last, remember

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
    instant: i64  # of the last meeting
    total: i64  # meetings counted in all
    written: i64  # trades with himself, the first included
    trades: Trail
    times: Times


@rule
def begin(record: SelfTrades, act: Act) -> None:
    """The first trade with himself: from here on shares are measured."""
    record.began = record.instant = act.ts
    record.buying.before, record.selling.before = act.volume_buy, act.volume_sell
    if act.side == BUY:
        record.buying.taken = act.size
    else:
        record.selling.taken = act.size
    keep(record, act)


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
    """The actor's share of what other takers of this side met; while they were few, his share of depth."""
    others = max(volume - flow.before - flow.taken, 0)
    displayed = act.opposite / act.depth_opposite if act.depth_opposite > 0 else 1.0
    typical = max(act.size_scale, float(act.size))
    return min(
        (flow.given + typical * (1.0 + STAND_IN * displayed)) / (others + typical * (1.0 + STAND_IN)), 1.0
    )


@rule
def note_meeting(record: SelfTrades, act: Act, half_life: int) -> None:
    """He met himself. What meets several of his orders at one instant counts once: it is one decision."""
    keep(record, act)
    if act.ts > record.instant:
        record.instant = act.ts
        record.total += 1
        add(record.met, 1.0, act.ts, half_life)


@rule
def keep(record: SelfTrades, act: Act) -> None:
    """Remember a trade with himself."""
    remember(record.trades, record.written, act.trade)
    remember(record.times, record.written, act.ts)
    record.written += 1


@rule
def is_excess(
    record: SelfTrades, ts: int, half_life: int, excess: float, growth: float, limit: float
) -> bool:
    """Whether he met himself far oftener than chance has it, and materially oftener than when last told.

    ``excess`` is the least ratio to what is expected, ``growth`` to what was told; ``limit`` bounds the
    probability that chance ever has a record look so.
    """
    met, expected = record.met.value, decayed(record.expected, ts, half_life)
    if met < excess * expected or met < growth * decayed(record.told, ts, half_life):
        return False
    return poisson_tail(int(met + 0.5), expected) <= limit / looks(record)


@rule
def looks(record: SelfTrades) -> int:
    """The k-th look at the evidence may spend one part in k (k + 1) of the limit: all parts sum to one."""
    return record.total * (record.total + 1)


@rule
def note_told(record: SelfTrades, ts: int) -> None:
    """A signal was given."""
    record.told.value = record.met.value
    record.told.ts = ts


def explain_excess(
    act: Act, record: SelfTrades, who: str, *, half_life: int, excess: float, limit: float, lookback: int
) -> Finding:
    """What to say of an excess; ``who`` met, the other arguments are as in ``is_excess``."""
    met, expected = record.met.value, decayed(record.expected, act.ts, half_life)
    tail = poisson_tail(int(met + 0.5), expected)
    flow, volume = (record.buying, act.volume_buy) if act.side == BUY else (record.selling, act.volume_sell)
    earliest = act.ts - lookback
    ids = last(record.trades, record.written)
    times = record.times[[n % TRAIL_LENGTH for n in range(record.written - len(ids), record.written)]]
    return Finding(
        text=(
            f"{who} met {record.total + 1} times within {(act.ts - record.began) / MINUTE:.0f} min. Fading "
            f"with a half-life of {half_life / HOUR:g} h that makes {met:.1f}, where random matching gives "
            f"{expected:.2f}: others who take meet this actor with a chance of "
            f"{chance_to_meet(flow, act, volume):.1%}. So many come by chance with a probability of "
            f"{tail:.0e}"
        ),
        reasons=(
            Reason("meetings against expected", met / expected, excess, "times"),
            Reason("probability by chance", tail, limit / looks(record), "probability"),
        ),
        score=1.0 - expected / met,
        trades=tuple(number for number, ts in zip(ids, times, strict=True) if number and ts >= earliest),
        since=max(record.began, earliest),
        parties=((act.counter_account, "counterparty"),),
    )
