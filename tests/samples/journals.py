"""Journals for tests: groups written without a thread, and disks that are quick, fail or lose power."""

import errno
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from tapewarden.journal import Disk, Frame, Origin, list_segments
from tapewarden.journal.recovery import open_log

SECTOR = 64


def frame(number: int, size: int = 10) -> Frame:
    """A frame that differs from all others."""
    origin = Origin(number % 3, 1, number) if number % 4 else None
    body = Random(number).randbytes(size)
    return Frame(number, 1 + number % 5, 1_700_000_000_000_000_000 + number, origin, body)


def numbered(sizes: Iterable[Sequence[int]], first: int = 1) -> list[list[Frame]]:
    """Groups of frames with bodies of these sizes."""
    groups: list[list[Frame]] = []
    for group in sizes:
        groups.append([frame(first + place, size) for place, size in enumerate(group)])
        first += len(group)
    return groups


def flat(groups: Iterable[Sequence[Frame]]) -> list[Frame]:
    return [one for group in groups for one in group]


def write(folder: Path, groups: Iterable[Sequence[Frame]], size: int = 4096, *, close: bool = True) -> None:
    """Write groups as the journal's thread does; without ``close``, as if the process died at once."""
    folder.mkdir(exist_ok=True)
    log, _ = open_log(folder, size, QuickDisk())
    for group in groups:
        log.commit(group)
    log.close() if close else log.abandon()


def active(folder: Path) -> Path:
    return list_segments(folder)[-1].path


class QuickDisk(Disk):
    """Does not wait for the disk: enough where no power is lost."""

    def sync(self, descriptor: int) -> None:
        """Nothing."""

    def sync_folder(self, folder: Path) -> None:
        """Nothing."""


class FailingDisk(QuickDisk):
    """One of its methods raises, once it was called ``after`` times."""

    def __init__(self, method: str, after: int = 0, code: int = errno.EIO) -> None:
        self.method = method
        self.after = after
        self.code = code

    def __getattribute__(self, name: str) -> object:
        if name == object.__getattribute__(self, "method"):
            self.after -= 1
            if self.after < 0:
                raise OSError(self.code, os.strerror(self.code))
        return object.__getattribute__(self, name)


class GatedDisk(QuickDisk):
    """Syncs only while the gate is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()

    def sync(self, descriptor: int) -> None:
        self.gate.wait()


class PowerLossError(OSError):
    """The power is gone."""


class PowerlessDisk(Disk):
    """Loses power at one sync of the main thread: each sector not synced before is there or not."""

    def __init__(self, syncs: int) -> None:
        self._syncs = syncs
        self._unsynced: dict[int, list[tuple[int, bytes]]] = {}
        self._lock = threading.Lock()

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        with self._lock:
            before = os.pread(descriptor, len(data), offset).ljust(len(data), b"\0")
            self._unsynced.setdefault(os.fstat(descriptor).st_ino, []).append((offset, before))
            super().write(descriptor, data, offset)

    def sync(self, descriptor: int) -> None:
        if threading.current_thread() is threading.main_thread():
            self._syncs -= 1
            if self._syncs == -1:
                raise PowerLossError(errno.EIO, "power lost")
        with self._lock:
            self._unsynced.pop(os.fstat(descriptor).st_ino, None)

    def sync_folder(self, folder: Path) -> None:
        """Names are durable at once: the order of names is not what is tested."""

    def lose_power(self, folder: Path, chance: Random) -> None:
        """Undo sectors of what was never synced, latest write first."""
        for path in folder.iterdir():
            for offset, before in reversed(self._unsynced.get(path.stat().st_ino, [])):
                with path.open("r+b") as file:
                    for start in range(0, len(before), SECTOR):
                        if chance.random() < 0.5:
                            file.seek(offset + start)
                            file.write(before[start : start + SECTOR])


class ForgetfulDisk(PowerlessDisk):
    """After a failed sync it holds for clean what never reached the disk, as operating systems do."""

    def __init__(self, syncs: int) -> None:
        super().__init__(syncs)
        self._forgotten: list[tuple[int, int, bytes]] = []

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        end = offset + len(data)
        self._forgotten = [
            one for one in self._forgotten if not (offset <= one[1] and one[1] + len(one[2]) <= end)
        ]
        super().write(descriptor, data, offset)

    def sync(self, descriptor: int) -> None:
        try:
            super().sync(descriptor)
        except PowerLossError:
            file = os.fstat(descriptor).st_ino
            self._forgotten += [(file, *write) for write in self._unsynced.pop(file, [])]
            raise

    def lose_power(self, folder: Path, chance: Random) -> None:
        """Undo also what was held for clean."""
        super().lose_power(folder, chance)
        paths = {path.stat().st_ino: path for path in folder.iterdir()}
        for file, offset, before in reversed(self._forgotten):
            with paths[file].open("r+b") as opened:
                opened.seek(offset)
                opened.write(before)
