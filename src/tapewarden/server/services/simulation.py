"""`Simulation`: starts, disturbs and ends simulated markets, and tells afterwards what was true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final, TypeAlias

import grpc

from tapewarden.cases.store import Store
from tapewarden.client import Connection, resume
from tapewarden.domain.errors import SimulationError
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.domain.simulation import (
    KnobFacts,
    MarketWish,
    ResetReport,
    ScenarioFacts,
    SimulationState,
    Truth,
)
from tapewarden.domain.staff import Person
from tapewarden.evaluation.coverage import Coverage
from tapewarden.live.pipeline import Pipeline
from tapewarden.runtime.summary import report_detectors
from tapewarden.server.handling import service_handler
from tapewarden.server.simulated_run import SOURCE, SimulatedRun, begin_after
from tapewarden.server.simulated_truth import truth
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.scenarios.scenario import Scenario
from tapewarden.wire import simulations
from tapewarden.wire.v1 import simulation_pb2 as pb

MOST_SIGNALS: Final = 100_000
"""Signals of a run that its truth is held against; what comes later is not looked at."""

_KEPT: Final = (
    "all events in the journal",
    "all signals, cases and comments",
    "the audit trail",
)

Context: TypeAlias = grpc.aio.ServicerContext


class Simulation:
    """The service, and the one market that may run. What people do with it is entered into the audit trail.

    Args:
        pipeline: What watches the market.
        store: Of the trail.
        connect: How the market reaches the server.
        clock: The time, ns UTC.
        caller: Who makes a call; raises where that is not known.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        connect: Callable[[], Connection],
        clock: Callable[[], int],
        caller: Callable[[Context], Person],
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._connect = connect
        self._clock = clock
        self._caller = caller
        self._changing = asyncio.Lock()
        self._run: SimulatedRun | None = None
        self._signals: list[Signal] = []

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server needs."""
        return service_handler(pb.DESCRIPTOR.services_by_name["Simulation"], self)

    def hear(self, signals: Iterable[Signal]) -> None:
        """Signals that became visible; from one thread at a time."""
        run = self._run
        if run is not None and len(self._signals) < MOST_SIGNALS:
            self._signals += [one for one in signals if one.evidence.source == run.source]

    async def close(self) -> None:
        """End the market, if there is one."""
        async with self._changing:
            await self._stop()

    async def list_scenarios(
        self, request: pb.ListScenariosRequest, context: Context
    ) -> pb.ListScenariosResponse:
        """All scenarios, twins behind what they look like."""
        facts = [simulations.scenario_message(_facts(one)) for one in all_scenarios().values()]
        return pb.ListScenariosResponse(scenarios=facts)

    async def start(self, request: pb.StartRequest, context: Context) -> pb.SimulationState:
        """Make a market and let it begin."""
        async with self._changing:
            if self._run is not None and not self._run.is_over:
                raise SimulationError("a market runs already: stop it first")
            run = await asyncio.to_thread(self._make, simulations.market_of(request))
            await self._tell(context, "start", run, asdict(run.wish))
            self._signals, self._run = [], run
            run.start()
        return simulations.state_message(run.state())

    async def stop(self, request: pb.StopRequest, context: Context) -> pb.SimulationState:
        """End the market, and wait until all about it is visible."""
        async with self._changing:
            if self._run is not None and not self._run.is_over:
                await self._tell(context, "stop", self._run)
            await self._stop()
            return simulations.state_message(self._state())

    async def inject(self, request: pb.InjectRequest, context: Context) -> pb.Performance:
        """Put a scenario on now."""
        run = self._run
        if run is None:
            raise SimulationError("no market runs: start one first")
        performed = await asyncio.to_thread(run.inject, simulations.wish_of(request.casting))
        await self._tell(context, "inject", run, asdict(performed.wish))
        return simulations.performance_message(performed)

    async def reset(self, request: pb.ResetRequest, context: Context) -> pb.ResetResponse:
        """End the market and forget what was true on it, or only say so."""
        async with self._changing:
            report = self._report()
            if self._run is not None and not request.preview:
                await self._tell(context, "reset", self._run, {"cleared": list(report.cleared)})
                await self._stop()
                self._run, self._signals = None, []
        return simulations.reset_message(report)

    async def get_state(self, request: pb.GetStateRequest, context: Context) -> pb.SimulationState:
        """How the market goes."""
        return simulations.state_message(self._state())

    async def get_truth(self, request: pb.GetTruthRequest, context: Context) -> pb.GetTruthResponse:
        """What was true, as far as it is over."""
        if self._run is None:
            return pb.GetTruthResponse()
        return simulations.truth_message(await asyncio.to_thread(self._truth, self._run))

    def _make(self, wish: MarketWish) -> SimulatedRun:
        begin_ns = begin_after(self._pipeline.clock_ns)
        if begin_ns + wish.minutes * MINUTE > self._clock():
            raise SimulationError(
                "a market's time lies behind all that the server has seen, and before now; there is no room"
                " for it here: simulate on a server of its own"
            )
        connection = self._connect()
        position = resume(connection, SOURCE)
        return SimulatedRun(
            1 if position is None else position.epoch + 1,
            wish,
            begin_ns,
            connection,
            self._pipeline.configuration.settings.lateness,
            self._pipeline.settle,
        )

    async def _tell(
        self, context: Context, action: str, run: SimulatedRun, new: dict[str, Any] | None = None
    ) -> None:
        """Enter what somebody does with a run."""
        person, at_ns = self._caller(context), self._clock()
        subject = f"simulation {run.number}"
        await asyncio.to_thread(self._store.tell, f"simulation.{action}", subject, new, person, at_ns)

    async def _stop(self) -> None:
        if self._run is not None:
            await asyncio.to_thread(self._run.stop)

    def _state(self) -> SimulationState:
        return SimulationState(source=SOURCE) if self._run is None else self._run.state()

    def _truth(self, run: SimulatedRun) -> Truth:
        seen = None if run.is_over else run.durable_to()
        if seen is not None:
            self._pipeline.settle()
        parts = run.parts()
        detectors = self._pipeline.configuration.detectors
        reports = self._pipeline.detection.ask(
            lambda engine: report_detectors(engine, detectors, (), detectors)
        ).result()
        coverage = Coverage(
            owners=run.owners,
            blind={one.id: one.not_evaluated for one in reports if one.not_evaluated is not None},
            cold={one.id: frozenset(one.cold_on) for one in reports},
        )
        return truth(run.number, parts, tuple(self._signals), detectors, coverage, seen)

    def _report(self) -> ResetReport:
        if self._run is None:
            return ResetReport((), _KEPT)
        state = self._run.state()
        cleared = [f"what was true on run {state.run}, with its {state.performances} scenarios"]
        if not self._run.is_over:
            cleared.insert(0, f"run {state.run}: its market ends, and its order books are emptied")
        return ResetReport(tuple(cleared), _KEPT)


def _facts(scenario: Scenario) -> ScenarioFacts:
    return ScenarioFacts(
        id=scenario.name,
        title=scenario.summary,
        typologies=tuple(one.value for one in scenario.typologies),
        twin_of=scenario.twin_of,
        expected_detectors=scenario.expected_detectors,
        roles=scenario.accounts,
        instruments=scenario.legs,
        usual_length_ns=scenario.length,
        knobs=tuple(
            KnobFacts(name, one.faint, one.brazen, one.unit, one.meaning)
            for name, one in scenario.knobs.items()
        ),
    )
