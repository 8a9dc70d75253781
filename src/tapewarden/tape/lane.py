"""One tape on its way into a merged one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.tape.reader import TapeReader

Keys = list[npt.NDArray[Any]]
"""Columns to sort by, the most important first: time, venue, source, epoch, sequence, row."""

Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]


class Lane:
    """The next rows of a tape, in the numbers of ``merged``, read ``count`` at a time.

    ``keys`` never fall: a row that lies behind an earlier one of its tape has the key of that one.
    """

    def __init__(self, tape: TapeReader, merged: Directory, count: int) -> None:
        own = tape.directory
        self._batches = tape.batches(count)
        self._instruments = _numbers(merged.find_instrument(one.name) for one in own.instruments)
        self._accounts = _numbers(merged.find_account(one.name) for one in own.accounts)
        self._sources = _numbers(merged.sources.find(text) for text in own.sources)
        self._venue_ranks = _ranks([*(one.venue for one in merged.instruments), ""])
        self._source_ranks = _ranks(list(merged.sources))
        self._read = 0
        self._highest: Keys = []
        self.rows = EventBatch.of(0)
        self.keys: Keys = []

    def fill(self) -> bool:
        """Have rows at hand; false at the end of the tape."""
        if len(self.rows):
            return True
        batch = next(self._batches, None)
        if batch is None:
            return False
        self.rows = self._renumbered(batch)
        self.keys = _rising(self._sort_keys(self.rows), self._highest)
        self._highest = [key[-1:] for key in self.keys]
        self._read += len(batch)
        return True

    def take(self, count: int) -> EventBatch:
        """The first rows at hand, which are then at hand no longer."""
        taken, self.rows = self.rows[:count], self.rows[count:]
        self.keys = [key[count:] for key in self.keys]
        return taken

    def _renumbered(self, batch: EventBatch) -> EventBatch:
        return replace(
            batch,
            instrument=self._instruments[batch.instrument],
            account=self._accounts[batch.account],
            counter_account=self._accounts[batch.counter_account],
            source=self._sources[batch.source],
        )

    def _sort_keys(self, rows: EventBatch) -> Keys:
        return [
            rows.ts_event,
            self._venue_ranks[rows.instrument],
            self._source_ranks[rows.source],
            rows.epoch,
            rows.sequence,
            np.arange(self._read, self._read + len(rows)),
        ]


def places(lanes: Sequence[Keys]) -> list[Places]:
    """The place of each row among all rows, sorted by their keys; equal ones stay as they are given."""
    ranks = _sorted([np.concatenate(columns) for columns in zip(*lanes, strict=True)])[1]
    return np.split(ranks, np.cumsum([len(keys[0]) for keys in lanes])[:-1])


def _rising(keys: Keys, highest: Keys) -> Keys:
    """The keys, each replaced by the highest before it (in ``highest`` or here) where that is higher."""
    if highest:
        keys = [np.concatenate(pair) for pair in zip(highest, keys, strict=True)]
    order, ranks = _sorted(keys)
    leaders = order[np.maximum.accumulate(ranks)]
    return [key[leaders][1 if highest else 0 :] for key in keys]


def _sorted(keys: Keys) -> tuple[Places, Places]:
    """The rows in the order of their keys, and for each row its place in that order."""
    order = np.lexsort(keys[::-1])
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    return order, ranks


def _numbers(found: Iterable[int | None]) -> Numbers:
    """A table to index with a tape's own numbers; its last entry is that of the unknown, −1."""
    return np.array([*found, -1], np.int32)


def _ranks(texts: Sequence[str]) -> Numbers:
    """For each number the rank of its text, because numbers depend on which tape came first."""
    rank = {text: place for place, text in enumerate(sorted(set(texts)))}
    return np.array([rank[text] for text in texts], np.int32)
