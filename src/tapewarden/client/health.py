"""How well a server sees, in nouns of the domain."""

from __future__ import annotations

from dataclasses import dataclass

from tapewarden.wire.casework import given
from tapewarden.wire.v1 import surveillance_pb2 as pb


@dataclass(frozen=True, slots=True)
class InstrumentHealth:
    """The data of one instrument: facts about it by kind, and how long it could not be seen."""

    instrument: str
    quality: tuple[tuple[str, int], ...]
    blind_seconds: float
    blind: bool


@dataclass(frozen=True, slots=True)
class DetectorHealth:
    """What a detector said, what it held back before it knew enough, and where it still knows too little."""

    detector: str
    signals: int
    held_back: int
    unready_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """How far a source has come: the number of its last event, counted anew in each epoch."""

    source: str
    epoch: int
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHealth:
    """What a server can see and what waits in it.

    Attributes:
        at_ns: The server's time.
        events: Its engine has seen since it started.
        waiting: Events that wait for the engine.
        last_frame: Of the journal.
        durable_frame: Likewise.
        pending_bytes: That wait for the disk.
        clock_ns: The newest event time; ``None`` before the first.
        instruments: Their data.
        detectors: What they could see.
        sources: How far they have come.
        unplaced: Facts about data that name no instrument, by kind.
    """

    at_ns: int
    events: int
    waiting: int
    last_frame: int
    durable_frame: int
    pending_bytes: int
    clock_ns: int | None
    instruments: tuple[InstrumentHealth, ...]
    detectors: tuple[DetectorHealth, ...]
    sources: tuple[SourcePosition, ...]
    unplaced: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class DetectorFacts:
    """A detector that runs on a server."""

    id: str
    version: int
    title: str
    typology: str
    family: str
    severity: str
    summary: str


def health_of(message: pb.HealthResponse) -> ServerHealth:
    """The health in a message."""
    return ServerHealth(
        at_ns=message.at_ns,
        events=message.events,
        waiting=message.waiting,
        last_frame=message.last_frame,
        durable_frame=message.durable_frame,
        pending_bytes=message.pending_bytes,
        clock_ns=given(message, "clock_ns"),
        instruments=tuple(
            InstrumentHealth(
                one.instrument,
                tuple((count.kind, count.count) for count in one.quality),
                one.blind_seconds,
                one.blind,
            )
            for one in message.instruments
        ),
        detectors=tuple(
            DetectorHealth(one.detector, one.signals, one.held_back, tuple(one.unready_on))
            for one in message.detectors
        ),
        sources=tuple(SourcePosition(one.source, one.epoch, one.sequence) for one in message.sources),
        unplaced=tuple((one.kind, one.count) for one in message.unplaced),
    )


def detector_of(message: pb.Detector) -> DetectorFacts:
    """The detector in a message."""
    return DetectorFacts(
        message.id,
        message.version,
        message.title,
        message.typology,
        message.family,
        message.severity,
        message.summary,
    )
