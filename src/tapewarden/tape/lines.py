"""The readable twin of a tape: JSON Lines, the header first, then one event per line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

import msgspec
import numpy as np

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import FieldError, InputError
from tapewarden.domain.kinds import Tier
from tapewarden.tape.header import Provenance, TapeHeader
from tapewarden.tape.partial import PartialFile
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.row_parse import RowParser
from tapewarden.tape.row_text import row_texts
from tapewarden.tape.schema import MAX_HEADER
from tapewarden.tape.writer import TapeWriter

BATCH_LINES: Final = 8192
MAX_LINE: Final = 1 << 20
"""Bytes of an event's line; a longer one is no line of a tape."""


class LinesTapeWriter(TapeWriter):
    """Writes a JSON Lines tape.

    The header comes first but is known last: events go to a second file ``NAME.events.partial`` beside
    the tape, which ``close`` copies behind the header and removes.
    """

    def __init__(
        self, path: Path, directory: Directory, tier: Tier | None = None, provenance: Provenance | None = None
    ) -> None:
        super().__init__(path, directory, tier, provenance)
        self._events = PartialFile(path.with_name(path.name + ".events"))
        self._stream: BinaryIO = self._events.path.open("wb")
        self._encoder = msgspec.json.Encoder()

    def _write_group(self, batch: EventBatch) -> None:
        encode = self._encoder.encode
        self._stream.writelines(encode(row) + b"\n" for row in row_texts(batch, self.directory))

    def _finish(self, header: TapeHeader) -> None:
        self._stream.close()
        with self._file.path.open("wb") as whole, self._events.path.open("rb") as events:
            whole.write(header.to_json() + b"\n")
            shutil.copyfileobj(events, whole)
        self._events.discard()

    def _release(self) -> None:
        self._stream.close()
        self._events.discard()


class LinesTapeReader(TapeReader):
    """Reads a JSON Lines tape; rows in its errors are lines of the file."""

    first_row: ClassVar[int] = 2

    def __init__(self, path: Path) -> None:
        """Read the header; ``InputError`` where there is none."""
        self._path = path
        with path.open("rb") as file:
            line = file.readline(MAX_HEADER)
        super().__init__(str(path), TapeHeader.from_json(line, str(path), row=1))

    def stored_batches(self) -> Iterator[EventBatch]:
        """Batches of at most ``BATCH_LINES`` rows; ``InputError`` at a line that is no event."""
        parser = RowParser(self.directory)
        rows: list[tuple[int, ...]] = []
        with self._path.open("rb") as file:
            file.readline(MAX_HEADER)
            for number, line in enumerate(_lines(file), start=self.first_row):
                try:
                    rows.append(parser.values(line))
                except FieldError as error:
                    raise InputError(
                        self.source, error.expected, error.received, row=number, field=error.field
                    ) from None
                if len(rows) == BATCH_LINES:
                    yield _batch(rows)
                    rows = []
        if rows:
            yield _batch(rows)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines cut off at ``MAX_LINE``, so that a file without line ends is not read as a whole."""
    return iter(lambda: file.readline(MAX_LINE), b"")


def _batch(rows: list[tuple[int, ...]]) -> EventBatch:
    columns = zip(COLUMN_TYPES.items(), zip(*rows, strict=True), strict=True)
    return EventBatch(**{name: np.array(values, dtype) for (name, dtype), values in columns})
