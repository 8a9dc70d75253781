"""Layering: pressure from several prices at once, sudden or patient, and those who look like it.

The patient form is the "dynamic layering" of CFTC v. Nav Sarao Futures (2015): four to six orders at least
three levels from the best price, replaced and amended so that they stay there while the market moves.
"""

from __future__ import annotations

from typing import Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Script
from tapewarden.simulator.scenarios.pressure import Bait, Manner, deceive, wait_in_queue
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.spoofing import PRESSING
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    a_side,
    behind,
    cycles,
    depth_near,
    distance,
    flatten,
    is_closing,
    join_best,
    observe,
    opposite,
    safe_distance,
    watch,
    withdraw,
)

PATIENT_DISTANCE: Final = 3  # ticks that patient layers keep from the best price
CAUTION: Final = 4.0  # reactions in which the price should not reach a patient layer
BETWEEN: Final = 4 * SECOND  # from one small order across to the next
NEARER: Final = 2  # ticks nearer than meant that a layer is left alone
STRAY: Final = 6  # ticks farther away than meant at which a layer is brought up again
TURNING: Final = 1.0  # seconds that a grid bot takes to look at its orders again


def layer(stage: Stage) -> Script:
    """The sudden form: levels appear together and go together."""
    levels = max(round(stage.knobs["levels"]), 3)
    manner = [Manner(levels, first, spacing) for first in (1, 2) for spacing in (1, 2)]
    yield from deceive(stage, stage.desk, stage.desk, manner)


def layer_patiently(stage: Stage) -> Script:
    """Layers that rest for minutes and follow the price, while small orders across are filled."""
    desk, knobs = stage.desk, stage.knobs
    side = a_side(stage)  # of what is meant
    safe = safe_distance((yield from observe(desk)), CAUTION * knobs["reaction"])
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        layers = Bait(stage, desk, opposite(side), safe)
        total = depth_near(desk, opposite(side)) * knobs["share"]
        layers.show(total, Manner(max(round(knobs["levels"]), 3), PATIENT_DISTANCE, 1))
        yield from trade_across(stage, layers, side)
        yield from layers.pull()
        stage.end_cycle()
        side = opposite(side)
        safe = layers.safer
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


def trade_across(stage: Stage, layers: Bait, side: Side) -> Script:
    """Small orders at the best price, one after another, for as long as the layers stay and are followed."""
    desk, knobs = stage.desk, stage.knobs
    until, ready, order = stage.now + int(knobs["stay"] * SECOND), stage.now, None
    while stage.now < until and not is_closing(stage) and not layers.is_touched:
        if order is not None and order.is_open:
            join_best(desk, order)
        elif stage.now >= ready:
            order = wait_in_queue(
                stage, desk, side, desk.lots(desk.usual_size * stage.chance.uniform(0.5, 2.0))
            )
            ready = stage.now + BETWEEN
        yield stage.pause(knobs["reaction"])
        follow(layers)
    if order is not None:
        yield from withdraw(stage, desk, order)


def follow(layers: Bait) -> None:
    """Amend the layers so that they stay as far from the best price as they were meant to be."""
    desk = layers.desk
    for level, order in enumerate(layers.orders):
        meant = PATIENT_DISTANCE + layers.safe + level
        if order.is_open and not meant - NEARER <= distance(desk, order) <= meant + STRAY:
            desk.amend(order, price=behind(desk, order.side, meant))


def run_grid(stage: Stage) -> Script:
    """A grid bot: orders at fixed prices on both sides, each replaced across when it is filled."""
    desk, knobs = stage.desk, stage.knobs
    step = max(round(desk.mid * knobs["step"] / desk.tick), 1) * desk.tick
    size = desk.lots(depth_near(desk, Side.BUY) * knobs["share"])
    grid = [
        desk.place(side, size, desk.best(side) - int(side) * level * step, flags=Flag.POST_ONLY)
        for side in (Side.BUY, Side.SELL)
        for level in range(1, max(round(knobs["levels"]), 3) + 1)
    ]
    stage.note("benign", *grid)
    stage.begin_cycle()
    while not is_closing(stage):
        yield from watch(stage, 30.0, lambda: any(not order.is_open for order in grid))  # noqa: B023 - asked at once
        grid = [order if order.is_open else turned(stage, desk, order, step) for order in grid]
        yield stage.pause(TURNING)
    yield from withdraw(stage, desk, *grid)
    stage.end_cycle()
    yield from flatten(stage, desk)


def turned(stage: Stage, desk: Desk, filled: Ticket, step: int) -> Ticket:
    """The order that takes the profit of a filled one, a step away; a refused one is tried again.

    It only ever rests, as grid bots do for the lower fee, so that it never meets an order of its own grid.
    """
    side = opposite(filled.side) if filled.filled else filled.side
    price = filled.price + (int(filled.side) * step if filled.filled else 0)
    order = desk.place(side, filled.size, price, flags=Flag.POST_ONLY)
    stage.note("benign", order)
    return order


def rebalance_until_news(stage: Stage) -> Script:
    """Somebody works a position with orders at several prices, and takes them away when there are news."""
    desk, chance, knobs = stage.desk, stage.chance, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        side = a_side(stage)
        stage.begin_cycle()
        total = depth_near(desk, side) * knobs["share"]
        orders = [desk.place(side, desk.lots(total / 4), behind(desk, side, level)) for level in range(1, 5)]
        small = wait_in_queue(stage, desk, opposite(side), desk.usual_size)
        stage.note("benign", *orders)
        wait = float(chance.uniform(10, 40))
        stage.news(wait, -int(side) * knobs["change"])
        yield stage.pause(wait)
        yield stage.pause(knobs["reaction"])
        yield from withdraw(stage, desk, *orders, small)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


SCENARIOS: Final = (
    Scenario(
        name="layering",
        summary="Orders at several prices appear together, let one across be filled, and go together.",
        typologies=(Typology.LAYERING,),
        expected_detectors=("SPF-02",),
        knobs={**PRESSING, "levels": Knob(3.0, 8.0, "levels", "prices at which bait is shown")},
        script=layer,
    ),
    Scenario(
        name="layering-patient",
        summary="Layers rest for minutes, follow the price at a distance, and never trade.",
        typologies=(Typology.LAYERING,),
        expected_detectors=("SPF-02",),
        latency=2_000_000,
        knobs={
            "share": Knob(0.15, 1.0, "of depth", "all layers beside what the market shows near its price"),
            "levels": Knob(3.0, 6.0, "levels", "prices at which bait is shown"),
            "stay": Knob(75.0, 400.0, "s", "how long layers stay"),
            "reaction": Knob(3.0, 0.2, "s", "between looks at the price to follow"),
            "cycles": Knob(3.0, 12.0, "cycles", "repetitions"),
            "rest": Knob(40.0, 4.0, "s", "between repetitions"),
        },
        script=layer_patiently,
    ),
    Scenario(
        name="grid-bot",
        summary="Orders at fixed prices on both sides stay until they are filled, then turn around.",
        typologies=(Typology.LAYERING,),
        twin_of="layering",
        accounts=("bystander",),
        knobs={
            "share": Knob(0.005, 0.03, "of depth", "an order beside what the market shows near its price"),
            "step": Knob(0.0001, 0.0003, "of price", "between two orders"),
            "levels": Knob(5.0, 10.0, "levels", "orders on a side"),
        },
        script=run_grid,
    ),
    Scenario(
        name="news-rebalancer",
        summary="Orders at several prices are withdrawn because news came that make them bad.",
        typologies=(Typology.LAYERING,),
        twin_of="layering",
        accounts=("bystander",),
        latency=2_000_000,
        knobs={
            "share": Knob(0.05, 0.6, "of depth", "all orders beside what the market shows near its price"),
            "change": Knob(0.0004, 0.002, "of value", "what the news mean"),
            "reaction": Knob(2.0, 0.1, "s", "to the news"),
            "cycles": Knob(3.0, 15.0, "cycles", "repetitions"),
            "rest": Knob(60.0, 20.0, "s", "between repetitions"),
        },
        script=rebalance_until_news,
    ),
)
