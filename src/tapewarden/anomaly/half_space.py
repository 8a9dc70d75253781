"""Half-space trees: a streaming alternative that counts where recent rows were, and never trains.

Tan, Ting and Liu 2011, "Fast anomaly detection for streaming data". Each tree halves the space of features
again and again, at random; a row is unusual where few rows of the last full window were. It forgets within
two windows and therefore does not see anomalies that come in crowds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers, log_of

TREES: Final = 25
HEIGHT: Final = 8
WINDOW: Final = 250
FEWEST: Final = 0.1
"""Part of a window below which a node's count is not looked at more closely."""


@dataclass(eq=False)
class HalfSpaceTrees:
    """Counts of rows in the nodes of random trees: ``reference`` of the last full window, ``latest`` since.

    ``lows`` and ``highs`` bound the values of each feature; beyond them counts as at them.
    """

    lows: Numbers
    highs: Numbers
    dimensions: npt.NDArray[np.int64]
    splits: Numbers
    window: int = WINDOW
    name: str = "half-space trees"
    seen: int = 0
    reference: npt.NDArray[np.int64] = field(init=False)
    latest: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.reference = np.zeros((len(self.splits), 2 * self.splits.shape[1] + 1), np.int64)
        self.latest = np.zeros_like(self.reference)

    def score(self, values: npt.ArrayLike) -> Numbers:
        """Minus the logarithm of the mean density around each row in the last full window."""
        paths = self._paths(values)
        counts = self.reference[np.arange(len(self.splits)), paths]
        enough = counts[:-1] > FEWEST * self.window
        depths = np.logical_and.accumulate(enough, axis=0).sum(axis=0)
        reached = np.take_along_axis(counts, depths[None], axis=0)[0]
        return -log_of(1.0 + (reached * 2.0**depths).mean(axis=1))

    def learn(self, values: npt.ArrayLike) -> None:
        """Count rows, in order; each full window replaces the reference."""
        rows = np.atleast_2d(np.asarray(values, np.float64))
        while len(rows):
            part, rows = np.split(rows, [self.window - self.seen])
            self._count(part)

    def stream(self, values: npt.ArrayLike) -> Numbers:
        """Score each row by the rows before it, then count it; one call or many give the same."""
        rows, scores = np.atleast_2d(np.asarray(values, np.float64)), []
        while len(rows):
            part, rows = np.split(rows, [self.window - self.seen])
            scores.append(self.score(part))
            self._count(part)
        return np.concatenate(scores) if scores else np.zeros(0)

    def _count(self, rows: Numbers) -> None:
        """Count rows of one window."""
        for nodes in self._paths(rows):
            np.add.at(self.latest, (np.arange(len(self.splits)), nodes), 1)
        self.seen += len(rows)
        if self.seen == self.window:
            self.reference, self.latest, self.seen = self.latest, np.zeros_like(self.latest), 0

    def _paths(self, values: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The nodes that rows pass, by level, row and tree. A missing value counts as the middle."""
        rows = np.atleast_2d(np.asarray(values, np.float64))
        width = np.where(self.highs > self.lows, self.highs - self.lows, 1.0)
        scaled = np.clip((rows - self.lows) / width, 0.0, 1.0)
        scaled = np.where(np.isnan(scaled), 0.5, scaled)
        nodes = np.zeros((len(rows), len(self.splits)), np.int64)
        paths, trees, own = [nodes], np.arange(len(self.splits)), np.arange(len(rows))[:, None]
        for _ in range(self.splits.shape[1].bit_length()):
            right = scaled[own, self.dimensions[trees, nodes]] >= self.splits[trees, nodes]
            nodes = 2 * nodes + 1 + right
            paths.append(nodes)
        return np.stack(paths)


def new_half_space_trees(
    lows: npt.ArrayLike, highs: npt.ArrayLike, seed: int, trees: int = TREES, height: int = HEIGHT
) -> HalfSpaceTrees:
    """Random trees over features within these bounds; ``learn`` a window before the first score.

    Each tree has a working range of its own around a random center of each feature, twice as wide as the
    farther side, and halves the range of a random feature at each node (Tan et al. 2011, section 3).
    """
    low, high = np.atleast_1d(np.asarray(lows, np.float64)), np.atleast_1d(np.asarray(highs, np.float64))
    random = np.random.default_rng(seed)
    centers = random.random((trees, 1, len(low)))
    reach = 2 * np.maximum(centers, 1 - centers)
    below, above = centers - reach, centers + reach
    dimensions, splits = [], []
    for level in range(height):
        chosen = random.integers(0, len(low), (trees, 2**level))
        middle = np.take_along_axis((below + above) / 2, chosen[..., None], axis=2)
        dimensions.append(chosen)
        splits.append(middle[..., 0])
        below, above = np.repeat(below, 2, axis=1), np.repeat(above, 2, axis=1)
        columns, halves = np.repeat(chosen, 2, axis=1)[..., None], np.repeat(middle, 2, axis=1)
        left = (np.arange(2 ** (level + 1)) % 2 == 0)[None, :, None]
        for bound, moves in ((above, left), (below, ~left)):
            kept = np.take_along_axis(bound, columns, axis=2)
            np.put_along_axis(bound, columns, np.where(moves, halves, kept), axis=2)
    return HalfSpaceTrees(low, high, np.concatenate(dimensions, axis=1), np.concatenate(splits, axis=1))
