"""A wall that is pulled before it trades, and walls that are meant."""

from __future__ import annotations

from typing import Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.pressure import Bait, Manner
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    LEAST_GLANCE,
    a_side,
    behind,
    cycles,
    depth_near,
    distance,
    flatten,
    is_closing,
    join_best,
    observe,
    safe_distance,
    take_slice,
    watch,
    withdraw,
)

SLICES: Final = 8  # in which a whale takes what its wall did not bring


def show_and_pull(stage: Stage) -> Script:
    """A wall near the price that is gone before it is reached, with no trade of its owner."""
    desk, chance, knobs = stage.desk, stage.chance, stage.knobs
    safe = safe_distance((yield from observe(desk)), LEAST_GLANCE)
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        wall = Bait(stage, desk, a_side(stage), safe)
        total = depth_near(desk, wall.side) * knobs["share"]
        wall.show(total, Manner(1, int(chance.integers(1, 5)), 0))
        (order,) = wall.orders
        yield from watch(stage, knobs["stay"], lambda: distance(desk, order) <= safe, glance=LEAST_GLANCE)  # noqa: B023 - asked at once
        yield from wall.pull()
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


def refresh_iceberg(stage: Stage) -> Script:
    """A large order that shows a part of itself, and a new part whenever that was taken."""
    desk, chance, knobs = stage.desk, stage.chance, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        side = Side.BUY if desk.position <= 0 else Side.SELL
        peak = desk.lots(depth_near(desk, side) * knobs["share"])
        iceberg = desk.place(side, peak * int(chance.integers(3, 7)), desk.best(side), peak=peak)
        stage.note("benign", iceberg)
        yield from watch(stage, knobs["patience"], iceberg.has_ended)
        yield from withdraw(stage, desk, iceberg)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


def renew_wall(stage: Stage) -> Script:
    """A maker's large quote that is canceled and placed again at the same price, or one beside it."""
    desk, knobs = stage.desk, stage.knobs
    size = desk.lots(depth_near(desk, Side.BUY) * knobs["share"])
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        side = Side.BUY if desk.position <= 0 else Side.SELL
        order = desk.place(side, size, behind(desk, side, 1), flags=Flag.POST_ONLY)
        stage.note("benign", order)
        yield from watch(stage, knobs["patience"], order.has_ended)
        yield from withdraw(stage, desk, order)
        stage.end_cycle()
        yield Pause(int(knobs["gap"] * SECOND))
    yield from flatten(stage, desk)


def be_a_whale(stage: Stage) -> Script:
    """A wall at the best price that follows it until it is taken; what is left is taken from the others."""
    desk, knobs = stage.desk, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        side = Side.BUY if desk.position <= 0 else Side.SELL
        wanted = desk.lots(depth_near(desk, side) * knobs["share"])
        wall = desk.place(side, wanted - desk.position * int(side), desk.best(side))
        stage.note("benign", wall)
        yield from watch(stage, knobs["patience"], wall.has_ended, lambda: join_best(desk, wall), glance=2.0)  # noqa: B023 - used in this turn
        yield from withdraw(stage, desk, wall)
        for _ in range(SLICES):
            if desk.position * int(side) < wanted:
                yield from take_slice(stage, desk, side, wanted - desk.position * int(side), "benign")
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


_REST: Final = Knob(60.0, 10.0, "s", "between repetitions")
_CYCLES: Final = Knob(4.0, 20.0, "cycles", "repetitions")

SCENARIOS: Final = (
    Scenario(
        name="pulled-wall",
        summary="A wall near the price is pulled before it is reached; its owner trades nothing.",
        typologies=(Typology.PULLED_WALL,),
        expected_detectors=("SPF-06",),
        knobs={
            "share": Knob(0.3, 3.0, "of depth", "the wall beside what the market shows near its price"),
            "stay": Knob(60.0, 4.0, "s", "how long it stands"),
            "cycles": _CYCLES,
            "rest": _REST,
        },
        script=show_and_pull,
    ),
    Scenario(
        name="iceberg",
        summary="A large order shows a part of itself, and a new part when that was taken.",
        typologies=(Typology.PULLED_WALL,),
        twin_of="pulled-wall",
        accounts=("bystander",),
        knobs={
            "share": Knob(
                0.02, 0.12, "of depth", "what it shows beside what the market shows near its price"
            ),
            "patience": Knob(240.0, 60.0, "s", "until the rest is withdrawn"),
            "cycles": _CYCLES,
            "rest": _REST,
        },
        script=refresh_iceberg,
    ),
    Scenario(
        name="wall-renewer",
        summary="A maker's large quote is canceled and placed again within a second.",
        typologies=(Typology.PULLED_WALL,),
        twin_of="pulled-wall",
        accounts=("bystander",),
        latency=1_000_000,
        knobs={
            "share": Knob(0.1, 1.0, "of depth", "the quote beside what the market shows near its price"),
            "patience": Knob(60.0, 4.0, "s", "between renewals"),
            "gap": Knob(0.5, 0.02, "s", "without a quote"),
            "cycles": Knob(10.0, 200.0, "cycles", "renewals"),
        },
        script=renew_wall,
    ),
    Scenario(
        name="whale",
        summary="A wall at the best price follows it until it is taken.",
        typologies=(Typology.PULLED_WALL,),
        twin_of="pulled-wall",
        accounts=("bystander",),
        knobs={
            "share": Knob(0.05, 0.6, "of depth", "the wall beside what the market shows near its price"),
            "patience": Knob(120.0, 40.0, "s", "until the rest is taken"),
            "cycles": _CYCLES,
            "rest": _REST,
        },
        script=be_a_whale,
    ),
)
