"""Quote stuffing: bursts of messages that nobody means to trade on, and those who must send many.

The pattern of the SEC's and Nanex's reports on 2010: thousands of orders entered and canceled within
milliseconds, or one order amended up and down, far above what the instrument usually sees.
"""

from __future__ import annotations

from typing import Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import a_side, behind, cycles, flatten, is_closing, withdraw

FLICKERS: Final = 0.3  # of bursts amend a few orders up and down instead of placing new ones
MOST_RATE: Final = 2500.0  # messages per second of a burst: more makes no difference to anybody
MOST_HELD: Final = 15  # usual orders
AWAY: Final = 10  # ticks that a maker moves a quote it does not want filled
FLICKERING: Final = 8  # orders


def stuff(stage: Stage) -> Script:
    """Bursts of orders that live for milliseconds, with silence between them."""
    desk, knobs = stage.desk, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        rate = min(max(knobs["flood"] * desk.pace, knobs["least"]), MOST_RATE)
        burst = flicker if stage.chance.random() < FLICKERS else flood
        stage.begin_cycle()
        stage.harm()
        yield from burst(stage, desk, rate, stage.now + int(knobs["burst"] * SECOND))
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


def flood(stage: Stage, desk: Desk, rate: float, until: int) -> Script:
    """Place and cancel: each order is two messages, and lives for a breath."""
    breath = stage.knobs["life"] / 1000
    several = max(round(rate / 2 * breath), 1)
    gap = several / (rate / 2)  # seconds
    while stage.now < until:
        orders = [small_order(stage, desk) for _ in range(several)]
        stage.note("bait", *orders)
        yield Pause(int(breath * SECOND))
        desk.cancel(*orders)
        yield Pause(int(max(gap - breath, 0.0) * SECOND))
    yield stage.pause(1)


def flicker(stage: Stage, desk: Desk, rate: float, until: int) -> Script:
    """Amend a few orders up and down."""
    orders = [small_order(stage, desk) for _ in range(FLICKERING)]
    stage.note("bait", *orders)
    while stage.now < until:
        yield Pause(int(FLICKERING / rate * SECOND))
        for order in orders:
            desk.amend(order, price=behind(desk, order.side, int(stage.chance.integers(2, 12))))
    yield from withdraw(stage, desk, *orders)


def small_order(stage: Stage, desk: Desk) -> Ticket:
    """An order near the price, too far to trade in its short life."""
    side = a_side(stage)
    size = desk.lots(desk.usual_size * stage.chance.uniform(0.2, 1.0))
    return desk.place(side, size, behind(desk, side, int(stage.chance.integers(2, 12))), flags=Flag.POST_ONLY)


def requote_in_bursts(stage: Stage) -> Script:
    """A fast maker whose quotes follow the price: few messages in quiet times, very many when it runs."""
    desk, knobs = stage.desk, stage.knobs
    levels = max(round(knobs["levels"]), 1)
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        stage.news(1.0, float(stage.chance.choice([-1, 1])) * knobs["change"])
        quotes = [new_quote(stage, desk, side, level) for side in SIDES for level in range(levels)]
        until = stage.now + int(knobs["burst"] * SECOND)
        while stage.now < until:
            yield Pause(int(knobs["reaction"] * SECOND))
            quotes = [followed(stage, desk, order, place % levels) for place, order in enumerate(quotes)]
        yield from withdraw(stage, desk, *quotes)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


SIDES: Final = (Side.BUY, Side.SELL)


def new_quote(stage: Stage, desk: Desk, side: Side, level: int) -> Ticket:
    """A quote at its place, the size of a usual order."""
    order = desk.place(side, desk.usual_size, quote_price(desk, side, level), flags=Flag.POST_ONLY)
    stage.note("benign", order)
    return order


def quote_price(desk: Desk, side: Side, level: int) -> int:
    """So many ticks behind the best price, farther away where too much is held."""
    full = desk.position * int(side) > MOST_HELD * desk.usual_size
    return behind(desk, side, level + AWAY * full)


def followed(stage: Stage, desk: Desk, order: Ticket, level: int) -> Ticket:
    """The quote where it belongs now: amended, or new where it traded."""
    if not order.is_open:
        return new_quote(stage, desk, order.side, level)
    price = quote_price(desk, order.side, level)
    if price != order.price:
        desk.amend(order, price=price)
    return order


SCENARIOS: Final = (
    Scenario(
        name="quote-stuffing",
        summary="Bursts of orders that live for milliseconds slow everybody down.",
        typologies=(Typology.QUOTE_STUFFING,),
        expected_detectors=("QST-01",),
        latency=200_000,
        knobs={
            "flood": Knob(5.0, 80.0, "per trade", "messages of a burst beside the market's usual trades"),
            "least": Knob(20.0, 200.0, "per second", "messages of a burst however slow the market is"),
            "life": Knob(400.0, 10.0, "ms", "of an order"),
            "burst": Knob(4.0, 16.0, "s", "how long a burst lasts"),
            "cycles": Knob(4.0, 20.0, "cycles", "repetitions"),
            "rest": Knob(60.0, 10.0, "s", "between repetitions"),
        },
        script=stuff,
    ),
    Scenario(
        name="burst-requoter",
        summary="A fast maker follows a price that runs after news, with very many messages.",
        typologies=(Typology.QUOTE_STUFFING,),
        twin_of="quote-stuffing",
        accounts=("bystander",),
        latency=200_000,
        knobs={
            "levels": Knob(2.0, 6.0, "levels", "quotes on a side"),
            "change": Knob(0.0003, 0.001, "of value", "what the news mean"),
            "reaction": Knob(0.5, 0.02, "s", "between looks at the price"),
            "burst": Knob(8.0, 20.0, "s", "how long he quotes"),
            "cycles": Knob(4.0, 16.0, "cycles", "repetitions"),
            "rest": Knob(50.0, 15.0, "s", "between repetitions"),
        },
        script=requote_in_bursts,
    ),
)
