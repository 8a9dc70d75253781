"""A server of cases on a thread of its own, for commands that run to their end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tapewarden.cases.store import Store
from tests.unit.server.desk import Desk, serving


@contextmanager
def desk_on_a_thread(store: Store, **given: Any) -> Iterator[Desk]:
    started = threading.Event()
    found: list[tuple[Desk, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        async with serving(store, **given) as desk:
            stop = asyncio.Event()
            found.append((desk, asyncio.get_running_loop(), stop))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert started.wait(60)
    desk, loop, stop = found[0]
    try:
        yield desk
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
