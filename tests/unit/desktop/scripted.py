"""A server that says what a test wants it to say, at once, and a desk on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tapewarden.client import Arrived, Changed
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.signal_feed import SignalFeed
from tapewarden.desktop.presenters.simulation.watch import Look, SimulationWatch
from tapewarden.desktop.presenters.tape import TapeMeter
from tapewarden.desktop.presenters.trade_book import TradeBook
from tapewarden.desktop.transport.mailbox import Mailbox, one
from tapewarden.desktop.transport.watching import Watching
from tapewarden.domain.case import Case, CaseState
from tapewarden.domain.casework import CaseFile, Queued, StoredSignal
from tapewarden.domain.errors import NotFoundError, TapewardenError
from tapewarden.domain.simulation import (
    MarketWish,
    Performed,
    Phase,
    ResetReport,
    Result,
    ScenarioFacts,
    SimulationState,
    Truth,
    Wish,
)
from tapewarden.domain.typology import Severity
from tests.unit.desktop.tapes import START, signal

SCENARIO = ScenarioFacts(
    id="spoofing",
    title="A wall is pulled.",
    typologies=("spoofing",),
    twin_of=None,
    expected_detectors=("SPF-01",),
    roles=("manipulator",),
    instruments=1,
    usual_length_ns=0,
    knobs=(),
)


@dataclass
class Simulation:
    """The simulation service, which remembers what it was asked to do."""

    wishes: list[object] = field(default_factory=list)
    resets: int = 0
    error: TapewardenError | None = None

    async def scenarios(self) -> tuple[ScenarioFacts, ...]:
        return (SCENARIO,)

    async def start(self, wish: MarketWish) -> SimulationState:
        self._ask(wish)
        return state(wish=wish)

    async def inject(self, wish: Wish) -> Performed:
        self._ask(wish)
        return Performed(number=0, wish=replace(wish, after_ns=0))

    async def stop(self) -> SimulationState:
        return state(phase=Phase.ENDED)

    async def reset(self, *, preview: bool = False) -> ResetReport:
        self.resets += not preview
        return ResetReport(("what was true on run 1, with its 2 scenarios",), ("all cases",))

    def _ask(self, wish: object) -> None:
        if self.error is not None:
            raise self.error
        self.wishes.append(wish)


@dataclass
class Surveillance:
    """Which case each signal is in."""

    cases: dict[str, int] = field(default_factory=dict)

    async def signal(self, signal_id: str) -> Arrived:
        if signal_id not in self.cases:
            raise NotFoundError(signal_id)
        stored = StoredSignal(signal(first=0, last=1, name=signal_id), None, self.cases[signal_id], None)
        return Arrived(stored, 1, 1)


@dataclass
class Cases:
    """Cases by number."""

    kept: dict[int, Case] = field(default_factory=dict)

    async def case(self, number: int) -> CaseFile:
        return CaseFile(self.kept[number], (), (), (), (), ())


@dataclass
class Services:
    simulation: Simulation = field(default_factory=Simulation)
    surveillance: Surveillance = field(default_factory=Surveillance)
    cases: Cases = field(default_factory=Cases)


class Scripted:
    """A ``Server`` whose answers come before the question returns, and whose streams a test feeds."""

    def __init__(self) -> None:
        self.services = Services()
        self.watched: list[Callable[[Any], None]] = []
        self.refused: list[Callable[[TapewardenError], None] | None] = []

    def watch(
        self,
        open_stream: Callable[[Any], AsyncIterator[Any]],
        deliver: Callable[[Any], None],
        *,
        failed: Callable[[TapewardenError], None] | None = None,
        rows: Callable[[Any], int] = one,
        most_rows: int = 1,
    ) -> Watching[Any]:
        self.watched.append(deliver)
        self.refused.append(failed)
        return Watching(open_stream, deliver, failed, Mailbox(most_rows, rows))

    def ask(
        self,
        question: Callable[[Any], Awaitable[Any]],
        answered: Callable[[Any], None],
        failed: Callable[[TapewardenError], None],
    ) -> None:
        async def asked() -> Any:
            return await question(self.services)

        try:
            answer = asyncio.run(asked())
        except TapewardenError as error:
            failed(error)
        else:
            answered(answer)


class Scene:
    """A desk on a scripted server, and what happens there."""

    def __init__(self) -> None:
        self.server = Scripted()
        self.shown: list[tuple[str, object]] = []
        feed = SignalFeed(self.server)
        simulation = SimulationWatch(self.server)
        self._look, self._refuse = self.server.watched[-1], self.server.refused[-1]
        self.desk = Desk(
            *(self.server, lambda title, subject: self.shown.append((title, subject)), TapeMeter()),
            *(feed, TradeBook(feed.signals), simulation),
        )
        self._change = self.server.watched[-1]

    def look(
        self,
        *performed: Performed,
        phase: Phase = Phase.RUNNING,
        run: int = 1,
        wish: MarketWish | None = None,
    ) -> None:
        """The server tells of its market."""
        false_alarms = 3 if phase is Phase.ENDED else None
        self.show(Look(state(phase=phase, run=run, wish=wish), Truth(run, performed, false_alarms)))

    def show(self, look: Look) -> None:
        """The server tells all of this."""
        self._look(look)

    def refuse(self, error: TapewardenError) -> None:
        """The server lets nobody look at a market."""
        assert self._refuse is not None
        self._refuse(error)

    def file(self, signal_id: str, number: int) -> None:
        """A signal is put into a case that nobody has looked at."""
        self.server.services.surveillance.cases[signal_id] = number
        self.server.services.cases.kept[number] = case(number)

    def decide(self, number: int) -> None:
        """Somebody closes a case, and whoever watches is told."""
        closed = replace(self.server.services.cases.kept[number], version=2, state=CaseState.CLOSED)
        self.server.services.cases.kept[number] = closed
        self._change(Changed((Queued(closed, 1),)))


def state(*, phase: Phase = Phase.RUNNING, run: int = 1, wish: MarketWish | None = None) -> SimulationState:
    return SimulationState(
        phase=phase,
        run=run,
        source="simulator",
        wish=wish or MarketWish(),
        begin_ns=START,
        now_ns=START,
        end_ns=START + 1,
        instruments=("BTC-USD@SIM",),
    )


def performed(
    number: int, scenario: str, result: Result = Result.PENDING, signals: tuple[str, ...] = ()
) -> Performed:
    return Performed(
        number=number, wish=Wish(scenario=scenario, after_ns=number), result=result, signals=signals
    )


def case(number: int) -> Case:
    return Case(
        id=number,
        actor="acct-0001",
        instrument="BTC-USD@SIM",
        family="order book",
        severity=Severity.MEDIUM,
        priority=50.0,
        start_ns=0,
        end_ns=1,
        opened_ns=2,
    )
