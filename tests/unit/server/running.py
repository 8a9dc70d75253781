"""A real server on a free port of the loopback device, on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import grpc

from tapewarden.cases.store import Store
from tapewarden.domain.kinds import DAY
from tapewarden.domain.staff import Role
from tapewarden.server.serving import Plan, Server
from tests.unit.cases.workflows import ADA

Result = TypeVar("Result")


class Running:
    """A server that runs, and how to reach it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._started = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def start(self) -> None:
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something on the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def channel(self) -> grpc.Channel:
        return grpc.insecure_channel(self.address)

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        try:
            async with Server(self._plan) as self.server:
                self._started.set()
                await self._stop.wait()
        except BaseException as error:
            self._error = error
            self._started.set()


@contextmanager
def running(plan: Plan) -> Iterator[Running]:
    """A server that is stopped at the end."""
    server = Running(plan)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def token_for(plan: Plan, *, source: str | None = None, role: Role = Role.PRODUCER) -> str:
    """The secret of a new token for somebody of a role, in the database of a server that does not run yet."""
    plan.folder.mkdir(exist_ok=True)
    store, now = Store.open(plan.database_url), time.time_ns()
    try:
        store.staff.put(role.value, [role], ADA, now)
        return store.staff.issue(role.value, ADA, now, now + DAY, source=source)[1]
    finally:
        store.close()
