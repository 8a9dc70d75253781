"""Trades arranged between accounts that nobody knows to belong together, in pairs and in circles.

Pairs as in the improper matched orders of Delegated Regulation (EU) 2016/522; circles as Victor and Weintraud
(2021) found them on exchanges that show who trades.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    a_side,
    behind,
    cycles,
    flatten,
    is_closing,
    opposite,
    toward_nothing,
    withdraw,
    within_reach,
)
from tapewarden.simulator.scenarios.wash import (
    SWEEP,
    TRIES,
    matched,
    new_quote,
    renewed,
    trade_for_real,
)


def arrange(stage: Stage) -> Script:
    """Two accounts enter opposite orders of one size at one price, moments apart."""
    first, last = stage.desks[0][0], stage.desks[1][0]
    missing = len(cycles(stage))
    for _ in range(TRIES * missing):
        if is_closing(stage) or missing == 0:
            break
        stage.begin_cycle()
        stage.harm()
        size = first.lots(first.usual_size * stage.knobs["size"] * stage.chance.uniform(0.7, 1.4))
        missing -= yield from matched(stage, first, last, a_side(stage), size)
        stage.end_cycle()
        if stage.chance.random() < stage.knobs["genuine"]:
            yield from trade_for_real(stage, last)
        yield stage.pause(stage.knobs["rest"])
    yield from flatten(stage, first, last)


def circle(stage: Stage) -> Script:
    """Several accounts hand the same size round, until everybody has what he had."""
    desks = [several[0] for several in stage.desks]
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        stage.harm()
        size = desks[0].lots(desks[0].usual_size * stage.knobs["size"] * stage.chance.uniform(0.8, 1.3))
        for seller, buyer in pairwise([*desks, desks[0]]):
            noisy = seller.lots(
                size * stage.chance.uniform(1 - stage.knobs["noise"], 1 + stage.knobs["noise"])
            )
            yield from matched(stage, seller, buyer, Side.SELL, noisy)
            yield stage.pause(stage.knobs["step"])
        stage.end_cycle()
        if stage.chance.random() < stage.knobs["genuine"]:
            yield from trade_for_real(stage, desks[int(stage.chance.integers(len(desks)))])
        yield stage.pause(stage.knobs["rest"])
    yield from flatten(stage, *desks)


def serve_one_taker(stage: Stage) -> Script:
    """A maker whose quotes are good, and a client who therefore trades with him again and again."""
    quoting, client = stage.desks[0][0], stage.desks[1][0]
    quotes = [new_quote(stage, quoting, side) for side in (Side.BUY, Side.SELL)]
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        until = stage.now + int(stage.knobs["rest"] * stage.chance.exponential() * SECOND)
        while stage.now < until and not is_closing(stage):
            yield stage.pause(stage.knobs["reaction"])
            quotes = [renewed(stage, quoting, quote) for quote in quotes]
        side = a_side(stage) if abs(client.position) < 3 * client.usual_size else toward_nothing(client)
        order = client.place(side, client.lots(client.usual_size * stage.chance.lognormal(0.0, 0.5)))
        stage.note("benign", order)
        yield Pause(2 * SECOND, until_answer=order.has_ended)
        stage.end_cycle()
    yield from withdraw(stage, quoting, *quotes)
    yield from flatten(stage, quoting, client)


def trade_in_blocks(stage: Stage) -> Script:
    """Two traders who work large orders of opposite sides in round sizes meet in the book for a while."""
    seller, buyer = stage.desks[0][0], stage.desks[1][0]
    size = seller.lots(seller.usual_size * stage.knobs["size"])
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        offer = seller.place(Side.SELL, size, behind(seller, Side.SELL, 0), flags=Flag.POST_ONLY)
        stage.note("benign", offer)
        yield stage.pause(within_reach(stage.knobs["rest"] / 2))
        lift = buyer.place(Side.BUY, size, buyer.best(opposite(Side.BUY)), flags=Flag.IMMEDIATE)
        stage.note("benign", lift)
        yield stage.pause(within_reach(stage.knobs["rest"] / 2))
        yield from withdraw(stage, seller, offer)
        stage.end_cycle()
    yield from flatten(stage, seller, buyer)


_ARRANGED: Final = {
    "size": Knob(0.5, 4.0, "times", "a usual order"),
    "delay": Knob(1.5, 0.05, "s", "from the first order to the second"),
    "sweep": SWEEP,
    "genuine": Knob(0.8, 0.05, "chance", "a trade with others after each arranged one"),
    "cycles": Knob(8.0, 160.0, "trades", "arranged"),
    "rest": Knob(40.0, 4.0, "s", "between them"),
}

SCENARIOS: Final = (
    Scenario(
        name="pre-arranged",
        summary="Two accounts enter matching orders moments apart, so that nobody else can trade with them.",
        typologies=(Typology.PREARRANGED,),
        expected_detectors=("WSH-03",),
        accounts=("manipulator", "accomplice"),
        knobs=_ARRANGED,
        script=arrange,
    ),
    Scenario(
        name="circular",
        summary="Three accounts hand the same size round and round.",
        typologies=(Typology.CIRCULAR,),
        expected_detectors=("WSH-04",),
        accounts=("manipulator", "accomplice", "accomplice"),
        knobs={
            "size": Knob(0.5, 4.0, "times", "a usual order"),
            "noise": Knob(0.05, 0.001, "of size", "by which the size changes on the way"),
            "delay": Knob(1.5, 0.05, "s", "from the first order of a trade to the second"),
            "sweep": SWEEP,
            "step": Knob(15.0, 2.0, "s", "from trade to trade"),
            "genuine": Knob(0.8, 0.05, "chance", "a trade with others after each round"),
            "cycles": Knob(6.0, 40.0, "rounds", "of the size"),
            "rest": Knob(30.0, 5.0, "s", "between rounds"),
        },
        script=circle,
    ),
    Scenario(
        name="loyal-client",
        summary="A maker with good quotes, and a client who trades with him again and again.",
        typologies=(Typology.PREARRANGED,),
        twin_of="pre-arranged",
        accounts=("bystander", "bystander"),
        knobs={
            "reaction": Knob(2.0, 0.5, "s", "between looks of the maker"),
            "cycles": Knob(10.0, 60.0, "trades", "of the client"),
            "rest": Knob(50.0, 12.0, "s", "between them"),
        },
        script=serve_one_taker,
    ),
    Scenario(
        name="two-executions",
        summary="Two traders work large opposite orders in equal slices and meet in the book for a while.",
        typologies=(Typology.CIRCULAR,),
        twin_of="circular",
        accounts=("bystander", "bystander"),
        knobs={
            "size": Knob(0.5, 2.0, "times", "a usual order"),
            "cycles": Knob(8.0, 40.0, "slices", "of the large orders"),
            "rest": Knob(40.0, 12.0, "s", "between slices"),
        },
        script=trade_in_blocks,
    ),
)
