"""`Mailbox`: what a stream brought and nobody has taken yet."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


def one(item: object) -> int:
    """The rows of an item that is a row."""
    return 1


class Mailbox(Generic[Item]):
    """Items in their order, at most ``most_rows`` rows of them; the oldest give way, and each row is counted.

    Always ``received == taken + dropped + waiting``, in rows. Any thread may call.

    Args:
        most_rows: That wait at most; the newest item stays, however many it has.
        rows: How many an item has.
    """

    def __init__(self, most_rows: int, rows: Callable[[Item], int] = one) -> None:
        self._most_rows = most_rows
        self._rows = rows
        self._lock = threading.Lock()
        self._items: deque[Item] = deque()
        self.received = 0
        self.taken = 0
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """Rows that nobody has taken."""
        with self._lock:
            return self.received - self.taken - self.dropped

    def put(self, item: Item) -> None:
        """Add an item."""
        with self._lock:
            self.received += self._rows(item)
            self._items.append(item)
            while len(self._items) > 1 and self.received - self.taken - self.dropped > self._most_rows:
                self.dropped += self._rows(self._items.popleft())

    def take(self) -> list[Item]:
        """All items that wait, the oldest first."""
        with self._lock:
            items = list(self._items)
            self._items.clear()
            self.taken = self.received - self.dropped
        return items
