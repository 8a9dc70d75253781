"""Checking a tape from end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.identifiers import OrderNames, order_id
from tapewarden.tape.faults import Continuity, faults
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.tally import Tally

Batches = Iterator[EventBatch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, how often, and where first. ``row`` is ``None`` where it is no row's fault."""

    field: str
    expected: str
    received: str
    times: int = 1
    row: int | None = None


def check_tape(tape: TapeReader, watch: Callable[[Batches], Batches] = iter) -> list[Finding]:
    """Everything that is wrong with the events of a tape whose header was read.

    Codes, dense numbers, bounds of prices, sizes and times, sequence numbers that run backwards, texts
    of ids, and the header's counts. A file that cannot be read to its end raises ``InputError``. Batches
    pass through ``watch``, to show progress. Memory: one row group, one entry per source and epoch.
    """
    return list(_Check(tape).findings(watch))


class _Check:
    def __init__(self, tape: TapeReader) -> None:
        self._tape = tape
        self._found: dict[tuple[str, str], Finding] = {}
        self._names = tape.directory.order_names = _CheckedNames()

    def findings(self, watch: Callable[[Batches], Batches]) -> Iterator[Finding]:
        tally = Tally()
        continuity = Continuity()
        row = self._tape.first_row
        for batch in watch(self._tape.stored_batches()):
            self._look(batch, continuity, row)
            tally.add(batch)
            row += len(batch)
        yield from self._found.values()
        if self._names.finding is not None:
            yield self._names.finding
        said, counted = self._tape.header.counts, tally.counts()
        if said is not None and said != counted:
            yield Finding(field="counts", expected=str(counted), received=str(said))

    def _look(self, batch: EventBatch, continuity: Continuity, first_row: int) -> None:
        for field, expected, mask in chain(faults(batch, self._tape.directory), continuity.faults(batch)):
            times = int(mask.sum())
            if not times:
                continue
            place = int(mask.argmax())
            known = self._found.get((field, expected))
            self._found[field, expected] = Finding(
                field=field,
                expected=expected,
                received=known.received if known else str(getattr(batch, field)[place]),
                times=times + (known.times if known else 0),
                row=known.row if known else first_row + place,
            )


class _CheckedNames(OrderNames):
    """Order names that notice a text whose id is another one."""

    def __init__(self) -> None:
        super().__init__()
        self.finding: Finding | None = None

    def learn(self, number: int, text: str) -> None:
        super().learn(number, text)
        if order_id(text) != number:
            times = self.finding.times + 1 if self.finding else 1
            received = self.finding.received if self.finding else repr(text)
            self.finding = Finding(
                field="names", expected="the text that gives the id", received=received, times=times
            )
