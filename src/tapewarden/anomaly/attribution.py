"""What each feature did to a path: exact shares of its length, which add up.

The game is that of Shapley 1953: a feature's share is its mean effect over all orders in which the features
might become known, where the path with only some of them known is the one of a row that misses the others
(``Forest.path_lengths``). For trees this is computed leaf by leaf, without going through orders (Lundberg,
Erion and Lee 2018, "Consistent individualized feature attribution for tree ensembles").
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.forest import Forest, Places
from tapewarden.anomaly.forest_kernel import DEEPEST, Rows
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.compiled.compiling import kernel, rule
from tapewarden.compiled.rows import Table


def contributions(forest: Forest, row: npt.ArrayLike) -> Numbers:
    """How many splits each feature of a row adds to its mean path length; negative: toward the unusual.

    They and ``forest.expected_length`` sum up to ``forest.path_lengths(row)``, to rounding. A missing feature
    adds exactly nothing. Some milliseconds for 200 trees: for alerts, not for every window.
    """
    numbers: Rows = np.ascontiguousarray(row, np.float32)
    if numbers.shape != (forest.features,):
        raise ValueError(f"a row of {forest.features} values expected, received {numbers.shape}")
    totals = np.zeros(forest.features)
    _attribute(numbers, forest.nodes, forest.lengths, forest.shares, forest.parents, forest.leaves, totals)
    totals /= len(forest.roots)
    return totals


@kernel
def _attribute(
    row: Rows,
    nodes: Table,
    lengths: Numbers,
    shares: Numbers,
    parents: Places,
    leaves: Places,
    totals: Numbers,
) -> None:
    features = np.empty(DEEPEST, np.int64)
    unknown = np.empty(DEEPEST, np.float64)
    known = np.empty(DEEPEST, np.float64)
    sums = np.empty(DEEPEST, np.float64)
    for leaf in leaves:
        weight, count = lengths[leaf], 0
        place = leaf
        while parents[place] != place:
            above = nodes[parents[place]]
            value = row[above["feature"]]
            if np.isnan(value):
                weight *= shares[place]
            else:
                passes = 1.0 if (value > above["threshold"]) == (place > above["left"]) else 0.0
                count = _note(features, unknown, known, count, above["feature"], shares[place], passes)
            place = parents[place]
        for i in range(count):
            effect = weight * (known[i] - unknown[i]) * _mean_over_orders(unknown, known, sums, count, i)
            totals[features[i]] += effect


@rule
def _note(
    features: Any, unknown: Any, known: Any, count: int, feature: int, share: float, passes: float
) -> int:
    """Multiply a split into its feature's part of the path; returns how many features there are."""
    for i in range(count):
        if features[i] == feature:
            unknown[i] *= share
            known[i] *= passes
            return count
    features[count], unknown[count], known[count] = feature, share, passes
    return count + 1


@rule
def _mean_over_orders(unknown: Any, known: Any, sums: Any, count: int, left_out: int) -> float:
    """The mean, over all orders, of the product of the other features' parts when one's turn comes.

    ``sums[k]`` becomes the sum of products in which ``k`` others are known; such a set comes before the one
    left out in ``k! (count - 1 - k)! / count!`` of all orders.
    """
    sums[0], others = 1.0, 0
    for i in range(count):
        if i == left_out:
            continue
        others += 1
        sums[others] = 0.0
        for k in range(others, 0, -1):
            sums[k] = sums[k] * unknown[i] + sums[k - 1] * known[i]
        sums[0] *= unknown[i]
    share, mean = 1.0 / count, 0.0
    for k in range(count):
        mean += share * sums[k]
        share *= (k + 1) / max(count - 1 - k, 1)
    return mean
