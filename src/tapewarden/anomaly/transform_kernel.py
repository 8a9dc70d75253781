"""The compiled maps of feature values: a window that ends alone costs two microseconds, not a hundred."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.forest_kernel import Rows
from tapewarden.anomaly.logarithm import Numbers, logarithm
from tapewarden.compiled.compiling import inline_rule, kernel, rule


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
    map_chosen(values, np.arange(len(values)), learned, mapped)


@rule
def map_chosen(values: Any, places: Any, learned: Any, mapped: Any) -> None:
    """Write what is compared of each row at these places."""
    room = np.empty(len(learned.kept))
    for row in range(len(places)):
        _map_row(values[places[row]], learned, room, mapped[row])


@inline_rule
def _map_row(values: Any, learned: Any, room: Any, mapped: Any) -> None:
    """Write the kept columns of a row, cut to their bounds and mapped; NaN stays NaN.

    By ranks: the normal quantile of the value's rank among the percentiles of its column. Between percentiles
    it is interpolated; of several equal ones it is their mean. Else ``sign(x) ln(1 + |x|)``.
    """
    if learned.by_rank:
        for i in range(len(learned.kept)):
            value = _cut(values[learned.kept[i]], learned.bounds[i, 0], learned.bounds[i, 1])
            known = not np.isnan(value)
            mapped[i] = _quantile_of(value, learned.percentiles, i, learned.quantiles) if known else value
    else:
        for i in range(len(learned.kept)):
            room[i] = _cut(values[learned.kept[i]], learned.bounds[i, 0], learned.bounds[i, 1])
        for i in range(len(room)):
            size = logarithm(1.0 + abs(room[i]))
            mapped[i] = -size if room[i] < 0.0 else size


@inline_rule
def _cut(value: float, least: float, most: float) -> float:
    """The value within its bounds; NaN is within them."""
    if value < least:
        return least
    return most if value > most else value


@inline_rule
def _quantile_of(value: float, percentiles: Any, column: int, quantiles: Any) -> float:
    low, high = _count(percentiles, column, value)
    if low < high:
        return float(quantiles[low] + 0.5 * (quantiles[high - 1] - quantiles[low]))
    below, above = max(low - 1, 0), min(low, len(quantiles) - 1)
    start = percentiles[column, below]
    width, step = percentiles[column, above] - start, value - start
    part = step / width if width > 0.0 else step
    return float(quantiles[below] + part * (quantiles[above] - quantiles[below]))


@inline_rule
def _count(percentiles: Any, column: int, value: float) -> tuple[int, int]:
    """How many are below the value, and how many not above it. To look at all is quicker than to search."""
    below, up_to = 0, 0
    for i in range(percentiles.shape[1]):
        below += percentiles[column, i] < value
        up_to += percentiles[column, i] <= value
    return below, up_to
