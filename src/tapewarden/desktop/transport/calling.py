"""`Caller`: keeps the way to a server open, follows streams, asks questions; lives in a loop of asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, NoReturn, TypeVar

from tapewarden.client import Connection
from tapewarden.desktop.transport.services import Services, services_of
from tapewarden.desktop.transport.status import Phase, Status
from tapewarden.desktop.transport.watching import Watching
from tapewarden.domain.errors import (
    ConfigurationError,
    LimitError,
    TapewardenError,
    UnauthenticatedError,
    UnavailableError,
    UncertainError,
)

Answer = TypeVar("Answer")

FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 3.0
"""Seconds before the next attempt to connect: doubled each time, from the first to the longest."""

_CATCHING_UP_S: Final = 1.0  # before a stream that the server ended for being too slow begins anew


class Caller:
    """Connects, and again after each loss, until its task is canceled.

    ``status`` may be read by any thread, everything else is for the loop's.

    Args:
        connection: Where the server is and who calls.
        post: Takes what is to be done on Tk's thread.
    """

    def __init__(self, connection: Connection, post: Callable[[Callable[[], None]], None]) -> None:
        self.status = Status()
        self._connection = connection
        self._post = post
        self._services: Services | None = None
        self._broken: asyncio.Future[TapewardenError] | None = None
        self._signed_in = asyncio.Event()
        self._watched: list[Watching[Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Keep connected."""
        pause = FIRST_PAUSE_S
        try:
            while True:
                error = await self._connect()
                pause = FIRST_PAUSE_S if self.status.phase is Phase.OPEN else min(2 * pause, LONGEST_PAUSE_S)
                await self._recover(error, pause)
        finally:
            self._set(phase=Phase.CLOSED)

    def watch(self, watching: Watching[Any]) -> None:
        """Follow a stream."""
        self._watched = [one for one in self._watched if not one.ended]
        self._watched.append(watching)
        if self._services is not None:
            self._spawn(self._follow(watching, self._services))

    def ask(
        self,
        question: Callable[[Services], Awaitable[Answer]],
        answered: Callable[[Answer], None],
        failed: Callable[[TapewardenError], None],
    ) -> None:
        """Ask once."""
        if self._services is None:
            self._post(partial(failed, UnavailableError(f"{self._connection.address}: not connected")))
        else:
            self._spawn(self._answer(question(self._services), answered, failed))

    def sign_in(self, connection: Connection) -> None:
        """Connect anew, as somebody else or elsewhere."""
        self._connection = connection
        self._signed_in.set()
        self._break(UnavailableError("signing in"))

    async def _connect(self) -> TapewardenError:
        """Be connected until that breaks, and why it did."""
        self._signed_in.clear()
        try:
            async with services_of(self._connection) as services:
                return await self._converse(services)
        except ConfigurationError as error:
            return error

    async def _converse(self, services: Services) -> TapewardenError:
        self._services = services
        self._broken = asyncio.get_running_loop().create_future()
        for watching in self._watched:
            self._spawn(self._follow(watching, services))
        try:
            return await self._broken
        finally:
            self._services = self._broken = None
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _recover(self, error: TapewardenError, pause: float) -> None:
        """Wait before the next attempt; for a sign-in as long as it takes."""
        stranger = isinstance(error, UnauthenticatedError)
        status = self.status
        self._set(
            phase=Phase.SIGN_IN if stranger else Phase.WAITING,
            lost_at=status.lost_at or time.monotonic(),
            losses=status.losses + (status.phase is Phase.OPEN),
            error=str(error),
        )
        try:
            async with asyncio.timeout(None if stranger else pause):
                await self._signed_in.wait()
        except TimeoutError:
            pass
        self._set(phase=Phase.CONNECTING)

    async def _follow(self, watching: Watching[Any], services: Services) -> None:
        while not watching.ended:
            try:
                async for item in watching.open_stream(services):
                    if watching.ended:
                        return
                    self._set(phase=Phase.OPEN, heard_at=time.monotonic(), lost_at=None, error=None)
                    watching.mailbox.put(item)
            except LimitError:
                await asyncio.sleep(_CATCHING_UP_S)
            except (UnavailableError, UnauthenticatedError, ConfigurationError) as error:
                self._break(error)
                return
            except TapewardenError as error:
                self._post(partial(watching.refuse, error))
                return
            except Exception as error:
                self._post(partial(_raise, error))
                return

    async def _answer(
        self,
        asked: Awaitable[Answer],
        answered: Callable[[Answer], None],
        failed: Callable[[TapewardenError], None],
    ) -> None:
        try:
            answer = await asked
        except asyncio.CancelledError:
            lost = UncertainError("the connection was lost before the server answered")
            self._post(partial(failed, lost))
            raise
        except TapewardenError as error:
            self._post(partial(failed, error))
            if isinstance(error, UnauthenticatedError):
                self._break(error)
        except Exception as error:
            self._post(partial(_raise, error))
        else:
            self._post(partial(answered, answer))

    def _spawn(self, work: Any) -> None:  # noqa: ANN401 - a coroutine of anything
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _break(self, error: TapewardenError) -> None:
        if self._broken is not None and not self._broken.done():
            self._broken.set_result(error)

    def _set(self, **changed: Any) -> None:  # noqa: ANN401 - fields of Status
        self.status = replace(self.status, **changed)


def _raise(error: Exception) -> NoReturn:
    """A mistake of the program belongs to Tk's thread, which reports it."""
    raise error
