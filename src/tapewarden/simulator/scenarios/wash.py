"""Wash trading within one account or one owner, and firms whose strategies meet by chance.

The pattern of the self-matching found in the leaked records of Mt. Gox, and of the venues that the SEC and
the DOJ charged in 2024: orders on both sides from one hand, at a price where nobody else is in the way.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    a_side,
    behind,
    cycles,
    flatten,
    is_closing,
    join_best,
    opposite,
    watch,
    withdraw,
)

TRIES: Final = 3  # for each trade that is meant to come about
PATIENCE: Final = 25.0  # seconds in which an order comes to the front of its queue, or is given up


def matched(stage: Stage, maker: Desk, taker: Desk, side: Side, size: int) -> Generator[Pause, None, bool]:
    """Let ``maker`` rest an order on a side and ``taker`` trade with it; whether they met.

    Inside the spread where there is room; otherwise the order waits until hardly anybody is before it.
    """
    resting = maker.place(side, size, best_place(maker, side), flags=Flag.POST_ONLY)
    stage.note("wash", resting)
    yield Pause(SECOND, until_answer=lambda: resting.number > 0)

    def is_in_front() -> bool:
        return not resting.is_open or (
            resting.price == maker.best(side) and maker.ahead(resting) <= stage.knobs["sweep"] * size
        )

    yield from watch(stage, PATIENCE, is_in_front, lambda: join_best(maker, resting), glance=0.3)
    yield Pause(int(stage.knobs["delay"] * stage.chance.uniform(0.5, 1.5) * SECOND))
    met = False
    if resting.is_open and is_in_front():
        sweep = resting.remaining + maker.ahead(resting)
        taking = taker.place(opposite(side), sweep, resting.price, flags=Flag.IMMEDIATE)
        stage.note("wash", taking)
        yield Pause(2 * SECOND, until_answer=taking.has_ended)
        yield stage.pause(0.1)  # the resting order's fill is told behind the other's
        met = not set(resting.trades).isdisjoint(taking.trades)
    yield from withdraw(stage, maker, resting)
    return met


def best_place(desk: Desk, side: Side) -> int:
    """A price inside the spread where there is room, the best one otherwise."""
    inside = desk.best(side) + int(side) * desk.tick
    if desk.bid is not None and desk.ask is not None and desk.bid < inside < desk.ask:
        return inside
    return desk.best(side)


def wash(stage: Stage) -> Script:
    """Trade with oneself, or between two accounts of one owner; sometimes for real."""
    first, last = stage.desks[0][0], stage.desks[-1][0]
    missing = len(cycles(stage))
    for _ in range(TRIES * missing):
        if is_closing(stage) or missing == 0:
            break
        stage.begin_cycle()
        stage.harm()
        maker, taker = (first, last) if stage.chance.random() < 0.5 else (last, first)
        size = maker.lots(maker.usual_size * stage.knobs["size"] * stage.chance.uniform(0.6, 1.4))
        missing -= yield from matched(stage, maker, taker, a_side(stage), size)
        stage.end_cycle()
        if stage.chance.random() < stage.knobs["genuine"]:
            yield from trade_for_real(stage, taker)
        yield stage.pause(stage.knobs["rest"])
    yield from flatten(stage, *dict.fromkeys((first, last)))


def trade_for_real(stage: Stage, desk: Desk) -> Script:
    """A trade with whoever is there, as cover."""
    order = desk.place(a_side(stage), desk.lots(desk.usual_size * stage.chance.uniform(0.2, 1.0)))
    stage.note("cover", order)
    yield Pause(2 * SECOND, until_answer=order.has_ended)


def strategies_of_one_firm(stage: Stage) -> Script:
    """One strategy quotes, another takes for reasons of its own; the queue decides whether they meet."""
    quoting, taking = stage.desks[0][0], stage.desks[-1][0]
    quotes = [new_quote(stage, quoting, side) for side in (Side.BUY, Side.SELL)]
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        yield from trade_for_real(stage, taking)
        until = stage.now + int(stage.knobs["rest"] * stage.chance.exponential() * SECOND)
        while stage.now < until and not is_closing(stage):
            yield stage.pause(stage.knobs["reaction"])
            quotes = [renewed(stage, quoting, quote) for quote in quotes]
        stage.end_cycle()
    yield from withdraw(stage, quoting, *quotes)
    yield from flatten(stage, *dict.fromkeys((quoting, taking)))


def new_quote(stage: Stage, desk: Desk, side: Side) -> Ticket:
    """A quote at the best price, or just behind it."""
    order = desk.place(
        side, desk.usual_size, behind(desk, side, int(stage.chance.integers(0, 2))), flags=Flag.POST_ONLY
    )
    stage.note("benign", order)
    return order


def renewed(stage: Stage, desk: Desk, quote: Ticket) -> Ticket:
    """The quote at the best price again, or a new one where it traded."""
    if not quote.is_open:
        return new_quote(stage, desk, quote.side)
    join_best(desk, quote)
    return quote


SWEEP: Final = Knob(2.0, 60.0, "times", "the size: so much of others before the own order is taken along")
_KNOBS: Final = {
    "size": Knob(0.3, 3.0, "times", "a usual order"),
    "delay": Knob(2.0, 0.05, "s", "from the resting order to the one that takes it"),
    "sweep": SWEEP,
    "genuine": Knob(0.8, 0.05, "chance", "a trade with others after each with oneself"),
    "cycles": Knob(10.0, 100.0, "trades", "with oneself"),
    "rest": Knob(30.0, 4.0, "s", "between them"),
}
_FIRM: Final = {
    "reaction": Knob(3.0, 0.5, "s", "between looks of the strategy that quotes"),
    "cycles": Knob(20.0, 60.0, "trades", "of the strategy that takes"),
    "rest": Knob(40.0, 15.0, "s", "between them"),
}

SCENARIOS: Final = (
    Scenario(
        name="self-match",
        summary="An account trades with itself, to show volume that is none.",
        typologies=(Typology.SELF_MATCH,),
        expected_detectors=("WSH-01",),
        knobs=_KNOBS,
        script=wash,
    ),
    Scenario(
        name="same-owner",
        summary="Two accounts of one owner trade with each other.",
        typologies=(Typology.SAME_OWNER,),
        expected_detectors=("WSH-02",),
        accounts=("manipulator", "accomplice"),
        owners=True,
        knobs=_KNOBS,
        script=wash,
    ),
    Scenario(
        name="two-strategies",
        summary="One account quotes with one strategy and takes with another; now and then they meet.",
        typologies=(Typology.SELF_MATCH,),
        twin_of="self-match",
        accounts=("bystander",),
        knobs=_FIRM,
        script=strategies_of_one_firm,
    ),
    Scenario(
        name="two-desks",
        summary="Two desks of one firm, one quotes and one takes; now and then they meet.",
        typologies=(Typology.SAME_OWNER,),
        twin_of="same-owner",
        accounts=("bystander", "bystander"),
        owners=True,
        knobs=_FIRM,
        script=strategies_of_one_firm,
    ),
)
