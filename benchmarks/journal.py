"""`journal`: a durable commit beside the bare write it cannot do without, and beside SQLite."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from operator import eq
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Final, Protocol

from benchmarks.apart import ROOT
from benchmarks.figures import Figure, Report, middle
from benchmarks.rounds import Rounds, Timed, alternate, check_agreement
from benchmarks.scale import Scale
from tapewarden.journal import Disk, Journal

EVENT_BYTES: Final = 64
BATCHES: Final = (1000, 8000)
"""Events in a body."""

METHOD: Final = (
    "Wall time from handing over a body of 64 bytes an event until it is known to be durable, on the disk "
    "of the clone; the median over all rounds. Bare write and SQLite return then; the journal calls "
    "`on_durable`, from where the server acknowledges; a thread that waits for it goes on a little later. "
    "In each round the bare write (one write and fdatasync of the same "
    "bytes into a file of zeros), the journal and SQLite (WAL, synchronous=FULL, one row a body) commit "
    "in turn. All three hold the same bytes in the end. Where other work keeps all cores busy, every wait "
    "lasts a time slice and the ratios say little."
)


class Store(Protocol):
    """Something that makes bodies durable, one a commit."""

    def commit(self, body: bytes) -> float:
        """Return when it is durable, with the time at which that was known."""

    def read(self) -> bytes:
        """All bodies ever committed, one behind the other."""

    def close(self) -> None:
        """Commit nothing more."""


class BareFile:
    """A file of zeros, written front to back."""

    def __init__(self, path: Path, size: int) -> None:
        self._disk = Disk()
        self._file = self._disk.open(path)
        self._end = 0
        self._disk.write(self._file, bytes(size), 0)
        self._disk.sync(self._file)

    def commit(self, body: bytes) -> float:
        """Write and sync."""
        self._disk.write(self._file, body, self._end)
        self._disk.sync(self._file)
        known = perf_counter()
        self._end += len(body)
        return known

    def read(self) -> bytes:
        """What was written."""
        return os.pread(self._file, self._end, 0)

    def close(self) -> None:
        """Close the file."""
        self._disk.close(self._file)


class SqliteTable:
    """A table with a row for each body."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE frames (number INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        self._connection.commit()

    def commit(self, body: bytes) -> float:
        """Insert a row."""
        with self._connection as transaction:
            transaction.execute("INSERT INTO frames (body) VALUES (?)", (body,))
        return perf_counter()

    def read(self) -> bytes:
        """All rows."""
        return b"".join(
            body for (body,) in self._connection.execute("SELECT body FROM frames ORDER BY number")
        )

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


class OwnJournal:
    """The journal as the server uses it."""

    def __init__(self, folder: Path) -> None:
        self._known = SimpleQueue[float]()
        self._journal = Journal(folder, on_durable=lambda number: self._known.put(perf_counter()))
        self.waits: list[float] = []
        """Seconds until a thread that waited went on."""

    def commit(self, body: bytes) -> float:
        """Append, and wait for the journal to tell."""
        start = perf_counter()
        self._journal.wait(self._journal.append(body, received_ns=0))
        self.waits.append(perf_counter() - start)
        return self._known.get()

    def read(self) -> bytes:
        """All frames."""
        return b"".join(frame.body for frame in self._journal.read())

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()


def measure(scale: Scale) -> Report:
    """Median time of a commit, and its ratios."""
    figures = [figure for events in BATCHES for figure in compare(events, scale.commits)]
    return Report(name="journal", method=METHOD, figures=tuple(figures))


def compare(events: int, rounds: int) -> tuple[Figure, ...]:
    """Figures of commits of so many events."""
    body = os.urandom(events * EVENT_BYTES)
    with tempfile.TemporaryDirectory(prefix=".bench-journal-", dir=ROOT) as folder:
        own = OwnJournal(Path(folder, "journal"))
        stores: dict[str, Store] = {
            "bare": BareFile(Path(folder, "bare"), (rounds + 1) * len(body)),
            "journal": own,
            "SQLite": SqliteTable(Path(folder, "sqlite")),
        }
        for store in stores.values():
            store.commit(body)
        sides = {name: committing(store, body) for name, store in stores.items()}
        done = alternate(sides, rounds, eq)
        check_agreement({name: store.read() for name, store in stores.items()}, eq)
        for store in stores.values():
            store.close()
    return figures_of(done, own.waits, f"{events:,} events")


def committing(store: Store, body: bytes) -> Callable[[], Timed]:
    """One commit, with its wall time; gives the bytes committed."""

    def work() -> Timed:
        start = perf_counter()
        return Timed(len(body), store.commit(body) - start)

    return work


def figures_of(done: Rounds, waits: list[float], what: str) -> tuple[Figure, ...]:
    """The journal's median commit, and how it compares."""
    bare, journal, sqlite = (done.median(side) for side in ("bare", "journal", "SQLite"))
    return (
        Figure(what=f"commit of {what}", measured=1000 * journal, unit="ms"),
        Figure(what=f"a thread that waits for {what}", measured=1000 * middle(waits), unit="ms"),
        Figure(what=f"journal / bare write, {what}", measured=journal / bare, unit="×", most=1.6),
        Figure(what=f"journal / SQLite, {what}", measured=journal / sqlite, unit="×", most=0.8),
    )
