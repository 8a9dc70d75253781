"""Scores of a stream, point by point from what came before: what is compared in ``streams``.

One number per point is little; each point becomes a row of what it is beside its recent past: the value, its
change, its distance from the mean of the last 12 and 60, their means and spreads. Nothing is tuned to the
series.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.growing import grow
from tapewarden.anomaly.half_space import WINDOW, new_half_space_trees
from tapewarden.anomaly.robust_z import learn_robust_z
from tapewarden.anomaly.tails import Tail, fit_tail

Numbers = npt.NDArray[np.float64]

RETRAINED: Final = 500
"""Points after which the forest and the robust z learn anew."""

REMEMBERED: Final = 2_000
"""Latest points that they learn from."""

CALIBRATED: Final = 100
"""Scores after which the tail of scores is fitted anew, from twice as many on."""

TAIL: Final = 0.05
RAREST: Final = 1e-12

TREES: Final = 100
LENGTHS: Final = (12, 60)


def rows_of(values: Numbers) -> Numbers:
    """What each point is beside those before it, a row each."""
    before = np.concatenate([values[:1], values[:-1]])
    columns = [values, values - before]
    for length in LENGTHS:
        mean, spread = _moving(values, length)
        columns += [mean, spread, values - mean]
    return np.stack(columns, axis=1)


def _moving(values: Numbers, length: int) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation of the last values, fewer at the start."""
    padded = np.concatenate([np.full(length - 1, np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)
    return np.nanmean(windows, axis=1), np.nanstd(windows, axis=1)


def _forest(values: Numbers, probation: int) -> Numbers:
    rows, scores = rows_of(values).astype(np.float32), np.zeros(len(values))
    for at in range(probation, len(rows), RETRAINED):
        known = rows[max(0, at - REMEMBERED) : at]
        if (known.min(axis=0) < known.max(axis=0)).any():
            scores[at : at + RETRAINED] = grow(known, at, TREES).score(rows[at : at + RETRAINED])
    return scores


def _robust_z(values: Numbers, probation: int) -> Numbers:
    rows, scores = rows_of(values), np.zeros(len(values))
    for at in range(probation, len(rows), RETRAINED):
        learned = learn_robust_z(rows[max(0, at - REMEMBERED) : at])
        scores[at : at + RETRAINED] = learned.score(rows[at : at + RETRAINED])
    return scores


def _half_space(values: Numbers, probation: int) -> Numbers:
    """Half the range of the first points is added on each side: values may leave it."""
    rows, scores = rows_of(values), np.zeros(len(values))
    low, high = rows[:probation].min(axis=0), rows[:probation].max(axis=0)
    trees = new_half_space_trees(low - (high - low) / 2, high + (high - low) / 2, seed=1)
    trees.window = min(WINDOW, probation)
    trees.learn(rows[:probation])
    scores[probation:] = trees.stream(rows[probation:])
    return scores


def surprise(scores: Numbers, probation: int) -> Numbers:
    """How rare each score is among those before it: minus the logarithm of its chance, 0 outside of the tail.

    Scores of different series, and of one that drifts, become comparable by it.
    """
    found, tail = np.zeros(len(scores)), None
    for at in range(probation + 2 * CALIBRATED, len(scores)):
        if (at - probation) % CALIBRATED == 0:
            tail = _tail(scores[max(probation, at - REMEMBERED) : at])
        if tail is not None and scores[at] > tail.level:
            found[at] = -np.log(max(tail.chance(float(scores[at])), RAREST))
    return found


def _tail(scores: Numbers) -> Tail | None:
    try:
        return fit_tail(scores, TAIL)
    except ValueError:  # too many are alike
        return None


STREAMING: Final[Mapping[str, Callable[[Numbers, int], Numbers]]] = {
    "forest, retrained": _forest,
    "half-space trees": _half_space,
    "robust z, retrained": _robust_z,
}
"""Each takes values and the length of probation, and gives a score per point; zero in probation."""
