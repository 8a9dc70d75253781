"""`Access`: who makes a call, by token, or by the name they give on an open server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import grpc
import structlog

from tapewarden.cases.store import Roster, Staff
from tapewarden.cases.workflow import require
from tapewarden.domain.errors import RefusedError, UnauthenticatedError
from tapewarden.domain.staff import Permission, Person, Role, Token
from tapewarden.wire.calling import person_of, token_of

NOBODY: Final = "local"
"""The name of who gives none on an open server."""

_REFRESH_S: Final = 1.0
_LONGEST_NAME: Final = 200

_log = structlog.get_logger(__name__)


class Access:
    """Knows callers. ``async with`` it: the roster of people and tokens is read again each second.

    Without ``staff`` the server is open: everybody has every role, under the name they give. That is for
    one's own machine; work that takes two people still takes two names.

    Args:
        staff: People and tokens; ``None`` for an open server.
        clock: The time, ns UTC.
        refresh_s: How long a token that was revoked may still count.
    """

    def __init__(self, staff: Staff | None, clock: Callable[[], int], refresh_s: float = _REFRESH_S) -> None:
        self._staff = staff
        self._clock = clock
        self._refresh_s = refresh_s
        self._roster: Roster | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether callers need no token."""
        return self._staff is None

    async def __aenter__(self) -> Self:
        if self._staff is not None:
            self._roster = await asyncio.to_thread(self._staff.roster)
            self._reading = asyncio.create_task(self._read_again(self._staff))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading

    def caller(self, context: grpc.aio.ServicerContext) -> Person:
        """Who makes a call; ``UnauthenticatedError`` where that is not known, or not any more."""
        return self.known(context.invocation_metadata() or ())[0]

    def check_source(self, context: grpc.aio.ServicerContext, source: str) -> None:
        """Raise ``RefusedError`` unless the caller may hand in events of a source, still."""
        person, token = self.known(context.invocation_metadata() or ())
        require(person, Permission.PUBLISH)
        if token is not None and token.source not in (None, source):
            raise RefusedError(f"{person.name} may hand in events of {token.source} only, not of {source}")

    def known(self, metadata: Iterable[tuple[str, str | bytes]]) -> tuple[Person, Token | None]:
        """Who sent metadata, and by which token, ``None`` on an open server."""
        if self._staff is None:
            return Person(_name(person_of(metadata)), frozenset(Role)), None
        secret = token_of(metadata)
        if secret is None:
            raise UnauthenticatedError("this server asks for a token, and the call brings none")
        owner = None if self._roster is None else self._roster.owner(secret, self._clock())
        if owner is None:
            raise UnauthenticatedError("the token is not known, has ended or was revoked")
        return owner

    async def _read_again(self, staff: Staff) -> None:
        while True:
            await asyncio.sleep(self._refresh_s)
            try:
                self._roster = await asyncio.to_thread(staff.roster)
            except Exception as error:  # what is known goes on to count, and it is tried again
                _log.warning("people and tokens could not be read", error=str(error))


def _name(given: str | None) -> str:
    if given is None:
        return NOBODY
    if not (given.isprintable() and given.strip() == given and 0 < len(given) <= _LONGEST_NAME):
        raise UnauthenticatedError(f"a name has 1 to {_LONGEST_NAME} printable characters")
    return given
