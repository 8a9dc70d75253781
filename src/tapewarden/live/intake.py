"""`Intake`: received messages, one after the other, made into the events of the tape.

It does the same with a message when it comes and when it is read back from the journal, so what is
decided here depends on the messages so far and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import FieldError, InputError, SourceError
from tapewarden.domain.kinds import DAY, EventKind, LinkKind
from tapewarden.domain.promotion import Chosen
from tapewarden.journal import Frame
from tapewarden.live.directory import (
    MOST_ACCOUNTS,
    MOST_INSTRUMENTS,
    MOST_SOURCES,
    DatedDirectory,
    News,
    Ownership,
)
from tapewarden.runtime.configuration import Configuration
from tapewarden.wire.decoding import Kernels, Limits, Position, WireBatch, decode
from tapewarden.wire.layout import FULL_CONFIDENCE
from tapewarden.wire.numbering import Numbering, Reject, Taken
from tapewarden.wire.registering import register
from tapewarden.wire.v1 import ingest_pb2

REGISTRY: Final = "registration"
"""The source of links that are registered, or follow from an owner that became known late."""


class FrameKind(IntEnum):
    """What a frame of the journal holds."""

    EVENTS = 1
    """An `EventBatch` message as it was received."""

    REGISTRATION = 2
    """A `RegisterRequest` message as it was received."""

    SOURCE = 3
    """The name of a source; the frame's origin has its number."""

    MODELS = 4
    """Which models judge from here on: the ids of champion and challenger, as a JSON list."""


@dataclass(slots=True)
class Series:
    """How far a source has come: number ``sequence`` of ``epoch``, which frame ``frame`` holds."""

    number: int
    numbering: Numbering
    epoch: int = 0
    sequence: int = 0
    frame: int = 0


class Work(NamedTuple):
    """What a frame means for the engine: its events, what they name for the first time, who judges."""

    frame: int
    received_ns: int
    events: EventBatch
    news: News
    chosen: Chosen | None = None
    """The models that judge from here on; ``None``: those before."""


class Admission(NamedTuple):
    """What a message brought: events and rejected rows that were not received before, or only known ones."""

    events: EventBatch
    rejects: tuple[Reject, ...]
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much there may be of what is remembered for good, and how far in the future an event."""

    instruments: int = MOST_INSTRUMENTS
    accounts: int = MOST_ACCOUNTS
    sources: int = 1_000
    ahead_ns: int = DAY
    message: Limits = field(default_factory=Limits)


_NOTHING: Final = Admission(EventBatch.of(0), (), is_new=False)


class Intake:
    """The sources, what their numbers stand for, and the directory of everything.

    Not to be used by two threads at once.
    """

    def __init__(
        self, configuration: Configuration, bounds: Bounds = Bounds(), kernels: Kernels | None = None
    ) -> None:
        self.bounds = bounds
        self.directory = DatedDirectory(bounds.instruments, bounds.accounts)
        self.merger = configuration.merger(self.directory)
        self._registry = self.directory.sources.number(REGISTRY)
        self.series: dict[str, Series] = {}
        self._kernels = kernels

    def decode(self, data: bytes) -> WireBatch:
        """A message taken apart; see ``tapewarden.wire.decoding.decode``."""
        return decode(data, self.bounds.message, self._kernels)

    def is_early(self, position: Position) -> bool:
        """Whether events of the source are missing before this position."""
        series = self.series.get(position.source)
        if series is None or position.epoch > series.epoch:
            return position.sequence > 1
        return position.epoch == series.epoch and position.sequence > series.sequence + 1

    def admit(self, batch: WireBatch, received_ns: int) -> Admission:
        """The events of a message that is not early. Uses up the batch.

        Rows from further in the future than ``bounds.ahead_ns`` are rejected: they would make all other
        sources late.

        Raises:
            InputError: If a definition is none or contradicts what is known; nothing was taken.
            SourceError: If it belongs to an epoch that is over, or there are too many sources.
        """
        try:
            return self._admit(batch, received_ns + self.bounds.ahead_ns)
        except FieldError as error:
            source = f"source {batch.position.source!r}"
            raise InputError(source, error.expected, error.received, field=error.field) from None

    def _admit(self, batch: WireBatch, latest_ns: int) -> Admission:
        series = self._series(batch.position)
        known = max(series.sequence - batch.position.sequence + 1, 0)
        if known >= len(batch) and not _defines(batch):
            return _NOTHING
        self._check_room(batch.definitions)
        before, rows = series.numbering.count, len(batch)
        taken = series.numbering.take(batch)
        if known >= rows and series.numbering.count == before:
            return _NOTHING
        self.series[batch.position.source] = series
        series.sequence = max(series.sequence, batch.position.sequence + rows - 1)
        if not known and not taken.rejects and not (taken.events.ts_event > latest_ns).any():
            return Admission(self._complete(taken.events), (), is_new=True)
        events, rejects = _fresh(taken, rows, known, latest_ns)
        return Admission(self._complete(events), rejects, is_new=True)

    def enroll(
        self, request: ingest_pb2.RegisterRequest, received_ns: int
    ) -> tuple[EventBatch, tuple[ingest_pb2.RegistrationReject, ...]]:
        """The events that a registration brings, and its items that contradict what is known."""
        links, rejects = register(request, self.directory, REGISTRY, received_ns + self.bounds.ahead_ns)
        return self._complete(links), rejects

    def again(self, frame: Frame) -> Work:
        """What a frame of the journal means; the same as when it was received."""
        events, chosen = EventBatch.of(0), None
        if frame.kind == FrameKind.EVENTS:
            batch = self.decode(frame.body)
            name = batch.position.source
            events = self.admit(batch, frame.received_ns).events
            self.series[name].frame = frame.number
        elif frame.kind == FrameKind.REGISTRATION:
            events, _ = self.enroll(ingest_pb2.RegisterRequest.FromString(frame.body), frame.received_ns)
        elif frame.kind == FrameKind.MODELS:
            chosen = Chosen(*json.loads(frame.body))
        return Work(frame.number, frame.received_ns, events, self.directory.news(), chosen)

    def _check_room(self, message: ingest_pb2.EventBatch) -> None:
        """Refuse more than there may be before anything of it is learned: others need what room there is."""
        directory = self.directory
        names = {f"{one.instrument.symbol}@{one.instrument.venue}" for one in message.instruments}
        fresh = sum(directory.find_instrument(name) is None for name in names)
        if len(directory.instruments) + fresh > self.bounds.instruments:
            raise FieldError("instruments", f"at most {self.bounds.instruments} instruments", "more")
        fresh = sum(
            directory.find_account(name) is None for name in {one.account.name for one in message.accounts}
        )
        if len(directory.accounts) + fresh > self.bounds.accounts:
            raise FieldError("accounts", f"at most {self.bounds.accounts} accounts", "more")
        fresh = sum(name not in directory.sources for name in {one.name for one in message.feeds})
        if len(directory.sources) + fresh > MOST_SOURCES:
            raise FieldError("feeds", f"at most {MOST_SOURCES} sources and feeds", "more")

    def _series(self, position: Position) -> Series:
        """The series a message goes on with, or a fresh one that counts once the message is taken."""
        series = self.series.get(position.source)
        if series is None:
            if len(self.series) >= self.bounds.sources:
                raise SourceError(
                    f"source {position.source!r}: expected at most {self.bounds.sources} sources,"
                    " received one more"
                )
            return Series(len(self.series), Numbering(self.directory, position.source), position.epoch)
        if position.epoch < series.epoch:
            raise SourceError(
                f"source {position.source!r}: expected epoch {series.epoch} or a later one,"
                f" received epoch {position.epoch}"
            )
        if position.epoch > series.epoch:
            numbering = Numbering(self.directory, position.source)
            return Series(series.number, numbering, position.epoch, frame=series.frame)
        return series

    def _complete(self, events: EventBatch) -> EventBatch:
        """The events behind the links of owners that became known with them, and dated facts among them."""
        ownerships = self.directory.ownerships()
        if ownerships:
            events = EventBatch.concatenate([self._links(ownerships, events), events])
        return self.merger.merge(events)

    def _links(self, ownerships: list[Ownership], events: EventBatch) -> EventBatch:
        now = int(events.ts_event[0]) if len(events) else self.merger.clock
        return EventBatch.of(
            len(ownerships),
            kind=EventKind.LINK,
            reason=LinkKind.SAME_OWNER,
            source=self._registry,
            account=[one.account for one in ownerships],
            counter_account=[one.other for one in ownerships],
            size=FULL_CONFIDENCE,
            ts_event=now,
        )


def _fresh(taken: Taken, rows: int, known: int, latest_ns: int) -> tuple[EventBatch, tuple[Reject, ...]]:
    """The events of the rows that were not received before, and what is rejected among these rows."""
    rejected = [one.row for one in taken.rejects]
    places = np.setdiff1d(np.arange(rows), rejected)
    future = taken.events.ts_event > latest_ns
    rejects = [one for one in taken.rejects if one.row >= known]
    rejects += [
        Reject(place, "ts_event", f"a time up to {latest_ns}", str(ts))
        for place, ts in zip(places[future].tolist(), taken.events.ts_event[future].tolist(), strict=True)
        if place >= known
    ]
    events = taken.events[np.flatnonzero(~future & (places >= known))]
    return events, tuple(sorted(rejects, key=lambda one: one.row))


def _defines(batch: WireBatch) -> bool:
    message = batch.definitions
    return bool(message.instruments or message.accounts or message.feeds)


def gap(position: Position, series: Series | None) -> SourceError:
    """The error for a message that is early, and stays so."""
    epoch, sequence = (0, 0) if series is None else (series.epoch, series.sequence)
    same = series is None or position.epoch == epoch
    expected = sequence + 1 if same else 1
    return SourceError(
        f"source {position.source!r}: expected event {expected} of epoch {position.epoch},"
        f" received events from {position.sequence} on"
    )


def sequences(rejects: tuple[Reject, ...], position: Position) -> Iterator[ingest_pb2.Reject]:
    """Rejected rows as acknowledgments tell of them."""
    for one in rejects:
        yield ingest_pb2.Reject(
            sequence=position.sequence + one.row,
            field=one.field,
            expected=one.expected,
            received=one.received,
        )
