"""Marking reference windows: trades that push the price while others settle by it; and look-alikes.

Delegated Regulation (EU) 2016/522, annex II, section 1, 5(d), marking the close; for benchmarks the same at
their windows, as in the orders against foreign exchange dealers at the 4 p.m. fix (CFTC, 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final

from tapewarden.domain.kinds import MINUTE, SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    a_side,
    depth_near,
    flatten,
    is_closing,
    observe,
    opposite,
    take_slice,
    toward_nothing,
    withdraw,
)

BEFORE: Final = 45 * SECOND  # before a window of which somebody looks at the price
BUILT: Final = 20 * SECOND  # before a window in which a price is pushed, when the position is complete
LEAST_STIR: Final = 0.4  # ticks per square root of a second, taken for a market that hardly moves
LOOK, LOOKS = 8.0, 10  # seconds between looks at the market before the first window, and how many
BUILDING: Final = 60  # orders in which a position is built, about
BETWEEN: Final = 0.5  # seconds between them
AGAIN: Final = SECOND // 10  # between looks whether the price is still there
STANDING: Final = 5  # usual orders that then hold it there
GIVING: Final = 90 * SECOND  # in which it trades back what a push brought
BENCHMARK: Final = 10  # orders in which a benchmark order is worked
DISLOCATED: Final = 2.0  # ticks
LENGTH: Final = 25 * MINUTE


def mark(stage: Stage) -> Script:
    """Hold something, push its price in each window, trade back what that took, and leave at the end."""
    desk, knobs = stage.desk, stage.knobs
    side = a_side(stage)
    stage.begin_cycle()
    shown = float(depth_near(desk, side))
    stir = max((yield from observe(desk, LOOK, LOOKS)), LEAST_STIR)
    shown = max((shown + depth_near(desk, side)) / 2, desk.usual_size)
    yield from let_pass(stage)
    windows = coming(stage, round(knobs["windows"]))
    yield from build(stage, desk, side, knobs["position"] * shown, windows)
    stage.end_cycle()
    base = abs(desk.position)
    for opening, closing in windows:
        yield from wait_until(stage, opening)
        stage.begin_cycle()
        stage.harm()
        far = knobs["push"] * stir * sqrt((closing - opening) / SECOND) * desk.tick
        yield from push(stage, desk, side, far, closing, base)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
        yield from give_back(stage, desk, base)
    stage.begin_cycle()
    yield from flatten(stage, desk)
    stage.end_cycle()


def give_back(stage: Stage, desk: Desk, base: int) -> Script:
    """Trade back, for a minute or two, what is held beyond a base."""
    side = toward_nothing(desk)
    until = stage.now + GIVING
    while abs(desk.position) - base >= desk.lot and stage.now < until and not is_closing(stage):
        yield from take_slice(stage, desk, side, abs(desk.position) - base, "cover")
        yield stage.pause(1)


def coming(stage: Stage, most: int) -> list[tuple[int, int]]:
    """So many of the windows that open from now on and close in time."""
    soon = [(opening, closing) for opening, closing in stage.windows if opening > stage.now]
    return [(opening, closing) for opening, closing in soon if closing < stage.until - MINUTE][:most]


def let_pass(stage: Stage) -> Script:
    """Wait until the window that is open, if there is one, has closed."""
    begun = [closing for opening, closing in stage.windows if opening <= stage.now]
    yield from wait_until(stage, max(begun, default=0))


def wait_until(stage: Stage, time: int) -> Script:
    """Let time pass."""
    yield Pause(max(time - stage.now, 0))


def build(stage: Stage, desk: Desk, side: Side, size: float, windows: Sequence[tuple[int, int]]) -> Script:
    """Buy a position in small slices, as far as there is time before the first window."""
    until = windows[0][0] - BUILT if windows else stage.now
    while abs(desk.position) < size and stage.now < until:
        yield from take_slice(stage, desk, side, desk.lots(size / BUILDING), "intent")
        yield stage.pause(BETWEEN)


def push(stage: Stage, desk: Desk, side: Side, far: float, closing: int, base: int) -> Script:
    """Take the best price now and then; bring the price far as the window closes, and hold it there.

    What a push takes is a part of what is held: else it could cost more than it brings.
    """
    knobs = stage.knobs
    last = closing - int(knobs["last"] * SECOND)
    every = (last - stage.now) / max(round(knobs["orders"]), 1)
    while stage.now + every < last:
        yield Pause(int(every * stage.chance.uniform(0.8, 1.2)))
        yield from take_slice(stage, desk, side, desk.usual_size, "ignite")
    yield from wait_until(stage, last)
    goal = int((desk.mid + int(side) * far) // desk.tick) * desk.tick
    orders: list[Ticket] = []
    while stage.now < closing:
        left = (1 + knobs["spent"]) * base - abs(desk.position)
        if left >= desk.lot and not any(order.is_open for order in orders):
            orders.append(hold_at(stage, desk, side, goal, left))
        yield Pause(min(AGAIN, closing - stage.now))
    yield from withdraw(stage, desk, *orders)


def hold_at(stage: Stage, desk: Desk, side: Side, price: int, most: float) -> Ticket:
    """Take all that stands before a price, and stand there with some more, so that it does not come back."""
    before = max((price - desk.best(opposite(side))) * int(side), 0)
    size = desk.depth(opposite(side), before) + STANDING * desk.usual_size
    order = desk.place(side, desk.lots(min(size, most)), max(price, desk.tick))
    stage.note("ignite", order)
    return order


def arbitrage(stage: Stage) -> Script:
    """Trade against what moves the price in a window, and close it once the price is back."""
    desk, knobs = stage.desk, stage.knobs
    for opening, closing in coming(stage, round(knobs["windows"])):
        yield from wait_until(stage, opening - BEFORE)
        fair = desk.mid
        yield from wait_until(stage, opening + int(knobs["delay"] * SECOND))
        stage.begin_cycle()
        while stage.now < closing - SECOND:
            apart = (desk.mid - fair) / desk.tick
            if abs(apart) >= DISLOCATED:
                side = Side.SELL if apart > 0 else Side.BUY
                yield from take_slice(stage, desk, side, desk.lots(knobs["size"] * desk.usual_size), "benign")
            yield stage.pause(knobs["pause"])
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
        yield from flatten(stage, desk)
    yield from flatten(stage, desk)


def rebalance(stage: Stage) -> Script:
    """A fund that trades what its clients put in and took out at the reference price: in both directions."""
    desk, knobs = stage.desk, stage.knobs
    for opening, closing in coming(stage, round(knobs["windows"])):
        yield from wait_until(stage, opening)
        stage.begin_cycle()
        put_in = stage.chance.uniform(0.3, 0.7)
        total = knobs["share"] * desk.turnover * (closing - opening) / SECOND
        for place in range(BENCHMARK):
            side = Side.BUY if (place + 1) * put_in % 1 < put_in else Side.SELL
            order = desk.place(
                side, desk.lots(total / BENCHMARK), desk.best(opposite(side)), flags=Flag.IMMEDIATE
            )
            stage.note("benign", order)
            yield Pause((closing - opening) // BENCHMARK - SECOND // 10)
        stage.end_cycle()


def slice_through(stage: Stage) -> Script:
    """A large order in small slices at even times, in windows as outside of them, kept."""
    desk, knobs = stage.desk, stage.knobs
    side = a_side(stage)
    until = stage.now + int(knobs["minutes"] * MINUTE)
    size = knobs["share"] * desk.turnover * knobs["every"]
    stage.begin_cycle()
    while stage.now < until and not is_closing(stage):
        order = desk.place(side, desk.lots(size), desk.best(opposite(side)), flags=Flag.IMMEDIATE)
        stage.note("benign", order)
        yield Pause(int(knobs["every"] * SECOND))
    stage.end_cycle()


_WINDOWS: Final = Knob(4.0, 6.0, "windows", "in which it trades")

SCENARIOS: Final = (
    Scenario(
        name="marking",
        summary="Somebody who holds the asset pushes its price in each reference window.",
        typologies=(Typology.MARKING_THE_CLOSE,),
        expected_detectors=("MTC-01",),
        length=LENGTH,
        knobs={
            "position": Knob(1.2, 7.0, "of depth", "held before the first window"),
            "push": Knob(2.5, 20.0, "usual moves", "of such a time, to which the price is brought"),
            "spent": Knob(0.4, 2.0, "of position", "that a push may take"),
            "orders": Knob(2.0, 6.0, "orders", "in a window before the last ones"),
            "last": Knob(2.0, 0.3, "s", "before the end of a window, when the price is brought there"),
            "windows": _WINDOWS,
            "rest": Knob(15.0, 3.0, "s", "until it trades back what the push took"),
        },
        script=mark,
    ),
    Scenario(
        name="funding-arbitrageur",
        summary="A trader sells in reference windows when the price has risen there, and buys when it fell.",
        typologies=(Typology.MARKING_THE_CLOSE,),
        twin_of="marking",
        accounts=("bystander",),
        latency=1_000_000,
        length=LENGTH,
        knobs={
            "size": Knob(0.5, 3.0, "usual orders", "of a trade"),
            "delay": Knob(6.0, 1.0, "s", "from the opening of a window to the first order"),
            "pause": Knob(6.0, 2.0, "s", "between trades"),
            "windows": _WINDOWS,
            "rest": Knob(40.0, 10.0, "s", "until it closes"),
        },
        script=arbitrage,
    ),
    Scenario(
        name="benchmark-rebalancer",
        summary="A fund trades at the reference price what its clients put in and took out.",
        typologies=(Typology.MARKING_THE_CLOSE,),
        twin_of="marking",
        accounts=("bystander",),
        length=LENGTH,
        knobs={
            "share": Knob(0.3, 1.5, "of volume", "its trades beside the usual ones of a window"),
            "windows": _WINDOWS,
        },
        script=rebalance,
    ),
    Scenario(
        name="twap-through",
        summary="A large order is worked at even times, in reference windows as outside of them.",
        typologies=(Typology.MARKING_THE_CLOSE,),
        twin_of="marking",
        accounts=("bystander",),
        length=LENGTH,
        knobs={
            "share": Knob(0.2, 0.8, "of volume", "its trades beside the usual ones"),
            "every": Knob(10.0, 4.0, "s", "from one order to the next"),
            "minutes": Knob(20.0, 24.0, "min", "how long it buys"),
        },
        script=slice_through,
    ),
)
