"""Trading ahead of clients: who knows of an order trades before it is routed; and look-alikes.

FINRA rule 5270 and Regulation (EU) 2023/1114, article 87(1)(b): use of information on a client's pending
orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tapewarden.domain.kinds import SECOND, ClientStage, Flag, LinkKind, Side
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.belief import Belief
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    a_side,
    behind,
    cycles,
    flatten,
    is_closing,
    opposite,
    reach,
    take_slice,
    take_up_to,
    toward_nothing,
    withdraw,
)

SLICES: Final = 6  # in which a client's order is worked
DEEP: Final = 6  # levels that a slice may take: clients in a hurry, or there is nothing to gain by them
INSIDERS: Final = (LinkKind.HOUSE, LinkKind.EMPLOYEE, LinkKind.INFORMATION)
LENGTH: Final = 24 * 60 * SECOND


@dataclass(slots=True)
class Order:
    """A client's order on its way through a broker."""

    stage: Stage
    broker: Desk
    client: Desk
    side: Side
    size: int
    number: int = 0

    def tell(self, step: ClientStage) -> None:
        """The broker's records show a step."""
        report = self.broker.report_client_order
        self.number = report(step, self.client.name, self.side, self.size, self.number)

    def work(self) -> Script:
        """Trade it in slices that move the price, a part of that for good: others see that much is wanted."""
        belief = Belief(self.stage)
        for _ in range(SLICES):
            price, _ = reach(self.client, opposite(self.side), DEEP)
            order = self.client.place(
                self.side, self.client.lots(self.size / SLICES), price, flags=Flag.IMMEDIATE
            )
            self.stage.note("benign", order)
            yield Pause(SECOND, until_answer=order.has_ended)
            belief.learn()
            yield self.stage.pause(self.stage.knobs["work"] / SLICES)


def receive(stage: Stage) -> Order:
    """A client sends an order that will move the price: about what several levels show.

    One of the clients buys, one sells, each for good, and one does both.
    """
    _, broker, *clients = (legs[0] for legs in stage.desks)
    number = int(stage.chance.integers(len(clients)))
    client, side = clients[number], (Side.BUY, Side.SELL, a_side(stage))[number]
    _, size = reach(client, opposite(side), max(round(stage.knobs["impact"]), 1))
    order = Order(stage, broker, client, side, client.lots(size * stage.chance.uniform(0.7, 1.3)))
    order.tell(ClientStage.RECEIVED)
    return order


def front_run(stage: Stage) -> Script:
    """Buy between receipt and routing of a client's order to buy, and sell when it has moved the price."""
    desk, knobs = stage.desk, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        order = receive(stage)
        yield stage.pause(knobs["handling"] / 2)
        if stage.chance.random() < knobs["greed"]:
            stage.harm()
            price, _ = reach(desk, opposite(order.side), 2)
            take_up_to(stage, desk, order.side, price, "intent", order.size * knobs["share"])
        yield stage.pause(knobs["handling"] / 2)
        order.tell(ClientStage.ROUTED)
        exits = offer(stage, desk)
        yield from order.work()
        yield from withdraw(stage, desk, *exits)
        yield from leave(stage, desk)
        order.tell(ClientStage.COMPLETED)
        stage.end_cycle()
        yield from disguise(stage, desk)
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


def offer(stage: Stage, desk: Desk) -> list[Ticket]:
    """Offer what was bought at the best price, where the client's order will take it."""
    if not desk.position:
        return []
    side = toward_nothing(desk)
    order = desk.place(side, abs(desk.position), behind(desk, side, 0), flags=Flag.POST_ONLY)
    stage.note("cover", order)
    return [order]


def leave(stage: Stage, desk: Desk) -> Script:
    """Sell at once what the next levels take, while the price is where the client has moved it."""
    if desk.position:
        side = toward_nothing(desk)
        price, _ = reach(desk, opposite(side), 3)
        order = take_up_to(stage, desk, side, price, "cover", abs(desk.position))
        yield Pause(SECOND, until_answer=order.has_ended)
        yield from flatten(stage, desk)


def disguise(stage: Stage, desk: Desk) -> Script:
    """Trades that have nothing to do with clients, so that others are less of a share."""
    if stage.chance.random() < stage.knobs["disguise"]:
        yield stage.pause(stage.knobs["rest"] / 4)
        yield from take_slice(stage, desk, a_side(stage), desk.usual_size, "cover")
        yield from flatten(stage, desk)


def hedge(stage: Stage) -> Script:
    """A desk that sells to clients from its own book, and buys what it sold afterwards."""
    desk, knobs = stage.desk, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        order = receive(stage)
        yield stage.pause(knobs["handling"])
        order.tell(ClientStage.ROUTED)
        yield from order.work()
        order.tell(ClientStage.COMPLETED)
        for _ in range(3):
            yield from take_slice(stage, desk, order.side, desk.lots(order.size / 3), "benign")
        stage.end_cycle()
        yield stage.pause(knobs["rest"])
    yield from flatten(stage, desk)


def trade_on_his_own(stage: Stage) -> Script:
    """Somebody who works at the broker and trades for himself, at any time and in either direction."""
    desk, knobs = stage.desk, stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        order = receive(stage)
        yield from trade_now_and_then(stage, desk, knobs["handling"])
        order.tell(ClientStage.ROUTED)
        yield from order.work()
        order.tell(ClientStage.COMPLETED)
        stage.end_cycle()
        yield from trade_now_and_then(stage, desk, knobs["rest"])
    yield from flatten(stage, desk)


def trade_now_and_then(stage: Stage, desk: Desk, seconds: float) -> Script:
    """Trade at random times, as often as the knob says, for so many seconds."""
    until = stage.now + int(seconds * SECOND)
    while True:
        wait = int(stage.chance.exponential(60 / stage.knobs["trades"]) * SECOND)
        if stage.now + wait >= until:
            break
        yield Pause(wait)
        side = a_side(stage) if abs(desk.position) < 4 * desk.usual_size else toward_nothing(desk)
        order = desk.place(side, desk.lots(desk.usual_size * stage.chance.uniform(0.3, 2.0)))
        stage.note("benign", order)
    yield Pause(max(until - stage.now, 0))


def begin_early(stage: Stage) -> Script:
    """A client who begins to trade his own order in small pieces before the broker routes the rest."""
    knobs = stage.knobs
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        order = receive(stage)
        for _ in range(3):
            yield stage.pause(knobs["handling"] / 3)
            size = order.client.lots(order.size * knobs["share"] / 3)
            yield from take_slice(stage, order.client, order.side, size, "benign")
        order.tell(ClientStage.ROUTED)
        yield from order.work()
        order.tell(ClientStage.COMPLETED)
        stage.end_cycle()
        yield stage.pause(knobs["rest"])


_CLIENTS: Final = {
    "impact": Knob(8.0, 20.0, "levels", "of the book that a client's order is worth"),
    "handling": Knob(4.0, 7.0, "s", "from receipt to routing"),
    "work": Knob(8.0, 12.0, "s", "in which a client's order is traded"),
    "cycles": Knob(20.0, 45.0, "orders", "of clients"),
    "rest": Knob(24.0, 8.0, "s", "from one order to the next"),
}
_AHEAD: Final = Knob(0.1, 0.6, "of the order", "traded before it")
_FIRM: Final = ("bystander", "bystander", "victim", "victim", "victim")

SCENARIOS: Final = (
    Scenario(
        name="trading-ahead",
        summary="Somebody who knows clients' orders trades before they are routed, and closes into them.",
        typologies=(Typology.FRONT_RUNNING,),
        expected_detectors=("FRT-01",),
        accounts=("manipulator", "bystander", "victim", "victim", "victim"),
        insight=INSIDERS,
        latency=2_000_000,
        length=LENGTH,
        knobs={
            **_CLIENTS,
            "share": _AHEAD,
            "greed": Knob(0.6, 1.0, "of orders", "that it trades ahead of"),
            "disguise": Knob(0.8, 0.1, "chance", "of a trade of another kind after each"),
        },
        script=front_run,
    ),
    Scenario(
        name="client-hedger",
        summary="A desk that serves clients hedges after their orders, never before.",
        typologies=(Typology.FRONT_RUNNING,),
        twin_of="trading-ahead",
        accounts=_FIRM,
        insight=(LinkKind.HOUSE,),
        length=LENGTH,
        knobs=_CLIENTS,
        script=hedge,
    ),
    Scenario(
        name="trading-employee",
        summary="Somebody who works at a broker trades for himself, whatever clients do.",
        typologies=(Typology.FRONT_RUNNING,),
        twin_of="trading-ahead",
        accounts=_FIRM,
        insight=(LinkKind.EMPLOYEE,),
        length=LENGTH,
        knobs={**_CLIENTS, "trades": Knob(1.0, 6.0, "per min", "for himself")},
        script=trade_on_his_own,
    ),
    Scenario(
        name="early-client",
        summary="Clients begin to trade their own orders before the broker routes the rest.",
        typologies=(Typology.FRONT_RUNNING,),
        twin_of="trading-ahead",
        accounts=_FIRM,
        insight=INSIDERS,
        length=LENGTH,
        knobs={**_CLIENTS, "share": _AHEAD},
        script=begin_early,
    ),
)
