"""`TapeWriter`: what the writers of both forms share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import Tier
from tapewarden.tape.header import Provenance, TapeHeader
from tapewarden.tape.numbering import first_stray
from tapewarden.tape.partial import PartialFile
from tapewarden.tape.schema import GROUP_ROWS
from tapewarden.tape.tally import Tally


class TapeWriter(ABC):
    """A sink that writes a tape.

    Rows are copied and written in groups of ``GROUP_ROWS``, however the input is cut. The header is made
    at ``close``, so ``directory`` may grow, and ``tier`` and ``provenance`` may be set, until then. As a
    context manager it closes, or aborts if an exception passes.
    """

    def __init__(
        self, path: Path, directory: Directory, tier: Tier | None = None, provenance: Provenance | None = None
    ) -> None:
        self.directory = directory
        self.tier = tier
        self.provenance = provenance or Provenance()
        self._file = PartialFile(path)
        self._tally = Tally()
        self._group = EventBatch.of(GROUP_ROWS)
        self._filled = 0
        self._open = True

    def write(self, batch: EventBatch) -> None:
        """Take the next events; ``ValueError`` for a dense number outside the directory's tables."""
        stray = first_stray(batch, self.directory)
        if stray is not None:
            row, field, expected, received = stray
            raise ValueError(f"row {row} of the batch, {field}: expected {expected}, received {received}")
        self._tally.add(batch)
        taken = 0
        while taken < len(batch):
            rows = min(GROUP_ROWS - self._filled, len(batch) - taken)
            self._fill(batch[taken : taken + rows])
            taken += rows

    def close(self) -> None:
        """Write what is left and the header, and give the file its name. Closing again does nothing."""
        if not self._open:
            return
        self._flush()
        self._finish(TapeHeader.of(self.directory, self.tier, self.provenance, self._tally.counts()))
        self._open = False
        self._file.commit()

    def abort(self) -> None:
        """Give up: nothing of the tape remains. After ``close`` this does nothing."""
        if self._open:
            self._open = False
            try:
                self._release()
            finally:
                self._file.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abort()
            return
        try:
            self.close()
        except BaseException:
            self.abort()
            raise

    def _fill(self, rows: EventBatch) -> None:
        end = self._filled + len(rows)
        for name, column in rows.columns():
            getattr(self._group, name)[self._filled : end] = column
        self._filled = end
        if end == GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._filled:
            self._write_group(self._group[: self._filled])
            self._filled = 0

    @abstractmethod
    def _write_group(self, batch: EventBatch) -> None:
        """Write the next rows; the arrays are used again afterwards."""

    @abstractmethod
    def _finish(self, header: TapeHeader) -> None:
        """Write the header and close the file."""

    @abstractmethod
    def _release(self) -> None:
        """Close the file, whatever state it is in."""
