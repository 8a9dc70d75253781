"""One tape from several: batches of several sources merged by time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tapewarden.domain.batch import Column, EventBatch


def merge_by_time(sources: Sequence[Iterable[EventBatch]]) -> Iterator[EventBatch]:
    """The events of all sources by time, ties in the order of the sources.

    The time of an event is when it was received if that is known, otherwise when it happened. The order
    within a source is kept even where its times run backwards. Holds one batch per source.
    """
    if len(sources) == 1:
        yield from sources[0]
        return
    heads = [head for head in map(_Head, sources) if head.extend()]
    while heads:
        horizon = min(int(head.keys[-1]) for head in heads)
        for head in heads:
            head.read_beyond(horizon)
        parts = [head.take(horizon) for head in heads]
        keys = np.concatenate([keys for _, keys in parts])
        yield EventBatch.concatenate([batch for batch, _ in parts])[np.argsort(keys, kind="stable")]
        heads = [head for head in heads if len(head.keys) or head.extend()]


class _Head:
    """What comes next in a source, with its keys in rising order."""

    def __init__(self, source: Iterable[EventBatch]) -> None:
        self._source = iter(source)
        self._last = np.iinfo(np.int64).min
        self.batch = EventBatch.of(0)
        self.keys: Column = np.empty(0, np.int64)

    def extend(self) -> bool:
        """Append the next batch that is not empty; False at the end."""
        for batch in self._source:
            if len(batch):
                times = np.where(batch.ts_receive >= 0, batch.ts_receive, batch.ts_event)
                keys = np.maximum.accumulate(np.maximum(times, self._last))
                self.batch = EventBatch.concatenate([self.batch, batch]) if len(self.batch) else batch
                self.keys = np.concatenate([self.keys, keys])
                self._last = keys[-1]
                return True
        return False

    def read_beyond(self, horizon: int) -> None:
        """Extend until no later row can have the key ``horizon``: ties go by source, not by batch."""
        while self.keys[-1] <= horizon and self.extend():
            pass

    def take(self, horizon: int) -> tuple[EventBatch, Column]:
        """Rows up to and including ``horizon``; the rest stay."""
        cut = int(np.searchsorted(self.keys, horizon, side="right"))
        taken = self.batch[:cut], self.keys[:cut]
        self.batch, self.keys = self.batch[cut:], self.keys[cut:]
        return taken
