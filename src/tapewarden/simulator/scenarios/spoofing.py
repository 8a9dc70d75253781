"""Spoofing, and those who look like it."""

from __future__ import annotations

from typing import Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage

NEAR: Final = 0.0010  # of the price: where a wall is seen and taken seriously


def other(side: Side) -> Side:
    """The side across."""
    return Side.SELL if side is Side.BUY else Side.BUY


def behind(desk: Desk, side: Side, ticks: int) -> int:
    """A price so many ticks behind the best of a side."""
    return desk.best(side) - int(side) * ticks * desk.tick


def spoof(stage: Stage) -> Script:
    """Show a wall on one side, let a small order on the other be filled, pull the wall; again and again."""
    desk, chance, knobs = stage.desk, stage.chance, stage.knobs
    for _ in range(max(round(knobs["cycles"]), 1)):
        if desk.now > stage.until - 60 * SECOND:
            return
        side = Side.BUY if desk.position <= 0 else Side.SELL  # of what it means to trade
        intent_size = desk.lots(desk.usual_size * chance.uniform(0.5, 1.5))
        wall_size = max(
            desk.depth(other(side), int(desk.mid * NEAR)) * knobs["share"], knobs["ratio"] * intent_size
        )
        stage.begin_cycle()
        intent = desk.place(side, intent_size, desk.best(side))
        stage.note("intent", intent)
        yield stage.pause(0.5)
        wall = desk.place(
            other(side), desk.lots(wall_size), behind(desk, other(side), int(chance.integers(1, 5)))
        )
        stage.note("bait", wall)
        stage.harm()
        yield Pause(int(knobs["patience"] * SECOND), until_answer=intent.has_ended)
        yield Pause(int(knobs["delay"] * SECOND))
        desk.cancel(wall, intent)
        yield stage.pause(2)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(desk, stage)


def flatten(desk: Desk, stage: Stage) -> Script:
    """Trade back to nothing, at the market."""
    if desk.position:
        side = Side.SELL if desk.position > 0 else Side.BUY
        desk.place(side, abs(desk.position), flags=Flag.NONE)
        yield stage.pause(1)


def stop_and_reverse(stage: Stage) -> Script:
    """A trader with a large order on one side who changes his mind when filled on the other, and means it."""
    desk, chance, knobs = stage.desk, stage.chance, stage.knobs
    for _ in range(max(round(knobs["cycles"]), 1)):
        if desk.now > stage.until - 60 * SECOND:
            return
        side = Side.BUY if desk.position <= 0 else Side.SELL
        size = desk.lots(desk.usual_size * chance.uniform(2, 4))
        stage.begin_cycle()
        exit_order = desk.place(other(side), size, behind(desk, other(side), int(chance.integers(1, 5))))
        entry = desk.place(side, desk.lots(size / 4), desk.best(side))
        stage.note("benign", exit_order, entry)
        yield Pause(20 * SECOND, until_answer=entry.has_ended)
        desk.cancel(exit_order, entry)
        if entry.filled:
            desk.place(side, size)  # he reverses, and goes on in the direction of his fill
        yield stage.pause(2)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])


SCENARIOS: Final = (
    Scenario(
        name="spoofing",
        summary="A wall on one side lets a small order on the other be filled, and is pulled.",
        typologies=(Typology.SPOOFING,),
        expected_detectors=("SPF-01",),
        knobs={
            "ratio": Knob(3.0, 20.0, "times", "wall beside the genuine order"),
            "share": Knob(0.2, 1.5, "of depth", "wall beside what the market shows there"),
            "delay": Knob(4.0, 0.2, "s", "from the fill to the pull"),
            "patience": Knob(40.0, 20.0, "s", "how long the wall waits for a fill"),
            "cycles": Knob(3.0, 20.0, "cycles", "repetitions"),
            "rest": Knob(60.0, 10.0, "s", "between repetitions"),
        },
        script=spoof,
    ),
    Scenario(
        name="stop-and-reverse",
        summary="A trader withdraws a large order after a fill on the other side, and goes on that way.",
        typologies=(Typology.SPOOFING,),
        twin_of="spoofing",
        accounts=("bystander",),
        knobs={
            "cycles": Knob(3.0, 20.0, "cycles", "repetitions"),
            "rest": Knob(60.0, 10.0, "s", "between repetitions"),
        },
        script=stop_and_reverse,
    ),
)
