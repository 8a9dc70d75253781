"""`SurveillanceClient`: what a server sees, in nouns of the domain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Final, Self

import grpc

from tapewarden.client.connection import Connection, answering
from tapewarden.client.health import DetectorFacts, ServerHealth, detector_of, health_of
from tapewarden.client.replay import Book, MarketWindow, book_of, window_of
from tapewarden.client.tape import StreamParties, TapeNews, news_of
from tapewarden.domain.casework import SignalFilter, SignalGroup, SignalPage, StoredSignal
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import UnavailableError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Outcome, Signal
from tapewarden.wire.casework import stored_of
from tapewarden.wire.grounds import grounds_of
from tapewarden.wire.parties import instrument_of
from tapewarden.wire.signals import filter_message, outcome_of, signal_of
from tapewarden.wire.v1 import surveillance_pb2 as pb
from tapewarden.wire.v1.surveillance_pb2_grpc import SurveillanceStub

ANSWER_S: Final = 60.0
"""How long a server may take to answer, seconds."""

SILENCE_S: Final = 5.0
"""How long a stream may be silent; a server promises a word each second."""

_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """A signal with what became of it. ``frame`` of the journal brought it, ``None`` if it is of a tape."""

    stored: StoredSignal
    frame: int | None
    detected_ns: int | None


@dataclass(frozen=True, slots=True)
class Derivation:
    """What came of computing a signal again from frames of the journal.

    ``stored`` and ``derived`` are canonical lines, the latter empty if none was found; ``reason`` says why
    it could not be done. ``from_features``: ``reason`` says why events were not read; the model that brought
    the signal judged the features again that it carries.
    """

    outcome: Outcome
    reason: str
    stored: str
    derived: str
    from_frame: int
    frame: int
    from_features: bool = False


class SurveillanceClient:
    """Calls to a server: ``async with SurveillanceClient(connection) as surveillance``.

    Methods raise the errors of the domain. Iterators end with ``UnavailableError`` when the server does, or
    says nothing for ``SILENCE_S`` seconds; stopping to iterate ends the call.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aenter__(self) -> Self:
        self._channel = self._connection.channel()
        self._stub: Any = SurveillanceStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def signals(self, wanted: SignalFilter) -> tuple[StoredSignal, ...]:
        """A page of signals."""
        request = pb.ListSignalsRequest(filter=filter_message(wanted))
        answer = await self._ask(self._stub.ListSignals, request)
        return tuple(map(stored_of, answer.signals))

    async def page_of_signals(self, wanted: SignalFilter) -> SignalPage:
        """A page of signals, how many there are on all pages, and in which groups."""
        request = pb.ListSignalsRequest(filter=filter_message(wanted), count=True)
        answer = await self._ask(self._stub.ListSignals, request)
        groups = tuple(SignalGroup(one.name, one.signals, one.highest) for one in answer.groups)
        return SignalPage(tuple(map(stored_of, answer.signals)), answer.total, groups)

    async def signal(self, signal_id: str) -> Arrived:
        """One signal; ``NotFoundError`` if there is none."""
        answer = await self._ask(self._stub.GetSignal, pb.GetSignalRequest(id=signal_id))
        return Arrived(
            stored_of(answer.signal),
            answer.frame if answer.HasField("frame") else None,
            answer.detected_ns if answer.HasField("detected_ns") else None,
        )

    async def derive_again(self, signal_id: str) -> Derivation:
        """Let the server compute a signal again, which may take as long as the engine took, and compare."""
        with answering(self._connection.address):
            answer = await self._stub.ReDerive(
                pb.ReDeriveRequest(id=signal_id), metadata=self._connection.metadata
            )
        return Derivation(
            outcome_of(answer.outcome),
            answer.reason,
            answer.stored,
            answer.derived,
            answer.from_frame,
            answer.frame,
            answer.from_features,
        )

    async def grounds(self, signal_id: str) -> Grounds:
        """Why a signal was given and what speaks against it, in plain sentences."""
        with answering(self._connection.address):
            answer = await self._stub.ExplainSignal(
                pb.ExplainSignalRequest(id=signal_id), timeout=ANSWER_S, metadata=self._connection.metadata
            )
        return grounds_of(answer)

    async def all_signals(self, wanted: SignalFilter) -> list[StoredSignal]:
        """All signals on all pages, from ``wanted.offset`` on; for times when none are added."""
        found: list[StoredSignal] = []
        while True:
            page = await self.signals(replace(wanted, limit=_PAGE, offset=wanted.offset + len(found)))
            found += page
            if len(page) < _PAGE:
                return found

    async def watch_signals(self, backlog: int = 0) -> AsyncIterator[Signal]:
        """The latest signals, the oldest of them first, then those to come as they become visible."""
        request = pb.StreamSignalsRequest(backlog=backlog)
        async with self._stream(self._stub.StreamSignals, request) as messages:
            async for message in messages:
                if message.HasField("signal"):
                    yield signal_of(message.signal)

    async def watch_tape(self, interval_ms: int = 100) -> AsyncIterator[TapeNews]:
        """Trades as they are received, a few times a second."""
        parties = StreamParties()
        request = pb.StreamTapeRequest(interval_ms=interval_ms)
        async with self._stream(self._stub.StreamTape, request) as messages:
            async for message in messages:
                yield news_of(message, parties)

    async def watch_book(
        self, instrument: str, levels: int = 20, interval_ms: int = 200
    ) -> AsyncIterator[Book]:
        """The book of an instrument, again and again; ``NotFoundError`` where there is no such instrument."""
        request = pb.StreamBookRequest(instrument=instrument, levels=levels, interval_ms=interval_ms)
        async with self._stream(self._stub.StreamBook, request) as messages:
            async for message in messages:
                yield book_of(message.book)

    async def window_around(
        self, signal_id: str, *, levels: int = 50, books: int = 300, margin_ns: int = 30 * SECOND
    ) -> MarketWindow:
        """Books and order events around a signal, ``margin_ns`` before and after it, an hour at most."""
        return await self._window(
            pb.ReplayWindowRequest(signal_id=signal_id, levels=levels, books=books, margin_ns=margin_ns)
        )

    async def window(
        self, instrument: str, from_ns: int, until_ns: int, *, levels: int = 50, books: int = 300
    ) -> MarketWindow:
        """Books and order events of an instrument between two times at most an hour apart."""
        return await self._window(
            pb.ReplayWindowRequest(
                instrument=instrument, from_ns=from_ns, until_ns=until_ns, levels=levels, books=books
            )
        )

    async def health(self) -> ServerHealth:
        """How well the server sees."""
        return health_of(await self._ask(self._stub.Health, pb.HealthRequest()))

    async def detectors(self) -> tuple[DetectorFacts, ...]:
        """The detectors that run on the server."""
        answer = await self._ask(self._stub.ListDetectors, pb.ListDetectorsRequest())
        return tuple(map(detector_of, answer.detectors))

    async def instruments(self) -> tuple[Instrument, ...]:
        """The instruments the server knows."""
        answer = await self._ask(self._stub.ListInstruments, pb.ListInstrumentsRequest())
        return tuple(map(instrument_of, answer.instruments))

    async def _ask(self, method: Any, request: Any) -> Any:  # noqa: ANN401 - gRPC has no types
        with answering(self._connection.address):
            return await method(request, timeout=ANSWER_S, metadata=self._connection.metadata)

    async def _window(self, request: pb.ReplayWindowRequest) -> MarketWindow:
        call = self._stub.ReplayWindow(request, metadata=self._connection.metadata)
        with answering(self._connection.address):
            return window_of([part async for part in call])

    @asynccontextmanager
    async def _stream(self, method: Any, request: Any) -> AsyncIterator[AsyncIterator[Any]]:  # noqa: ANN401
        call = method(request, metadata=self._connection.metadata)
        try:
            with answering(self._connection.address):
                yield self._messages(call)
        finally:
            call.cancel()

    async def _messages(self, call: Any) -> AsyncIterator[Any]:  # noqa: ANN401 - gRPC has no types
        address = self._connection.address
        while True:
            try:
                async with asyncio.timeout(SILENCE_S):
                    message = await call.read()
            except TimeoutError:
                silent = f"{address}: the server said nothing for {SILENCE_S:g} seconds"
                raise UnavailableError(silent) from None
            if message is grpc.aio.EOF:
                raise UnavailableError(f"{address}: the server ended")
            yield message
