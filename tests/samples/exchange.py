"""The simulator's exchange on its own: members send requests, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Side
from tapewarden.simulator.exchange.agenda import AMEND, CANCEL, FILLED, NEW
from tapewarden.simulator.exchange.doors import request
from tapewarden.simulator.exchange.ladder import BOOK
from tapewarden.simulator.exchange.matching import (
    CANCEL_BOTH,
    CANCEL_NEWEST,
    CANCEL_OLDEST,
    DECREMENT,
    PREVENT_NOTHING,
)
from tapewarden.simulator.exchange.requests import FILL_OR_KILL
from tapewarden.simulator.exchange.tables import BUY, SELL
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.population import Population
from tapewarden.simulator.simulation import Simulation
from tests.reference import exchange as reference

PREVENTIONS: Final = {
    "nothing": PREVENT_NOTHING,
    "newest": CANCEL_NEWEST,
    "oldest": CANCEL_OLDEST,
    "both": CANCEL_BOTH,
    "decrement": DECREMENT,
}
_WHAT: Final = {
    EventKind.PLACE: "place",
    EventKind.AMEND: "amend",
    EventKind.CANCEL: "cancel",
    EventKind.REJECT: "reject",
    EventKind.TRADE: "trade",
}
_WHY: Final = {
    EndReason.UNKNOWN: "",
    EndReason.USER: "user",
    EndReason.VENUE: "venue",
    EndReason.POST_ONLY: "post-only",
    EndReason.SELF_TRADE_PREVENTION: "prevention",
}
STEP: Final = 1_000_000  # ns between requests; stop orders take a thousandth of it
LATENCY: Final = 1000
Told = tuple[object, ...]


@dataclass
class Floor:
    """An exchange with one instrument and members numbered from 0, whose requests arrive one at a time."""

    simulation: Simulation
    agents: list[int]
    answers: list[Any]

    @classmethod
    def of(cls, *preventions: str, plan: MarketPlan | None = None) -> Floor:
        plan = plan or MarketPlan(seed=1, instruments=1, news_per_day=0)
        simulation = Simulation(plan, Population((), ()))
        answers: list[Any] = []
        agents = [
            simulation.add_member(f"member-{number}", None, 0, LATENCY, answers.append)
            for number in range(len(preventions))
        ]
        for number, prevention in enumerate(preventions):
            simulation.world.accounts[number]["prevention"] = PREVENTIONS[prevention]
        return cls(simulation, agents, answers)

    @property
    def rules(self) -> reference.Rules:
        market = self.simulation.world.instruments[0]
        return reference.Rules(
            tick=int(market["tick"]),
            lot=int(market["lot"]),
            least_notional=int(market["least_notional"]),
            ladder=int(market["ladder"]),
            first_price=int(market["last"] * market["tick"]),
        )

    def place(
        self,
        account: int,
        side: int,
        price: int | None,
        size: int,
        *,
        peak: int = 0,
        trigger: int = 0,
        flags: Flag = Flag.NONE,
        fill_or_kill: bool = False,
    ) -> list[Told]:
        """Send an order, market without a price, and tell what happened."""
        bits = int(flags) | (FILL_OR_KILL if fill_or_kill else 0)
        if price is None:
            bits |= int(Flag.MARKET | Flag.IMMEDIATE)
        return self._send(
            NEW, account, side=side, price=price or 0, size=size, peak=peak, trigger=trigger, flags=bits
        )

    def cancel(self, account: int, number: int) -> list[Told]:
        """Send a cancel for an order, by the number it got first."""
        return self._send(CANCEL, account, number=number)

    def amend(self, account: int, number: int, *, price: int = 0, size: int = 0) -> list[Told]:
        """Send a change of price, of size, or both."""
        return self._send(AMEND, account, number=number, price=price, size=size)

    def book(self) -> dict[int, dict[int, list[tuple[int, int]]]]:
        """The queues: by side and price, accounts and displayed sizes."""
        return {side: dict(self._queues(side)) for side in (Side.BUY, Side.SELL)}

    def filled(self) -> int:
        """Size of all fills that members have heard of."""
        return sum(int(answer["size"]) for answer in self.answers if answer["kind"] == FILLED)

    def pass_time(self, duration: int) -> list[Told]:
        batches = list(self.simulation.run(self.simulation.now + duration))
        return [row for batch in batches for row in told(batch)]

    def _send(
        self, kind: int, account: int, *, number: int = 0, side: int = reference.BUY, **fields: int
    ) -> list[Told]:
        world = self.simulation.world
        row = next(iter(np.flatnonzero(world.orders["number"] == number).tolist()), 0) if number else 0
        names = ("price", "size", "peak", "trigger", "flags", "slot")
        code = BUY if side == reference.BUY else SELL
        request(
            world, kind, self.agents[account], number, row, code, *(fields.get(name, 0) for name in names)
        )
        return self.pass_time(STEP)

    def _queues(self, side: Side) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        world = self.simulation.world
        market = world.instruments[0]
        first = int(market["first"]) + BOOK * int(market["ladder"])
        fronts = world.levels["front"][first : first + int(market["ladder"])]
        for position in np.flatnonzero(fronts):
            queue, row = [], int(fronts[position])
            while row:
                order = world.orders[row]
                queue.append((int(order["account"]), int(order["shown"])))
                row = int(order["after"])
            if order["side"] == (BUY if side is Side.BUY else SELL):
                yield int(position * market["tick"]), queue


def told(batch: EventBatch) -> Iterator[Told]:
    """Rows about orders as the reference tells them."""
    for row in range(len(batch)):
        kind = EventKind(batch.kind[row])
        if kind in _WHAT:
            price = int(batch.price[row])
            yield (
                _WHAT[kind],
                int(batch.order[row]),
                int(batch.account[row]),
                price if price >= 0 else None,
                int(batch.size[row]),
                _WHY[EndReason(batch.reason[row])],
                int(batch.counter_order[row]) if kind is EventKind.TRADE else 0,
            )
