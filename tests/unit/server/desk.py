"""A real server with the Cases service behind its gate, on a free port of the loopback device."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from tapewarden.cases.bundle import Contents
from tapewarden.cases.store import Observation, Store
from tapewarden.client import CasesClient, Connection
from tapewarden.domain.casework import ExportFormat
from tapewarden.reports.assembling import assemble
from tapewarden.reports.content import Entity
from tapewarden.reports.rendering import render
from tapewarden.runtime.grounds import rule_grounds
from tapewarden.server.access import Access, Gate, Limits, ServerTls
from tapewarden.server.changes import Changes
from tapewarden.server.services.access import Callers
from tapewarden.server.services.cases import Cases
from tests.unit.cases.signals import signal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = 1_000
Result = TypeVar("Result")


class Desk:
    """A running server: its address, what it tells, and clients of it."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self.store = store
        self.changes = changes
        self.now = NOW
        self.port = 0

    @property
    def address(self) -> str:
        return f"localhost:{self.port}"

    def client(self, person: str | None = None, **given: Any) -> CasesClient:
        return CasesClient(Connection(address=self.address, person=person, **given))

    def filled(self, number: int) -> list[int]:
        """As many new cases, each of one signal."""
        signals = [Observation(signal(f"s{one}", actor=f"a{one}", at_hour=one)) for one in range(number)]
        return list(self.store.record(signals, NOW, "engine").cases)


def without_market(contents: Contents, wanted: ExportFormat) -> bytes:
    """The report of a case whose market nobody kept."""
    return render(assemble(contents, Entity(), lambda one: (one.detector, rule_grounds(one, None))), wanted)


@asynccontextmanager
async def serving(
    store: Store,
    *,
    tokens: bool = False,
    tls: ServerTls | None = None,
    limits: Limits | None = None,
    key: Ed25519PrivateKey | None = KEY,
    reports: Callable[[Contents, ExportFormat], bytes] | None = without_market,
    heartbeat_s: float = 0.05,
) -> AsyncIterator[Desk]:
    desk = Desk(store, Changes())
    async with Access(store.staff if tokens else None, lambda: desk.now, refresh_s=0.02) as access:
        server = grpc.aio.server(interceptors=(Gate(access, limits),), options=(("grpc.so_reuseport", 0),))
        cases = Cases(store, lambda: desk.now, access.caller, desk.changes, key, reports, heartbeat_s)
        handler = cases.handler()
        server.add_generic_rpc_handlers((handler, Callers(access.caller).handler()))
        health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)
        reflection.enable_server_reflection((handler.service_name(), reflection.SERVICE_NAME), server)
        if tls is None:
            desk.port = server.add_insecure_port("127.0.0.1:0")
        else:
            desk.port = server.add_secure_port("127.0.0.1:0", tls.credentials())
        await server.start()
        try:
            yield desk
        finally:
            await server.stop(None)
            cases.close()


def run(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a test's coroutine; one that hangs fails."""
    return asyncio.run(asyncio.wait_for(work(), 60))
