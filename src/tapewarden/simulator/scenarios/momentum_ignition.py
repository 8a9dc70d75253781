"""Momentum ignition: a sudden push that others follow, into orders that wait for them; and look-alikes.

Delegated Regulation (EU) 2016/522, annex II, section 1: orders to start or exacerbate a trend and to
encourage others to accelerate or extend it, so as to close a position at a favorable price.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from math import ceil
from statistics import median
from typing import Final

from tapewarden.domain.kinds import MINUTE, SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.followers import Followers
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    a_side,
    ahead_of,
    behind,
    cycles,
    flatten,
    is_closing,
    observe,
    opposite,
    sweep,
    take_up_to,
    withdraw,
)

LOOK, LOOKS = 5.0, 12  # seconds between looks at the market before anything else, and how many
STUDIED: Final = 3  # minutes of that before the first ignition
LEAST_STIR: Final = 0.5  # ticks per square root of a second, taken for a market that hardly moves
PATIENCE: Final = 4  # minutes that may pass until one is quiet
PUSHES: Final = 0.8  # seconds between the orders of one ignition, at most
FOLLOWERS: Final = 10
EXITS: Final = 4  # orders in which the way out is laid,
APART: Final = 4  # and what part of the push lies between two of them
GLANCE: Final = 2.0  # seconds between a breakout trader's looks
ENOUGH, MEMORY = 30, 300  # looks among which he finds the highest and lowest price


def ignite(stage: Stage) -> Script:
    """Lay the way out, push the price far enough to be noticed, be filled by those who follow, and leave."""
    desk, knobs = stage.desk, stage.knobs
    stir, usual = yield from study(desk)
    followers = Followers(stage, stir)
    for _ in cycles(stage):
        yield from wait_for_quiet(desk, followers, usual)
        if is_closing(stage):
            break
        stage.begin_cycle()
        far = ceil(knobs["push"] * followers.usual)
        side = thinner(desk, far)
        exits = lay_exits(stage, desk, side, far)
        yield from followers.attend(knobs["lead"])
        stage.harm()
        yield from push(stage, desk, side, keep_beyond(desk, exits, side, far))
        yield from followers.attend(knobs["patience"], lambda: have_ended(exits))  # noqa: B023 - asked at once
        yield from withdraw(stage, desk, *exits)
        yield from flatten(stage, desk)
        stage.end_cycle()
        yield from followers.attend(knobs["rest"])
    yield from followers.leave()
    yield from flatten(stage, desk)


def study(desk: Desk) -> Generator[Pause, None, tuple[float, float]]:
    """See some minutes of trading: how far the price moves in a second (ticks), what a minute trades."""
    stirs, volumes = [], []
    for _ in range(STUDIED):
        before = desk.volume
        stirs.append((yield from observe(desk, LOOK, LOOKS)))
        volumes.append(desk.volume - before)
    return max(median(stirs), LEAST_STIR), median(volumes)


def wait_for_quiet(desk: Desk, followers: Followers, usual: float) -> Script:
    """Let a minute pass in which no more is traded than usual, if one comes soon."""
    volumes = deque([desk.volume], maxlen=1 + LOOKS)
    for _ in range(PATIENCE * LOOKS):
        yield from followers.attend(LOOK)
        volumes.append(desk.volume)
        if len(volumes) > LOOKS and volumes[-1] - volumes[0] <= usual:
            break


def thinner(desk: Desk, far: int) -> Side:
    """The side on which the price is pushed so many ticks with less."""
    above, below = (desk.depth(side, far * desk.tick) for side in (Side.SELL, Side.BUY))
    return Side.BUY if above < below else Side.SELL


def lay_exits(stage: Stage, desk: Desk, side: Side, far: int) -> list[Ticket]:
    """Orders across, beyond where the push will end: what it buys is to be sold there."""
    size = max(desk.depth(opposite(side), far * desk.tick), desk.usual_size)
    each = desk.lots(size * stage.knobs["exit"] / EXITS)
    exits = [
        desk.place(
            opposite(side), each, beyond(desk, side, far + 1 + step * far // APART), flags=Flag.POST_ONLY
        )
        for step in range(EXITS)
    ]
    stage.note("intent", *exits)
    return exits


def beyond(desk: Desk, side: Side, ticks: int) -> int:
    """The price so many ticks behind the best one across from a side."""
    return behind(desk, opposite(side), ticks)


def keep_beyond(desk: Desk, exits: list[Ticket], side: Side, far: int) -> int:
    """Move the way out on if the price has come so near that the push would run into it; gives its end."""
    price = beyond(desk, side, far)
    for step, order in enumerate(exits, 1):
        if not ahead_of(side, order.price, price):
            desk.amend(order, price=price + int(side) * step * desk.tick)
    return price


def push(stage: Stage, desk: Desk, side: Side, price: int) -> Script:
    """Take all that stands across up to a price, in a few orders within seconds."""
    pushes, first = max(round(stage.knobs["pushes"]), 1), desk.best(opposite(side))
    for number in range(1, 1 + pushes):
        step = first + (price - first) * number // pushes // desk.tick * desk.tick
        take_up_to(stage, desk, side, step, "ignite")
        yield Pause(int(PUSHES * stage.chance.uniform(0.2, 1.0) * SECOND))


def have_ended(orders: list[Ticket]) -> bool:
    """Whether none of the orders can trade any more."""
    return not any(order.is_open for order in orders)


def trade_breakouts(stage: Stage) -> Script:
    """A trader who buys new highs and sells new lows, and only looks for a way out when the price turns."""
    desk, knobs = stage.desk, stage.knobs
    followers = Followers(stage, (yield from observe(desk, LOOK, LOOKS)))
    seen = deque[float](maxlen=MEMORY)
    stage.begin_cycle()
    until = stage.now + int(knobs["minutes"] * MINUTE)
    while stage.now < until and not is_closing(stage):
        yield from followers.attend(GLANCE)
        side = breakout(seen, desk.mid)
        seen.append(desk.mid)
        if side is not None:
            order = sweep(stage, desk, side, round(knobs["levels"]), "intent")
            yield Pause(SECOND, until_answer=order.has_ended)
            yield from ride(stage, desk, side, followers)
    stage.end_cycle()
    yield from followers.leave()


def breakout(seen: deque[float], mid: float) -> Side | None:
    """The side of those who follow a price beyond all that were seen, once enough were."""
    if len(seen) < ENOUGH or min(seen) <= mid <= max(seen):
        return None
    return Side.BUY if mid > max(seen) else Side.SELL


def ride(stage: Stage, desk: Desk, side: Side, followers: Followers) -> Script:
    """Hold what was bought until the price has come back some way from its best, then sell it."""
    best, far = desk.mid, stage.knobs["stop"] * desk.tick
    while (best - desk.mid) * int(side) < far and not is_closing(stage):
        yield from followers.attend(GLANCE)
        best = max(best, desk.mid) if side is Side.BUY else min(best, desk.mid)
    yield from flatten(stage, desk)


def buy_for_good(stage: Stage) -> Script:
    """Somebody with much to buy, or to sell, who takes several levels at once, and keeps it."""
    followers = Followers(stage, (yield from observe(stage.desk, LOOK, LOOKS)))
    yield from keep_sweeping(stage, a_side(stage), followers)
    yield from followers.leave()


def keep_sweeping(stage: Stage, side: Side, followers: Followers) -> Script:
    """Take several levels at once, again and again, for good."""
    desk, knobs = stage.desk, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        order = sweep(stage, desk, side, max(round(knobs["levels"]), 2), "intent")
        yield Pause(SECOND, until_answer=order.has_ended)
        stage.end_cycle()
        yield from followers.attend(knobs["rest"] * stage.chance.uniform(0.7, 1.3))


_LEVELS: Final = Knob(3.0, 9.0, "levels", "swept at once")

SCENARIOS: Final = (
    Scenario(
        name="momentum-ignition",
        summary="A push through several levels draws others, into orders that were waiting for them.",
        typologies=(Typology.MOMENTUM_IGNITION,),
        expected_detectors=("MOM-01",),
        accounts=("manipulator",) + ("victim",) * FOLLOWERS,
        latency=1_000_000,
        knobs={
            "push": Knob(2.0, 12.0, "usual moves", "of ten seconds, that the push goes"),
            "pushes": Knob(4.0, 1.0, "orders", "in which one push is sent"),
            "exit": Knob(0.6, 1.3, "times", "the way out beside what the push takes"),
            "lead": Knob(20.0, 2.0, "s", "from laying the way out to the push"),
            "patience": Knob(20.0, 40.0, "s", "for those who follow"),
            "cycles": Knob(4.0, 14.0, "cycles", "repetitions"),
            "rest": Knob(200.0, 80.0, "s", "between repetitions"),
        },
        script=ignite,
    ),
    Scenario(
        name="breakout-trader",
        summary="A trader buys new highs and sells new lows, and leaves when the price turns.",
        typologies=(Typology.MOMENTUM_IGNITION,),
        twin_of="momentum-ignition",
        accounts=("bystander",) * (1 + FOLLOWERS),
        latency=2_000_000,
        knobs={
            "levels": _LEVELS,
            "stop": Knob(12.0, 4.0, "ticks", "back from the best price seen, at which it leaves"),
            "minutes": Knob(10.0, 25.0, "min", "how long it trades"),
        },
        script=trade_breakouts,
    ),
    Scenario(
        name="whale-sweep",
        summary="Somebody takes several levels at once, more than once, and keeps what he bought.",
        typologies=(Typology.MOMENTUM_IGNITION,),
        twin_of="momentum-ignition",
        accounts=("bystander",) * (1 + FOLLOWERS),
        knobs={
            "levels": Knob(4.0, 15.0, "levels", "swept at once"),
            "cycles": Knob(2.0, 8.0, "sweeps", "until he has what he wants"),
            "rest": Knob(240.0, 60.0, "s", "between sweeps"),
        },
        script=buy_for_good,
    ),
)
