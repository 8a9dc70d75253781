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

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, i64
from tapewarden.domain.kinds import HOUR, MINUTE
from tapewarden.domain.signal import Reason
from tapewarden.engine.acts import BUY, PRIMARY, Act
from tapewarden.engine.contract import Finding
from tapewarden.engine.excess import chance_of, is_excess, share_of_limit
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
def follow(record: SelfTrades, act: Act, is_meeting: bool, p: Any) -> bool:
    """Take a fill for what it is: a resting order met, a trial, or a meeting. Whether it makes an excess.

    An excess is ``p.excess`` times what is expected, at least, and ``p.growth`` times what was told;
    ``p.chance / p.tested`` bounds the probability that chance ever has a record look so.
    """
    if act.marks & PRIMARY == 0:
        if act.counter_actor != act.actor:
            note_given(record, act)
        return False
    if record.began == 0:
        begin(record, act)
        return False
    note_taken(record, act, p.half_life)
    if not is_meeting:
        return False
    note_meeting(record, act, p.half_life)
    expected = decayed(record.expected, act.ts, p.half_life)
    told = decayed(record.told, act.ts, p.half_life)
    if not is_excess(record.met.value, expected, told, record.total, p.excess, p.growth, p.chance / p.tested):
        return False
    record.told.value, record.told.ts = record.met.value, act.ts
    return True


def explain_excess(act: Act, record: SelfTrades, who: str, p: Any, *, lookback: int) -> Finding:
    """What to say of an excess; ``who`` met, ``p`` is as in ``follow``."""
    met, expected = record.met.value, decayed(record.expected, act.ts, p.half_life)
    flow, volume = (record.buying, act.volume_buy) if act.side == BUY else (record.selling, act.volume_sell)
    earliest = act.ts - lookback
    ids = last(record.trades, record.written)
    times = record.times[[n % TRAIL_LENGTH for n in range(record.written - len(ids), record.written)]]
    return Finding(
        text=(
            f"{who} met {record.total + 1} times within {(act.ts - record.began) / MINUTE:.0f} min. Fading "
            f"with a half-life of {p.half_life / HOUR:g} h that makes {met:.1f}, where random matching gives "
            f"{expected:.2f}: others who take meet this actor with a chance of "
            f"{chance_to_meet(flow, act, volume):.1%}. So many come by chance with a probability of "
            f"{chance_of(met, expected):.0e}"
        ),
        reasons=(
            Reason("meetings against expected", met / expected, p.excess, "times"),
            Reason(
                "probability by chance",
                chance_of(met, expected),
                p.chance / p.tested * share_of_limit(record.total),
                "probability",
            ),
        ),
        score=1.0 - expected / met,
        trades=tuple(number for number, ts in zip(ids, times, strict=True) if number and ts >= earliest),
        since=max(record.began, earliest),
        parties=((act.counter_account, "counterparty"),),
    )
