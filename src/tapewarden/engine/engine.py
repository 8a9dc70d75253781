"""`Engine`: batches of mixed instruments in, signals out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np

from tapewarden.compiled.compiling import direct
from tapewarden.compiled.digests import module_digest, packages_digest
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import SequenceError, SnapshotError
from tapewarden.domain.signal import Signal
from tapewarden.engine.acts import Act
from tapewarden.engine.advance import FACTS_PER_ROW, MOST_ACTS, advancer
from tapewarden.engine.ahead import RING, AheadRow
from tapewarden.engine.container import pack, unpack
from tapewarden.engine.contract import Detector, check_contract
from tapewarden.engine.housekeeping import make_room, room_for_informed
from tapewarden.engine.keys import Scope
from tapewarden.engine.ledger import Ledger
from tapewarden.engine.memory import Fired, Memory
from tapewarden.engine.observer import Observer
from tapewarden.engine.partition import Partition
from tapewarden.engine.reporting import Origin, Reporter
from tapewarden.engine.scan import select
from tapewarden.engine.settings import Settings
from tapewarden.engine.shared_state import put_shared, take_shared
from tapewarden.engine.snapshot import state_kind
from tapewarden.engine.stage import Stage
from tapewarden.engine.tables import Events, FactRow, aligned, grow_directory, new_tables

_COMPILED: Final = ("tapewarden.compiled", "tapewarden.engine")
"""Packages whose sources decide what the engine's machine code does."""

CHUNK: Final = 2048  # rows per pass: their acts stay in the cache

_columns_of: Final = attrgetter(*Events._fields)


@cache
def _machine_code(digest: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The compiled pass and selection; found once, because numba takes long to tell the types of tables."""
    columns = Events(*_columns_of(EventBatch.of(0)))
    ring, acts, facts = (np.zeros(0, row.dtype) for row in (AheadRow, Act, FactRow))
    masks, picks, lengths = np.zeros(0, np.uint32), np.zeros((0, 0), np.uint32), np.zeros(0, np.int64)
    return (
        direct(advancer(digest), columns, new_tables(), ring, acts, facts, 0, 0, False),
        direct(select, acts, 0, masks, picks, lengths),
    )


class _Found(NamedTuple):
    """A signal and what orders it: the row of the batch that brought it, the detector, the actor."""

    row: int
    detector: str
    actor: str
    signal: Signal


@dataclass(slots=True)
class DetectorTally:
    """How often a detector fired: in all, and how often before the baselines it needs were warm."""

    signals: int = 0
    cold: int = 0


class Engine:
    """Rebuilds books and activity from a tape and runs detectors over it.

    Does no I/O, asks no clock, draws no random numbers: the same tape gives the same signals, however it
    is cut into batches. Nothing in a batch can make it raise; what is inconsistent becomes a quality fact.
    """

    def __init__(
        self,
        directory: Directory,
        detectors: Sequence[Detector],
        settings: Settings | None = None,
        *,
        observers: Sequence[Observer] = (),
        compiled: bool = True,
    ) -> None:
        """Prepare for tapes described by ``directory``. Observers belong to this engine alone.

        ``compiled=False`` runs the rules as ordinary Python, some thousand times slower, for debugging.
        """
        self.directory = directory
        self.settings = settings or Settings()
        self.ledger = Ledger()
        self.position = 0
        self.observers = list(observers)
        ids = [detector.id for detector in detectors]
        ids += [name for observer in observers for name in observer.detectors]
        self.tallies = {name: DetectorTally() for name in ids}
        for detector in detectors:
            check_contract(detector)
        self.memories = [self._memory(detector, compiled) for detector in detectors]
        self.by_instrument = [memory for memory in self.memories if not memory.detector.key.everywhere]
        everywhere = [memory for memory in self.memories if memory.detector.key.everywhere]
        self.stage = Stage(everywhere, directory, self.settings.lateness) if everywhere else None
        self.tables = new_tables()
        self._with_couples = any(memory.detector.key.scope is Scope.COUPLES for memory in self.memories)
        self._reporter = Reporter(directory, self.ledger)
        self._masks = np.array(
            sorted(
                {memory.watched for memory in self.by_instrument}
                | ({self.stage.watched} if self.stage else set())
            ),
            np.uint32,
        )
        self._ring: Table = aligned(RING, AheadRow.dtype)
        self._acts: Table = aligned(2 * CHUNK + MOST_ACTS, Act.dtype)
        self._facts: Table = np.zeros(FACTS_PER_ROW * CHUNK, FactRow.dtype)
        self._picks = np.zeros((len(self._masks), len(self._acts)), np.uint32)
        self._lengths = np.zeros(len(self._masks), np.int64)
        self._advance, self._select = _machine_code(packages_digest(*_COMPILED))
        self._owners: dict[str, int] = {}
        self._sizes = (0, 0)
        self._fitted = (0, 0, 0, 0)

    def _memory(self, detector: Detector, compiled: bool) -> Memory:
        default = (detector.params(),) * self.settings.profile_count
        profiles = self.settings.parameters.get(detector.id, default)
        digest = f"{packages_digest(*_COMPILED)}-{module_digest(detector.step.__module__)}"
        return Memory(detector, profiles, digest, compiled=compiled)

    def process(self, batch: EventBatch, position: int | None = None) -> list[Signal]:
        """Take the next rows of the tape; return the signals they bring, in order of row and detector.

        Raises:
            SequenceError: If ``position``, the tape's row the batch starts with, is not the next one.
        """
        if position is not None and position != self.position:
            raise SequenceError(f"expected row {self.position} of the tape, received row {position}")
        signals: list[Signal] = []
        for part, acts, facts in self.passes(batch):
            signals.extend(self._signals(part, acts, facts))
        return signals

    def finish(self) -> list[Signal]:
        """The tape is over: return the signals that waited for other sources."""
        if self.stage is None:
            return []
        self.fit()
        found: list[_Found] = []
        for item in self.stage.finish():
            origin = Origin(item.source, item.epoch, item.sequence)
            found.extend(self._report(item.row, item.memory, item.fired, origin))
        return [item.signal for item in sorted(found, key=lambda item: item[:3])]

    def passes(self, batch: EventBatch) -> Iterator[tuple[EventBatch, Table, Table]]:
        """Apply rows without any detector: parts of the batch, each with its acts and quality facts.

        The two tables are overwritten by the next part. For books, order lives and features.
        """
        for chunk in batch.split(CHUNK) if len(batch) > CHUNK else [batch]:
            self.catch_up()
            self.tables = room_for_informed(self.tables, len(chunk))
            columns = Events(*map(_plain, _columns_of(chunk)))
            start = 0
            while start < len(chunk):
                stop, written, found = self._advance(
                    columns,
                    self.tables,
                    self._ring,
                    self._acts,
                    self._facts,
                    start,
                    self.settings.lateness,
                    self._with_couples,
                )
                if stop > start:
                    part = chunk
                    if stop - start < len(chunk):
                        part = chunk[start:stop]
                        self._acts["event"][:written] -= start
                        self._facts["event"][:found] -= start
                    yield part, self._acts[:written], self._facts[:found]
                    self.position += stop - start
                if stop < len(chunk):
                    self.tables = make_room(self.tables, self.memories)
                start = stop

    def _signals(self, part: EventBatch, acts: Table, facts: Table) -> list[Signal]:
        """What detectors and observers say of one part, each signal with the data's health as of its row."""
        told = 0
        found: list[_Found] = []
        reports = [(item[0], partial(self._report, *item)) for item in self._fired(part, acts)]
        for observer in self.observers:
            for row, signal in observer.observe(part, acts, self.tables, self.directory):
                reports.append((row, partial(self._relay, row, signal)))
        for row, report in sorted(reports, key=lambda item: item[0]):
            told = self._enter(facts, told, row)
            found.extend(report())
        self._enter(facts, told, len(part))
        return [item.signal for item in sorted(found, key=lambda item: item[:3])]

    def _fired(self, part: EventBatch, acts: Table) -> Iterator[tuple[int, Memory, Fired, Origin]]:
        """Every firing of the part: the row that brought it, the memory, what fired, its origin."""
        self._select(acts, len(acts), self._masks, self._picks, self._lengths)
        picks = {int(mask): self._picks[m, : self._lengths[m]] for m, mask in enumerate(self._masks)}
        self.fit()
        for memory in self.by_instrument:
            for fired in memory.run(acts, picks[memory.watched]):
                row = int(acts[fired.place]["event"])
                origin = Origin(int(part.source[row]), int(part.epoch[row]), int(part.sequence[row]))
                yield row, memory, fired, origin
        if self.stage is not None:
            for item in self.stage.take(part, acts, picks[self.stage.watched], self.position):
                yield item.row, item.memory, item.fired, Origin(item.source, item.epoch, item.sequence)

    def _report(self, row: int, memory: Memory, fired: Fired, origin: Origin) -> Iterator[_Found]:
        """The signal of a firing, unless the baselines it needs were cold."""
        detector = memory.detector
        if not self.settings.reports(detector.id, self._name(fired.act.instrument)):
            return
        tally = self.tallies[detector.id]
        if fired.act.warm < detector.meta.warm_up:
            tally.cold += 1
            return
        tally.signals += 1
        signal = self._reporter.signal(detector, fired, origin, self.tables)
        yield _Found(row, detector.id, signal.actor, signal)

    def _relay(self, row: int, signal: Signal) -> Iterator[_Found]:
        """An observer's signal with the data's health, unless its detector does not report here."""
        if not self.settings.reports(signal.detector, signal.instrument):
            return
        self.tallies[signal.detector].signals += 1
        number = self.directory.find_instrument(signal.instrument)
        place = 0 if number is None else number + 1
        blind = signal.health.blind
        health = self.ledger.between(place, signal.start_ns, signal.end_ns, blind=blind)
        yield _Found(row, signal.detector, signal.actor, replace(signal, health=health))

    def _name(self, instrument: int) -> str:
        """Name of an instrument by its number in acts, empty where none is meant."""
        return self.directory.instruments[instrument - 1].name if instrument else ""

    def _enter(self, facts: Table, start: int, row: int) -> int:
        """Enter the quality facts up to a row into the ledger; return the next one's place."""
        while start < len(facts) and facts[start]["event"] <= row:
            fact = facts[start]
            self.ledger.add(int(fact["instrument"]), int(fact["ts"]), int(fact["kind"]))
            start += 1
        return start

    def unready(self, detector: Detector) -> tuple[str, ...]:
        """Instruments on which no row of the detector ever had seen enough; none if it does not tell."""
        if detector.ready is None:
            return ()
        (memory,) = (memory for memory in self.memories if memory.detector is detector)
        self.fit()
        everywhere = detector.key.everywhere
        return tuple(
            instrument.name
            for number, instrument in enumerate(self.directory.instruments, start=1)
            if not memory.readied[0 if everywhere else number]
        )

    def snapshot(self) -> bytes:
        """All state as bytes: canonical, in parts, one for each instrument and one for the rest."""
        parts = {f"instrument/{name}": self.partition(name).snapshot() for name in self._names()}
        parts["shared"] = take_shared(self)
        return pack(state_kind(self.memories, self.observers), parts)

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot. The engine must have seen nothing yet.

        Raises:
            SnapshotError: If the bytes are damaged or of an engine with other detectors or parameters.
        """
        self._refuse_history()
        parts = unpack(state_kind(self.memories, self.observers), data)
        put_shared(self, parts.pop("shared"))
        for name, part in sorted(parts.items()):
            self.partition(name.removeprefix("instrument/")).restore(part)

    def partition(self, instrument: str) -> Partition:
        """The view of one instrument, by name."""
        return Partition(self, instrument)

    def _refuse_history(self) -> None:
        if self.position:
            raise SnapshotError(f"expected an engine at row 0, received one at row {self.position}")

    def _names(self) -> list[str]:
        return sorted(instrument.name for instrument in self.directory.instruments)

    def fit(self) -> None:
        """Let every detector's memory have room for the dense numbers in use."""
        tables = self.tables
        sizes = (len(tables.pairs), len(tables.markets), len(tables.couples), len(tables.accounts))
        if sizes == self._fitted:
            return
        self._fitted = sizes
        keys = {
            Scope.PAIRS: len(tables.pairs),
            Scope.INSTRUMENTS: len(tables.markets),
            Scope.COUPLES: len(tables.couples),
            Scope.ACTORS: len(tables.accounts),
        }
        for memory in self.memories:
            memory.fit(keys, len(tables.markets))

    def catch_up(self) -> None:
        """Give rows to the instruments and accounts that are new in the directory."""
        directory = self.directory
        sizes = (len(directory.instruments), len(directory.accounts))
        if sizes == self._sizes:
            return
        instruments, accounts = self._sizes
        self.tables = grow_directory(self.tables, *(size + 1 for size in sizes))
        for number, instrument in enumerate(directory.instruments[instruments:], instruments + 1):
            market = self.tables.markets[number]
            market["tick"] = instrument.tick or 0
            market["profile"] = self.settings.profiles.get(instrument.name, 0)
        for number, account in enumerate(directory.accounts[accounts:], accounts + 1):
            if account.owner is not None:
                first = self._owners.setdefault(account.owner, number)
                self.tables.accounts[number]["actor"] = self.tables.accounts[first]["actor"]
        self._sizes = sizes


def _plain(column: Table) -> Table:
    """The column as compiled code knows it: another layout or a read-only one would be compiled for anew."""
    return column if column.flags.carray else column.copy()
