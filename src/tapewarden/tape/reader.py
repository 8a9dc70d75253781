"""`TapeReader`: what the readers of both forms, and of several tapes as one, share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import InputError
from tapewarden.tape.header import Counts, TapeHeader
from tapewarden.tape.numbering import first_stray
from tapewarden.tape.regroup import regroup
from tapewarden.tape.schema import GROUP_ROWS
from tapewarden.tape.tally import Tally


class TapeReader(ABC):
    """A tape to read, as often as wanted, in bounded memory.

    ``directory`` has all instruments, accounts and sources from the start and learns the texts of order
    ids as they are read. ``source`` is the name errors give it, ``first_row`` the number of its first
    event in them.
    """

    first_row: ClassVar[int] = 1

    def __init__(self, source: str, header: TapeHeader) -> None:
        self.source = source
        self.header = header
        self.directory = header.directory(source)

    @abstractmethod
    def stored_batches(self) -> Iterator[EventBatch]:
        """The events as they are stored, whatever their values; for checking a tape, not for using it."""

    def batches(self, size: int = GROUP_ROWS) -> Iterator[EventBatch]:
        """The events from the beginning, ``size`` rows at a time.

        Dense numbers are sure to lie inside the directory's tables. ``InputError`` where they do not,
        where the file is damaged, or where it holds fewer or more events than its header says.
        """
        return regroup(self._numbered(), size)

    def counts(self) -> Counts:
        """What the header counts; where it does not, all events are read to count them."""
        if self.header.counts is not None:
            return self.header.counts
        tally = Tally()
        for batch in self.batches():
            tally.add(batch)
        return tally.counts()

    def _numbered(self) -> Iterator[EventBatch]:
        read = 0
        for batch in self.stored_batches():
            stray = first_stray(batch, self.directory)
            if stray is not None:
                row, field, expected, received = stray
                place = self.first_row + read + row
                raise InputError(self.source, expected, received, row=place, field=field)
            read += len(batch)
            yield batch
        counts = self.header.counts
        if counts is not None and counts.events != read:
            raise InputError(self.source, f"{counts.events} events, as its header says", str(read))
