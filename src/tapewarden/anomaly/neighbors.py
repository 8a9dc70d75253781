"""How far a window is from the usual windows nearest to it.

The distance to the nearest neighbors (Ramaswamy, Rastogi and Shim 2000, "Efficient algorithms for mining
outliers from large data sets") sees what an isolation forest does not: features that are usual each and
unusual together. In exchange what is learned from must be usual: a scheme among the neighbors is near itself.

Not all usual windows are kept. They are chosen one by one, always the one farthest from those chosen
(Gonzalez 1985, "Clustering to minimize the maximum intercluster distance"), so that rare honest behavior is
kept as well as the crowd, and no window learned from is farther from a kept one than need be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.forest_kernel import Rows
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.neighbor_search import Parted, Places, RowBlocks
from tapewarden.compiled.compiling import kernel, rule

NEAREST: Final = 3
"""Neighbors whose mean distance counts."""

KEPT: Final = 4_000
"""Usual windows that are kept; of 1,000 to 8,000 as good as any (see ``docs/anomaly.md``)."""

UNKNOWN: Final = -3.0
"""Where a missing value lies: below all normal quantiles that ``Transform`` gives."""

_STEP: Final = 8  # columns after which a distance is given up that is too large already


@dataclass(frozen=True, eq=False)
class Neighbors:
    """Usual windows: ``rows`` of mapped values, none missing. ``expected`` is what ``parts`` of others mean.

    Raises:
        ValueError: If rows and means are not of the same columns, not finite, or fewer than three rows.
    """

    rows: Rows
    expected: Numbers

    def __post_init__(self) -> None:
        if self.rows.ndim != 2 or len(self.rows) < NEAREST or self.expected.shape != self.rows.shape[1:]:
            raise ValueError(f"at least {NEAREST} rows and a mean for each column expected")
        if not (np.isfinite(self.rows).all() and np.isfinite(self.expected).all()):
            raise ValueError("finite rows and means expected")

    def score(self, rows: npt.ArrayLike) -> Numbers:
        """The mean distance of each row to the three nearest; a missing value (NaN) is a value of its own.

        Costs some 20 µs per row at 4,000 kept rows.
        """
        squares, _ = self._nearest(known(rows))
        distances: Numbers = np.sqrt(squares).sum(axis=1) / NEAREST
        return distances

    def contributions(self, row: npt.ArrayLike) -> Numbers:
        """How much each column of a row adds to its distance, beyond what it adds for usual rows on average.

        They and ``expected`` sum up to the score, to rounding. Positive: toward the unusual.
        """
        surplus: Numbers = self.parts(row)[0] - self.expected
        return surplus

    def parts(self, rows: npt.ArrayLike) -> Numbers:
        """How much each column of each row adds to the row's score: its squares by the distances."""
        complete = known(rows)
        squares, places = self._nearest(complete)
        apart = complete[:, None, :].astype(np.float64) - self.rows[places]
        distances = np.sqrt(squares)
        shares = apart**2 / np.where(distances > 0, distances, 1.0)[:, :, None]
        added: Numbers = shares.sum(axis=1) / NEAREST
        return added

    def arrays(self) -> Mapping[str, npt.NDArray[Any]]:
        """The arrays that a file keeps."""
        return {"rows": self.rows, "expected": self.expected}

    @property
    def tables(self) -> Parted:
        """What kernels read of it."""
        return self._blocks.parted

    def _nearest(self, rows: Rows) -> tuple[Numbers, Places]:
        if rows.shape[1] != self.rows.shape[1]:
            raise ValueError(f"rows of {self.rows.shape[1]} values expected, received {rows.shape[1]}")
        return self._blocks.nearest(rows, NEAREST)

    @cached_property
    def _blocks(self) -> RowBlocks:
        return RowBlocks(self.rows)


def known(rows: npt.ArrayLike) -> Rows:
    """Rows with ``UNKNOWN`` where a value is missing."""
    table = np.array(rows, np.float32, ndmin=2, order="C")
    table[np.isnan(table)] = UNKNOWN
    return table


def choose_neighbors(usual: Rows, others: Rows, count: int = KEPT) -> Neighbors:
    """At most ``count`` of some usual rows, and what is to be expected of usual rows that are not among them.

    The same for the same rows. Costs ``count`` times their number; 50,000 rows take seconds.
    """
    complete = known(usual)
    places = np.empty(min(count, len(complete)), np.int64)
    chosen = complete[places[: _choose(complete, places)]]
    nobody = Neighbors(chosen, np.zeros(complete.shape[1]))
    parts = nobody.parts(others)
    return Neighbors(chosen, parts.sum(axis=0) / len(parts))


@kernel
def _choose(rows: Rows, places: Places) -> int:
    """Write which rows to keep, the first one and then the farthest; return how many differ."""
    nearest = np.full(len(rows), np.inf)
    place = 0
    for count in range(len(places)):
        places[count] = place
        farthest = 0.0
        for row in range(len(rows)):
            square = _square(rows[row], rows[places[count]], nearest[row])
            nearest[row] = square if square < nearest[row] else nearest[row]
            if nearest[row] > farthest:
                farthest, place = nearest[row], row
        if farthest == 0.0:
            return count + 1
    return len(places)


@rule
def _square(one: Any, other: Any, most: float) -> float:
    """The squared distance of two rows, or a part of it that is at least ``most``."""
    total, column = 0.0, 0
    while column < len(one) and total < most:
        for at in range(column, min(column + _STEP, len(one))):
            apart = np.float64(one[at]) - np.float64(other[at])
            total += apart * apart
        column += _STEP
    return total
