"""Frames on their way to the disk: bounded, numbered in order, waited for."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import Final

from tapewarden.domain.errors import JournalError
from tapewarden.journal.frame import MAX_PLACE, Frame, size_of

GROUP_BYTES: Final = 4 << 20
"""A group is closed at this size: one sync serves many frames, but none waits for more than that."""


class Pending:
    """The queue between those who append and the thread that commits; any thread may call any method.

    ``next`` is the number the next frame gets, ``durable`` the last one that is on the disk. ``bytes``
    counts the frames between, ``most_bytes`` bounds them. After a failure every call that would need the
    disk raises it.
    """

    def __init__(self, next_number: int, most_bytes: int) -> None:
        self.next = next_number
        self.durable = next_number - 1
        self.bytes = 0
        self._most_bytes = most_bytes
        self._queue: SimpleQueue[Frame | None] = SimpleQueue()  # `None` is its end
        self._closing = False
        self._failure: JournalError | None = None
        lock = threading.Lock()
        self._room = threading.Condition(lock)
        self._progress = threading.Condition(lock)

    def put(self, frame: Frame) -> int:
        """Number a frame and queue it, once there is room; gives its number.

        Raises:
            JournalError: If the journal has failed or is closed.
        """
        size = size_of(frame)
        with self._room:
            while self.bytes and self.bytes + size > self._most_bytes and self._works():
                self._room.wait()
            self.check()
            number = self.next
            self.next += 1
            self.bytes += size
            self._queue.put(frame._replace(number=number))
            return number

    def take(self) -> list[Frame]:
        """All queued frames that one group may hold, once there are any; none at all after closing."""
        group: list[Frame] = []
        size = 0
        while (frame := self._queue.get()) is not None:
            group.append(frame)
            size += size_of(frame)
            if len(group) > MAX_PLACE or size >= GROUP_BYTES or self._queue.empty():
                return group
        self._queue.put(None)
        return group

    def commit(self, group: list[Frame]) -> None:
        """Note that these frames are durable."""
        size = sum(map(size_of, group))
        with self._progress:
            self.durable = group[-1].number
            self.bytes -= size
            self._wake()

    def wait(self, number: int, timeout: float | None) -> bool:
        """Wait until a frame is durable, for so many seconds at most; gives whether it is.

        Raises:
            JournalError: If the journal has failed.
            ValueError: If no frame has got this number yet.
        """
        with self._progress:
            if number >= self.next:
                raise ValueError(f"expected a number below {self.next}, received {number}")
            self._progress.wait_for(lambda: self.durable >= number or self._failure is not None, timeout)
            if self.durable < number:
                self.check_failure()
            return self.durable >= number

    def close(self) -> None:
        """Take nothing more; what is queued is still committed."""
        with self._room:
            self._closing = True
            self._queue.put(None)
            self._wake()

    def fail(self, failure: JournalError) -> None:
        """Refuse everything from now on and forget what is queued."""
        with self._room:
            self._failure = failure
            self._queue = SimpleQueue()
            self._wake()

    def check(self) -> None:
        """Raise ``JournalError`` if the journal has failed or is closed."""
        self.check_failure()
        if self._closing:
            raise JournalError("the journal is closed")

    def check_failure(self) -> None:
        """Raise ``JournalError`` if the journal has failed."""
        if self._failure is not None:
            raise JournalError(str(self._failure)) from self._failure.__cause__

    def _works(self) -> bool:
        return not self._closing and self._failure is None

    def _wake(self) -> None:
        self._room.notify_all()
        self._progress.notify_all()
