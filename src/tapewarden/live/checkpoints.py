"""Checkpoints: all state as of a frame of the journal, so that starting again reads only what came after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from tapewarden.domain.directory import Account, Directory, Instrument
from tapewarden.domain.errors import SnapshotError
from tapewarden.engine.container import pack, unpack
from tapewarden.engine.engine import Engine
from tapewarden.journal.disk import Disk, told_of
from tapewarden.live.intake import Intake, Series
from tapewarden.live.judges import Judges
from tapewarden.wire.numbering import Numbering

KIND: Final = b"live checkpoint1"
_SUFFIX: Final = ".checkpoint"
_PARTIAL: Final = ".partial"
_TABLES: Final = ("feeds", "instruments", "accounts")


class Standing(NamedTuple):
    """Where an intake stands: cheap to take, while the engine is still behind."""

    frame: int
    sources: list[dict[str, Any]]
    tables: dict[str, bytes]
    later_owners: list[tuple[int, str, bool]]
    facts: tuple[int | None, int, int]


def standing(intake: Intake, frame: int) -> Standing:
    """Where the intake stands behind a frame."""
    sources, tables = [], {}
    for name, series in intake.series.items():
        about = (series.number, series.epoch, series.sequence, series.frame)
        sources.append({"name": name, "about": about})
        for kind, table in zip(_TABLES, series.numbering.tables, strict=True):
            tables[f"numbers/{series.number}/{kind}"] = table.tobytes()
    return Standing(frame, sources, tables, intake.directory.later_owners, intake.merger.progress)


def encode(standing: Standing, engine: Engine, judges: Judges) -> bytes:
    """The state of everything: the intake's, and that of an engine and its judges that have come as far."""
    directory = engine.directory
    about = {
        "frame": standing.frame,
        "sources": standing.sources,
        "later owners": standing.later_owners,
        "facts": standing.facts,
        "directory": {
            "instruments": [_instrument(one) for one in directory.instruments],
            "accounts": [(one.name, one.owner) for one in directory.accounts],
            "sources": list(directory.sources),
        },
        "names": list(directory.order_names),
    }
    parts = {
        "about": json.dumps(about, separators=(",", ":")).encode(),
        "engine": engine.snapshot(),
        "models": judges.snapshot(),
    }
    return pack(KIND, parts | standing.tables)


def decode(data: bytes, intake: Intake, engine: Engine, judges: Judges) -> int:
    """Bring an intake, an engine and its judges that have seen nothing to where others were; gives the frame.

    Raises:
        SnapshotError: If the bytes are damaged, or the engine has other detectors or parameters. None of
            them can be used then.
    """
    parts = unpack(KIND, data)
    frame = _put(parts, intake, engine.directory)
    if "models" in parts:  # a checkpoint written before there were any is refused by the engine
        judges.restore(parts["models"])
    engine.restore(parts["engine"])
    return frame


def decode_intake(data: bytes, intake: Intake, directory: Directory) -> int:
    """Bring an intake alone to where another one was; the directory learns what the engine's knew.

    Raises:
        SnapshotError: If the bytes are damaged.
    """
    return _put(unpack(KIND, data), intake, directory)


def _put(parts: dict[str, bytes], intake: Intake, directory: Directory) -> int:
    about = json.loads(parts["about"])
    for one in (intake.directory, directory):
        _teach(one, about["directory"])
    for number, name in about["names"]:
        directory.order_names.learn(number, name)
    intake.directory.news().tell(directory)  # what an intake knows from the start, and no frame told
    intake.directory.know_later([(number, owner, first) for number, owner, first in about["later owners"]])
    intake.merger.resume(tuple(about["facts"]))
    for source in about["sources"]:
        number, epoch, sequence, frame = source["about"]
        numbering = Numbering(intake.directory, source["name"])
        feeds, instruments, accounts = (
            np.frombuffer(parts[f"numbers/{number}/{kind}"], np.int32) for kind in _TABLES
        )
        numbering.restore((feeds, instruments, accounts))
        intake.series[source["name"]] = Series(number, numbering, epoch, sequence, frame)
    reached: int = about["frame"]
    return reached


def _instrument(one: Instrument) -> list[Any]:
    return [one.symbol, one.venue, one.price_exponent, one.size_exponent, one.tick, one.lot, one.version]


def _teach(directory: Directory, about: dict[str, Any]) -> None:
    """Enter everything in the order it was entered first, so that the dense numbers are the same."""
    for symbol, venue, price, size, tick, lot, version in about["instruments"]:
        directory.add_instrument(
            Instrument(
                symbol=symbol,
                venue=venue,
                price_exponent=price,
                size_exponent=size,
                tick=tick,
                lot=lot,
                version=version,
            )
        )
    for name, owner in about["accounts"]:
        account = Account(name=name, owner=owner)
        directory.add_account(account.name, account.owner)
    for source in about["sources"]:
        directory.sources.number(source)


class Checkpoint(NamedTuple):
    """A file, the frame it stands behind, and the newest time of the tape by then, ns UTC."""

    path: Path
    frame: int
    clock_ns: int

    def read(self) -> bytes:
        """Its bytes; ``SnapshotError`` if they cannot be read."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise SnapshotError(f"{self.path}: {error.strerror}") from error


class Checkpoints:
    """The folder of checkpoints. A file is whole or not there.

    All methods raise ``JournalError`` where the folder cannot be used.
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self._disk = disk or Disk()
        with told_of(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def all(self) -> list[Checkpoint]:
        """Those there are, the oldest first. Files with other names are passed over."""
        return sorted(_named(self.folder), key=lambda one: one.frame)

    def write(self, frame: int, clock_ns: int, data: bytes) -> Checkpoint:
        """Keep a checkpoint; it is durable afterwards."""
        path = self.folder / f"{frame:020d}-{max(clock_ns, 0):020d}{_SUFFIX}"
        with told_of(path):
            self._write(path.with_suffix(_PARTIAL), data)
            self._disk.rename(path.with_suffix(_PARTIAL), path)
            self._disk.sync_folder(self.folder)
        return Checkpoint(path, frame, clock_ns)

    def tidy(self) -> None:
        """Delete what was being written when a process died; nobody may be writing."""
        for path in self.folder.glob(f"*{_PARTIAL}"):
            with told_of(path):
                self._disk.remove(path)

    def forget(self, before: int) -> None:
        """Delete those whose following frames are no longer all kept: the oldest kept is ``before``."""
        for one in self.all()[:-1]:
            if one.frame + 1 < before:
                with told_of(one.path):
                    self._disk.remove(one.path)

    def _write(self, path: Path, data: bytes) -> None:
        descriptor = self._disk.open(path)
        try:
            self._disk.truncate(descriptor, 0)
            self._disk.write(descriptor, data, 0)
            self._disk.sync(descriptor)
        finally:
            self._disk.close(descriptor)


def _named(folder: Path) -> Iterator[Checkpoint]:
    for path in folder.glob(f"*{_SUFFIX}"):
        frame, _, clock = path.stem.partition("-")
        if frame.isdecimal() and clock.isdecimal():
            yield Checkpoint(path, int(frame), int(clock))
