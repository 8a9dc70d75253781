"""The next segment file, filled with zeros before it is needed.

Writing into bytes that exist already lets a sync wait for the data alone, not for the file to grow as well.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from tapewarden.journal.disk import Disk

STEP: Final = 1 << 20


class Spare:
    """At most one prepared file per journal, made on a thread of its own."""

    def __init__(self, folder: Path, size: int, disk: Disk) -> None:
        self.path = folder / "spare"
        self._size = size
        self._disk = disk
        self._thread: threading.Thread | None = None
        self._ready = False

    def prepare(self) -> None:
        """Begin to make the file, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._try, name="tapewarden-journal-spare", daemon=True)
            self._thread.start()

    def take(self) -> int:
        """A descriptor of the file, which the caller renames; made now if it is not there.

        Raises:
            OSError: If it cannot be made, because the disk is full, say.
        """
        self.wait()
        if not self._ready:
            self._make()
        self._ready = False
        return self._disk.open(self.path)

    def wait(self) -> None:
        """Wait until nothing is being made."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _try(self) -> None:
        try:
            self._make()
        except OSError:
            return  # there may be room when it is needed; if not, `take` says so

    def _make(self) -> None:
        descriptor = self._disk.open(self.path)
        try:
            fill_zeros(self._disk, descriptor, 0, self._size)
            self._disk.truncate(descriptor, self._size)
            self._disk.sync(descriptor)
        finally:
            self._disk.close(descriptor)
        self._ready = True


def fill_zeros(disk: Disk, descriptor: int, start: int, end: int) -> None:
    """Write zeros from one offset to another."""
    zeros = bytes(STEP)
    for offset in range(start, end, STEP):
        disk.write(descriptor, zeros[: end - offset], offset)
