"""`Announcements`: what happened, for all who listen; who is too slow misses something, nobody waits.

For one event loop; ``announce`` may be called by any thread.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

_MOST_UNREAD: Final = 10_000


class Listener(Generic[Item]):
    """What one reader has not read yet, and how much of it was lost."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: deque[Item] = deque()
        self._came = asyncio.Event()
        self.lost = 0
        """Items that came while too many were unread."""

    def add(self, item: Item) -> None:
        """Give the reader an item, or count it as lost."""
        if len(self._items) >= self._most:
            self.lost += 1
        else:
            self._items.append(item)
        self._came.set()

    def forget_lost(self) -> int:
        """How many were lost since this was asked last."""
        lost, self.lost = self.lost, 0
        return lost

    async def take(self, timeout: float) -> list[Item]:
        """What is unread, or after so many seconds without any, nothing."""
        try:
            async with asyncio.timeout(timeout):
                await self._came.wait()
        except TimeoutError:
            pass
        self._came.clear()
        taken = list(self._items)
        self._items.clear()
        return taken


class Announcements(Generic[Item]):
    """Those who listen, each with a bounded number of unread items."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._listeners: set[Listener[Item]] = set()

    def __bool__(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    @contextmanager
    def listening(self, most: int = _MOST_UNREAD) -> Iterator[Listener[Item]]:
        """Listen until the block ends."""
        listener: Listener[Item] = Listener(most)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def announce(self, item: Item) -> None:
        """Tell all who listen."""
        if self._listeners:
            self._loop.call_soon_threadsafe(self._tell, item)

    def _tell(self, item: Item) -> None:
        for listener in self._listeners:
            listener.add(item)
