"""The compiled loops of a forest: path lengths of many rows, without a branch that depends on the data.

Each tree is laid out breadth first with siblings side by side, so that going right is adding one; a leaf
points to itself and never sends anything right. So each row makes the same number of steps, eight rows at
once, and nothing has to be predicted. A row with missing values takes a slower way, which follows both sides
of a split.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers
from tapewarden.compiled.compiling import kernel, rule
from tapewarden.compiled.rows import Table
from tapewarden.engine.chance import exp_of_minus

NODE: Final = np.dtype([("threshold", "<f8"), ("feature", "<u4"), ("left", "<u4")])
"""One node: rows with ``feature <= threshold`` go to ``left``, others to ``left + 1``. 16 bytes."""

Rows = npt.NDArray[np.float32]

LANES: Final = 8
CHUNK: Final = 512
"""Rows that go through all trees before the next ones do: they stay in the nearest cache."""

DEEPEST: Final = 64
"""Trees are less deep than this: 256 samples make 8 levels."""


@kernel
def score_rows(
    rows: Rows,
    trees: tuple[Table, Numbers, Numbers],
    roots: npt.NDArray[np.uint32],
    levels: npt.NDArray[np.int64],
    log_scale: float,
    means: Numbers,
    scores: Numbers,
) -> None:
    """Write each row's mean path length and its score, ``exp(-log_scale * mean)``.

    ``rows`` has one float32 row per observation, NaN where a value is missing. ``trees`` are the nodes; the
    path length at each leaf and, at other nodes, its mean below; the share of its parent's samples each node
    has. ``roots`` and ``levels`` say where each tree begins and how deep it is.
    """
    nodes, lengths, shares = trees
    for start in range(0, len(rows), CHUNK):
        chunk, sums = rows[start : start + CHUNK], means[start : start + CHUNK]
        _add_paths(chunk, nodes, lengths, roots, levels, sums)
        for row in range(len(chunk)):
            if _has_missing(chunk[row]):
                sums[row] = _path_with_missing(chunk[row], nodes, lengths, shares, roots)
            sums[row] /= len(roots)
    for row in range(len(rows)):
        scores[row] = exp_of_minus(log_scale * means[row])


@rule
def _add_paths(chunk: Any, nodes: Any, lengths: Any, roots: Any, levels: Any, sums: Any) -> None:
    """The sum of each row's path lengths, tree by tree; NaN goes left."""
    whole = len(chunk) - len(chunk) % LANES
    at = np.zeros(LANES, np.uint32)
    sums[:] = 0.0
    for tree in range(len(roots)):
        for row in range(0, whole, LANES):
            at[:] = roots[tree]
            for _ in range(levels[tree]):
                for lane in range(LANES):
                    at[lane] = _next(nodes[at[lane]], chunk[row + lane])
            for lane in range(LANES):
                sums[row + lane] += lengths[at[lane]]
        for row in range(whole, len(chunk)):
            place = roots[tree]
            for _ in range(levels[tree]):
                place = _next(nodes[place], chunk[row])
            sums[row] += lengths[place]


@rule
def _next(node: Any, row: Any) -> Any:
    return node["left"] + np.uint32(row[node["feature"]] > node["threshold"])


@rule
def _has_missing(row: Any) -> bool:
    missing = False
    for value in row:
        missing |= np.isnan(value)
    return missing


@rule
def _path_with_missing(row: Any, nodes: Any, lengths: Any, shares: Any, roots: Any) -> float:
    """The sum of path lengths expected where a missing value is as likely on either side as samples were."""
    waiting = np.empty(DEEPEST + 1, np.uint32)
    weights = np.empty(DEEPEST + 1, np.float64)
    total = 0.0
    for tree in range(len(roots)):
        place, weight, count = roots[tree], 1.0, 0
        while True:
            node = nodes[place]
            if node["left"] == place:
                total += weight * lengths[place]
                if count == 0:
                    break
                count -= 1
                place, weight = waiting[count], weights[count]
            elif np.isnan(row[node["feature"]]):
                waiting[count], weights[count] = node["left"], weight * shares[node["left"]]
                count += 1
                place = node["left"] + np.uint32(1)
                weight *= shares[place]
            else:
                place = _next(node, row)
    return total
