"""`Pipeline`: from received bytes to filed signals.

A message is decoded and judged, appended to the journal, and queued for the engine, in one step and
under one lock: so the order of the journal is the order of the tape. Everything that follows happens on
other threads: the disk's, the engine's, and that of publication, which waits for the disk.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from google.protobuf.message import DecodeError

from tapewarden.anomaly.features.windows import WindowSettings
from tapewarden.cases.store import Store
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.drift import ModelsStatus
from tapewarden.domain.errors import InputError, ModelError, NotFoundError, SourceError, TapewardenError
from tapewarden.domain.kinds import HOUR
from tapewarden.domain.promotion import Chosen
from tapewarden.engine.engine import Engine
from tapewarden.journal import Disk, Journal, Origin
from tapewarden.journal.journal import SEGMENT_BYTES
from tapewarden.live.checkpoints import Checkpoints, encode, standing
from tapewarden.live.detection import Detected, Detection
from tapewarden.live.intake import Bounds, FrameKind, Intake, Work, gap, sequences
from tapewarden.live.judges import Judges
from tapewarden.live.publication import PROGRAM, Filing, Publication, observed
from tapewarden.live.recovery import State, catch_up, require_whole, restore
from tapewarden.live.shelf import Shelf
from tapewarden.runtime.configuration import Configuration
from tapewarden.wire.decoding import Kernels, Position, WireBatch
from tapewarden.wire.faults import WireError
from tapewarden.wire.v1 import ingest_pb2


class Receipt(NamedTuple):
    """What became of a message. It is durable when frame ``frame`` is.

    ``position`` is that of the source's last event by then; ``rejects`` are the message's own.
    """

    frame: int
    position: Position
    rejects: tuple[ingest_pb2.Reject, ...]


class Registration(NamedTuple):
    """What became of a registration. It is durable when frame ``frame`` is."""

    frame: int
    rejects: tuple[ingest_pb2.RegistrationReject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How often all state is kept, and how long the journal is.

    Attributes:
        every_events: A checkpoint after so many events.
        every_ns: And after so much time, if there were events.
        most_bytes: Of the journal; ``None`` keeps everything.
        age_ns: Of its frames; likewise.
    """

    every_events: int = 20_000_000
    every_ns: int = HOUR
    most_bytes: int | None = None
    age_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a pipeline works, where it need not be as usual.

    Attributes:
        bounds: How much is remembered for good.
        keeping: Checkpoints and retention.
        segment_bytes: Size of the journal's segments.
        kernels: Of the decoder; ``None`` for the compiled ones.
        disk: The operating system; ``None`` for the real one.
        windows: How much must happen in a window for models to judge it; as when they were trained.
    """

    bounds: Bounds = field(default_factory=Bounds)
    keeping: Keeping = field(default_factory=Keeping)
    segment_bytes: int = SEGMENT_BYTES
    kernels: Kernels | None = None
    disk: Disk | None = None
    windows: WindowSettings = field(default_factory=WindowSettings)


_USUAL: Final = Options()


class Listeners(NamedTuple):
    """Who is told, on which thread: do little, and do not wait."""

    on_received: Callable[[int, int, int], None]
    """The thread that hands over, in order: frame, number of events, number of rejected rows."""

    on_durable: Callable[[int], None]
    """The journal's thread: this frame and all before it are durable."""

    on_detected: Callable[[Detected], None]
    """The engine's thread: it has seen a frame."""

    on_filed: Callable[[Filing], None]
    """The thread of publication: signals have become visible."""

    on_failure: Callable[[BaseException], None]
    """Any thread, perhaps more than once: the pipeline takes nothing more and must be opened anew."""


class Pipeline:
    """A journal, an engine and a store, joined. ``receive`` and ``register`` may be called by any thread."""

    def __init__(
        self,
        folder: Path,
        configuration: Configuration,
        store: Store,
        clock: Callable[[], int],
        listeners: Listeners,
        options: Options = _USUAL,
        on_progress: Callable[[int, int], None] = lambda frame, last: None,
    ) -> None:
        """Open what is in a folder and see again what came after its newest checkpoint.

        Args:
            folder: For the journal and the checkpoints; made if it is not there.
            configuration: Detectors, parameters, dated facts.
            store: Where signals go.
            clock: The time, ns UTC.
            listeners: Who is told.
            options: How it works.
            on_progress: Called while frames are seen again, with the frame and the last one.

        Raises:
            JournalError: If the journal is damaged, in use, or has lost frames.
        """
        self.configuration = configuration
        self.folder = folder
        self._store = store
        self._clock = clock
        self._listeners = listeners
        self._options = options
        self.shelf = Shelf(store.models.content)
        self._wanted: Chosen | None = None
        self.model_faults: tuple[str, ...] = ()
        """A line for each model of the store that should judge and cannot be used."""
        self._choosing = threading.Lock()
        self._lock = threading.Lock()
        self._failure: BaseException | None = None
        self.checkpoints = Checkpoints(folder / "checkpoints", options.disk)
        self.journal = Journal(
            folder / "journal",
            segment_bytes=options.segment_bytes,
            on_durable=listeners.on_durable,
            on_failure=self._fail,
            disk=options.disk,
        )
        try:
            self._open(on_progress)
        except BaseException:
            with suppress(TapewardenError):
                self.journal.close()
            raise

    def _open(self, on_progress: Callable[[int, int], None]) -> None:
        last = self.journal.durable
        self.checkpoints.tidy()
        require_whole(self.checkpoints, last)
        restored = restore(self.checkpoints, self.fresh, self.oldest, last)
        self.passed_over = restored.passed_over
        state, seen = restored.state, 0
        for detected in catch_up(state, self.journal.read(state.frame + 1) if last else iter(())):
            if detected.signals:
                self._record_again(detected)
            seen += len(detected.work.events)
            on_progress(detected.work.frame, last)
        self._intake, self.judges, self.chosen = state.intake, state.judges, state.judges.chosen
        self._kept = (seen, self._clock())
        self.publication = Publication(
            self.journal, self._store, self._clock, self._listeners.on_filed, self._fail
        )
        self.detection = Detection(state.engine, state.judges, self._detected, self._fail, last)

    def fresh(self) -> State:
        """An intake, an engine and its judges that have seen nothing, of this configuration."""
        configuration, options = self.configuration, self._options
        judges = Judges(self.shelf, options.windows)
        engine = Engine(Directory(), configuration.detectors, configuration.settings, observers=[judges])
        return State(Intake(configuration, options.bounds, options.kernels), engine, judges)

    @property
    def oldest(self) -> int:
        """Number of the oldest frame that is kept."""
        return self.journal.oldest

    @property
    def failure(self) -> BaseException | None:
        """What went wrong, if something did."""
        return self._failure

    def decode(self, data: bytes) -> WireBatch:
        """A message taken apart, by any thread; ``WireError`` if it is none."""
        return self._intake.decode(data)

    def receive(self, batch: WireBatch, received_ns: int) -> Receipt | None:
        """Take a message: journal it and queue it for the engine; ``None`` if events before it are missing.

        Does not wait for the disk, unless more is pending than the journal allows. Uses up the batch.

        Raises:
            InputError: If a definition contradicts what is known; nothing was taken.
            SourceError: If it belongs to an epoch that is over, or there are too many sources.
            JournalError: If the journal has failed.
        """
        with self._lock:
            if self._intake.is_early(batch.position):
                return None
            admission = self._intake.admit(batch, received_ns)
            series = self._intake.series.get(batch.position.source)
            if admission.is_new:
                assert series is not None
                if not series.frame:
                    self._append_name(batch.position.source, series.number, received_ns)
                origin = Origin(series.number, batch.position.epoch, batch.position.sequence)
                series.frame = self.journal.append(
                    batch.data, received_ns=received_ns, kind=FrameKind.EVENTS, origin=origin
                )
                events, rejects = admission.events, admission.rejects
                self._listeners.on_received(series.frame, len(events), len(rejects))
                self._put(Work(series.frame, received_ns, events, self._intake.directory.news()))
            if series is None:  # nothing of the source so far, and nothing in this message
                return Receipt(0, Position(batch.position.source, batch.position.epoch, 0), ())
            position = Position(batch.position.source, series.epoch, series.sequence)
            return Receipt(series.frame, position, tuple(sequences(admission.rejects, batch.position)))

    def gap(self, position: Position) -> SourceError:
        """The error for a message whose missing events do not come."""
        with self._lock:
            return gap(position, self._intake.series.get(position.source))

    def register(self, data: bytes, received_ns: int) -> Registration:
        """Take a `RegisterRequest`: what contradicts what is known is rejected alone.

        Raises:
            WireError: If it is none.
            JournalError: If the journal has failed.
        """
        request = read_request(data)
        with self._lock:
            events, rejects = self._intake.enroll(request, received_ns)
            frame = self.journal.append(data, received_ns=received_ns, kind=FrameKind.REGISTRATION)
            self._put(Work(frame, received_ns, events, self._intake.directory.news()))
        return Registration(frame, rejects)

    def follow_models(self) -> None:
        """Let the store's champion and proposed model judge from here on, as far as they can be used.

        A frame of the journal says so: whoever reads it again finds the same. By any thread.

        Raises:
            JournalError: If the journal has failed.
            UnavailableError: If the store cannot be reached.
        """
        with self._choosing:
            wanted = self._store.models.chosen()
            if wanted == self._wanted:
                return
            self.model_faults = ()
            chosen = Chosen(*map(self._usable, wanted))
            if chosen != self.chosen:
                self._choose(chosen)
            self._wanted = wanted

    def models_status(self) -> Future[ModelsStatus]:
        """How the models fare, as of all that was received."""
        return self.detection.ask(lambda engine: self.judges.status(self.model_faults))

    @property
    def clock_ns(self) -> int:
        """Newest event time received, ns UTC; -1 if there is none."""
        return self._intake.merger.clock

    @property
    def directory(self) -> Directory:
        """What the events refer to. It grows while it is looked at; nobody else may change it."""
        return self._intake.directory

    def positions(self) -> list[Position]:
        """The last event received of each source."""
        with self._lock:
            return [Position(name, one.epoch, one.sequence) for name, one in self._intake.series.items()]

    def position(self, source: str) -> Position | None:
        """The last event of a source that was received, ``None`` if there is none."""
        with self._lock:
            series = self._intake.series.get(source)
            return None if series is None else Position(source, series.epoch, series.sequence)

    def settle(self) -> None:
        """Wait until all that was received is durable, seen by the engine, and visible.

        Raises:
            TapewardenError: If the pipeline fails before.
        """
        with self._lock:
            answer = self.detection.ask(lambda engine: None)
            last = self.journal.last
        answer.result()
        done = threading.Event()
        self.publication.then(last, done.set)
        while not done.wait(0.2):
            self.check()
        self.check()

    def check(self) -> None:
        """Raise what went wrong, if something did."""
        if self._failure is not None:
            raise TapewardenError(f"the pipeline has failed: {self._failure}") from self._failure

    def keep(self) -> None:
        """Ask for a checkpoint of now; it is written once the engine has come here and all is filed."""
        with self._lock:
            self._keep()

    def close(self, *, keep: bool = True) -> None:
        """Finish what was received, write a checkpoint unless told otherwise, and let others open the folder.

        Raises:
            JournalError: If the journal has failed, now or before.
        """
        if keep and self._failure is None:
            self.keep()
        self.detection.stop()
        self.publication.stop()
        self.journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _usable(self, name: str | None) -> str | None:
        try:
            return None if name is None else self.shelf.model(name).id
        except (InputError, ModelError, NotFoundError) as error:
            self.model_faults += (str(error),)
            return None

    def _choose(self, chosen: Chosen) -> None:
        with self._lock:
            now = self._clock()
            body = json.dumps(chosen).encode()
            frame = self.journal.append(body, received_ns=now, kind=FrameKind.MODELS)
            self.chosen = chosen
            self._put(Work(frame, now, EventBatch.of(0), self._intake.directory.news(), chosen))

    def _append_name(self, source: str, number: int, received_ns: int) -> None:
        self.journal.append(
            source.encode(), received_ns=received_ns, kind=FrameKind.SOURCE, origin=Origin(number, 0, 0)
        )

    def _put(self, work: Work) -> None:
        self.detection.put(work)
        events, since = self._kept
        self._kept = (events + len(work.events), since)
        keeping = self._options.keeping
        passed_ns = abs(work.received_ns - since)  # a clock may be set back
        if self._kept[0] >= keeping.every_events or passed_ns >= keeping.every_ns:
            self._keep()

    def _keep(self) -> None:
        """Queue a checkpoint behind all that was put."""
        self._kept = (0, self._clock())
        here = standing(self._intake, self.journal.last)
        clock_ns = self._intake.merger.clock

        def keep(engine: Engine) -> None:
            data = encode(here, engine, self.judges)
            self.publication.then(here.frame, partial(self._write, here.frame, clock_ns, data))

        self.detection.ask(keep).add_done_callback(self._check_kept)

    def _check_kept(self, kept: Future[None]) -> None:
        error = kept.exception()
        if error is not None and self._failure is None:
            self._fail(error)

    def _write(self, frame: int, clock_ns: int, data: bytes) -> None:
        """Write a checkpoint, and delete what neither it nor the one before it needs: it may get damaged."""
        self.checkpoints.write(frame, clock_ns, data)
        needed = self.checkpoints.all()[-2:][0].frame + 1
        keeping = self._options.keeping
        if keeping.most_bytes is not None or keeping.age_ns is not None:
            since = None if keeping.age_ns is None else self._clock() - keeping.age_ns
            self.journal.delete_oldest(needed=needed, most_bytes=keeping.most_bytes, since_ns=since)
            self.checkpoints.forget(self.oldest)

    def _detected(self, detected: Detected) -> None:
        if detected.signals:
            self.publication.put(detected.work.frame, detected.signals)
        self._listeners.on_detected(detected)

    def _record_again(self, detected: Detected) -> None:
        """File what may not have been filed before the last stop; what was is left as it is."""
        now = self._clock()
        self._store.record(observed(detected.work.frame, detected.signals, now), now, PROGRAM)

    def _fail(self, error: BaseException) -> None:
        if self._failure is None:
            self._failure = error
        self._listeners.on_failure(error)


def read_request(data: bytes) -> ingest_pb2.RegisterRequest:
    """The `RegisterRequest` in bytes.

    Raises:
        WireError: If there is none.
    """
    request = ingest_pb2.RegisterRequest()
    try:
        request.ParseFromString(data)
    except DecodeError:
        raise WireError(0, "a RegisterRequest", "other bytes") from None
    return request
