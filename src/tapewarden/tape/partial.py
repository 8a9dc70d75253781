"""A file that appears only when it is whole."""

from __future__ import annotations

import os
from pathlib import Path

from tapewarden.domain.errors import InputError


class PartialFile:
    """``NAME.partial``, to be written by someone else, that becomes ``NAME`` at ``commit``."""

    def __init__(self, target: Path) -> None:
        """Check the place; ``InputError`` where no file can be written."""
        if target.is_dir():
            raise InputError(str(target), "the name of a file to write", "a directory")
        if not target.parent.is_dir():
            raise InputError(str(target), "a name in an existing directory", f"no directory {target.parent}")
        self.target = target
        self.path = target.with_name(target.name + ".partial")

    def commit(self) -> None:
        """Put the file on disk and give it its name, replacing an older one, in one step."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(self.target)

    def discard(self) -> None:
        """Remove what was written; nothing happens if there is nothing."""
        self.path.unlink(missing_ok=True)
