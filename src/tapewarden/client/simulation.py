"""`SimulationClient`: control of a server's simulated markets, in nouns of the domain."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self

from tapewarden.client.connection import Connection, answering
from tapewarden.domain.simulation import (
    MarketWish,
    Performed,
    ResetReport,
    ScenarioFacts,
    SimulationState,
    Truth,
    Wish,
)
from tapewarden.wire import simulations
from tapewarden.wire.v1 import simulation_pb2 as pb
from tapewarden.wire.v1.simulation_pb2_grpc import SimulationStub

STARTING_S: Final = 600.0
"""How long a market may take to start, seconds: the first one on a machine compiles the simulator."""

ANSWER_S: Final = 60.0
"""How long a server may take to answer, seconds; to stop a market it may take as long as it needs."""


class SimulationClient:
    """Calls to a server: ``async with SimulationClient(connection) as simulation``.

    Methods raise the errors of the domain, among them ``ServerError`` where a market runs already, none
    runs, or the request is none.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aenter__(self) -> Self:
        self._channel = self._connection.channel()
        self._stub: Any = SimulationStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def scenarios(self) -> tuple[ScenarioFacts, ...]:
        """What can be let loose; twins behind what they look like."""
        answer = await self._ask(self._stub.ListScenarios, pb.ListScenariosRequest())
        return tuple(map(simulations.scenario_of, answer.scenarios))

    async def start(self, wish: MarketWish) -> SimulationState:
        """Let a market begin."""
        answer = await self._ask(self._stub.Start, simulations.start_message(wish), STARTING_S)
        return simulations.state_of(answer)

    async def stop(self) -> SimulationState:
        """End the market, and wait until all about it is durable and visible."""
        return simulations.state_of(await self._ask(self._stub.Stop, pb.StopRequest(), None))

    async def inject(self, wish: Wish) -> Performed:
        """Put a scenario on now. The answer says when that was: with it, the run can be had again."""
        request = pb.InjectRequest(casting=simulations.casting_message(wish))
        return simulations.performed_of(await self._ask(self._stub.Inject, request))

    async def reset(self, *, preview: bool = False) -> ResetReport:
        """End the market and forget what was true on it; with ``preview``, only say what that means."""
        answer = await self._ask(self._stub.Reset, pb.ResetRequest(preview=preview), None)
        return simulations.reset_of(answer)

    async def state(self) -> SimulationState:
        """How the market goes."""
        return simulations.state_of(await self._ask(self._stub.GetState, pb.GetStateRequest()))

    async def truth(self) -> Truth:
        """What was true on it, as far as it is over."""
        return simulations.truth_of(await self._ask(self._stub.GetTruth, pb.GetTruthRequest()))

    async def _ask(self, method: Any, request: Any, seconds: float | None = ANSWER_S) -> Any:  # noqa: ANN401
        with answering(self._connection.address):
            return await method(request, timeout=seconds, metadata=self._connection.metadata)
