"""`Link`: one daemon thread that talks to the server and never touches Tk.

Presenters call ``watch`` and ``ask`` on Tk's thread. What comes back waits until ``drain``, which the window
calls every 50 ms, hands it over on Tk's thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar

from tapewarden.client import Connection
from tapewarden.desktop.transport.calling import Caller
from tapewarden.desktop.transport.mailbox import Mailbox, one
from tapewarden.desktop.transport.services import Services
from tapewarden.desktop.transport.status import Status
from tapewarden.desktop.transport.watching import Watching
from tapewarden.domain.errors import TapewardenError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST_ROWS: Final = 20_000
"""Rows of a stream that wait for the window at most, unless it says otherwise."""


class Server(Protocol):
    """What presenters ask of a link; a test may give them another one."""

    def watch(
        self,
        open_stream: Callable[[Services], AsyncIterator[Item]],
        deliver: Callable[[Item], None],
        *,
        failed: Callable[[TapewardenError], None] | None = None,
        rows: Callable[[Item], int] = one,
        most_rows: int = MOST_ROWS,
    ) -> Watching[Item]:
        """Follow a stream from now on, and again after each loss of the connection.

        Args:
            open_stream: Such as ``lambda server: server.surveillance.watch_tape()``.
            deliver: Takes each item, on Tk's thread.
            failed: Told why the server refuses; the stream has ended then.
            rows: How many rows an item has.
            most_rows: That wait at most; see ``Mailbox``.
        """

    def ask(
        self,
        question: Callable[[Services], Awaitable[Answer]],
        answered: Callable[[Answer], None],
        failed: Callable[[TapewardenError], None],
    ) -> None:
        """Ask once, such as ``lambda server: server.cases.case(7)``; then call one of the others."""


class Link:
    """The connection of a window to a server; all methods are for Tk's thread.

    Args:
        connection: Where the server is and who calls.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._answers: deque[Callable[[], None]] = deque()
        self._watched: list[Watching[Any]] = []
        self._loop = asyncio.new_event_loop()
        self._caller = Caller(connection, self._answers.append)
        self._thread = threading.Thread(target=self._run, name="tapewarden-link", daemon=True)

    @property
    def status(self) -> Status:
        """How the connection is now."""
        return self._caller.status

    @property
    def dropped(self) -> int:
        """Rows of streams that were dropped because the window did not take them in time."""
        return sum(watching.mailbox.dropped for watching in self._watched)

    def start(self) -> None:
        """Begin to connect."""
        self._task = self._loop.create_task(self._caller.run())
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> bool:
        """End streams, close channels, join the thread; whether that was done in time."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def sign_in(self, connection: Connection) -> None:
        """Go on as somebody else, or elsewhere."""
        self.connection = connection
        self._loop.call_soon_threadsafe(self._caller.sign_in, connection)

    def watch(
        self,
        open_stream: Callable[[Services], AsyncIterator[Item]],
        deliver: Callable[[Item], None],
        *,
        failed: Callable[[TapewardenError], None] | None = None,
        rows: Callable[[Item], int] = one,
        most_rows: int = MOST_ROWS,
    ) -> Watching[Item]:
        """See ``Server.watch``."""
        watching = Watching(open_stream, deliver, failed, Mailbox(most_rows, rows))
        self._watched.append(watching)
        self._loop.call_soon_threadsafe(self._caller.watch, watching)
        return watching

    def ask(
        self,
        question: Callable[[Services], Awaitable[Answer]],
        answered: Callable[[Answer], None],
        failed: Callable[[TapewardenError], None],
    ) -> None:
        """See ``Server.ask``."""
        self._loop.call_soon_threadsafe(self._caller.ask, question, answered, failed)

    def drain(self) -> None:
        """Hand over what has come since the last time."""
        for _ in range(len(self._answers)):
            self._answers.popleft()()
        self._watched = [watching for watching in self._watched if not watching.ended]
        for watching in self._watched:
            watching.hand_over()

    def _run(self) -> None:
        """The thread."""
        asyncio.set_event_loop(self._loop)
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
