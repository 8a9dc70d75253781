"""Precision against recall as the score threshold falls, average precision, and how sure it is.

Recall counts episodes, precision counts alarms, so the usual formula is read as detection tasks do:
``AP = Σ (R(t) − R(t before)) P(t)`` over falling thresholds ``t``, without interpolation; an episode nobody
caught adds nothing. Each caught episode raises recall at its own best score, so ``AP`` is the mean over all
episodes of the precision at that score.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An alarm's score, whether it was right, and the cluster it is drawn with (see ``interval``)."""

    score: float
    right: bool
    cluster: Hashable


@dataclass(frozen=True, slots=True)
class Target:
    """An episode's best score, ``None`` where nobody caught it, and its cluster."""

    best: float | None
    cluster: Hashable


@dataclass(frozen=True, slots=True)
class Point:
    """Precision and recall of the alarms with at least this score."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the bounds between which 95 % of the resampled ones lie."""

    value: float
    low: float
    high: float


class Curve:
    """Alarms and episodes ranked by score."""

    def __init__(self, alarms: Sequence[Ranked], targets: Sequence[Target]) -> None:
        order = sorted(alarms, key=lambda one: -one.score)
        clusters = [*(one.cluster for one in order), *(one.cluster for one in targets)]
        numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
        self._clusters = len(numbers)
        self._scores = np.array([one.score for one in order], np.float64)
        self._right = np.array([one.right for one in order], bool)
        self._alarm_cluster = np.array([numbers[one.cluster] for one in order], np.int64)
        self._target_cluster = np.array([numbers[one.cluster] for one in targets], np.int64)
        caught = [(one.best, numbers[one.cluster]) for one in targets if one.best is not None]
        self._best = np.array([best for best, _ in caught], np.float64)
        self._best_cluster = np.array([cluster for _, cluster in caught], np.int64)

    def points(self) -> tuple[Point, ...]:
        """One point per distinct score, from the highest down. Empty without alarms or without episodes."""
        if not len(self._target_cluster):
            return ()
        thresholds = np.unique(self._scores)[::-1]
        precisions = self._precision(np.ones(self._clusters), thresholds)
        recalls = [(self._best >= one).sum() / len(self._target_cluster) for one in thresholds]
        return tuple(
            Point(float(threshold), round(float(precision), 4), round(float(recall), 4))
            for threshold, precision, recall in zip(thresholds, precisions, recalls, strict=True)
        )

    def average_precision(self) -> float | None:
        """From 0 to 1; ``None`` without episodes."""
        return self._average(np.ones(self._clusters)) if len(self._target_cluster) else None

    def interval(self, seed: int, replicates: int = 1000) -> Interval | None:
        """Average precision with its event-cluster bootstrap interval; ``None`` without episodes.

        Alarms about one episode, one twin or one actor are not independent, so whole clusters are drawn with
        replacement, as many as there are. A draw without any episode is left out. Where everything was
        caught without a false alarm, every draw is perfect and the interval is no wider than a point.
        """
        value = self.average_precision()
        if value is None:
            return None
        random = np.random.default_rng(seed)
        shares = np.full(self._clusters, 1 / self._clusters)
        draws = [random.multinomial(self._clusters, shares).astype(np.float64) for _ in range(replicates)]
        found = [self._average(weights) for weights in draws if weights[self._target_cluster].any()]
        low, high = np.quantile(found or [value], [0.025, 0.975])
        return Interval(round(value, 4), round(float(low), 4), round(float(high), 4))

    def _average(self, weights: Floats) -> float:
        gained = weights[self._best_cluster] * self._precision(weights, self._best)
        return float(gained.sum() / weights[self._target_cluster].sum())

    def _precision(self, weights: Floats, thresholds: Floats) -> Floats:
        """Weighted precision of the alarms at or above each threshold; 0 where there are none."""
        weight = weights[self._alarm_cluster]
        above = np.searchsorted(-self._scores, -thresholds, side="right")
        every = np.concatenate([[0.0], np.cumsum(weight)])[above]
        right = np.concatenate([[0.0], np.cumsum(weight * self._right)])[above]
        precision: Floats = np.divide(right, every, out=np.zeros_like(right), where=every > 0)
        return precision
