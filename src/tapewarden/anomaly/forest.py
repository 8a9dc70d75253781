"""An isolation forest as flat arrays: scores and path lengths, without the library that grew it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.forest_kernel import DEEPEST, NODE, Rows, Trees, score_rows
from tapewarden.anomaly.logarithm import LN2, Numbers, average_path_lengths
from tapewarden.compiled.compiling import direct
from tapewarden.compiled.rows import Table

PARTS: Final = {
    "nodes": NODE,
    "samples": np.dtype("<u4"),
    "roots": np.dtype("<u4"),
    "typical": np.dtype("<f4"),
}
"""The arrays a forest consists of; everything else follows from them."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees one after another, each breadth first with siblings side by side (``forest_kernel``).

    ``nodes`` are those of all trees, ``samples`` how many training samples each saw, ``roots`` where each
    tree begins, ``typical`` what a missing value counts as, for each value a row has, ``sample_size`` on how
    many rows a tree was grown.

    Raises:
        ValueError: If the arrays are not such trees; a forest that was made can be scored safely.
    """

    nodes: Table
    samples: npt.NDArray[np.uint32]
    roots: npt.NDArray[np.uint32]
    typical: Rows
    sample_size: int

    def __post_init__(self) -> None:
        if not (_is_well_formed(self) and _are_trees(self)):
            raise ValueError("nodes that form trees expected, received others")

    def score(self, rows: npt.ArrayLike) -> Numbers:
        """How unusual each row is, 0 to 1: ``2 ** -(mean path length / c(sample size))``; 0.5 is usual.

        The negative of scikit-learn's ``score_samples``, within 1e-12. A row is ``features`` numbers, taken
        as float32. A missing value (NaN) counts as the typical one. About 1.5 µs per row and 200 trees.
        """
        return self._run(rows)[1]

    def path_lengths(self, rows: npt.ArrayLike) -> Numbers:
        """The mean number of splits that part each row from the training samples; few where it is unusual."""
        return self._run(rows)[0]

    @property
    def features(self) -> int:
        """How many values a row has."""
        return len(self.typical)

    @property
    def expected_length(self) -> float:
        """The mean path length of the training samples: that of a row of which nothing is known."""
        return float(self.lengths[self.roots].sum() / len(self.roots))

    @cached_property
    def log_scale(self) -> float:
        """Minus the logarithm of a score per unit of path length: ``ln 2 / c(sample size)``."""
        return LN2 / float(average_path_lengths(self.sample_size))

    @cached_property
    def inner(self) -> Places:
        """The nodes that split, parents before their children."""
        return np.flatnonzero(self.nodes["step"])

    @cached_property
    def lefts(self) -> Places:
        """The left children of those nodes; the right ones stand behind them."""
        lefts: Places = self.inner + self.nodes["step"][self.inner]
        return lefts

    @cached_property
    def depths(self) -> Places:
        """Splits above each node."""
        depths = np.zeros(len(self.nodes), np.int64)
        level = self.roots.astype(np.int64)
        while len(level):
            step = self.nodes["step"][level]
            left = (level + step)[step > 0]
            level = np.concatenate([left, left + 1])
            depths[level] = depths[self.parents[level]] + 1
        return depths

    @cached_property
    def levels(self) -> Places:
        """The depth of each tree's deepest leaf."""
        levels: Places = np.maximum.reduceat(self.depths, self.roots.astype(np.int64))
        return levels

    @cached_property
    def parents(self) -> Places:
        """The node above each one; a root is its own."""
        parents = np.arange(len(self.nodes))
        parents[self.lefts], parents[self.lefts + 1] = self.inner, self.inner
        return parents

    @cached_property
    def earlier(self) -> Places:
        """The nearest node above at which a split on the feature of the last one ended; else the root."""
        features = self.nodes["feature"][self.parents]
        earlier = self.parents.copy()
        for _ in range(int(self.levels.max())):
            others = (features[earlier] != features) & (self.parents[earlier] != earlier)
            earlier[others] = self.parents[earlier[others]]
        return earlier

    @cached_property
    def shares(self) -> Numbers:
        """The part of its parent's training samples that each node saw; 1 for roots."""
        shares: Numbers = self.samples / self.samples[self.parents]
        return shares

    @cached_property
    def lengths(self) -> Numbers:
        """Path length at each leaf, its depth plus ``c(samples)``; elsewhere the mean of what is below."""
        lengths = self.depths + average_path_lengths(self.samples)
        for depth in range(int(self.depths.max()) - 1, -1, -1):
            places = self.inner[self.depths[self.inner] == depth]
            left = places + self.nodes["step"][places]
            lengths[places] = lengths[left] * self.shares[left] + lengths[left + 1] * self.shares[left + 1]
        return lengths

    @cached_property
    def tables(self) -> Trees:
        """What kernels read of it."""
        lengths, ends = np.unique(np.where(self.nodes["step"], 0.0, self.lengths), return_inverse=True)
        places, scale = ends.astype(np.uint16), self.log_scale
        return Trees(self.typical, self.nodes, places, lengths, self.roots, self.levels, scale)

    def arrays(self) -> Mapping[str, Table]:
        """The arrays by the names in ``PARTS``."""
        return {name: getattr(self, name) for name in PARTS}

    def matrix(self, rows: npt.ArrayLike) -> Rows:
        """Rows as float32, one after another; ``ValueError`` if they are of another width."""
        matrix: Rows = np.array(rows, np.float32, ndmin=2, order="C", copy=None)
        if matrix.shape[1] != self.features:
            raise ValueError(f"rows of {self.features} values expected, received {matrix.shape[1]}")
        return matrix

    def _run(self, rows: npt.ArrayLike) -> tuple[Numbers, Numbers]:
        matrix = self.matrix(rows)
        means, scores = np.empty(len(matrix)), np.empty(len(matrix))
        self._score_rows(matrix, self.tables, means, scores)
        return means, scores

    @cached_property
    def _score_rows(self) -> Callable[..., Any]:
        """The kernel without the test of its arguments, which would cost more than a row's score."""
        row, scores = np.empty((1, 1), np.float32), np.empty(1)
        return direct(score_rows, row, self.tables, scores, scores)


def _is_well_formed(forest: Forest) -> bool:
    """Whether the arrays fit each other and each node reads a feature there is."""
    nodes, samples, roots = forest.nodes, forest.samples, forest.roots.astype(np.int64)
    if not 0 < len(roots) <= len(nodes) == len(samples) or forest.features < 1 or forest.sample_size < 2:
        return False
    inner, thresholds = nodes["step"] > 0, nodes["threshold"]
    return bool(
        roots[0] == 0
        and (np.diff(roots) > 0).all()
        and roots[-1] < len(nodes)
        and (samples > 0).all()
        and (nodes["feature"] < forest.features).all()
        and np.isfinite(thresholds[inner]).all()
        and (thresholds[~inner] == np.inf).all()
        and np.isfinite(forest.typical).all()
    )


def _are_trees(forest: Forest) -> bool:
    """Whether no row can leave its tree or walk in circles, and samples add up: what the kernel relies on."""
    roots, samples, left = forest.roots.astype(np.int64), forest.samples.astype(np.int64), forest.lefts
    ends = np.append(roots[1:], len(samples))
    end = ends[np.searchsorted(roots, forest.inner, side="right") - 1]
    if not (left + 1 < end).all():
        return False
    reached = np.sort(np.concatenate([roots, left, left + 1]))
    return bool(
        np.array_equal(reached, np.arange(len(samples)))
        and (samples[left] + samples[left + 1] == samples[forest.inner]).all()
        and forest.levels.max() < DEEPEST
    )
