"""A pipeline with a real journal and a real store, and what it made of what it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tapewarden.cases.store import Arrival, Store
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.casework import SignalFilter
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import DAY
from tapewarden.domain.signal import Signal
from tapewarden.domain.staff import Person, Role
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.live.pipeline import Listeners, Options, Pipeline, Receipt
from tapewarden.runtime.configuration import Configuration
from tapewarden.wire.decoding import Position
from tapewarden.wire.encoding import Encoder
from tests.probes import PROBES
from tests.strategies import START

VERA = Person("vera", frozenset({Role.VIEWER}))
SOURCE = "venue"


@dataclass
class Clock:
    """Time that stands still until it is set."""

    now_ns: int = START + 1000 * DAY

    def __call__(self) -> int:
        return self.now_ns


@dataclass
class Rig:
    """A folder for pipelines, one after the other."""

    folder: Path
    detectors: Sequence[Detector] = PROBES
    clock: Clock = field(default_factory=Clock)
    failures: list[BaseException] = field(default_factory=list)
    options: Options = field(default_factory=lambda: Options(segment_bytes=1 << 20))
    url: str | None = None

    @property
    def database(self) -> str:
        return self.url or f"sqlite:///{self.folder / 'cases.db'}"

    @contextmanager
    def running(self, *, keep: bool = True) -> Iterator[Pipeline]:
        """A pipeline that is closed at the end, with a checkpoint or without."""
        store = Store.open(self.database)
        try:
            pipeline = self.opened(store)
            try:
                yield pipeline
            finally:
                pipeline.close(keep=keep)
        finally:
            store.close()

    def opened(self, store: Store) -> Pipeline:
        listeners = Listeners(
            on_received=lambda frame, events, rejects: None,
            on_durable=lambda frame: None,
            on_detected=lambda detected: None,
            on_filed=lambda filing: None,
            on_failure=self.failures.append,
        )
        configuration = Configuration(detectors=tuple(self.detectors))
        return Pipeline(self.folder, configuration, store, self.clock, listeners, self.options)

    def arrivals(self) -> list[tuple[Signal, Arrival | None]]:
        """All signals that were filed, each with how it arrived."""
        store = Store.open(self.database)
        try:
            found = [one.signal for one in store.signals(SignalFilter(limit=1000), VERA, 0)]
            return [(signal, store.arrival(signal.id)) for signal in found]
        finally:
            store.close()

    def signals(self) -> list[str]:
        """The lines of all signals that were filed, sorted."""
        return sorted(signal.to_json() for signal, _ in self.arrivals())


def messages(
    directory: Directory, batches: Sequence[EventBatch], *, source: str = SOURCE, epoch: int = 1
) -> list[bytes]:
    """The messages of one source, one per batch."""
    encoder = Encoder(directory, Position(source, epoch, 1))
    return [encoder.columns(batch) for batch in batches]


def send(pipeline: Pipeline, message: bytes) -> Receipt | None:
    return pipeline.receive(pipeline.decode(message), pipeline._clock())


def replayed(directory: Directory, batch: EventBatch, detectors: Sequence[Detector] = PROBES) -> list[str]:
    """The lines of the signals that the engine alone finds, sorted."""
    return sorted({one.to_json() for one in Engine(directory, detectors).process(batch)})
