"""`Reception`: the pipeline for callers of an event loop. It makes them wait where the pipeline would.

All methods are for the loop's own thread.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any, Final, NamedTuple

from tapewarden.domain.errors import JournalError, TapewardenError
from tapewarden.live.pipeline import Pipeline, Receipt, Registration
from tapewarden.wire.decoding import Position, WireBatch

MOST_WAITING: Final = 1_000_000
"""Events that may wait for the engine before nothing more is received."""

_MOST_PENDING: Final = 8 << 20  # bytes that wait for the disk; the journal itself would block at more
_MOST_EARLY: Final = 64  # messages per source that wait for those before them
_MOST_EARLY_BYTES: Final = 64 << 20
_PATIENCE_S: Final = 5.0


Check = Callable[[str], None]


def _anybody(source: str) -> None:
    """The check that everybody passes."""


class _Early(NamedTuple):
    place: tuple[int, int, int]
    """Epoch, sequence, and how many were early before: two may begin at the same event."""

    batch: WireBatch
    received_ns: int
    future: asyncio.Future[Receipt]

    @property
    def size(self) -> int:
        return len(self.batch.data)


class Reception:
    """Takes messages in, holds early ones until those before them come, and says when they are durable.

    Args:
        most_waiting: Events that may wait for the engine before ``room`` waits.
        patience_s: How long an early message waits for those before it.
        on_refused: Called for each message that is refused.
    """

    def __init__(
        self,
        *,
        most_waiting: int = MOST_WAITING,
        patience_s: float = _PATIENCE_S,
        on_refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._most_waiting = most_waiting
        self.patience_s = patience_s
        self._on_refused = on_refused
        self._early: dict[str, dict[tuple[int, int, int], _Early]] = {}
        self._early_bytes = 0
        self._early_count = count()
        self._durable = 0
        self._waiters: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._moved = asyncio.Event()
        self._failure: TapewardenError | None = None
        self.pipeline: Pipeline

    def join(self, pipeline: Pipeline) -> None:
        """The pipeline to hand over to; it must tell ``on_durable``, ``on_detected`` and ``on_failure``."""
        self.pipeline = pipeline
        self._durable = pipeline.journal.durable

    def on_durable(self, frame: int) -> None:
        """The pipeline's disk has come to a frame; from any thread."""
        self._loop.call_soon_threadsafe(self._durable_to, frame)

    def on_detected(self) -> None:
        """The pipeline's engine has come on; from any thread."""
        if not self._moved.is_set():
            self._loop.call_soon_threadsafe(self._moved.set)

    def on_failure(self, error: BaseException) -> None:
        """The pipeline has failed; from any thread."""
        self._loop.call_soon_threadsafe(self._fail, error)

    async def room(self) -> None:
        """Wait until the engine and the disk have room for more.

        Raises:
            TapewardenError: If the pipeline has failed.
        """
        while self._is_full():
            self._moved.clear()
            if self._is_full():
                await self._moved.wait()
        self._check()

    def submit(self, data: bytes, received_ns: int, check: Check = _anybody) -> asyncio.Future[Receipt]:
        """Hand a message over; call after ``room``. The receipt comes at once unless the message is early.

        The future's errors are those of ``publish``.
        """
        future: asyncio.Future[Receipt] = self._loop.create_future()
        try:
            self._check()
            batch = self.pipeline.decode(data)
            check(batch.position.source)
            receipt = self.pipeline.receive(batch, received_ns)
            if receipt is None:
                place = (batch.position.epoch, batch.position.sequence, next(self._early_count))
                self._hold(_Early(place, batch, received_ns, future))
            else:
                future.set_result(receipt)
                self._go_on(batch.position.source)
        except TapewardenError as error:
            self._on_refused()
            _refuse(future, error)
        return future

    async def publish(self, data: bytes, received_ns: int, check: Check = _anybody) -> Receipt:
        """Take an `EventBatch` message; waits for room, and for the events before it if they are missing.

        ``check`` is given the message's source and raises where it may not come from this caller.

        Raises:
            InputError: If it is none, or a definition contradicts what is known; nothing was taken.
            SourceError: If the events before it do not come, or its epoch is over.
            JournalError: If the journal has failed.
        """
        await self.room()
        return await self.submit(data, received_ns, check)

    async def register(self, data: bytes, received_ns: int) -> Registration:
        """Take a `RegisterRequest` message.

        Raises:
            WireError: If it is none.
            JournalError: If the journal has failed.
        """
        await self.room()
        return self.pipeline.register(data, received_ns)

    def is_durable(self, frame: int) -> bool:
        """Whether a frame is durable."""
        return frame <= self._durable

    async def durable(self, frame: int) -> None:
        """Wait until a frame is durable.

        Raises:
            TapewardenError: If the pipeline fails before.
        """
        self._check()
        if frame > self._durable:
            future: asyncio.Future[None] = self._loop.create_future()
            self._waiters.append((frame, future))
            await future

    async def position(self, source: str) -> Position | None:
        """The last event of a source, once it is durable; ``None`` if there is none."""
        await self.durable(self.pipeline.journal.last)
        return self.pipeline.position(source)

    def _is_full(self) -> bool:
        if self._failure is not None:
            return False
        pipeline = self.pipeline
        return pipeline.detection.waiting >= self._most_waiting or (
            pipeline.journal.pending_bytes >= _MOST_PENDING
        )

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _durable_to(self, frame: int) -> None:
        self._durable = max(self._durable, frame)
        self._moved.set()
        for _ in range(len(self._waiters)):
            wanted, future = self._waiters.popleft()
            if wanted > self._durable:
                self._waiters.append((wanted, future))
            elif not future.done():
                future.set_result(None)

    def _fail(self, error: BaseException) -> None:
        if self._failure is None:
            self._failure = JournalError(f"nothing more is taken: {error}")
        self._moved.set()
        futures: list[asyncio.Future[Any]] = [future for _, future in self._waiters]
        futures += [early.future for held in self._early.values() for early in held.values()]
        for future in futures:
            _refuse(future, self._failure)
        self._waiters.clear()

    def _hold(self, early: _Early) -> None:
        """Keep an early message until the source's events come to it, or patience ends."""
        position = early.batch.position
        held = self._early.setdefault(position.source, {})
        if len(held) >= _MOST_EARLY or self._early_bytes + early.size > _MOST_EARLY_BYTES:
            self._forget_source(position.source)
            raise self.pipeline.gap(position)
        held[early.place] = early
        self._early_bytes += early.size
        self._loop.call_later(self.patience_s, self._give_up, early)

    def _give_up(self, early: _Early) -> None:
        position = early.batch.position
        held = self._early.get(position.source, {})
        if early.place in held:
            self._release(early)
            _refuse(early.future, self.pipeline.gap(position))

    def _release(self, early: _Early) -> None:
        source = early.batch.position.source
        del self._early[source][early.place]
        self._early_bytes -= early.size
        self._forget_source(source)

    def _forget_source(self, source: str) -> None:
        if not self._early.get(source, True):
            del self._early[source]

    def _go_on(self, source: str) -> None:
        """Hand over what was early and is not any more."""
        while held := self._early.get(source):
            early = held[min(held)]
            try:
                receipt: Receipt | None = self.pipeline.receive(early.batch, early.received_ns)
            except TapewardenError as error:
                self._release(early)
                _answer(early.future, error)
                continue
            if receipt is None:
                return
            self._release(early)
            _answer(early.future, receipt)


def _answer(future: asyncio.Future[Receipt], answer: Receipt | TapewardenError) -> None:
    if isinstance(answer, TapewardenError):
        _refuse(future, answer)
    elif not future.done():
        future.set_result(answer)


def _refuse(future: asyncio.Future[Any], error: TapewardenError) -> None:
    """Answer with an error, which is told to whoever waits; if nobody does any more, it is no news."""
    if not future.done():
        future.set_exception(error)
        future.exception()  # the loop does not log one that was looked at
