"""`Gate`: lets a call in if its caller is known, may call the service, and does not call too much."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

import grpc

from tapewarden.cases.workflow import require
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.staff import Permission
from tapewarden.server.access.callers import Access
from tapewarden.server.access.limits import Counter, Limits
from tapewarden.server.handling import guarded
from tapewarden.server.reporting import reporting

_INGEST: Final = "tapewarden.v1.Ingest"

PERMISSIONS: Final[Mapping[str, Permission | None]] = {
    _INGEST: Permission.PUBLISH,
    "tapewarden.v1.Surveillance": Permission.READ,
    "tapewarden.v1.Cases": Permission.READ,
    "tapewarden.v1.Models": None,  # who may look at models and who may decide differs by call
    "tapewarden.v1.Simulation": Permission.ADMINISTER,
    "tapewarden.v1.Access": None,
    "grpc.reflection.v1alpha.ServerReflection": None,
    "grpc.reflection.v1.ServerReflection": None,
}
"""What it takes to call a service at all; ``None``: to be known. What is not listed, nobody may call."""

PUBLIC: Final = "grpc.health.v1.Health"
"""The service that anybody may call, so that what watches over servers needs no token."""

Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler | None]]


class Gate(grpc.aio.ServerInterceptor):  # type: ignore[misc]  # gRPC has no types
    """The interceptor of a server. ``clock`` is any that only rises, in seconds."""

    def __init__(
        self, access: Access, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._access = access
        self._counter = Counter(limits or Limits(), clock)

    async def intercept_service(
        self, continuation: Continuation, details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler | None:
        """Put the gate before a call."""
        handler = await continuation(details)
        if handler is None:
            return None
        service = details.method.removeprefix("/").partition("/")[0]

        @asynccontextmanager
        async def admitted(context: grpc.aio.ServicerContext) -> AsyncIterator[None]:
            async with reporting(context):
                key = self._admit(service, context)
                with self._counter.counting(key):
                    yield

        return guarded(handler, admitted)

    def _admit(self, service: str, context: grpc.aio.ServicerContext) -> str:
        """For whom to count the call; raises unless they may make it."""
        if service == PUBLIC:
            return f"whoever calls from {context.peer().rpartition(':')[0]}"
        person, token = self._access.known(context.invocation_metadata() or ())
        if service not in PERMISSIONS:
            raise RefusedError(f"nobody may call {service}")
        needed = PERMISSIONS[service]
        if needed is not None:
            require(person, needed)
        if token is not None and token.source is not None and service != _INGEST:
            raise RefusedError(f"{person.name} may hand in events of {token.source}, and nothing else")
        return person.name if token is None else f"{person.name} (token {token.id})"
