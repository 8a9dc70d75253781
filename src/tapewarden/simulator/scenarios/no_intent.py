"""Orders without intent to execute: they fade whenever the price comes near; and a maker who only looks so.

Regulation (EU) 2016/522, annex II, lists the ratio of orders to trades as a sign, and orders withdrawn before
execution; a maker has the same ratio, but stands when he is hit.
"""

from __future__ import annotations

from typing import Final

from tapewarden.domain.kinds import MINUTE, SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    a_side,
    behind,
    cycles,
    distance,
    fill_time,
    flatten,
    is_closing,
    withdraw,
)

THINNED: Final = 0.5  # of what stood before an order at its price, when it feels the price coming
STALE: Final = 45.0  # seconds after which an order is renewed anyway
SIDES: Final = (Side.BUY, Side.SELL)
LEVELS: Final = (1, 2)  # ticks behind the best price at which the maker quotes
LEAST_RENEWAL: Final = 0.5  # seconds
MOST_HELD: Final = 10  # usual orders


def fade(stage: Stage) -> Script:
    """Orders near the price that are gone before they can trade."""
    desk, chance, knobs = stage.desk, stage.chance, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        stage.harm()
        side = a_side(stage)
        size = desk.usual_size * knobs["size"]
        orders = [
            desk.place(
                side,
                desk.lots(size * chance.uniform(0.7, 1.3)),
                behind(desk, side, away),
                flags=Flag.POST_ONLY,
            )
            for away in range(1, 1 + max(round(knobs["orders"]), 1))
        ]
        stage.note("bait", *orders)
        yield from shy(stage, desk, orders)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


def shy(stage: Stage, desk: Desk, orders: list[Ticket]) -> Script:
    """Wait until the price comes near, then withdraw; mostly in time, and not always."""
    knobs, chance = stage.knobs, stage.chance
    until = stage.now + int(STALE * SECOND)
    side = orders[0].side
    stood = desk.level(desk.best(side))
    while stage.now < until and not comes_near(desk, orders, stood):
        yield Pause(int(knobs["reaction"] * SECOND))
    if chance.random() >= knobs["fade"]:  # this time they may be hit
        yield stage.pause(10 * knobs["reaction"] + 2)
    yield from withdraw(stage, desk, *orders)


def comes_near(desk: Desk, orders: list[Ticket], stood: int) -> bool:
    """Whether an order is at the best price, or what protects the first one has thinned out."""
    nearest = min((distance(desk, order) for order in orders if order.is_open), default=0)
    best = desk.best(orders[0].side)
    return nearest <= 0 or (nearest == 1 and desk.level(best) < THINNED * stood)


def quote_all_day(stage: Stage) -> Script:
    """A maker who renews his quotes so often that 99 of 100 are canceled, and lets the others be hit."""
    desk, knobs = stage.desk, stage.knobs
    renewal = max(knobs["renewal"] * fill_time(desk, Side.BUY, desk.usual_size), LEAST_RENEWAL)
    stage.begin_cycle()
    quotes = [maker_quote(stage, desk, side, level) for side in SIDES for level in LEVELS]
    until = stage.now + int(knobs["minutes"] * MINUTE)
    while stage.now < until and not is_closing(stage):
        yield stage.pause(renewal)
        desk.cancel(*quotes)
        quotes = [maker_quote(stage, desk, side, level) for side in SIDES for level in LEVELS]
    yield from withdraw(stage, desk, *quotes)
    stage.end_cycle()
    yield from flatten(stage, desk)


def maker_quote(stage: Stage, desk: Desk, side: Side, level: int) -> Ticket:
    """A quote at the best price or behind it, farther away where too much is held."""
    full = desk.position * int(side) > MOST_HELD * desk.usual_size
    order = desk.place(side, desk.usual_size, behind(desk, side, level + 2 * full), flags=Flag.POST_ONLY)
    stage.note("benign", order)
    return order


SCENARIOS: Final = (
    Scenario(
        name="no-intent",
        summary="Orders near the price are withdrawn whenever they might trade, all day long.",
        typologies=(Typology.NO_INTENT,),
        expected_detectors=("NIE-01",),
        latency=1_000_000,
        knobs={
            "orders": Knob(1.0, 6.0, "orders", "shown at a time"),
            "size": Knob(1.0, 6.0, "usual orders", "of each"),
            "fade": Knob(0.7, 0.998, "of times", "it withdraws in time"),
            "reaction": Knob(0.6, 0.05, "s", "to a price that comes near"),
            "cycles": Knob(30.0, 600.0, "cycles", "repetitions"),
            "rest": Knob(6.0, 0.5, "s", "between repetitions"),
        },
        script=fade,
    ),
    Scenario(
        name="canceling-maker",
        summary="A maker at the best prices cancels 99 of 100 quotes to renew them, and stands when hit.",
        typologies=(Typology.NO_INTENT,),
        twin_of="no-intent",
        accounts=("bystander",),
        latency=1_000_000,
        knobs={
            "renewal": Knob(0.05, 0.01, "of the time a fill takes", "between renewals of the quotes"),
            "minutes": Knob(5.0, 30.0, "min", "how long he quotes"),
        },
        script=quote_all_day,
    ),
)
