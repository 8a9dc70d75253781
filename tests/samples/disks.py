"""A disk that fails in one place, and a process that may not write everywhere."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.samples.journals import QuickDisk

_NOBODY = 65_534


class FaultyDisk(QuickDisk):
    """While ``broken``, a method fails for files in one folder."""

    def __init__(self, folder: str, method: str, code: int = errno.EIO) -> None:
        self.broken = False
        self._what = (folder, method)
        self._code = code
        self._folders: dict[int, str] = {}

    def open(self, path: Path) -> int:
        descriptor = super().open(path)
        self._folders[descriptor] = path.parent.name
        return descriptor

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        self._fail(self._folders[descriptor], "write")
        super().write(descriptor, data, offset)

    def sync(self, descriptor: int) -> None:
        self._fail(self._folders[descriptor], "sync")

    def rename(self, old: Path, new: Path) -> None:
        self._fail(new.parent.name, "rename")
        super().rename(old, new)

    def _fail(self, folder: str, method: str) -> None:
        if self.broken and (folder, method) == self._what:
            raise OSError(self._code, os.strerror(self._code))


@contextmanager
def unprivileged() -> Iterator[None]:
    """Who may do everything may not while this lasts."""
    if os.geteuid():
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
