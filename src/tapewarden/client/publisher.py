"""`Publisher`: hands events of a Python producer to the server, each exactly once."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from tapewarden.client.connection import Connection
from tapewarden.client.delivery import Delivery, Listeners, Reject
from tapewarden.client.ingest import IngestCalls, resume
from tapewarden.client.outbox import Batching, Outbox
from tapewarden.client.window import Delivered
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import PublishError
from tapewarden.wire.decoding import Position
from tapewarden.wire.encoding import Encoder

USUAL: Final = Batching()


class Publisher:
    """The events of one source on their way to the server; any thread may call it.

    Events are numbered from 1 in the order in which they are sent; the server takes each number of a
    source and epoch once. A publisher goes on where the source stopped, so its first event must be number
    ``start.sequence``: a producer that can read its events again leaves out as many as come before.

    The server keeps what instruments, accounts and feeds a source's numbers stand for, and they are the
    directory's. Whoever goes on in an epoch needs a directory that begins with the same ones in the same
    order, as a tape's does; otherwise the first batch is refused. Whoever cannot promise that, a live feed
    say, begins an epoch of its own: ``epoch=resume(connection, source).epoch + 1``.

    Whenever the connection breaks, it is made again, and exactly what is not durable is sent again. An
    error the server will not take back (a batch that it refuses, missing rights) is raised by the next call.

    Args:
        connection: The server and its caller.
        source: Name of the series of events, 1 to 512 bytes; it outlives this process.
        directory: Who and what the numbers of the batches stand for; may grow, before its numbers are used.
        epoch: ``None`` for the one the source is in.
        on_reject: Called with each event that the server stores but takes no notice of; one whose
            acknowledgment is lost with a connection is not told again.
        on_durable: Called with each message that has become durable.
        batching: How events are gathered, and how many may be in flight: what bounds the memory.
        patience: Seconds without any progress, though there are events to send, until it gives up.

    Raises:
        PublishError: If the source is in a later epoch.
        TapewardenError: As the server says; ``UnavailableError`` if it cannot be reached.

    The functions are called on the publisher's own thread; they must be quick and must not send. In full
    messages an event costs about a microsecond of CPU, alone some hundred: send batches where there are any.
    """

    def __init__(
        self,
        connection: Connection,
        source: str,
        directory: Directory,
        *,
        epoch: int | None = None,
        on_reject: Callable[[Reject], None] | None = None,
        on_durable: Callable[[Delivered], None] | None = None,
        batching: Batching = USUAL,
        patience: float | None = None,
    ) -> None:
        self.start = _start(source, resume(connection, source), epoch)
        """Position of the first event that is to be sent."""
        self._calls = IngestCalls(connection)
        encoder = Encoder(directory, self.start)
        self._outbox = Outbox(encoder, batching)
        listeners = Listeners(on_reject, on_durable)
        self._delivery = Delivery(self._calls, self.start, self._outbox, patience, listeners)

    @property
    def durable(self) -> int:
        """Number of the last event known to be durable, 0 if there is none."""
        return self._outbox.durable

    def send(self, batch: EventBatch) -> None:
        """Take the source's next events; they are *not* durable yet. Waits while too much is in flight.

        The batch must not change afterwards.

        Raises:
            PublishError: If events cannot be published any more.
        """
        self._outbox.put(batch)

    def flush(self, timeout: float | None = None) -> None:
        """Wait until all that was sent is durable.

        Raises:
            TimeoutError: If it is not after so many seconds; it is still being sent.
            PublishError: If events cannot be published any more.
        """
        if not self._outbox.flush(timeout):
            trouble = self._delivery.trouble or "the server is slow"
            raise TimeoutError(f"events are not durable after {timeout:g} s: {trouble}")

    def close(self, timeout: float | None = None) -> None:
        """Wait until all is durable, and end; raises as ``flush`` does, and ends nevertheless."""
        try:
            self.flush(timeout)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """End at once; what is not durable has to be sent again, by another publisher.

        Threads that wait in other calls, and later calls, get a ``PublishError``.
        """
        self._outbox.close()
        self._delivery.stop()
        self._outbox.fail(PublishError("events for a publisher that is closed"))
        self._calls.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()


def _start(source: str, durable: Position | None, epoch: int | None) -> Position:
    """Where to go on."""
    _, begun, last = durable or Position(source, 1, 0)
    if durable is not None and epoch is not None and epoch < begun:
        raise PublishError(f"source {source}: expected epoch {begun} or a later one, received epoch {epoch}")
    if epoch is None or epoch == begun:
        return Position(source, begun, last + 1)
    return Position(source, epoch, 1)
