"""`Delivery`: the thread that keeps a stream to the server alive while there is something to send."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final, NamedTuple, Self

import grpc

from tapewarden.client.ingest import IngestCalls, position_of
from tapewarden.client.outbox import Outbox
from tapewarden.client.window import Delivered
from tapewarden.domain.errors import PublishError, TapewardenError
from tapewarden.wire.decoding import Position
from tapewarden.wire.v1 import ingest_pb2

FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 5.0

REFUSED: Final = frozenset({grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION})
"""Of a batch that is none, contradicts what is known, or does not follow the ones before it."""

FINAL: Final = frozenset(
    {
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.DATA_LOSS,
    }
)
"""What else trying again does not mend; a restart, a lost connection or a lack of room may be over soon."""


class Reject(NamedTuple):
    """An event that the server stored but takes no notice of, by its number in the source and epoch."""

    sequence: int
    field: str
    expected: str
    received: str


class Listeners(NamedTuple):
    """Whom to tell of rejected events and durable messages, on the thread of the delivery."""

    on_reject: Callable[[Reject], None] | None = None
    on_durable: Callable[[Delivered], None] | None = None


class Delivery:
    """Sends what is in an outbox, and what is not durable again whenever the stream broke.

    Between attempts it waits a random part of a pause that doubles each time up to ``LONGEST_PAUSE``
    seconds. After ``patience`` seconds without progress it gives up; ``None`` is never.
    """

    def __init__(
        self,
        calls: IngestCalls,
        start: Position,
        outbox: Outbox,
        patience: float | None,
        listeners: Listeners,
    ) -> None:
        self._calls = calls
        self._source, self._epoch, _ = start
        self._outbox = outbox
        self._patience = patience
        self._listeners = listeners
        self._stopped = threading.Event()
        self._call: grpc.Call | None = None
        self._failing_since: float | None = None
        self._failures = 0
        self.trouble = ""
        """What broke the last stream, in words; empty while events become durable."""
        self._thread = threading.Thread(target=self._run, name="tapewarden-publisher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more, whatever is not durable."""
        self._stopped.set()
        self._outbox.stop_stream()
        if self._call is not None:
            self._call.cancel()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set() and not self._outbox.settled:
            try:
                self._stream()
                self._pause("the server ended the stream")
            except grpc.RpcError as error:
                self._judge(error)
            except grpc.FutureCancelledError:
                return
            except TapewardenError as error:
                self._outbox.fail(error)
            except Exception as error:  # of a listener, or of definitions that no message can hold
                self._outbox.fail(PublishError(f"{type(error).__name__}: {error}"))

    def _stream(self) -> None:
        """One stream, from asking where the source stopped to its end."""
        answer = self._follow(self._calls.resume(self._source)).result()
        stream, delivered = self._outbox.start_stream(self._durable(position_of(answer)))
        self._tell(delivered, ())
        if not self._outbox.waiting:
            self._recover()
        try:
            for ack in self._follow(self._calls.publish(_Messages(self._outbox, stream))):
                if ack.position.epoch == self._epoch:
                    self._tell(self._outbox.acknowledge(ack.position.sequence), ack.rejects)
        finally:
            self._outbox.stop_stream()

    def _follow(self, call: grpc.Call) -> grpc.Call:
        """The call, which ``stop`` can end from now on."""
        self._call = call
        if self._stopped.is_set():
            call.cancel()
        return call

    def _durable(self, position: Position | None) -> int:
        """The last durable event of this epoch, held against what the server said before."""
        _, epoch, sequence = position or (self._source, self._epoch, 0)
        if epoch > self._epoch:
            raise PublishError(
                f"source {self._source}: expected epoch {self._epoch}, received that epoch {epoch} has begun"
            )
        durable = sequence if epoch == self._epoch else 0
        if durable < self._outbox.durable:
            raise PublishError(
                f"source {self._source}: the server has lost events that were durable: "
                f"expected {self._outbox.durable:,} of them, received {durable:,}"
            )
        return durable

    def _tell(self, delivered: Iterable[Delivered], rejects: Iterable[ingest_pb2.Reject]) -> None:
        on_reject, on_durable = self._listeners
        if on_reject is not None:
            for one in rejects:
                on_reject(Reject(one.sequence, one.field, one.expected, one.received))
        for message in delivered:
            self._recover()
            if on_durable is not None:
                on_durable(message)

    def _judge(self, error: grpc.RpcError) -> None:
        if error.code() in REFUSED:
            self._outbox.fail(PublishError(error.details()))
        elif error.code() in FINAL:
            self._outbox.fail(self._calls.failed(error))
        else:
            self._pause(str(self._calls.failed(error)))

    def _recover(self) -> None:
        self.trouble, self._failing_since, self._failures = "", None, 0

    def _pause(self, trouble: str) -> None:
        """Wait before the next attempt, or give up."""
        if self._outbox.settled or self._stopped.is_set():
            return
        self.trouble = trouble
        now = monotonic()
        self._failing_since = self._failing_since or now
        if self._patience is not None and now - self._failing_since >= self._patience:
            self._outbox.fail(PublishError(f"no progress for {self._patience:g} s: {trouble}"))
            return
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self._stopped.wait(random.uniform(0, longest))


class _Messages:
    """The messages of one stream, as its call wants them."""

    def __init__(self, outbox: Outbox, stream: int) -> None:
        self._outbox = outbox
        self._stream = stream

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        message = self._outbox.take(self._stream)
        if message is None:
            raise StopIteration
        return message
