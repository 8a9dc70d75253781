"""Spoofing, by one account or by two of one owner, and those who look like it.

The pattern of the spoofing orders of the CFTC (Panther, 2013; Oystacher, 2016; JPMorgan, 2020): a large order
that is not meant to trade, a small one across that is, and the large one gone when the small one is filled.
"""

from __future__ import annotations

from typing import Final

from tapewarden.domain.kinds import MINUTE, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Script
from tapewarden.simulator.scenarios.pressure import Manner, deceive
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    behind,
    cycles,
    depth_near,
    fill_time,
    flatten,
    is_closing,
    opposite,
    watch,
    withdraw,
    within_reach,
)

MOST_LEAN: Final = 0.95  # of a quote's size
ONE_ORDER: Final = (Manner(1, 1, 0), Manner(1, 2, 0), Manner(1, 4, 0))


def spoof(stage: Stage) -> Script:
    """Bait and intent from one account."""
    yield from deceive(stage, stage.desk, stage.desk, ONE_ORDER)


def spoof_from_two_accounts(stage: Stage) -> Script:
    """Bait from one account, intent from another of the same owner."""
    (bait,), (intent,) = stage.desks
    yield from deceive(stage, bait, intent, ONE_ORDER)


def stop_and_reverse(stage: Stage) -> Script:
    """A trader with a large order on one side who changes his mind when filled on the other, and means it."""
    desk, chance = stage.desk, stage.chance
    for _ in cycles(stage):
        if is_closing(stage):
            break
        side = Side.BUY if desk.position <= 0 else Side.SELL
        size = desk.lots(desk.usual_size * chance.uniform(2, 4))
        stage.begin_cycle()
        exit_order = desk.place(
            opposite(side), size, behind(desk, opposite(side), int(chance.integers(1, 5)))
        )
        entry = desk.place(side, desk.lots(size / 4), desk.best(side))
        stage.note("benign", exit_order, entry)
        yield from watch(stage, within_reach(2 * fill_time(desk, side, entry.size)), entry.has_ended)
        yield from withdraw(stage, desk, exit_order, entry)
        if entry.filled:
            reversal = desk.place(side, size)  # he goes on in the direction of his fill
            stage.note("benign", reversal)
        yield stage.pause(2)
        stage.end_cycle()
        yield stage.pause(stage.knobs["rest"])
    yield from flatten(stage, desk)


def skewing_maker(stage: Stage) -> Script:
    """A maker who, once filled, replaces his quotes: more on the side that brings him back."""
    desk, knobs = stage.desk, stage.knobs
    base = depth_near(desk, Side.BUY) * knobs["share"]
    until = stage.now + int(knobs["minutes"] * MINUTE)
    while stage.now < until and not is_closing(stage):
        stage.begin_cycle()
        lean = max(min(desk.position / base, 1.0), -1.0) * min(knobs["skew"], MOST_LEAN)
        bid, ask = quote(desk, Side.BUY, base, lean), quote(desk, Side.SELL, base, -lean)
        stage.note("benign", bid, ask)
        yield from watch(stage, knobs["patience"], lambda: is_touched(bid, ask))  # noqa: B023 - asked at once
        yield stage.pause(knobs["delay"])
        yield from withdraw(stage, desk, bid, ask)
        stage.end_cycle()
    yield from flatten(stage, desk)


def quote(desk: Desk, side: Side, base: float, lean: float) -> Ticket:
    """A quote that is the smaller and the farther away, the more its filling would add to what is held."""
    away = 1 + round(2 * max(lean, 0.0))
    size = desk.lots(base * (1 - lean))
    return desk.place(side, size, behind(desk, side, away - (lean < 0)), flags=Flag.POST_ONLY)


def is_touched(*orders: Ticket) -> bool:
    """Whether one of the orders traded or ended."""
    return any(order.filled or not order.is_open for order in orders)


_CYCLES: Final = Knob(4.0, 40.0, "cycles", "repetitions")
_REST: Final = Knob(60.0, 8.0, "s", "between repetitions")

PRESSING: Final = {
    "ratio": Knob(4.0, 25.0, "times", "bait beside the genuine order, where the market would fill that"),
    "share": Knob(0.1, 1.2, "of depth", "bait beside what the market shows near its price"),
    "delay": Knob(5.0, 0.2, "s", "from the fill to the pull"),
    "patience": Knob(2.0, 4.0, "times", "how long the bait waits, beside how long such a fill usually takes"),
    "cover": Knob(0.5, 0.02, "of the bait", "shown on the other side too, so that it looks like quoting"),
    "cycles": _CYCLES,
    "rest": _REST,
}
"""What severity changes in whoever presses on a book."""

SCENARIOS: Final = (
    Scenario(
        name="spoofing",
        summary="A wall on one side lets a small order on the other be filled, and is pulled.",
        typologies=(Typology.SPOOFING,),
        expected_detectors=("SPF-01",),
        knobs=PRESSING,
        script=spoof,
    ),
    Scenario(
        name="spoofing-two-accounts",
        summary="The wall from one account, the small order from another of the same owner.",
        typologies=(Typology.SPOOFING,),
        expected_detectors=("SPF-01",),
        accounts=("manipulator", "manipulator"),
        owners=True,
        knobs=PRESSING,
        script=spoof_from_two_accounts,
    ),
    Scenario(
        name="stop-and-reverse",
        summary="A trader withdraws a large order after a fill on the other side, and goes on that way.",
        typologies=(Typology.SPOOFING,),
        twin_of="spoofing",
        accounts=("bystander",),
        knobs={"cycles": _CYCLES, "rest": _REST},
        script=stop_and_reverse,
    ),
    Scenario(
        name="skewing-maker",
        summary="A maker replaces both quotes after a fill, unequal because of what it holds.",
        typologies=(Typology.SPOOFING,),
        twin_of="spoofing",
        accounts=("bystander",),
        latency=1_000_000,
        knobs={
            "share": Knob(0.02, 0.2, "of depth", "a quote beside what the market shows near its price"),
            "skew": Knob(0.5, 0.95, "of size", "moved from one side to the other when inventory is full"),
            "patience": Knob(20.0, 5.0, "s", "until quotes are renewed without a fill"),
            "delay": Knob(1.0, 0.05, "s", "from a fill to new quotes"),
            "minutes": Knob(6.0, 30.0, "min", "how long it quotes"),
        },
        script=skewing_maker,
    ),
)
