"""A desk on a real server, as people sit at it: presenters without a window."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tapewarden.cases.store import Observation, Store
from tapewarden.client import CasesClient, Connection
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.signal_feed import SignalFeed
from tapewarden.desktop.presenters.simulation.watch import SimulationWatch
from tapewarden.desktop.presenters.tape import TapeMeter
from tapewarden.desktop.presenters.trade_book import TradeBook
from tapewarden.desktop.transport.link import Link
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.errors import TapewardenError
from tapewarden.domain.signal import Signal
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tests.desktop.serving import served
from tests.unit.cases.signals import signal

PATIENCE_S = 30.0
_MOST_ENTRIES = 1_000  # that the server tells at once
Result = TypeVar("Result")


class Seat:
    """Somebody at a desk.

    Attributes:
        opened: The views that were opened, with their subjects.
    """

    def __init__(self, address: str, person: str) -> None:
        self.address = address
        self.link = Link(Connection(address=address, person=person))
        self.opened: list[tuple[str, object]] = []
        signals = SignalFeed(self.link)
        self.desk = Desk(
            self.link,
            lambda title, subject: self.opened.append((title, subject)),
            TapeMeter(),
            signals,
            TradeBook(signals.signals),
            SimulationWatch(self.link),
            person=lambda: person,
        )

    def until(self, condition: Callable[[], object], look: Callable[[], object] = lambda: None) -> None:
        """Let time pass until something is so."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, self.desk.notice
            self.link.drain()
            look()

    def ask(self, question: Callable[[CasesClient], Coroutine[Any, Any, Result]]) -> Result:
        """Ask the server beside the desk, as an auditor who may read everything."""
        answers: list[Result] = []

        async def asking(services: Services) -> Result:
            async with CasesClient(Connection(address=self.address, person="audrey")) as cases:
                return await question(cases)

        self.link.ask(asking, answers.append, _fail)
        self.until(lambda: answers)
        return answers[0]

    def actions(self, action: str) -> list[tuple[str, str, str]]:
        """Who did an action to what and why, in order, from the trail."""

        async def look(cases: CasesClient) -> list[tuple[str, str, str]]:
            found: list[tuple[str, str, str]] = []
            after = 0
            while True:
                entries = [one.entry for one in await cases.entries(after=after)]
                found += [(one.actor, one.subject, one.reason) for one in entries if one.action == action]
                after += len(entries)
                if len(entries) < _MOST_ENTRIES:
                    return found

        return self.ask(look)


@contextmanager
def seated(address: str, person: str = "ada") -> Iterator[Seat]:
    """A seat until the end of the block, connected."""
    seat = Seat(address, person)
    seat.link.start()
    try:
        yield seat
    finally:
        assert seat.link.close()


@contextmanager
def filled_server(folder: Path, signals: Sequence[Signal]) -> Iterator[str]:
    """The address of a real server whose store holds signals."""
    folder.mkdir()
    store = Store.open(Plan(folder=folder, configuration=Configuration(detectors=())).database_url)
    store.record([Observation(one) for one in signals], time.time_ns(), "engine")
    store.close()
    with served(folder) as server:
        yield server.address


def many(number: int, market: str, *, name: str = "", **given: Any) -> list[Signal]:
    """As many signals, each of another actor and so of another case; the first one has the highest score."""
    return [
        signal(
            f"{name or market}-{one:04}",
            instrument=market,
            at_hour=one / 3_600,
            score=1 - one / number,
            **{"actor": f"acct-{one:04}", **given},
        )
        for one in range(number)
    ]


def _fail(error: TapewardenError) -> None:
    raise error
