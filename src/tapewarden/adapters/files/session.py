"""`Session`: what every importer is given besides its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from tapewarden.adapters.files.opening import Advance, ignore_progress
from tapewarden.adapters.files.rejects import Rejects
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory


@dataclass(slots=True)
class Session:
    """Where names get their numbers, where bad rows go, and who hears of the progress.

    ``day`` is the trading day of formats that give times of day only.
    """

    directory: Directory = field(default_factory=Directory)
    rejects: Rejects = field(default_factory=Rejects)
    advance: Advance = ignore_progress
    day: date | None = None


class Importer(Protocol):
    """Reads files of one format as one tape, in bounded memory.

    Raises ``InputError`` for a file it cannot read at all; bad rows go to ``session.rejects``.
    """

    def __call__(self, paths: Sequence[Path], session: Session, /) -> Iterator[EventBatch]:
        """The events of all files in tape order."""
        ...
