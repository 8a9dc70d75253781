"""Cutting a stream of batches anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tapewarden.domain.batch import EventBatch


def regroup(batches: Iterable[EventBatch], size: int) -> Iterator[EventBatch]:
    """The same rows in the same order as batches of exactly ``size`` rows, the last one of the rest.

    Holds at most ``size`` rows and one incoming batch.
    """
    if size < 1:
        raise ValueError(f"size: expected at least 1 row, received {size}")
    waiting: list[EventBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += len(batch)
        if rows >= size:
            whole = EventBatch.concatenate(waiting) if len(waiting) > 1 else batch
            full = rows - rows % size
            yield from whole[:full].split(size)
            rows -= full
            waiting = [whole[full:]] if rows else []
    if rows:
        yield EventBatch.concatenate(waiting)
