"""A line to a server that lets only so many bytes through in a while, or none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

BEAT_S = 0.01
DEAD, SLOW, QUICK = 0, 400, 2**20
"""Bytes of the server's per beat, and per connection."""


class SlowLine:
    """The line; what goes to the server is not held up.

    Attributes:
        address: Where it begins.
        bytes_per_beat: How much passes; any thread may change it.
    """

    def __init__(self, server: str, bytes_per_beat: int) -> None:
        host, _, port = server.rpartition(":")
        self.bytes_per_beat = bytes_per_beat
        self._server = host, int(port)
        self._passing: set[asyncio.Task[None]] = set()
        self._laid = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._lie()))

    def lay(self) -> None:
        self._thread.start()
        self._laid.wait()

    def cut(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _lie(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._join, "127.0.0.1", 0) as begin:
            self.address = "127.0.0.1:{1}".format(*begin.sockets[0].getsockname())
            self._laid.set()
            await self._over.wait()
            for task in self._passing:
                task.cancel()
            await asyncio.gather(*self._passing, return_exceptions=True)

    def _join(self, there: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connect(there, back))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def _connect(self, there: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            async with closed(back):
                from_server, to_server = await asyncio.open_connection(*self._server)
                async with closed(to_server):
                    await asyncio.gather(self._pass(there, to_server), self._trickle(from_server, back))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(2**16):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _trickle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while True:
                await asyncio.sleep(BEAT_S)
                if self.bytes_per_beat == DEAD:
                    continue
                if not (data := await reader.read(self.bytes_per_beat)):
                    break
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def closed(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection at the end of the block; if that is broken off, without waiting for the peer."""
    try:
        yield
    except BaseException:
        writer.transport.abort()
        raise
    finally:
        writer.close()
        await writer.wait_closed()


@contextmanager
def slow_line(server: str, bytes_per_beat: int) -> Iterator[SlowLine]:
    """A line until the end of the block."""
    line = SlowLine(server, bytes_per_beat)
    line.lay()
    try:
        yield line
    finally:
        line.cut()
