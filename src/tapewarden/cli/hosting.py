"""A server on a thread of its own, for commands that bring their own."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from tapewarden.server.running import run
from tapewarden.server.serving import Plan, Server


@contextmanager
def hosted(plan: Plan) -> Iterator[str]:
    """A server that runs until the block ends, and logs warnings only; gives its address.

    Raises:
        TapewardenError: Where it cannot start, and at the end where it failed.
    """
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    host = _Host(plan)
    host.start()
    try:
        yield host.address
    finally:
        host.stop()


class _Host:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._started = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="tapewarden-server")

    def start(self) -> None:
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            run(self._serve())
        except BaseException as error:
            self._error = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with Server(self._plan) as server:
            self.address = f"127.0.0.1:{server.port}"
            self._started.set()
            await self._stop.wait()
