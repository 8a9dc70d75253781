"""Path lengths by walking a forest's trees one node at a time: the oracle of its compiled loops."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tapewarden.anomaly.forest import Forest

EULER_GAMMA = 0.5772156649015329


def path_length(forest: Forest, row: Sequence[float]) -> float:
    """The mean over trees; both ways where the value is missing, as often as training samples went there."""
    lengths = [_walk(forest, int(root), 0, row) for root in forest.roots]
    return sum(lengths) / len(lengths)


def score(forest: Forest, row: Sequence[float]) -> float:
    """``2 ** -(mean path length / c(sample size))``."""
    return float(2 ** -(path_length(forest, row) / unsuccessful(forest.sample_size)))


def unsuccessful(samples: int) -> float:
    """``c(n)`` of Liu, Ting and Zhou 2008, equation 1."""
    if samples <= 2:
        return float(samples - 1)
    return 2 * (math.log(samples - 1) + EULER_GAMMA) - 2 * (samples - 1) / samples


def _walk(forest: Forest, place: int, depth: int, row: Sequence[float]) -> float:
    node, samples = forest.nodes[place], int(forest.samples[place])
    left = int(node["left"])
    if left == place:
        return depth + unsuccessful(samples)
    value, below = float(row[node["feature"]]), (left, left + 1)
    if math.isnan(value):
        return sum(
            int(forest.samples[child]) / samples * _walk(forest, child, depth + 1, row) for child in below
        )
    return _walk(forest, below[int(value > node["threshold"])], depth + 1, row)
