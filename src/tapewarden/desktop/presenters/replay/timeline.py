"""`Timeline`: the one cursor of a replay, which is always at an event."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]


class Timeline:
    """A cursor on events in order of time. ``place`` is that of its event, 0 without events.

    Args:
        times: Of the events, ns UTC, ascending.
        begin_ns: Where the cursor is said to be while there are no events.
    """

    def __init__(self, times: Column, begin_ns: int) -> None:
        self._times = times
        self._begin_ns = begin_ns
        self.place = 0

    def __len__(self) -> int:
        return len(self._times)

    @property
    def at_ns(self) -> int:
        """The time of the cursor: that of its event."""
        return int(self._times[self.place]) if len(self) else self._begin_ns

    def go(self, place: int) -> None:
        """Put the cursor on an event, within bounds."""
        self.place = max(0, min(place, len(self) - 1))

    def step(self, events: int) -> None:
        """Move on by events, or back by a negative number."""
        self.go(self.place + events)

    def shift(self, ns: int) -> None:
        """Move by a time, but by one event at least: where nothing happens, on to what happens next."""
        place = self.place_at(self.at_ns + ns)
        self.go(max(place, self.place + 1) if ns > 0 else min(place, self.place - 1))

    def seek(self, at_ns: float) -> None:
        """Put the cursor on the last event that has happened by then, or on the first one."""
        self.go(self.place_at(at_ns))

    def place_at(self, at_ns: float) -> int:
        """The place of the last event that has happened by a time; -1 before the first."""
        return int(np.searchsorted(self._times, at_ns, side="right")) - 1
