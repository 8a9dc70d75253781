"""Ramping: small aggressive orders lift the price step by step, then the position is sold; and look-alikes.

Regulation (EU) No 596/2014, annex I, A: orders of one person that are a significant part of the volume and
move the price, and a position reversed soon after.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

from tapewarden.domain.kinds import MINUTE, SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.belief import Belief
from tapewarden.simulator.scenarios.followers import Followers
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    LAST_TRADE,
    a_side,
    ahead_of,
    behind,
    is_closing,
    join_best,
    observe,
    opposite,
    take_slice,
    take_up_to,
    toward_nothing,
    withdraw,
)

LOOK, LOOKS = 20.0, 15  # seconds between looks at the market before a ramp, and how many
TREND: Final = 60.0  # seconds over which those who follow measure a move
WANTED: Final = 1.0  # usual minutes of trading, that they want
FOLLOWERS: Final = 10
LEAST_WAIT, MOST_WAIT = 0.5, 8.0  # seconds from one order to the next
MOST: Final = 6.0  # times the usual volume, of which anybody wants a share
RETREAT: Final = 8 * MINUTE  # in which the position is sold, as far as the market bears it
SLOWLY: Final = 0.5  # seconds between two slices of that
SLICES: Final = 60  # of an order that is worked at even times
BEHIND: Final = 0.8  # of what should have been bought by now, below which a buyer takes


def ramp(stage: Stage) -> Script:
    """Lift the price along a line in small steps, whenever it falls behind; then trade back."""
    desk, knobs = stage.desk, stage.knobs
    side, seconds = a_side(stage), knobs["minutes"] * 60
    stir = yield from observe(desk, LOOK, LOOKS)
    followers, belief = Followers(stage, stir, TREND, WANTED, greedy=False), Belief(stage)
    rise = knobs["rise"] * stir * sqrt(seconds) * desk.tick
    stage.begin_cycle()
    stage.harm()
    began, first, paid = stage.now, desk.mid, 0
    while (passed := (stage.now - began) / SECOND) < seconds and not is_closing(stage):
        line = round((first + int(side) * rise * passed / seconds) / desk.tick) * desk.tick
        if ahead_of(side, line, paid or desk.best(opposite(side))):
            yield from lift(stage, desk, side, line)
            paid = line
        yield from followers.attend(knobs["pause"])
        belief.learn()
    stage.end_cycle()
    yield from reverse(stage, desk, followers, belief)
    yield from followers.leave()


def lift(stage: Stage, desk: Desk, side: Side, line: int) -> Script:
    """Take what stands across up to a price, but no more than a few usual orders."""
    order = take_up_to(stage, desk, side, line, "ignite", stage.knobs["size"] * desk.usual_size)
    yield Pause(SECOND, until_answer=order.has_ended)


class Goal:
    """A share of the volume from now on, of no more than ``MOST`` times what usually trades."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._usual = stage, stage.desk.turnover
        self._before, self._began = stage.desk.volume, stage.now

    def due(self) -> float:
        """Size that should have been traded by now."""
        traded = self._stage.desk.volume - self._before
        usual = self._usual * (self._stage.now - self._began) / SECOND
        return self._stage.knobs["share"] * min(traded, MOST * usual)


def between(desk: Desk) -> float:
    """Seconds until the next look: about as long as a trade takes."""
    return min(max(1 / max(desk.pace, 1e-9), LEAST_WAIT), MOST_WAIT)


def reverse(stage: Stage, desk: Desk, followers: Followers, belief: Belief) -> Script:
    """Trade back a part of what is held, in slices that the market bears; keep the rest."""
    kept = abs(desk.position) * (1 - min(stage.knobs["reversal"], 1.0))
    side = toward_nothing(desk)
    until = stage.now + RETREAT
    stage.begin_cycle()
    while abs(desk.position) - kept >= desk.lot and stage.now < min(until, stage.until - LAST_TRADE):
        yield from take_slice(stage, desk, side, desk.lots(abs(desk.position) - kept), "cover")
        yield from followers.attend(SLOWLY)
        belief.learn()
    stage.end_cycle()


def accumulate(stage: Stage) -> Script:
    """Buy a share of the volume for good: wait at the best price, take only when far behind."""
    desk, knobs = stage.desk, stage.knobs
    side = a_side(stage)
    stage.begin_cycle()
    until, goal = stage.now + int(knobs["minutes"] * MINUTE), Goal(stage)
    waiting: Ticket | None = None
    belief = Belief(stage)
    while stage.now < until and not is_closing(stage):
        if waiting is not None and waiting.is_open:
            join_best(desk, waiting)
        else:
            waiting = desk.place(side, desk.usual_size, behind(desk, side, 0), flags=Flag.POST_ONLY)
            stage.note("benign", waiting)
        if abs(desk.position) < BEHIND * goal.due() - desk.usual_size:
            take = desk.place(
                side, desk.lots(desk.usual_size / 2), desk.best(opposite(side)), flags=Flag.IMMEDIATE
            )
            stage.note("benign", take)
        yield stage.pause(between(desk))
        belief.learn()
    if waiting is not None:
        yield from withdraw(stage, desk, waiting)
    stage.end_cycle()


def slice_evenly(stage: Stage) -> Script:
    """A large order in small market orders at even times, kept: what is called TWAP."""
    desk, knobs = stage.desk, stage.knobs
    side = a_side(stage)
    total, belief = knobs["share"] * desk.turnover * knobs["minutes"] * 60, Belief(stage)
    stage.begin_cycle()
    for _ in range(SLICES):
        if is_closing(stage):
            break
        order = desk.place(side, desk.lots(total / SLICES))
        stage.note("benign", order)
        yield Pause(int(knobs["minutes"] * MINUTE / SLICES))
        belief.learn()
    stage.end_cycle()


_SHARE: Final = Knob(0.2, 0.6, "of volume", "its trades beside all trades while it lasts")
_MINUTES: Final = Knob(14.0, 9.0, "min", "how long it buys")

SCENARIOS: Final = (
    Scenario(
        name="ramping",
        summary="Small aggressive orders lift the price step by step; then the position is sold.",
        typologies=(Typology.RAMPING,),
        expected_detectors=("RMP-01",),
        accounts=("manipulator",) + ("victim",) * FOLLOWERS,
        knobs={
            "rise": Knob(5.0, 90.0, "usual moves", "of such a time, that the price is lifted by"),
            "size": Knob(4.0, 90.0, "usual orders", "an order, at most"),
            "pause": Knob(2.0, 0.5, "s", "between orders"),
            "minutes": Knob(5.0, 4.0, "min", "how long it buys"),
            "reversal": Knob(0.5, 1.0, "of the position", "traded back afterwards"),
        },
        script=ramp,
    ),
    Scenario(
        name="pov-accumulator",
        summary="Somebody buys a share of the volume, mostly waiting at the best price, and keeps it.",
        typologies=(Typology.RAMPING,),
        twin_of="ramping",
        accounts=("bystander",),
        knobs={"share": _SHARE, "minutes": _MINUTES},
        script=accumulate,
    ),
    Scenario(
        name="twap-buyer",
        summary="A large order is worked in small market orders at even times, and kept.",
        typologies=(Typology.RAMPING,),
        twin_of="ramping",
        accounts=("bystander",),
        knobs={
            "share": Knob(0.1, 0.5, "of volume", "its size beside what usually trades"),
            "minutes": _MINUTES,
        },
        script=slice_evenly,
    ),
)
