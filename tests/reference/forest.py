"""Path lengths by walking a forest's trees one node at a time: the oracle of its compiled loops."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from tapewarden.anomaly.forest import Forest

EULER_GAMMA = 0.5772156649015329


def path_length(forest: Forest, row: Sequence[float], unknown: Collection[int] = ()) -> float:
    """The mean over trees; a missing value is the typical one.

    Where an unknown feature is asked for, both ways, as often as training samples went there.
    """
    lengths = [_walk(forest, int(root), 0, row, unknown) for root in forest.roots]
    return sum(lengths) / len(lengths)


def score(forest: Forest, row: Sequence[float]) -> float:
    """``2 ** -(mean path length / c(sample size))``."""
    return float(2 ** -(path_length(forest, row) / unsuccessful(forest.sample_size)))


def unsuccessful(samples: int) -> float:
    """``c(n)`` of Liu, Ting and Zhou 2008, equation 1."""
    if samples <= 2:
        return float(samples - 1)
    return 2 * (math.log(samples - 1) + EULER_GAMMA) - 2 * (samples - 1) / samples


def _walk(forest: Forest, place: int, depth: int, row: Sequence[float], unknown: Collection[int]) -> float:
    node, samples = forest.nodes[place], int(forest.samples[place])
    if not node["step"]:
        return depth + unsuccessful(samples)
    feature, left = int(node["feature"]), place + int(node["step"])
    lengths = [_walk(forest, child, depth + 1, row, unknown) for child in (left, left + 1)]
    if feature in unknown:
        weights = [int(forest.samples[child]) / samples for child in (left, left + 1)]
        return sum(weight * length for weight, length in zip(weights, lengths, strict=True))
    value = float(forest.typical[feature] if math.isnan(row[feature]) else row[feature])
    return lengths[int(value > node["threshold"])]
