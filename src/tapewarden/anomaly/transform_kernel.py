"""The compiled maps of feature values: a window that ends alone costs two microseconds, not a hundred."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.forest_kernel import Rows
from tapewarden.anomaly.logarithm import Numbers, logarithm
from tapewarden.compiled.compiling import kernel, rule


class Map(NamedTuple):
    """What is known of a map: by ranks or by logarithms, of which columns, cut to which bounds.

    ``percentiles`` are those of each kept column, ``quantiles`` the normal ones that belong to them.
    """

    by_rank: bool
    kept: npt.NDArray[np.int64]
    bounds: Numbers
    percentiles: Numbers
    quantiles: Numbers


@kernel
def map_rows(values: Numbers, learned: Map, mapped: Rows) -> None:
    """Write what is compared of each row."""
    for row in range(len(values)):
        map_row(values[row], learned, mapped[row])


@rule
def map_row(values: Any, learned: Any, mapped: Any) -> None:
    """Write the kept columns of a row, cut to their bounds and mapped; NaN stays NaN.

    By ranks: the normal quantile of the value's rank among the percentiles of its column. Between percentiles
    it is interpolated; of several equal ones it is their mean. Else ``sign(x) ln(1 + |x|)``.
    """
    for i in range(len(learned.kept)):
        value = _cut(values[learned.kept[i]], learned.bounds[i])
        if not learned.by_rank:
            size = logarithm(1.0 + abs(value))
            mapped[i] = -size if value < 0.0 else size
        elif np.isnan(value):
            mapped[i] = value
        else:
            mapped[i] = _quantile_of(value, learned.percentiles[i], learned.quantiles)


@rule
def _cut(value: float, bounds: Any) -> float:
    """The value within its bounds; NaN is within them."""
    if value < bounds[0]:
        return float(bounds[0])
    return float(bounds[1]) if value > bounds[1] else value


@rule
def _quantile_of(value: float, percentiles: Any, quantiles: Any) -> float:
    low, high = _count(percentiles, value)
    if low < high:
        return float(quantiles[low] + 0.5 * (quantiles[high - 1] - quantiles[low]))
    below, above = max(low - 1, 0), min(low, len(percentiles) - 1)
    width, step = percentiles[above] - percentiles[below], value - percentiles[below]
    part = step / width if width > 0.0 else step
    return float(quantiles[below] + part * (quantiles[above] - quantiles[below]))


@rule
def _count(percentiles: Any, value: float) -> tuple[int, int]:
    """How many are below the value, and how many not above it. To look at all is quicker than to search."""
    below, up_to = 0, 0
    for i in range(len(percentiles)):
        below += percentiles[i] < value
        up_to += percentiles[i] <= value
    return below, up_to
