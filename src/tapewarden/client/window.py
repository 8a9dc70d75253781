"""`Window`: a source's messages from when they are made until they are durable; no threads, no network."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class Message(NamedTuple):
    """The bytes of a batch, the number of its first event, and how many events it has, perhaps none."""

    data: bytes
    first: int
    events: int

    @property
    def last(self) -> int:
        """The number of its last event; that of the event before it where it has none."""
        return self.first + self.events - 1


class Delivered(NamedTuple):
    """A message that is durable: its last event, its events, and seconds since it was sent first.

    The seconds are ``None`` where somebody else had sent these events before.
    """

    last: int
    events: int
    seconds: float | None


class Window:
    """Messages in their order: first those a stream was given, then those that wait for it.

    ``durable`` is the number of the last event known to be on the server's disk. Whoever fills the window
    beyond ``most_bytes`` is to wait; it takes what it is told nevertheless.
    """

    def __init__(self, durable: int, most_bytes: int) -> None:
        self.durable = durable
        self.bytes = 0
        self._most_bytes = most_bytes
        self._messages: deque[Message] = deque()
        self._sent: deque[float] = deque()  # when the first messages were sent first
        self._given = 0  # so many of them the current stream was given

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def full(self) -> bool:
        """Whether no more should be added now."""
        return self.bytes >= self._most_bytes

    def append(self, message: Message) -> None:
        """Add the message that follows the last one."""
        self._messages.append(message)
        self.bytes += len(message.data)

    def next_first(self) -> int | None:
        """The number of the first event of what the stream is given next, ``None`` if there is nothing."""
        return self._messages[self._given].first if self._given < len(self._messages) else None

    def give(self, now: float) -> bytes | None:
        """The next message for the stream, ``None`` if it was given all."""
        if self._given == len(self._messages):
            return None
        message = self._messages[self._given]
        self._given += 1
        if len(self._sent) < self._given:
            self._sent.append(now)
        return message.data

    def acknowledge(self, sequence: int, now: float) -> list[Delivered]:
        """Let go of what was given and is durable, now that all events up to this one are.

        What was not given stays, though somebody else may have sent its events: its definitions are still
        to be checked against theirs.
        """
        self.durable = max(self.durable, sequence)
        delivered = []
        while self._given and self._messages[0].last <= self.durable:
            delivered.append(self._let_go(now))
            self._given -= 1
        return delivered

    def rewind(self, sequence: int, now: float) -> list[Delivered]:
        """Begin a new stream behind this durable event; what is not durable will be given again."""
        self.durable = max(self.durable, sequence)
        self._given = 0
        delivered = []
        while self._messages and self._messages[0].last <= self.durable:
            delivered.append(self._let_go(now))
        return delivered

    def _let_go(self, now: float) -> Delivered:
        message = self._messages.popleft()
        self.bytes -= len(message.data)
        seconds = now - self._sent.popleft() if self._sent else None
        return Delivered(message.last, message.events, seconds)
