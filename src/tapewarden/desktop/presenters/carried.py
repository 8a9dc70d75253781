"""`Carried`: which trade of the window is meant by the number that a stream gave it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]


class Carried:
    """The trades that one stream carried, in runs without a gap: some never came.

    Memory grows with gaps only.
    """

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []
        self._shifts: list[int] = []

    def add(self, first: int, count: int, number: int) -> None:
        """Learn that the stream's trades from ``first`` on are those of the window from ``number`` on."""
        if self._ends and self._ends[-1] == first and self._shifts[-1] == number - first:
            self._ends[-1] += count
        elif count:
            self._firsts.append(first)
            self._ends.append(first + count)
            self._shifts.append(number - first)

    def numbers(self, trades: Column) -> Column:
        """The window's numbers for those of the stream, -1 for trades that never came."""
        runs = np.searchsorted(np.array(self._firsts, np.int64), trades, side="right") - 1
        ends, shifts = np.array([*self._ends, 0], np.int64), np.array([*self._shifts, 0], np.int64)
        return np.where((runs >= 0) & (trades < ends[runs]), trades + shifts[runs], -1)
