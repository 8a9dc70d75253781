"""How feature values become what is compared: a monotone map per feature, learned from training rows.

A forest splits between the smallest and the largest value it sees, evenly. Sizes and counts of markets have
tails over several powers of ten; without a map most splits would part a few giants from all others, and
the distance of two windows would be that of their largest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.forest_kernel import Rows
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.transform_kernel import Map, map_rows
from tapewarden.compiled.compiling import direct

PERCENTILES: Final = 101
"""Values kept of each feature: its minimum, its percentiles, its maximum."""

CLIPPED: Final = 0.1
"""Percent of training values that are cut off on each side."""


class Shape(StrEnum):
    """The kind of map, the same for all features."""

    SIGNED_LOG = "signed-log"
    """``sign(x) ln(1 + |x|)``: what is kept of large values is their ratio."""

    RANK_GAUSS = "rank-gauss"
    """The normal quantile that belongs to the value's rank: what is kept is the order."""


@dataclass(frozen=True, eq=False)
class Transform:
    """A map of rows of feature values to float32 rows of those features that varied in training.

    ``kept`` are their columns. Values beyond the 0.1th and 99.9th percentile of training are taken for those
    percentiles: ``bounds``, a pair per kept column; ``percentiles`` holds 101 values per kept column. A
    missing value (NaN) stays missing.
    """

    shape: Shape
    kept: npt.NDArray[np.int64]
    bounds: Numbers
    percentiles: Numbers

    def apply(self, values: npt.ArrayLike) -> Rows:
        """Mapped rows: ``values`` has a row per observation and a column per feature, kept or not.

        An infinite value is taken for the bound on its side. Some 30 ns per value.
        """
        table = np.array(values, np.float64, ndmin=2, order="C", copy=None)
        mapped = np.empty((len(table), len(self.kept)), np.float32)
        self._map(table, self.learned, mapped)
        return mapped

    @cached_property
    def learned(self) -> Map:
        """The map as kernels take it."""
        by_rank = self.shape is Shape.RANK_GAUSS
        return Map(by_rank, self.kept, self.bounds, self.percentiles, _QUANTILES)

    @cached_property
    def _map(self) -> Callable[..., Any]:
        """The kernel without the test of its arguments, which would cost as much as mapping a row."""
        return direct(map_rows, np.empty((1, 1)), self.learned, np.empty((1, 1), np.float32))

    @property
    def medians(self) -> Numbers:
        """The middle value of each kept column in training."""
        medians: Numbers = self.percentiles[:, PERCENTILES // 2]
        return medians

    def arrays(self) -> Mapping[str, npt.NDArray[Any]]:
        """The arrays that a file keeps."""
        return {"kept": self.kept, "bounds": self.bounds, "percentiles": self.percentiles}


def learn_transform(values: Numbers, names: Sequence[str], shape: Shape = Shape.SIGNED_LOG) -> Transform:
    """The map that training rows imply; columns with fewer than two different known values are dropped.

    Raises:
        ValueError: If a value is infinite, or if no column varies.
    """
    infinite = np.argwhere(np.isinf(values))
    if len(infinite):
        row, column = infinite[0]
        where = f"row {row + 1}, feature {names[column]!r}"
        raise ValueError(f"{where}: a finite number or none expected, received infinity")
    known = [column[~np.isnan(column)] for column in values.T]
    kept = [number for number, column in enumerate(known) if len(column) and column.min() < column.max()]
    if not kept:
        raise ValueError("features that vary expected, received rows in which none does")
    levels = np.linspace(0, 100, PERCENTILES)
    return Transform(
        shape=shape,
        kept=np.array(kept, np.int64),
        bounds=np.array([np.percentile(known[number], [CLIPPED, 100 - CLIPPED]) for number in kept]),
        percentiles=np.array([np.percentile(known[number], levels) for number in kept]),
    )


_QUANTILES: Final = np.array(
    [round(NormalDist().inv_cdf((rank + 0.5) / PERCENTILES), 12) for rank in range(PERCENTILES)]
)
"""Normal quantiles of the percentiles; rounded, so that no mathematics library shows in them."""
