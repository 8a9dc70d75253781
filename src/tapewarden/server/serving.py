"""`Server`: the pipeline and the services over it, started and stopped together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import grpc
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from tapewarden.cases import place
from tapewarden.cases.store import Observation, Store
from tapewarden.client import DEFAULT_ADDRESS, Connection
from tapewarden.domain.errors import ConfigurationError
from tapewarden.live.detection import Detected
from tapewarden.live.pipeline import Listeners, Options, Pipeline
from tapewarden.live.publication import Filing
from tapewarden.live.reception import MOST_WAITING, Reception
from tapewarden.reports.content import Entity
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.access import Access, Gate, Limits, ServerTls, check_listening
from tapewarden.server.announcing import Announcements
from tapewarden.server.case_reports import CaseReports
from tapewarden.server.changes import Changes
from tapewarden.server.following import Following
from tapewarden.server.heads import HeadSigning
from tapewarden.server.metrics import Metrics
from tapewarden.server.overhearing import Overhearing
from tapewarden.server.rest.listener import HttpPlan, Listener
from tapewarden.server.services.access import Callers
from tapewarden.server.services.cases import Cases
from tapewarden.server.services.ingest import Ingest
from tapewarden.server.services.models import Models
from tapewarden.server.services.simulation import Simulation
from tapewarden.server.services.surveillance import Surveillance

GRACE_S: Final = 2.0
"""How long calls may go on once the server stops."""

_SERVICES: Final = (
    "tapewarden.v1.Ingest",
    "tapewarden.v1.Surveillance",
    "tapewarden.v1.Cases",
    "tapewarden.v1.Models",
    "tapewarden.v1.Access",
)
_SIMULATION: Final = "tapewarden.v1.Simulation"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a server is to be.

    Attributes:
        folder: For journal, checkpoints and, unless ``database`` says otherwise, signals and cases.
        configuration: Detectors, parameters, dated facts.
        listen: Address, with port 0 for any free one.
        database: URL of the store; ``None`` for SQLite in the folder.
        tokens: Whether callers must show a token; without, the server is open.
        tls: Files for TLS; ``None`` for none.
        limits: What one caller may do.
        key: Signs heads of the trail and exports; ``None`` where nothing can be exported.
        entity: Who submits reports of cases.
        options: Of the pipeline.
        most_waiting: Events that may wait for the engine before nothing more is received.
        http: How HTTP is served beside gRPC; ``None``: not at all.
        simulation: Whether callers may let simulated markets run on it. Their event time is not that of real
            venues, whose events would then be late: not for a server that watches real ones. It needs an
            open server, which it reaches as any other venue would.
        clock: The time, ns UTC.
    """

    folder: Path
    configuration: Configuration
    listen: str = DEFAULT_ADDRESS
    database: str | None = None
    tokens: bool = False
    tls: ServerTls | None = None
    limits: Limits = field(default_factory=Limits)
    key: Ed25519PrivateKey | None = None
    entity: Entity = field(default_factory=Entity)
    options: Options = field(default_factory=Options)
    most_waiting: int = MOST_WAITING
    http: HttpPlan | None = None
    simulation: bool = False
    clock: Callable[[], int] = time.time_ns

    @property
    def database_url(self) -> str:
        """URL of the store."""
        return self.database or place.database_url(self.folder)


class Server:
    """A server for one event loop: ``async with Server(plan) as server``; ``failed`` says that it must end.

    Starting recovers what was received before and may take a while; then ``port`` says where it listens.

    Raises:
        TapewardenError: On entering, where the folder, database or address cannot be used.
    """

    def __init__(
        self, plan: Plan, on_progress: Callable[[int, int], None] = lambda frame, last: None
    ) -> None:
        """``on_progress`` is called, on another thread, while frames up to a last one are seen again."""
        self.plan = plan
        self.metrics = Metrics()
        self._on_progress = on_progress
        self.port = 0
        self.http: Listener | None = None
        self._health = health.aio.HealthServicer()
        self._parts = AsyncExitStack()
        self._simulation: Simulation | None = None

    async def __aenter__(self) -> Self:
        check_listening(self.plan.listen, tls=self.plan.tls is not None, tokens=self.plan.tokens)
        if self.plan.simulation and (self.plan.tokens or self.plan.tls is not None):
            raise ConfigurationError(
                "simulation: expected a server without tokens and TLS, received one with"
            )
        self._loop = asyncio.get_running_loop()
        self.failed: asyncio.Future[BaseException] = self._loop.create_future()
        self.seen: Announcements[Detected] = Announcements()
        self.visible: Announcements[Observation] = Announcements()
        self.changes = Changes()
        self.reception = Reception(most_waiting=self.plan.most_waiting, on_refused=self.metrics.refused)
        try:
            await self._start()
        except BaseException:
            await self._parts.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parts.aclose()

    async def _start(self) -> None:
        """Open one part after the other; they are closed the other way round."""
        self.store = await asyncio.to_thread(self._open_store)
        self._parts.callback(self.store.close)
        await self._parts.enter_async_context(Overhearing(self.store, self.changes))
        self.pipeline = await asyncio.to_thread(self._open_pipeline)
        self._parts.push_async_callback(asyncio.to_thread, self.pipeline.close)
        self.reception.join(self.pipeline)
        self.metrics.watch(self.pipeline, self.plan.clock)
        self.following = await self._parts.enter_async_context(Following(self.pipeline))
        if self.plan.key is not None:
            signing = HeadSigning(self.store, self.plan.key, self.plan.folder, self.plan.clock)
            await self._parts.enter_async_context(signing)
        staff = self.store.staff if self.plan.tokens else None
        self.access = await self._parts.enter_async_context(Access(staff, self.plan.clock))
        if self.plan.http is not None:
            self.http = Listener(self.plan.http, self.reception, self.plan.clock)
            self._parts.push_async_callback(self.http.stop)
            await self.http.start()
        await self._listen()

    def _open_store(self) -> Store:
        try:
            self.plan.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{self.plan.folder}: {error.strerror or error}") from None
        return Store.open(self.plan.database_url)

    def _open_pipeline(self) -> Pipeline:
        plan = self.plan
        listeners = Listeners(
            on_received=self.metrics.received,
            on_durable=self._on_durable,
            on_detected=self._on_detected,
            on_filed=self._on_filed,
            on_failure=self._on_failure,
        )
        return Pipeline(
            plan.folder,
            plan.configuration,
            self.store,
            plan.clock,
            listeners,
            plan.options,
            self._on_progress,
        )

    async def _listen(self) -> None:
        server = grpc.aio.server(
            interceptors=(Gate(self.access, self.plan.limits),),
            options=(
                ("grpc.max_receive_message_length", self.plan.options.bounds.message.bytes + 1024),
                ("grpc.so_reuseport", 0),
                ("grpc.keepalive_time_ms", 20_000),
                ("grpc.http2.max_ping_strikes", 0),
            ),
        )
        self._add_services(server)
        try:
            self.port = self._bind(server)
        except RuntimeError:
            raise ConfigurationError(f"cannot listen on {self.plan.listen}: is it in use?") from None
        await server.start()
        self._parts.push_async_callback(server.stop, GRACE_S)
        self._parts.callback(self.ingest.stop_reading)
        for name in ("", *self._services):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._parts.push_async_callback(self._health.enter_graceful_shutdown)
        if self._simulation is not None:
            self._parts.push_async_callback(self._simulation.close)

    def _bind(self, server: grpc.aio.Server) -> int:
        tls = self.plan.tls
        if tls is None:
            return int(server.add_insecure_port(self.plan.listen))
        return int(server.add_secure_port(self.plan.listen, tls.credentials()))

    def _add_services(self, server: grpc.aio.Server) -> None:
        clock, caller = self.plan.clock, self.access.caller
        reports = CaseReports(self.pipeline, self.plan.entity)
        cases = Cases(self.store, clock, caller, self.changes, self.plan.key, reports.make)
        self._parts.callback(cases.close)
        surveillance = Surveillance(self.pipeline, self.store, self.seen, self.visible, clock, caller)
        self.ingest = Ingest(self.reception, clock, self.access.check_source)
        models = Models(self.store, self.pipeline, self.following, clock, caller)
        services = (self.ingest, surveillance, cases, models, Callers(caller))
        server.add_generic_rpc_handlers(tuple(one.handler() for one in services))
        if self.plan.simulation:
            self._simulation = Simulation(self.pipeline, self.store, self._connect, clock, caller)
            server.add_generic_rpc_handlers((self._simulation.handler(),))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        reflection.enable_server_reflection(
            (*self._services, health.SERVICE_NAME, reflection.SERVICE_NAME), server
        )

    @property
    def _services(self) -> tuple[str, ...]:
        """Names of the services of the project."""
        return (*_SERVICES, _SIMULATION) if self.plan.simulation else _SERVICES

    def _connect(self) -> Connection:
        """How a simulated venue reaches the server."""
        listen = self.plan.listen
        return Connection(
            address=listen if listen.startswith("unix:") else f"{listen.rpartition(':')[0]}:{self.port}"
        )

    def _on_durable(self, frame: int) -> None:
        self.reception.on_durable(frame)
        self.metrics.durable_to(frame)

    def _on_detected(self, detected: Detected) -> None:
        self.metrics.detected(detected)
        self.reception.on_detected()
        self.seen.announce(detected)

    def _on_filed(self, filing: Filing) -> None:
        for one in filing.observations:
            # Not about whom: who keeps the server reads its log, and need not learn of a suspicion.
            _log.info("signal", id=one.signal.id, detector=one.signal.detector)
            self.visible.announce(one)
            self.metrics.visible(one.signal.detector)
        if self._simulation is not None:
            self._simulation.hear(one.signal for one in filing.observations)
        self.changes.announce(filing.filed.cases)

    def _on_failure(self, error: BaseException) -> None:
        self.reception.on_failure(error)
        self._loop.call_soon_threadsafe(self._set_failed, error)

    def _set_failed(self, error: BaseException) -> None:
        _log.error("pipeline failed", error=str(error))
        if not self.failed.done():
            self.failed.set_result(error)
