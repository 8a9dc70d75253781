"""What the journal asks of the operating system when it writes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tapewarden.domain.errors import JournalError

_FULL_SYNC: Final[int | None] = getattr(fcntl, "F_FULLFSYNC", None)


class Disk:
    """Files and folders of the operating system; tests inject faults by a subclass.

    All methods raise ``OSError`` as the system does.
    """

    def open(self, path: Path) -> int:
        """Open a file for writing, a new one if there is none; gives its descriptor."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        """Write all of the data at an offset."""
        view = memoryview(data)
        while view:
            written = os.pwrite(descriptor, view, offset)
            offset += written
            view = view[written:]

    def sync(self, descriptor: int) -> None:
        """Wait until the data of a file, and what is needed to read it, is on the disk."""
        if _FULL_SYNC is not None:  # on macOS, fsync leaves the data in the drive's own cache
            fcntl.fcntl(descriptor, _FULL_SYNC)
        else:
            os.fdatasync(descriptor)

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder are on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut a file to so many bytes."""
        os.ftruncate(descriptor, size)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, in one step."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Delete a file."""
        path.unlink()

    def close(self, descriptor: int) -> None:
        """Close a file."""
        os.close(descriptor)

    def draw_tag(self) -> int:
        """32 bits nobody can guess: no received body can pose as a frame, and no result depends on them."""
        return int.from_bytes(os.urandom(4), "little")


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into one clear line that names the file."""
    try:
        yield
    except OSError as error:
        raise JournalError(f"{path}: {error.strerror or error}") from error
