"""Pump and dump: some buy quietly, a crowd is told to buy at once, and is sold to; and look-alikes.

As La Morgia, Mei, Sassi and Stefa (2020, 2023) saw it in groups of messengers: organizers accumulate, the
name is announced, and within seconds many accounts buy at the market, each order filled by several others.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from typing import Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.followers import Followers
from tapewarden.simulator.scenarios.momentum_ignition import keep_sweeping
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    LAST_TRADE,
    behind,
    cycles,
    depth_near,
    flatten,
    is_closing,
    perform_in_time,
    take_slice,
    watch,
    withdraw,
)

ORGANIZERS: Final = 2
FOLLOWERS: Final = 25
BUYING: Final = 16  # orders in which organizers buy
LADDER: Final = 8  # orders in which they sell to the crowd
NEWS: Final = 0.5  # seconds until they come
READERS: Final = 0.7  # of traders, who read the news in time
REGRET: Final = 0.6  # of what followers bought, sold in panic
SETTLING: Final = 90.0  # seconds, in which the price forgets what organizers bought
SWEPT: Final = 2.0  # times what the market shows near its price, that followers buy together at least
PATIENCE: Final = 90.0  # seconds, in which they wait for as much on offer as usual
PANIC: Final = 30.0  # seconds until a follower sells, on average

Acts = Iterator[tuple[float, Callable[[], None]]]


def pump(stage: Stage) -> Script:
    """Buy quietly, announce, sell to those who rush in, and sell the rest at any price."""
    desks = [legs[0] for legs in stage.desks]
    organizers, followers = desks[:ORGANIZERS], desks[ORGANIZERS:]
    stage.begin_cycle()
    usual = yield from buy_quietly(stage, organizers)
    stage.end_cycle()
    yield stage.pause(SETTLING)
    yield from watch(stage, PATIENCE, lambda: depth_near(stage.desk, Side.SELL) >= usual)
    stage.begin_cycle()
    stage.harm()
    offers = [(desk, offer(stage, desk)) for desk in organizers]
    yield from perform_in_time(stage, rush(stage, followers))
    for desk, orders in offers:
        yield from withdraw(stage, desk, *orders)
    yield from flatten(stage, *organizers)
    yield from perform_in_time(stage, regret(stage, followers))
    yield Pause(SECOND)
    stage.end_cycle()


def buy_quietly(stage: Stage, desks: Sequence[Desk]) -> Generator[Pause, None, float]:
    """Take a little now and then, no more than a share of what trades; gives what others usually offer."""
    knobs, offered = stage.knobs, 0
    for _ in range(BUYING):
        offered += depth_near(stage.desk, Side.SELL)
        for desk in desks:
            size = knobs["quietly"] * desk.turnover * knobs["prepare"] * 60 / BUYING / len(desks)
            yield from take_slice(stage, desk, Side.BUY, desk.lots(size), "intent")
            yield stage.pause(knobs["prepare"] * 60 / BUYING / len(desks))
    return offered / BUYING


def offer(stage: Stage, desk: Desk) -> list[Ticket]:
    """Lay orders to sell where the crowd will push the price."""
    if desk.position <= 0:
        return []
    height = stage.knobs["height"] * desk.mid
    orders = [
        desk.place(
            Side.SELL,
            desk.lots(desk.position / LADDER),
            behind(desk, Side.SELL, 1 + int(height * (step + 1) / LADDER / desk.tick)),
            flags=Flag.POST_ONLY,
        )
        for step in range(LADDER)
    ]
    stage.note("cover", *orders)
    return orders


def rush(stage: Stage, followers: Sequence[Desk]) -> Acts:
    """When followers buy: most at once, each several times, more often where more is traded.

    Together they want more than is offered: groups choose what is thin enough for them to move.
    """
    knobs, chance, desk = stage.knobs, stage.chance, stage.desk
    orders = max(round(knobs["orders"]), round(knobs["crowd"] * 60 * desk.pace / FOLLOWERS))
    enough = SWEPT * depth_near(desk, Side.SELL) / (orders * FOLLOWERS)
    size = max(knobs["size"] * desk.usual_size, enough)
    for desk in followers:
        for _ in range(orders):
            yield chance.exponential(knobs["haste"]), partial(buy_at_market, stage, desk, size)


def buy_at_market(stage: Stage, desk: Desk, size: float) -> None:
    """Buy about so much, whatever it costs."""
    wanted = max(size, desk.usual_size) * stage.chance.uniform(0.6, 1.4)
    order = desk.place(Side.BUY, desk.lots(wanted))
    stage.note("benign", order)


def regret(stage: Stage, followers: Sequence[Desk]) -> Acts:
    """Some sell again, at a loss, while the price falls."""
    for desk in followers:
        if desk.position > 0 and stage.chance.random() < REGRET:
            yield stage.chance.exponential(PANIC), partial(sell_at_market, stage, desk)


def sell_at_market(stage: Stage, desk: Desk) -> None:
    """Sell everything, if the tape still shows it."""
    if stage.now < stage.until - LAST_TRADE:
        stage.note("benign", desk.place(Side.SELL, desk.position))


def jump(stage: Stage) -> Script:
    """News that are good change what the asset is worth; several traders read them and buy, for good."""
    knobs = stage.knobs
    traders = [legs[0] for legs in stage.desks]
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        stage.news(NEWS, knobs["change"])
        yield from perform_in_time(stage, reactions(stage, traders))
        yield Pause(SECOND)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])


def reactions(stage: Stage, traders: Sequence[Desk]) -> Acts:
    """When those who read the news in time buy."""
    size = depth_near(stage.desk, Side.SELL) * stage.knobs["size"]
    for desk in traders:
        if stage.chance.random() < READERS:
            when = NEWS + stage.chance.exponential(stage.knobs["reaction"])
            yield when, partial(buy_at_market, stage, desk, size)


def buy_for_good(stage: Stage) -> Script:
    """One account that wants much at once."""
    yield from keep_sweeping(stage, Side.BUY, Followers(stage, 0.0))


SCENARIOS: Final = (
    Scenario(
        name="pump-and-dump",
        summary="Organizers buy quietly, a crowd is told to buy at once, and is sold to.",
        typologies=(Typology.PUMP_AND_DUMP,),
        expected_detectors=("PND-02",),
        accounts=("manipulator",) * ORGANIZERS + ("victim",) * FOLLOWERS,
        latency=20_000_000,
        length=16 * 60 * SECOND,
        knobs={
            "prepare": Knob(6.0, 8.0, "min", "in which organizers buy"),
            "quietly": Knob(0.15, 0.4, "of volume", "that they buy"),
            "height": Knob(0.001, 0.006, "of price", "at which they mean to sell the last part"),
            "orders": Knob(4.0, 30.0, "orders", "of each follower, at least"),
            "crowd": Knob(
                0.7, 9.0, "usual minutes", "whose trades are as many as the orders of all followers"
            ),
            "size": Knob(1.0, 2.4, "usual orders", "that an order of a follower is worth"),
            "haste": Knob(12.0, 3.0, "s", "from the announcement to an order, on average"),
        },
        script=pump,
    ),
    Scenario(
        name="news-jump",
        summary="Good news change what the asset is worth, and several traders buy at once.",
        typologies=(Typology.PUMP_AND_DUMP,),
        twin_of="pump-and-dump",
        accounts=("bystander",) * 6,
        latency=20_000_000,
        knobs={
            "change": Knob(0.001, 0.01, "of value", "what the news mean"),
            "reaction": Knob(10.0, 1.0, "s", "until a trader has read them"),
            "size": Knob(0.02, 0.1, "of depth", "an order beside what the market shows near its price"),
            "cycles": Knob(1.0, 3.0, "news", "one after another"),
            "rest": Knob(300.0, 180.0, "s", "between them"),
        },
        script=jump,
    ),
    Scenario(
        name="whale-buyer",
        summary="One account takes several levels at once, a few times in a row, and keeps what it bought.",
        typologies=(Typology.PUMP_AND_DUMP,),
        twin_of="pump-and-dump",
        accounts=("bystander",),
        knobs={
            "levels": Knob(3.0, 10.0, "levels", "swept at once"),
            "cycles": Knob(2.0, 6.0, "sweeps", "in a row"),
            "rest": Knob(20.0, 3.0, "s", "between them"),
        },
        script=buy_for_good,
    ),
)
