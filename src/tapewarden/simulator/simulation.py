"""`Simulation`: a market that runs, and tells what happens as batches of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from tapewarden.compiled.digests import packages_digest
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import SECOND, Flag
from tapewarden.simulator.building import grown, new_world, with_member
from tapewarden.simulator.census import populate
from tapewarden.simulator.exchange.agenda import CLOCK, LOOK, NEWS
from tapewarden.simulator.exchange.doors import dismiss, expect_news, schedule
from tapewarden.simulator.exchange.kernel import FULL, OUTSIDE_DUE, runner
from tapewarden.simulator.opening import opening_rows
from tapewarden.simulator.plan import MarketPlan, listings
from tapewarden.simulator.population import Population

COMPILED: Final = (
    "tapewarden.compiled",
    "tapewarden.simulator",
    "tapewarden.simulator.exchange",
    "tapewarden.simulator.agents",
)
"""Packages whose sources decide what the simulator's machine code does."""

_SOURCE: Final = "simulator"
Listener = Callable[[Any], None]


class Simulation:
    """A market made from a plan. ``run`` lets time pass; what happens comes out as events.

    Agents of the plan are compiled and fast. Members added with ``add_member`` are outside the kernel: it
    stops for them, and calls their listener with each message, an answer of the exchange or a time they
    waited for. Everything is a function of the plan and of what listeners do.

    ``people`` are those on the market; without them they are drawn from the plan.
    """

    def __init__(self, plan: MarketPlan, people: Population | None = None) -> None:
        self.plan = plan
        self.listings = listings(plan.instruments)
        self.people = populate(plan, self.listings) if people is None else people
        self.world = new_world(plan, self.listings, self.people)
        self.directory = Directory()
        self.source = self.directory.sources.number(_SOURCE)
        for listing in self.listings:
            self.directory.add_instrument(listing.instrument)
        for holder in self.people.holders:
            self.directory.add_account(holder.name, holder.owner)
        self._listeners: dict[int, Listener] = {}
        self._run = runner(packages_digest(*COMPILED))
        for crowd in range(len(self.world.crowds)):
            schedule(self.world, LOOK, 0, plan.start + crowd, crowd, 0, 0)
        expect_news(self.world)
        schedule(self.world, CLOCK, 0, plan.start + SECOND, 0, 0, 0)
        self.open()

    @property
    def now(self) -> int:
        """Event time, ns."""
        return int(self.world.counters[0]["now"])

    @property
    def placed(self) -> int:
        """Orders that the exchange has accepted so far."""
        return int(self.world.counters[0]["placed"])

    @property
    def told(self) -> int:
        """Events given out so far."""
        return self._sequence

    def add_member(
        self, name: str, owner: str | None, instrument: int, latency: int, listener: Listener
    ) -> int:
        """Let an account of somebody outside the kernel trade on an instrument; gives its agent's number.

        ``latency`` in ns. The same name may be added on several instruments.
        """
        account = self.directory.add_account(name, owner)
        self.world, number = with_member(self.world, account, instrument, latency)
        self._listeners[number] = listener
        return number

    def announce(self, at: int, asset: int, change: float) -> None:
        """News at a time (ns): what an asset is worth changes by this part of it."""
        schedule(self.world, NEWS, 0, at, 0, asset, round(change * 1e6))

    def open(self) -> None:
        """Let the tape begin now: of what went before it tells only the book and the links it left."""
        counters = self.world.counters[0]
        counters["planned"] -= counters["background"]
        counters["placed"] = counters["background"] = counters["reports"] = 0
        self._sequence = 0
        self._opening = opening_rows(self.world, self.people.holders)

    def run(self, until: int) -> Iterator[EventBatch]:
        """Let time pass until ``until`` (ns), and tell what happens before it, in tape order."""
        yield from self._tell(self._opening)
        self._opening = self._opening[:0]
        while True:
            reason, message = self._run(self.world, until)
            if reason == OUTSIDE_DUE:
                self._listeners[int(self.world.messages[message]["agent"])](self.world.messages[message])
                dismiss(self.world, message)
                continue
            yield from self._told()
            if reason != FULL:
                return
            if not self._has_rows():
                self.world = grown(self.world)

    def _has_rows(self) -> bool:
        counters, rows = self.world.counters[0], 1 << 13
        return bool(
            counters["orders"] >= rows
            and counters["messages"] >= rows
            and counters["due"] + rows <= len(self.world.due)
        )

    def _told(self) -> Iterator[EventBatch]:
        """What the kernel reported since the last time."""
        counters = self.world.counters[0]
        count, counters["reports"] = int(counters["reports"]), 0
        yield from self._tell(self.world.reports[:count])

    def _tell(self, reports: Table) -> Iterator[EventBatch]:
        if len(reports):
            batch = batch_of(reports, self.source, self._sequence)
            self._sequence += len(reports)
            yield batch


def batch_of(reports: Table, source: int, sequence: int) -> EventBatch:
    """Rows of the kernel as events; ``sequence`` is how many the source sent before."""
    count = len(reports)
    columns = {
        name: reports[name] for name in ("order", "counter_order", "trade", "price", "size", "ts_event")
    }
    columns |= {name: reports[name] for name in ("kind", "reason", "initiator", "instrument")}
    return EventBatch.of(
        count,
        **columns,
        account=reports["account"].astype(np.int64) - 1,
        counter_account=reports["counter_account"].astype(np.int64) - 1,
        side=reports["side"].astype(np.int64) - 1,
        flags=reports["flags"] | Flag.SIMULATED,
        source=np.full(count, source),
        sequence=np.arange(sequence + 1, sequence + count + 1),
    )
