"""The compiled loops of a forest: path lengths of many rows, without a branch that depends on the data.

Each tree is laid out breadth first with siblings side by side, so that going right is adding one; a leaf
leads to itself and never sends anything right. So each row makes the same number of steps, eight walks at
once, and nothing has to be predicted.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers
from tapewarden.compiled.compiling import inline_rule, kernel, rule
from tapewarden.compiled.rows import Table
from tapewarden.engine.chance import exp_of_minus

NODE: Final = np.dtype([("threshold", "<f4"), ("feature", "<u2"), ("step", "<u2")])
"""One node: rows with ``feature <= threshold`` go ``step`` nodes on, others one more. 8 bytes.

The few windows that end with a batch find the trees outside the nearest caches, and then it is their size
that costs.
"""

Rows = npt.NDArray[np.float32]

LANES: Final = 8
CHUNK: Final = 512
"""Rows that go through all trees before the next ones do: they stay in the nearest cache."""

DEEPEST: Final = 64
"""Trees are less deep than this: 256 samples make 8 levels."""


class Trees(NamedTuple):
    """What the kernel reads of a forest.

    ``typical`` is what a missing value (NaN) counts as, for each column. ``ends`` says which of the few
    different ``lengths`` a path has that ends at a node; ``roots`` and ``levels`` where each tree begins and
    how deep it is. The score is ``exp(-log_scale * mean path length)``.
    """

    typical: Rows
    nodes: Table
    ends: npt.NDArray[np.uint16]
    lengths: Numbers
    roots: npt.NDArray[np.uint32]
    levels: npt.NDArray[np.int64]
    log_scale: float


@kernel
def score_rows(rows: Rows, trees: Trees, means: Numbers, scores: Numbers) -> None:
    """Write the mean path length of each float32 row, and its score."""
    score_mapped(rows, trees, means, scores)


@rule
def score_mapped(rows: Any, trees: Any, means: Any, scores: Any) -> None:
    """Write the mean path length of each row, and its score; both may be written to the same place."""
    complete = np.empty((min(len(rows), CHUNK), rows.shape[1]), np.float32)
    for start in range(0, len(rows), CHUNK):
        some = means[start : start + CHUNK]
        for row in range(len(some)):
            fill_missing(rows[start + row], trees.typical, complete[row])
        measure_paths(complete[: len(some)], trees, some)
    write_scores(trees, means, scores)


@inline_rule
def write_scores(trees: Any, means: Any, scores: Any) -> None:
    """Write ``exp(-log_scale * mean)`` for mean path lengths."""
    for row in range(len(means)):
        scores[row] = exp_of_minus(trees.log_scale * means[row])


@inline_rule
def fill_missing(row: Any, typical: Any, complete: Any) -> None:
    """Write the row with the typical value where one is missing."""
    for column in range(len(row)):
        value = row[column]
        complete[column] = typical[column] if np.isnan(value) else value


@inline_rule
def measure_paths(rows: Any, trees: Any, means: Any) -> None:
    """Write the mean path length of each row in which nothing is missing."""
    whole = len(rows) - len(rows) % LANES
    _add_paths(rows[:whole], trees, means[:whole])
    for row in range(whole, len(rows)):
        means[row] = _path(rows[row], trees)
    for row in range(len(rows)):
        means[row] /= len(trees.roots)


@inline_rule
def _add_paths(rows: Any, trees: Any, sums: Any) -> None:
    """The sum of each row's path lengths, tree by tree, eight rows at once."""
    at = np.zeros(LANES, np.uint32)
    sums[:] = 0.0
    for tree in range(len(trees.roots)):
        for row in range(0, len(rows), LANES):
            at[:] = trees.roots[tree]
            for _ in range(trees.levels[tree]):
                for lane in range(LANES):
                    at[lane] += _step(trees.nodes[at[lane]], rows[row + lane])
            for lane in range(LANES):
                sums[row + lane] += trees.lengths[trees.ends[at[lane]]]


@inline_rule
def _path(row: Any, trees: Any) -> float:
    """The sum of a row's path lengths, tree by tree, eight trees at once, whose nodes stay in registers."""
    nodes, total, whole = trees.nodes, 0.0, len(trees.roots) - len(trees.roots) % LANES
    for first in range(0, whole, LANES):
        a, b, c, d = _four(trees.roots, first)
        e, f, g, h = _four(trees.roots, first + LANES // 2)
        deepest = 0
        for tree in range(first, first + LANES):
            deepest = max(deepest, trees.levels[tree])
        for _ in range(deepest):
            a, b = _next(nodes, row, a), _next(nodes, row, b)
            c, d = _next(nodes, row, c), _next(nodes, row, d)
            e, f = _next(nodes, row, e), _next(nodes, row, f)
            g, h = _next(nodes, row, g), _next(nodes, row, h)
        for node in (a, b, c, d, e, f, g, h):
            total += trees.lengths[trees.ends[node]]
    for tree in range(whole, len(trees.roots)):
        node = trees.roots[tree]
        for _ in range(trees.levels[tree]):
            node = _next(nodes, row, node)
        total += trees.lengths[trees.ends[node]]
    return total


@inline_rule
def _four(numbers: Any, first: int) -> Any:
    return numbers[first], numbers[first + 1], numbers[first + 2], numbers[first + 3]


@inline_rule
def _next(nodes: Any, row: Any, node: Any) -> Any:
    """The node that a row goes to from another."""
    return np.uint32(node + _step(nodes[node], row))


@inline_rule
def _step(node: Any, row: Any) -> Any:
    return np.uint32(node["step"]) + np.uint32(row[node["feature"]] > node["threshold"])
