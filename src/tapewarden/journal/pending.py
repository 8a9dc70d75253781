"""Frames on their way to the disk: bounded, numbered in order, waited for."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from tapewarden.domain.errors import JournalError
from tapewarden.journal.frame import MAX_PLACE, Frame, size_of

GROUP_BYTES: Final = 4 << 20
"""A group is closed at this size: one sync serves many frames, but none waits for more than that."""


class Pending:
    """The queue between those who append and the thread that commits; any thread may call any method.

    ``next`` is the number the next frame gets, ``durable`` the last one that is on the disk. Frames count
    against ``most_bytes`` until they are durable. After a failure every call that would need the disk
    raises it.
    """

    def __init__(self, next_number: int, most_bytes: int) -> None:
        self.next = next_number
        self.durable = next_number - 1
        self._most_bytes = most_bytes
        self._bytes = 0
        self._frames: deque[Frame] = deque()
        self._closing = False
        self._failure: JournalError | None = None
        self._changed = threading.Condition()

    @property
    def bytes(self) -> int:
        """Bytes of the frames that are not durable yet."""
        return self._bytes

    def put(self, frame: Frame) -> int:
        """Number a frame and queue it, once there is room; gives its number.

        Raises:
            JournalError: If the journal has failed or is closed.
        """
        size = size_of(frame)
        with self._changed:
            while self._bytes and self._bytes + size > self._most_bytes and self._works():
                self._changed.wait()
            self.check()
            number = self.next
            self.next += 1
            self._bytes += size
            self._frames.append(frame._replace(number=number))
            self._changed.notify_all()
            return number

    def take(self) -> list[Frame]:
        """All queued frames that one group may hold, once there are any; none at all when closing."""
        with self._changed:
            while not self._frames and not self._closing:
                self._changed.wait()
            group: list[Frame] = []
            size = 0
            while self._frames and len(group) <= MAX_PLACE and size < GROUP_BYTES:
                group.append(self._frames.popleft())
                size += size_of(group[-1])
            return group

    def commit(self, group: list[Frame]) -> None:
        """Note that these frames are durable."""
        with self._changed:
            self.durable = group[-1].number
            self._bytes -= sum(map(size_of, group))
            self._changed.notify_all()

    def wait(self, number: int, timeout: float | None) -> bool:
        """Wait until a frame is durable, for so many seconds at most; gives whether it is.

        Raises:
            JournalError: If the journal has failed.
            ValueError: If no frame has got this number yet.
        """
        with self._changed:
            if number >= self.next:
                raise ValueError(f"expected a number below {self.next}, received {number}")
            self._changed.wait_for(lambda: self.durable >= number or self._failure is not None, timeout)
            if self.durable < number:
                self.check_failure()
            return self.durable >= number

    def close(self) -> None:
        """Take nothing more; what is queued is still committed."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def fail(self, failure: JournalError) -> None:
        """Refuse everything from now on and forget what is queued."""
        with self._changed:
            self._failure = failure
            self._frames.clear()
            self._changed.notify_all()

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
