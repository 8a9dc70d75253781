"""Sending recorded events as they happened: in event time, faster or slower by a factor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.kinds import SECOND

SHORTEST_WAIT: Final = 0.001
"""Seconds: what is due sooner is sent together."""


def paced(
    batches: Iterable[EventBatch],
    speed: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[EventBatch]:
    """The same events, each not before its time; event time passes ``speed`` times as fast as the clock.

    The first event with a known time is due now. An event that has none, or an earlier one than an event
    before it, is due with that one. Who takes them too late gets all that are due.
    """
    start, first, latest = clock(), None, UNKNOWN
    for batch in batches:
        times = np.maximum.accumulate(np.maximum(batch.ts_event, latest)) if len(batch) else batch.ts_event
        known = times[times != UNKNOWN]
        if first is None and len(known):
            first = int(known[0])
        due = np.where(times == UNKNOWN, 0.0, (times - (first or 0)) / (SECOND * speed))
        latest = int(times[-1]) if len(times) else latest
        yield from _when_due(batch, due, lambda: clock() - start, sleep)


def _when_due(
    batch: EventBatch,
    due: npt.NDArray[np.float64],
    elapsed: Callable[[], float],
    sleep: Callable[[float], object],
) -> Iterator[EventBatch]:
    done = 0
    while done < len(batch):
        now = elapsed()
        ready = int(np.searchsorted(due, now, "right"))
        if ready > done:
            yield batch[done:ready]
            done = ready
        else:
            sleep(max(float(due[done]) - now, SHORTEST_WAIT))
