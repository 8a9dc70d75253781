"""What can be wrong with the rows of a batch, each seen for itself."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.codes import KNOWN_FLAGS, REASON_ALLOWED, UNSCALED_SIZES
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind, Initiator, Side
from tapewarden.domain.numbers import MAX_UNITS
from tapewarden.tape.numbering import Mask, stray_numbers

Fault = tuple[str, str, Mask]
"""A column, what its values must be, and the rows where they are not."""


def faults(batch: EventBatch, directory: Directory) -> Iterator[Fault]:
    """The faults of each column; a mask may be all false. About 30 ns per row."""
    yield "kind", "a code of EventKind", ~np.isin(batch.kind, _codes(EventKind))
    yield "reason", "a code that belongs to the kind", ~REASON_ALLOWED[batch.kind, batch.reason]
    yield "initiator", "a code of Initiator", ~np.isin(batch.initiator, _codes(Initiator))
    yield "side", "a code of Side", ~np.isin(batch.side, _codes(Side))
    yield "flags", "bits of Flag", (batch.flags & ~np.uint16(KNOWN_FLAGS)) != 0
    yield from stray_numbers(batch, directory)
    yield "price", f"at most {MAX_UNITS} units either way", _beyond(batch.price, -MAX_UNITS, MAX_UNITS)
    unscaled = np.isin(batch.kind, tuple(UNSCALED_SIZES))
    yield "size", f"0 to {MAX_UNITS} units, or unknown", _beyond(batch.size, UNKNOWN, MAX_UNITS) & ~unscaled
    yield "size", "0 or more, or unknown", _beyond(batch.size, UNKNOWN, np.iinfo(np.int64).max) & unscaled
    for name in ("ts_event", "ts_receive"):
        column = getattr(batch, name)
        yield name, "a time from 1970 on, or unknown", column < UNKNOWN


class Continuity:
    """Follows the sequence numbers of each source and epoch; rows numbered 0 are not numbered at all.

    Several rows may share a number, and numbers may be left out: they are line numbers or numbers of
    updates as often as numbers of rows. Only the importer knows what a gap is, and says so by a QUALITY row.
    """

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def faults(self, batch: EventBatch) -> Iterator[Fault]:
        """Rows whose number is less than the last of their source and epoch."""
        before = self._numbers_before(batch)
        yield "sequence", "no step back", (batch.sequence < before) & (batch.sequence != 0)

    def _numbers_before(self, batch: EventBatch) -> npt.NDArray[np.uint64]:
        """For each numbered row the number before it in its source and epoch; 0 where there is none."""
        before = np.zeros(len(batch), np.uint64)
        scopes = batch.source.astype(np.int64) << 32 | batch.epoch
        numbered = np.flatnonzero(batch.sequence)
        for scope in np.unique(scopes[numbered]).tolist():
            rows = numbered[scopes[numbered] == scope]
            sequence = batch.sequence[rows]
            before[rows[0]] = self._last.get(scope, 0)
            before[rows[1:]] = sequence[:-1]
            self._last[scope] = int(sequence[-1])
        return before


def _codes(codes: type[IntEnum]) -> list[int]:
    return [code.value for code in codes]


def _beyond(values: npt.NDArray[np.int64], low: int, high: int) -> Mask:
    beyond: Mask = (values < low) | (values > high)
    return beyond
