"""One writer per journal."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from tapewarden.domain.errors import JournalError
from tapewarden.journal.disk import Disk, told_of


class FolderLock:
    """The right to write in a folder, until ``release``; after a crash the system takes it back.

    Raises:
        JournalError: If another writer has it, or the folder cannot be written to.
    """

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._disk = disk
        path = folder / "lock"
        with told_of(path):
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = disk.open(path)
        self._descriptor: int | None = descriptor
        try:
            self._take(path, descriptor)
        except JournalError:
            self.release()
            raise

    def _take(self, path: Path, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            raise JournalError(f"{path}: expected no other writer, received process {holder}") from None
        with told_of(path):
            self._disk.truncate(descriptor, 0)
            self._disk.write(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Let others write; releasing again does nothing."""
        if self._descriptor is not None:
            self._disk.close(self._descriptor)
            self._descriptor = None
