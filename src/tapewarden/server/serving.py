"""`Server`: the pipeline and the services over it, started and stopped together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from tapewarden.cases.store import Store
from tapewarden.domain.errors import ConfigurationError
from tapewarden.live.detection import Detected
from tapewarden.live.pipeline import Listeners, Options, Pipeline
from tapewarden.live.publication import Filing
from tapewarden.live.reception import MOST_WAITING, Reception
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.rest.listener import HttpPlan, Listener
from tapewarden.server.services import ingest

GRACE_S: Final = 5.0
"""How long calls may go on once the server stops."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a server is to be.

    Attributes:
        folder: For journal, checkpoints and, unless ``database`` says otherwise, signals and cases.
        configuration: Detectors, parameters, dated facts.
        listen: Address, with port 0 for any free one.
        database: URL of the store; ``None`` for SQLite in the folder.
        options: Of the pipeline.
        most_waiting: Events that may wait for the engine before nothing more is received.
        http: How HTTP is served beside gRPC; ``None``: not at all.
        clock: The time, ns UTC.
    """

    folder: Path
    configuration: Configuration
    listen: str = "127.0.0.1:7410"
    database: str | None = None
    options: Options = field(default_factory=Options)
    most_waiting: int = MOST_WAITING
    http: HttpPlan | None = None
    clock: Callable[[], int] = time.time_ns

    @property
    def database_url(self) -> str:
        """URL of the store."""
        return self.database or f"sqlite:///{self.folder / 'cases.db'}"


class Server:
    """A server for one event loop: ``async with Server(plan) as server``; ``failed`` ends it early.

    Starting recovers what was received before and may take a while; then ``port`` says where it listens.

    Raises:
        TapewardenError: On entering, where the folder, database or address cannot be used.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.port = 0
        self.http: Listener | None = None
        self._health = health.aio.HealthServicer()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self.failed: asyncio.Future[BaseException] = self._loop.create_future()
        self.reception = Reception(most_waiting=self.plan.most_waiting)
        self.store = await asyncio.to_thread(self._open_store)
        try:
            self.pipeline = await asyncio.to_thread(self._open_pipeline)
        except BaseException:
            self.store.close()
            raise
        self.reception.join(self.pipeline)
        if self.plan.http is not None:
            self.http = Listener(self.plan.http, self.reception, self.plan.clock)
        try:
            if self.http is not None:
                await self.http.start()
            await self._listen()
        except BaseException:
            await self._stop_http()
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._health.enter_graceful_shutdown()
        await self._stop_http()
        await self._grpc.stop(GRACE_S)
        await self._close()

    def _open_store(self) -> Store:
        self.plan.folder.mkdir(parents=True, exist_ok=True)
        return Store.open(self.plan.database_url)

    def _open_pipeline(self) -> Pipeline:
        plan = self.plan
        listeners = Listeners(self.reception.on_durable, self._on_detected, self._on_filed, self._on_failure)
        return Pipeline(plan.folder, plan.configuration, self.store, plan.clock, listeners, plan.options)

    async def _listen(self) -> None:
        message_bytes = self.plan.options.bounds.message.bytes + 1024
        self._grpc = grpc.aio.server(
            options=(
                ("grpc.max_receive_message_length", message_bytes),
                ("grpc.so_reuseport", 0),
                ("grpc.keepalive_time_ms", 20_000),
                ("grpc.http2.max_ping_strikes", 0),
            )
        )
        names = self._add_services()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._grpc)
        reflection.enable_server_reflection(
            (*names, health.SERVICE_NAME, reflection.SERVICE_NAME), self._grpc
        )
        try:
            self.port = self._grpc.add_insecure_port(self.plan.listen)
        except RuntimeError:
            raise ConfigurationError(f"cannot listen on {self.plan.listen}: is it in use?") from None
        await self._grpc.start()
        for name in ("", *names):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)

    def _add_services(self) -> Sequence[str]:
        """Add the services of the project; gives their names."""
        service = ingest.Ingest(self.reception, self.plan.clock)
        self._grpc.add_generic_rpc_handlers((service.handler(),))
        return (ingest.NAME,)

    async def _stop_http(self) -> None:
        if self.http is not None:
            await self.http.stop()

    async def _close(self) -> None:
        try:
            await asyncio.to_thread(self.pipeline.close)
        finally:
            self.store.close()

    def _on_detected(self, detected: Detected) -> None:
        self.reception.on_detected()

    def _on_filed(self, filing: Filing) -> None:
        for one in filing.observations:
            _log.info("signal", id=one.signal.id, detector=one.signal.detector, actor=one.signal.actor)

    def _on_failure(self, error: BaseException) -> None:
        self.reception.on_failure(error)
        self._loop.call_soon_threadsafe(self._set_failed, error)

    def _set_failed(self, error: BaseException) -> None:
        _log.error("pipeline failed", error=str(error))
        if not self.failed.done():
            self.failed.set_result(error)
