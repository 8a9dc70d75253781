"""The second stage: rules keyed by actor across instruments, behind the watermark of all sources.

Instruments may come from sources that run apart, so their acts are held back until no earlier one can
come, and then seen in the order (time, venue, instrument, epoch, sequence, row), whatever the order of
arrival. A late act counts as of the watermark at its arrival.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import kernel
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.acts import Act
from tapewarden.engine.memory import Fired, Memory
from tapewarden.engine.tables import UNSET

PATIENCE: Final = 10 * SECOND
"""A source this far behind the newest one counts as idle: it holds nothing back, its rows will be late."""

HELD = np.dtype(
    [
        ("due", np.int64),
        ("rank", np.int64),
        ("epoch", np.uint32),
        ("source", np.int32),
        ("sequence", np.uint64),
        ("row", np.int64),
        ("act", Act.dtype),
    ]
)
"""An act held back: when it counts, what orders it among its equals, and where it came from."""


class Released(NamedTuple):
    """A detector of the second stage fired when row ``row`` of the batch released the act."""

    row: int
    memory: Memory
    fired: Fired
    source: int
    epoch: int
    sequence: int


class Stage:
    """The acts held back, and the detectors that see them."""

    def __init__(self, memories: Sequence[Memory], directory: Directory, lateness: int) -> None:
        self.memories = list(memories)
        self.watched = 0
        for memory in memories:
            self.watched |= memory.watched
        self.held: Table = np.zeros(0, HELD)
        self.clocks = np.full(1, UNSET, np.int64)
        self.mark = np.full(1, UNSET, np.int64)
        self._directory = directory
        self._lateness = lateness
        self._ranks = np.zeros(0, np.int64)

    def take(
        self, batch: EventBatch, acts: Table, picks: npt.NDArray[np.uint32], first_row: int
    ) -> Iterator[Released]:
        """Hold the acts at ``picks`` back and let go what the batch's rows release, in order."""
        before = int(self.mark[0])
        marks = self._advance(batch)
        chosen = acts[picks]
        held = np.zeros(len(picks), HELD)
        events = chosen["event"]
        earlier = np.where(events > 0, marks[np.maximum(events.astype(np.int64) - 1, 0)], before)
        held["due"] = np.maximum(chosen["ts"], earlier)
        held["rank"] = self._rank(chosen["instrument"])
        for name in ("epoch", "source", "sequence"):
            held[name] = getattr(batch, name)[events]
        held["row"] = first_row + events.astype(np.int64)
        held["act"] = chosen
        held["act"]["event"] = 0  # a row of this batch, which is nobody's any more
        self.held = np.concatenate([self.held, held])
        if len(marks):
            yield from self._release(self.held["due"] < marks[-1], marks)

    def finish(self) -> Iterator[Released]:
        """The tape is over: let everything go."""
        yield from self._release(np.ones(len(self.held), np.bool_), np.zeros(0, np.int64))

    def _advance(self, batch: EventBatch) -> npt.NDArray[np.int64]:
        sources = len(self._directory.sources) + 1  # the last place is that of all unknown ones
        if sources > len(self.clocks):
            more = np.full(sources - len(self.clocks), UNSET, np.int64)
            self.clocks = np.concatenate([self.clocks[:-1], more, self.clocks[-1:]])
        marks = np.zeros(len(batch), np.int64)
        watermarks(batch.source, batch.ts_event, self.clocks, self._lateness, PATIENCE, self.mark, marks)
        return marks

    def _rank(self, instruments: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        if len(self._ranks) != len(self._directory.instruments) + 1:
            names = [(item.venue, item.symbol) for item in self._directory.instruments]
            order = sorted(range(len(names)), key=names.__getitem__)
            self._ranks = np.zeros(len(names) + 1, np.int64)
            for rank, number in enumerate(order, 1):
                self._ranks[number + 1] = rank
            self.held["rank"] = self._ranks[self.held["act"]["instrument"]]  # a new one may stand between
        ranks: npt.NDArray[np.int64] = self._ranks[instruments]
        return ranks

    def _release(self, ready: npt.NDArray[np.bool_], marks: npt.NDArray[np.int64]) -> Iterator[Released]:
        held = self.held[ready]
        self.held = self.held[~ready]
        held = in_order(held)
        rows = np.searchsorted(marks, held["due"], side="right")
        acts = np.ascontiguousarray(held["act"])
        for memory in self.memories:
            watched = np.flatnonzero(acts["kind"] & memory.watched).astype(np.uint32)
            for fired in memory.run(acts, watched):
                origin: Any = held[fired.place]
                yield Released(
                    int(rows[fired.place]),
                    memory,
                    fired,
                    int(origin["source"]),
                    int(origin["epoch"]),
                    int(origin["sequence"]),
                )


def in_order(held: Table) -> Table:
    """Acts in the order in which they count; those of one row as they were written.

    Sorting by ``order=`` would break ties by the other fields, account numbers among them.
    """
    keys = [held[name] for name in ("row", "sequence", "epoch", "rank", "due")]
    ordered: Table = held[np.lexsort(keys)]
    return ordered


@kernel
def watermarks(
    sources: Any, times: Any, clocks: Any, lateness: int, patience: int, mark: Any, marks: Any
) -> None:
    """Write the watermark after each row: the smallest clock of a source that is not idle, less lateness."""
    for i in range(len(times)):
        known = sources[i] >= 0 and sources[i] < len(clocks) - 1
        source = sources[i] if known else len(clocks) - 1
        clocks[source] = max(clocks[source], times[i])
        newest = clocks[0]
        for clock in clocks:
            newest = max(newest, clock)
        smallest = newest
        for clock in clocks:
            if clock >= newest - patience:
                smallest = min(smallest, clock)
        mark[0] = max(mark[0], smallest - lateness)
        marks[i] = mark[0]
