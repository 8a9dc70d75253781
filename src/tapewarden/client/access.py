"""`AccessClient`: who one is to a server."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from tapewarden.client.connection import Connection, answering
from tapewarden.domain.staff import Permission
from tapewarden.wire.v1 import access_pb2 as pb
from tapewarden.wire.v1.access_pb2_grpc import AccessStub

ANSWER_S: Final = 10.0
"""How long a server may take to answer, seconds."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls a server. Roles and permissions are words, as a later server may have more of them.

    Attributes:
        name: In the audit trail.
        roles: Such as ``analyst``.
        permissions: What they allow.
    """

    name: str
    roles: tuple[str, ...] = ()
    permissions: frozenset[str] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Whether a role allows it; the server decides, this tells beforehand."""
        return permission in self.permissions


class AccessClient:
    """Calls to a server: ``async with AccessClient(connection) as access``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aenter__(self) -> Self:
        self._channel = self._connection.channel()
        self._stub: Any = AccessStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def who_am_i(self) -> Caller:
        """The caller as the server knows them; ``UnauthenticatedError`` where it does not."""
        with answering(self._connection.address):
            answer = await self._stub.WhoAmI(
                pb.WhoAmIRequest(), timeout=ANSWER_S, metadata=self._connection.metadata
            )
        return Caller(answer.name, tuple(answer.roles), frozenset(answer.permissions))
