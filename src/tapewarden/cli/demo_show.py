"""What the demo knows while it runs: everything it learns from the server, over gRPC."""

from __future__ import annotations

import asyncio
import signal as interrupts
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Final

from tapewarden.client import CasesClient, Connection, Print, SimulationClient, SurveillanceClient
from tapewarden.domain.casework import CaseFilter, Queue, SignalFilter
from tapewarden.domain.errors import UnavailableError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.domain.simulation import MarketWish, Performed, Phase, SimulationState, Truth
from tapewarden.domain.typology import Family
from tapewarden.evaluation.showcase import telling

LOOK_S: Final = 0.25
"""Seconds between two looks."""

_KEPT: Final = 200
_CASES: Final = 20


@dataclass(slots=True)
class Market:
    """An instrument: its first and last price, its trades within the last minute of event time."""

    first: Print
    last: Print
    recent: deque[Print] = field(default_factory=deque)

    def add(self, trade: Print) -> None:
        """Learn of a trade."""
        self.last = trade
        self.recent.append(trade)
        while self.recent[0].ts_event < trade.ts_event - MINUTE:
            self.recent.popleft()

    @property
    def change(self) -> float:
        """Of the price since the beginning, as a part of it."""
        return self.last.price / self.first.price - 1


@dataclass(slots=True)
class Show:
    """The market and what is said of it, up to now. ``signals`` are the latest, the newest last."""

    wish: MarketWish
    state: SimulationState
    markets: dict[str, Market] = field(default_factory=dict)
    signals: deque[Signal] = field(default_factory=lambda: deque(maxlen=_KEPT))
    signal_count: int = 0
    queue: Queue = field(default_factory=lambda: Queue((), 0))

    def trade(self, trade: Print) -> None:
        """Learn of a trade."""
        market = self.markets.setdefault(trade.instrument.name, Market(trade, trade))
        market.add(trade)


@dataclass(frozen=True, slots=True)
class Told:
    """What a model said of a scheme, and why."""

    performed: Performed
    signal: Signal
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Ending:
    """What there was at the end.

    Attributes:
        state: Of the market.
        truth: About it.
        signals: All of them, those of a model too.
        cases: That signals of rules opened, and
        unusual_cases: those with nothing but signals of a model.
        told: What a model said that tells most; ``None`` where there is none.
        trail: The audit trail as lines.
    """

    state: SimulationState
    truth: Truth
    signals: tuple[Signal, ...]
    cases: int
    unusual_cases: int
    told: Told | None
    trail: tuple[str, ...]


async def perform(connection: Connection, wish: MarketWish, look: Callable[[Show], None]) -> Ending:
    """Let a market run on a server and watch it there; ``look`` is called a few times a second.

    An interrupt ends the market early; what follows is the same.

    Raises:
        TapewardenError: As the server says.
    """
    async with (
        SimulationClient(connection) as simulation,
        SurveillanceClient(connection) as surveillance,
        CasesClient(connection) as cases,
    ):
        show = Show(wish, await simulation.start(wish))
        watching = [
            asyncio.create_task(_again(partial(_watch_tape, surveillance, show))),
            asyncio.create_task(_again(partial(_watch_signals, surveillance, show))),
            asyncio.create_task(_again(partial(_watch_cases, cases, show))),
        ]
        try:
            await _follow(simulation, show, look, watching)
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
        return await ending_of(simulation, surveillance, cases)


async def _follow(
    simulation: SimulationClient,
    show: Show,
    look: Callable[[Show], None],
    watching: list[asyncio.Task[None]],
) -> None:
    """Look until the market is over; an error of who watches is raised."""
    with _interruptible() as interrupted:
        while show.state.phase in (Phase.RUNNING, Phase.ENDING):
            for task in watching:
                if task.done():
                    task.result()
            look(show)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await interrupted.wait()
            show.state = await (simulation.stop() if interrupted.is_set() else simulation.state())
    look(show)


@contextmanager
def _interruptible() -> Iterator[asyncio.Event]:
    """An event that an interrupt sets, where the system and the thread let it."""
    interrupted, loop = asyncio.Event(), asyncio.get_running_loop()
    try:
        loop.add_signal_handler(interrupts.SIGINT, interrupted.set)
    except (NotImplementedError, RuntimeError, ValueError):
        yield interrupted
        return
    try:
        yield interrupted
    finally:
        loop.remove_signal_handler(interrupts.SIGINT)


async def _again(watch: Callable[[], Awaitable[None]]) -> None:
    """Watch, and begin anew where a busy machine kept the server from its word."""
    while True:
        with suppress(UnavailableError):
            await watch()
        await asyncio.sleep(LOOK_S)


async def _watch_tape(surveillance: SurveillanceClient, show: Show) -> None:
    async for news in surveillance.watch_tape(interval_ms=int(LOOK_S * 1_000)):
        for trade in news.trades:
            show.trade(trade)


async def _watch_signals(surveillance: SurveillanceClient, show: Show) -> None:
    async for signal in surveillance.watch_signals():
        show.signals.append(signal)
        show.signal_count += 1


async def _watch_cases(cases: CasesClient, show: Show) -> None:
    async for changed in cases.watch():
        if changed.cases or changed.more:
            show.queue = await cases.queue(CaseFilter(limit=_CASES))


async def ending_of(
    simulation: SimulationClient, surveillance: SurveillanceClient, cases: CasesClient
) -> Ending:
    """What there is on a server once its market is over."""
    state, truth = await simulation.state(), await simulation.truth()
    signals = tuple(one.signal for one in await surveillance.all_signals(SignalFilter()))
    queue = await cases.queue(CaseFilter(limit=1))
    unusual = await cases.queue(CaseFilter(family=Family.ANOMALY, limit=1))
    most = telling(truth, signals)
    told = None if most is None else Told(*most, await surveillance.grounds(most[1].id))
    trail = BytesIO()
    await cases.export_trail(trail)
    lines = trail.getvalue().decode().splitlines(keepends=True)
    return Ending(state, truth, signals, queue.total - unusual.total, unusual.total, told, tuple(lines))
