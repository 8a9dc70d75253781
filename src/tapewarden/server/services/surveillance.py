"""`Surveillance`: what the server sees, for those who watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final, TypeAlias

import grpc

from tapewarden.anomaly.about import METAS
from tapewarden.cases.store import Arrival, Observation, Store
from tapewarden.cases.workflow import require
from tapewarden.domain.book import BookState
from tapewarden.domain.casework import SignalFilter, StoredSignal
from tapewarden.domain.errors import FieldError, LimitError, NotFoundError
from tapewarden.domain.kinds import HOUR, SECOND
from tapewarden.domain.signal import Signal
from tapewarden.domain.staff import Permission, Person
from tapewarden.live.detection import Detected
from tapewarden.live.explaining import grounds_of
from tapewarden.live.pipeline import Pipeline
from tapewarden.live.rederiving import derive_again
from tapewarden.live.windows import Window, WindowReader, book_state
from tapewarden.server.announcing import Announcements
from tapewarden.server.handling import service_handler
from tapewarden.server.views.asking import MOST_LISTED, bounded, signal_filter
from tapewarden.server.views.health import add_pipeline_health, engine_health
from tapewarden.server.views.tape import TapeUpdates, book_message
from tapewarden.server.views.window import window_messages
from tapewarden.wire.casework import stored_message
from tapewarden.wire.grounds import grounds_message
from tapewarden.wire.models import health_messages
from tapewarden.wire.parties import instrument_message
from tapewarden.wire.signals import outcome_code, signal_message
from tapewarden.wire.v1 import surveillance_pb2 as messages

Context: TypeAlias = grpc.aio.ServicerContext

_HEARTBEAT_S: Final = 1.0
_MOST_FRAMES: Final = 500  # that a reader of the tape may be behind
_READERS: Final = 2  # windows and derivations at once: each keeps a core busy


class Surveillance:
    """The service over a pipeline and its store.

    Args:
        pipeline: What is watched.
        store: Where its signals are.
        seen: Tells of what the engine has seen.
        visible: Tells of signals that became visible.
        clock: The time, ns UTC.
        caller: Who calls.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        seen: Announcements[Detected],
        visible: Announcements[Observation],
        clock: Callable[[], int],
        caller: Callable[[Context], Person],
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._seen = seen
        self._visible = visible
        self._clock = clock
        self._caller = caller
        self._readers = asyncio.Semaphore(_READERS)

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server needs."""
        return service_handler(messages.DESCRIPTOR.services_by_name["Surveillance"], self)

    async def stream_tape(
        self, request: messages.StreamTapeRequest, context: Context
    ) -> AsyncIterator[messages.TapeUpdate]:
        """Trades, a few messages a second."""
        self._may_read(context)
        interval = bounded("interval_ms", request.interval_ms, 20, 1_000, 100) / 1_000
        updates = TapeUpdates(self._pipeline.directory, request.instruments)
        with self._seen.listening(_MOST_FRAMES) as listener:
            frame = self._pipeline.detection.frame  # what comes later is told, whatever the server dies of
            detected: list[Detected] = []  # at first nothing: who listens hears where the stream begins
            while True:
                yield updates.update(
                    detected, at_ns=self._clock(), frame=frame, events=self._pipeline.detection.events
                )
                await asyncio.sleep(interval)
                detected = [one for one in await listener.take(_HEARTBEAT_S) if one.work.frame > frame]
                frame = detected[-1].work.frame if detected else frame
                updates.lose(listener.forget_lost())

    async def stream_book(
        self, request: messages.StreamBookRequest, context: Context
    ) -> AsyncIterator[messages.BookUpdate]:
        """The book of one instrument, again and again."""
        self._may_read(context)
        interval = bounded("interval_ms", request.interval_ms, 50, 1_000, 200) / 1_000
        levels = bounded("levels", request.levels, 1, 1_000, 20)
        while True:
            book = await self._book(request.instrument, levels)
            yield messages.BookUpdate(at_ns=self._clock(), book=book_message(book))
            await asyncio.sleep(interval)

    async def stream_signals(
        self, request: messages.StreamSignalsRequest, context: Context
    ) -> AsyncIterator[messages.SignalUpdate]:
        """The latest signals, the oldest of them first, then those to come."""
        person = self._may_read(context)
        wanted = signal_filter(request.filter)
        backlog = bounded("backlog", request.backlog, 1, MOST_LISTED, 0)
        with self._visible.listening() as listener:
            told = await self._backlog(wanted, backlog, person)
            for stored in reversed(told):
                yield self._update(stored.signal, None)
            known = {stored.signal.id for stored in told}
            while True:
                came = await listener.take(_HEARTBEAT_S)
                if listener.lost:
                    raise LimitError(f"the reader fell {listener.lost} signals behind: list them, then go on")
                fresh = [one for one in came if one.signal.id not in known and _fits(one.signal, wanted)]
                for one in fresh:
                    yield self._update(one.signal, one.arrival)
                if not fresh:
                    yield messages.SignalUpdate(at_ns=self._clock())

    async def list_signals(
        self, request: messages.ListSignalsRequest, context: Context
    ) -> messages.ListSignalsResponse:
        """A page of signals, counted if that is asked for."""
        response = messages.ListSignalsResponse()
        asked = signal_filter(request.filter), self._may_read(context), self._clock()
        if request.count:
            page = await asyncio.to_thread(self._store.page_of_signals, *asked)
            response.total = page.total
            response.signals.extend(map(stored_message, page.signals))
            for group in page.groups:
                response.groups.add(name=group.name, signals=group.signals, highest=group.highest)
        else:
            found = await asyncio.to_thread(self._store.signals, *asked)
            response.signals.extend(map(stored_message, found))
        return response

    async def get_signal(
        self, request: messages.GetSignalRequest, context: Context
    ) -> messages.GetSignalResponse:
        """A signal with what became of it, and how it arrived."""
        response = messages.GetSignalResponse()
        stored, arrival = await self._signal(request.id, self._may_read(context))
        response.signal.CopyFrom(stored_message(stored))
        if arrival is not None:
            response.frame, response.detected_ns = arrival
        return response

    async def replay_window(
        self, request: messages.ReplayWindowRequest, context: Context
    ) -> AsyncIterator[messages.WindowPart]:
        """Events and books of a window, from the journal."""
        person = self._may_read(context)
        window = await self._window(request, person)
        async with self._readers:
            reader = await asyncio.to_thread(WindowReader, self._pipeline, window)
            parts = window_messages(reader, window)
            while (part := await asyncio.to_thread(_next, parts)) is not None:
                yield part

    async def re_derive(
        self, request: messages.ReDeriveRequest, context: Context
    ) -> messages.ReDeriveResponse:
        """A signal computed again, compared byte for byte."""
        response = messages.ReDeriveResponse()
        stored, arrival = await self._signal(request.id, self._may_read(context))
        async with self._readers:
            found = await asyncio.to_thread(derive_again, self._pipeline, stored.signal, arrival)
        response.outcome, response.reason = outcome_code(found.outcome), found.reason
        response.stored = stored.signal.to_json()
        response.derived = "" if found.derived is None else found.derived.to_json()
        response.from_frame, response.from_features = found.from_frame, found.from_features
        response.frame = 0 if arrival is None else arrival.frame
        return response

    async def explain_signal(
        self, request: messages.ExplainSignalRequest, context: Context
    ) -> messages.Grounds:
        """Why a signal was given, in plain sentences."""
        stored, _ = await self._signal(request.id, self._may_read(context))
        return grounds_message(await asyncio.to_thread(grounds_of, self._pipeline, stored.signal))

    async def list_detectors(
        self, request: messages.ListDetectorsRequest, context: Context
    ) -> messages.ListDetectorsResponse:
        """The detectors that run here."""
        response = messages.ListDetectorsResponse()
        self._may_read(context)
        metas = [detector.meta for detector in self._pipeline.configuration.detectors]
        if self._pipeline.chosen.champion is not None:
            metas += METAS.values()
        for meta in metas:
            response.detectors.add(
                id=meta.id,
                version=meta.version,
                title=meta.title,
                typology=meta.typology,
                family=meta.family,
                severity=meta.severity,
                summary=meta.summary,
            )
        return response

    async def list_instruments(
        self, request: messages.ListInstrumentsRequest, context: Context
    ) -> messages.ListInstrumentsResponse:
        """The instruments that are known."""
        response = messages.ListInstrumentsResponse()
        self._may_read(context)
        response.instruments.extend(map(instrument_message, list(self._pipeline.directory.instruments)))
        return response

    async def health(self, request: messages.HealthRequest, context: Context) -> messages.HealthResponse:
        """How well the server sees."""
        self._may_read(context)
        response = await asyncio.wrap_future(self._pipeline.detection.ask(engine_health))
        status = await asyncio.wrap_future(self._pipeline.models_status())
        response.models.extend(health_messages(status))
        response.model_faults.extend(status.faults)
        add_pipeline_health(response, self._pipeline)
        response.at_ns = self._clock()
        return response

    def _may_read(self, context: Context) -> Person:
        person = self._caller(context)
        require(person, Permission.READ)
        return person

    async def _book(self, name: str, levels: int) -> BookState:
        number = self._pipeline.directory.find_instrument(name)
        if number is None:
            raise NotFoundError(f"instrument {name}: there is none")
        asked = self._pipeline.detection.ask(
            lambda engine: book_state(engine, number, self._pipeline.clock_ns, levels)
        )
        return await asyncio.wrap_future(asked)

    async def _backlog(self, wanted: SignalFilter, backlog: int, person: Person) -> list[StoredSignal]:
        """The latest signals; asking for none is still entered into the trail, as reading is."""
        latest = SignalFilter(**{name: getattr(wanted, name) for name in _STREAMED}, limit=backlog or 1)
        found = await asyncio.to_thread(self._store.signals, latest, person, self._clock())
        return found if backlog else []

    async def _signal(self, signal_id: str, person: Person) -> tuple[StoredSignal, Arrival | None]:
        stored = await asyncio.to_thread(self._store.signal, signal_id, person, self._clock())
        return stored, await asyncio.to_thread(self._store.arrival, signal_id)

    async def _window(self, request: messages.ReplayWindowRequest, person: Person) -> Window:
        instrument, from_ns, until_ns = request.instrument, request.from_ns, request.until_ns
        if request.signal_id:
            stored, _ = await self._signal(request.signal_id, person)
            margin = request.margin_ns or 30 * SECOND
            instrument = stored.signal.instrument
            from_ns, until_ns = stored.signal.start_ns - margin, stored.signal.end_ns + margin
            from_ns = max(from_ns, until_ns - HOUR)
        if not 0 <= until_ns - from_ns <= HOUR:
            raise FieldError("until_ns", "at most an hour after from_ns", f"{from_ns} to {until_ns}")
        levels = bounded("levels", request.levels, 1, 1_000, 50)
        return Window(instrument, from_ns, until_ns, levels, bounded("books", request.books, 1, 5_000, 300))

    def _update(self, signal: Signal, arrival: Arrival | None) -> messages.SignalUpdate:
        update = messages.SignalUpdate(at_ns=self._clock(), signal=signal_message(signal))
        if arrival is not None:
            update.frame, update.detected_ns = arrival
        return update


_STREAMED: Final = ("detector", "family", "severity", "actor", "instrument", "minimum_score")


def _fits(signal: Signal, wanted: SignalFilter) -> bool:
    named = all(
        getattr(wanted, name) is None or getattr(signal, name) == getattr(wanted, name)
        for name in _STREAMED[:-1]
    )
    return named and (wanted.minimum_score is None or signal.score >= wanted.minimum_score)


def _next(parts: Iterator[messages.WindowPart]) -> messages.WindowPart | None:
    return next(parts, None)
