"""`Outbox`: where threads that produce events meet the stream that sends them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from tapewarden.client.window import Delivered, Message, Window
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import PublishError
from tapewarden.wire.decoding import Position
from tapewarden.wire.encoding import MOST_DEFINITIONS, Encoder

MOST_ROWS: Final = 5_000
"""Rows a message may be made of: 4 MiB hold them, whatever their values and names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batching:
    """How events are gathered into messages, and how many may be on their way.

    Attributes:
        linger: Seconds that an event waits for others to share its message, 0 to 1.
        rows: Events in a message at most, 1 to 5,000.
        in_flight_bytes: How much may be sent and not durable before a producer waits.
    """

    linger: float = 0.002
    rows: int = MOST_ROWS
    in_flight_bytes: int = 8 * 2**20

    def __post_init__(self) -> None:
        if not 0 <= self.linger <= 1:
            raise ValueError(f"linger: expected 0 to 1 s, received {self.linger}")
        if not 1 <= self.rows <= MOST_ROWS:
            raise ValueError(f"rows: expected 1 to {MOST_ROWS}, received {self.rows}")
        if self.in_flight_bytes < 1:
            raise ValueError(f"in_flight_bytes: expected at least 1, received {self.in_flight_bytes}")


class Outbox:
    """Events gathered into messages, and kept until they are durable.

    A message is made when enough events have come together, or a while after its first event. ``put`` waits
    while too much is not durable. All waiting is for a condition, none of it busy.
    """

    def __init__(self, encoder: Encoder, batching: Batching) -> None:
        self._encoder = encoder
        self._rows = batching.rows
        self._linger = batching.linger
        self._window = Window(encoder.position.sequence - 1, batching.in_flight_bytes)
        self._open: list[EventBatch] = []
        self._open_rows = 0
        self._due = 0.0
        self._greeting: deque[bytes] = deque()
        self._stream = 0
        self._closing = False
        self._failure: Exception | None = None
        self._turn = threading.Lock()  # one batch after the other, though it may take several messages
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._progress = threading.Condition(self._lock)

    @property
    def durable(self) -> int:
        """Number of the last event known to be durable."""
        return self._window.durable

    @property
    def settled(self) -> bool:
        """Whether nothing more will come and all that came is durable, or nothing more can be sent."""
        with self._lock:
            return self._failure is not None or (self._closing and not self._open and not self._window)

    @property
    def waiting(self) -> bool:
        """Whether there are messages that are not known to be durable."""
        return bool(self._window)

    # --- the side of the producer -------------------------------------------------------------------------

    def put(self, batch: EventBatch) -> None:
        """Take the next events; waits while there is no room. Raises what the outbox failed with."""
        with self._turn:
            for part in batch.split(self._rows):
                with self._lock:
                    while self._window.full and self._failure is None:
                        self._progress.wait()
                    self._check()
                    self._add(part)

    def flush(self, timeout: float | None) -> bool:
        """Wait until all that was put is durable; gives whether it is. Raises what the outbox failed with."""
        with self._lock:
            self._check()
            self._seal()
            self._work.notify_all()
            target = self._encoder.position.sequence - 1
            self._progress.wait_for(lambda: self._failure or self._window.durable >= target, timeout)
            self._check()
            return self._window.durable >= target

    def close(self) -> None:
        """Take nothing more; streams end when they were given all."""
        with self._lock:
            self._closing = True
            self._work.notify_all()

    def fail(self, error: Exception) -> None:
        """Give up: every call of a producer raises this error from now on."""
        with self._lock:
            self._failure = self._failure or error
            self._progress.notify_all()
            self._work.notify_all()

    # --- the side of the stream ---------------------------------------------------------------------------

    def start_stream(self, durable: int) -> tuple[int, Sequence[Delivered]]:
        """Begin a new stream behind this durable event; gives its number and what is durable by that.

        The stream first says again what all numbers stand for: the server may have started anew, and
        somebody else may have published the source in the meantime.
        """
        with self._lock:
            delivered = self._window.rewind(durable, monotonic())
            self._encoder.forget()
            source, epoch, following = self._encoder.position
            first = self._window.next_first()
            position = Position(source, epoch, following if first is None else first)
            self._greeting = deque(self._encoder.definitions(position))
            self._stream += 1
            self._progress.notify_all()
            return self._stream, delivered

    def stop_stream(self) -> None:
        """Let the stream end that is waiting for its next message."""
        with self._lock:
            self._stream += 1
            self._work.notify_all()

    def take(self, stream: int) -> bytes | None:
        """The stream's next message; waits for it. ``None`` at its end."""
        with self._lock:
            while stream == self._stream and self._failure is None:
                message = self._greeting.popleft() if self._greeting else self._window.give(monotonic())
                if message is not None:
                    return message
                if self._open:
                    left = self._due - monotonic()
                    if left <= 0 or self._closing:
                        self._seal_or_fail()
                    else:
                        self._work.wait(left)
                elif self._closing:
                    return None
                else:
                    self._work.wait()
            return None

    def acknowledge(self, sequence: int) -> Sequence[Delivered]:
        """All events up to this one are durable; gives the messages that are by that."""
        with self._lock:
            delivered = self._window.acknowledge(sequence, monotonic())
            self._progress.notify_all()
            return delivered

    # --- under the lock -----------------------------------------------------------------------------------

    def _add(self, part: EventBatch) -> None:
        if self._open_rows + len(part) > self._rows:
            self._seal()
            self._work.notify_all()
        if not self._open:
            self._due = monotonic() + self._linger
            self._work.notify_all()
        self._open.append(part)
        self._open_rows += len(part)
        if self._open_rows == self._rows:
            self._seal()
            self._work.notify_all()

    def _seal(self) -> None:
        """Make a message of the open events, if there are any."""
        if not self._open:
            return
        first = self._encoder.position.sequence
        if self._encoder.undefined > MOST_DEFINITIONS:
            for data in self._encoder.definitions(self._encoder.position):
                self._window.append(Message(data, first, 0))
        batch = self._open[0] if len(self._open) == 1 else EventBatch.concatenate(self._open)
        self._window.append(Message(self._encoder.columns(batch), first, len(batch)))
        self._open, self._open_rows = [], 0

    def _seal_or_fail(self) -> None:
        """The same on a thread that is not the producer's, which must hear of it."""
        try:
            self._seal()
        except ValueError as error:
            self._failure = PublishError(f"events that no message can hold: {error}")
            self._progress.notify_all()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure
