"""How well scores rank windows: precision against recall, and what is read off the curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.evaluation.curves import Interval

RECALL: Final = 0.19
PRECISION: Final = 0.9
"""Where the curve is read off: precision at this recall, recall at this precision."""

REPLICATES: Final = 200

Numbers = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Precision and recall as the threshold falls, a point per distinct score, the highest first."""

    precision: Numbers
    recall: Numbers

    @property
    def average_precision(self) -> float:
        """``sum (R(t) - R(t before)) P(t)``, without interpolation."""
        return float((np.diff(self.recall, prepend=0.0) * self.precision).sum())

    @property
    def early_precision(self) -> float:
        """The precision of as many windows as have a recall of 0.19."""
        reached = np.flatnonzero(self.recall >= RECALL - 1e-12)
        return float(self.precision[reached[0]]) if len(reached) else 0.0

    @property
    def precise_recall(self) -> float:
        """The largest recall at a precision of 0.9 or more; 0 where there is none."""
        precise = np.flatnonzero(self.precision >= PRECISION)
        return float(self.recall[precise[-1]]) if len(precise) else 0.0


def rank(scores: Numbers, wanted: Marks, weights: Numbers | None = None) -> Ranking:
    """The ranking that scores give; windows of equal scores come together.

    A window counts ``weights`` times, once if not given. ``ValueError`` where nothing is wanted.
    """
    counted = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    right, every = np.cumsum((counted * wanted)[order]), np.cumsum(counted[order])
    if not len(order) or right[-1] <= 0:
        raise ValueError("windows that are wanted expected, received none")
    last = np.append(np.diff(scores[order]) != 0, True) & (every > 0)
    return Ranking(right[last] / every[last], right[last] / right[-1])


def average_precision_interval(
    scores: Numbers, wanted: Marks, market: npt.NDArray[np.int64], seed: int = 1
) -> Interval:
    """Average precision, and between which values 95 % of it lie when whole markets are drawn anew."""
    random = np.random.default_rng(seed)
    places = np.unique(market, return_inverse=True)[1]
    count = int(places.max()) + 1
    drawn = random.multinomial(count, np.full(count, 1 / count), REPLICATES).astype(np.float64)
    found = [rank(scores, wanted, one[places]).average_precision for one in drawn]
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(rank(scores, wanted).average_precision, float(low), float(high))


def first_by(*scores: Numbers) -> Numbers:
    """Ranks by the first scores, among equals by the next ones: the combined score of rules and a model."""
    order = np.lexsort(scores[::-1])
    steps = np.zeros(len(order), np.bool_)
    for one in scores:
        steps[1:] |= np.diff(one[order]) != 0
    ranks = np.empty(len(order))
    ranks[order] = np.cumsum(steps)
    return ranks


def at_recalls(ranking: Ranking, recalls: Sequence[float]) -> list[float]:
    """The precision at each recall, 0 where it is not reached."""
    places = np.searchsorted(ranking.recall, np.asarray(recalls) - 1e-12)
    padded = np.append(ranking.precision, 0.0)
    found: list[float] = padded[places].tolist()
    return found
