"""`Simulation`: starts, disturbs and ends simulated markets, and tells afterwards what was true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import grpc

from tapewarden.client import Connection, resume
from tapewarden.domain.errors import SimulationError
from tapewarden.domain.signal import Signal
from tapewarden.domain.simulation import (
    KnobFacts,
    MarketWish,
    ResetReport,
    ScenarioFacts,
    SimulationState,
    Truth,
    Wish,
)
from tapewarden.live.pipeline import Pipeline
from tapewarden.server.reporting import reporting
from tapewarden.server.simulated_run import SOURCE, SimulatedRun, begin_after
from tapewarden.server.simulated_truth import truth
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.scenarios.scenario import Scenario
from tapewarden.wire import simulations as said
from tapewarden.wire.v1 import simulation_pb2 as messages
from tapewarden.wire.v1 import simulation_pb2_grpc

NAME: Final = "tapewarden.v1.Simulation"

MOST_SIGNALS: Final = 100_000
"""Signals of a run that its truth is held against; what comes later is not looked at."""

_KEPT: Final = (
    "all events in the journal",
    "all signals, cases and comments",
    "the audit trail",
)


class Simulation(simulation_pb2_grpc.SimulationServicer):  # type: ignore[misc]  # generated, without types
    """The service, and the one market that may run.

    Args:
        pipeline: What watches the market.
        connect: How the market reaches the server.
    """

    def __init__(self, pipeline: Pipeline, connect: Callable[[], Connection]) -> None:
        self._pipeline = pipeline
        self._connect = connect
        self._changing = asyncio.Lock()
        self._run: SimulatedRun | None = None
        self._signals: list[Signal] = []

    def add_to(self, server: grpc.aio.Server) -> None:
        """Add the service to a server."""
        simulation_pb2_grpc.add_SimulationServicer_to_server(self, server)

    def hear(self, signals: Sequence[Signal]) -> None:
        """Signals that became visible; from one thread at a time."""
        run = self._run
        if run is not None and len(self._signals) < MOST_SIGNALS:
            self._signals += [one for one in signals if one.evidence.source == run.source]

    async def close(self) -> None:
        """End the market; nobody may call any more."""
        async with self._changing:
            await self._stop()

    async def ListScenarios(  # noqa: N802 - the names of the protocol
        self, request: messages.ListScenariosRequest, context: grpc.aio.ServicerContext
    ) -> messages.ListScenariosResponse:
        """All scenarios, twins behind what they look like."""
        facts = [said.scenario_message(_facts(one)) for one in all_scenarios().values()]
        return messages.ListScenariosResponse(scenarios=facts)

    async def Start(  # noqa: N802
        self, request: messages.StartRequest, context: grpc.aio.ServicerContext
    ) -> messages.SimulationState:
        """Make a market and let it begin."""
        async with reporting(context), self._changing:
            if self._run is not None and not self._run.is_over:
                raise SimulationError("a market runs already: stop it first")
            run = await asyncio.to_thread(self._make, said.market_of(request))
            self._signals, self._run = [], run
            run.start()
            return said.state_message(run.state())
        raise AssertionError

    async def Stop(  # noqa: N802
        self, request: messages.StopRequest, context: grpc.aio.ServicerContext
    ) -> messages.SimulationState:
        """End the market, and wait until all about it is visible."""
        async with reporting(context), self._changing:
            await self._stop()
        return said.state_message(self._state())

    async def Inject(  # noqa: N802
        self, request: messages.InjectRequest, context: grpc.aio.ServicerContext
    ) -> messages.Performance:
        """Put a scenario on now."""
        response = messages.Performance()
        async with reporting(context):
            run = self._running()
            number = await asyncio.to_thread(run.inject, said.wish_of(request.casting))
            found = truth(run.number, run.parts()[: number + 1], (), (), {}, run.begin_ns)
            response = said.performance_message(found.performances[number])
        return response

    async def Reset(  # noqa: N802
        self, request: messages.ResetRequest, context: grpc.aio.ServicerContext
    ) -> messages.ResetResponse:
        """End the market and forget what was true on it, or only say so."""
        response = messages.ResetResponse()
        async with reporting(context), self._changing:
            response = said.reset_message(self._report())
            if not request.preview:
                await self._stop()
                self._run, self._signals = None, []
        return response

    async def GetState(  # noqa: N802
        self, request: messages.GetStateRequest, context: grpc.aio.ServicerContext
    ) -> messages.SimulationState:
        """How the market goes."""
        return said.state_message(self._state())

    async def GetTruth(  # noqa: N802
        self, request: messages.GetTruthRequest, context: grpc.aio.ServicerContext
    ) -> messages.GetTruthResponse:
        """What was true, as far as it is over."""
        response = messages.GetTruthResponse()
        async with reporting(context):
            if self._run is not None:
                response = said.truth_message(await asyncio.to_thread(self._truth, self._run))
        return response

    def _make(self, wish: MarketWish) -> SimulatedRun:
        connection = self._connect()
        position = resume(connection, SOURCE)
        return SimulatedRun(
            1 if position is None else position.epoch + 1,
            wish,
            begin_after(self._pipeline.clock_ns),
            connection,
            self._pipeline.configuration.settings.lateness,
            self._pipeline.settle,
        )

    async def _stop(self) -> None:
        if self._run is not None:
            await asyncio.to_thread(self._run.stop)

    def _running(self) -> SimulatedRun:
        if self._run is None:
            raise SimulationError("no market runs: start one first")
        return self._run

    def _state(self) -> SimulationState:
        return SimulationState(source=SOURCE) if self._run is None else self._run.state()

    def _truth(self, run: SimulatedRun) -> Truth:
        seen = None if run.is_over else run.durable_to()
        if seen is not None:
            self._pipeline.settle()
        parts = run.parts()
        detectors = self._pipeline.configuration.detectors
        return truth(run.number, parts, tuple(self._signals), detectors, run.owners, seen)

    def _report(self) -> ResetReport:
        if self._run is None:
            return ResetReport((), _KEPT)
        state = self._run.state()
        cleared = [] if self._run.is_over else [f"run {state.run} ends, and its order books are emptied"]
        cleared.append(
            f"what was true on run {state.run}: {state.performances} scenarios put on, and what became of them"
        )
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
