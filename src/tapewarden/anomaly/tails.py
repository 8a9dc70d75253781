"""How far scores reach by chance: the tail above a level, and the score that is exceeded as seldom as wanted.

Whatever the scores are, their excesses over a high level follow a generalized Pareto distribution (Pickands
1975, Balkema and de Haan 1974); from its fit comes a threshold far beyond what was seen (Siffer et al. 2017,
"Anomaly detection in streams with extreme value theory"). It assumes that scores come from one distribution,
independently; bursts break the second, drift the first. So a budget is kept on average, not every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import log_of
from tapewarden.engine.chance import exp_of_minus

TAIL: Final = 0.02
"""The part of scores that counts as tail."""

FEWEST: Final = 10
"""Excesses that a fit needs."""


@dataclass(frozen=True, slots=True)
class Tail:
    """A generalized Pareto distribution of excesses over ``level``, which ``exceeded`` of ``observed`` had.

    ``shape`` is negative where scores have an upper end, ``scale`` positive.
    """

    level: float
    shape: float
    scale: float
    observed: int
    exceeded: int

    @property
    def mean_excess(self) -> float:
        """The mean of the excesses that it was fitted to; of the distribution, where its end was moved."""
        return self.scale / (1 - self.shape)

    def threshold(self, chance: float) -> float:
        """The score that one window reaches with this probability (Siffer et al. 2017, equation 1).

        Raises:
            ValueError: If ``chance`` is not between 0 and the part of scores that is tail.
        """
        if not 0 < chance <= self.exceeded / self.observed:
            most = self.exceeded / self.observed
            raise ValueError(f"a chance above 0 and at most {most:g} expected, received {chance:g}")
        rarity = -float(log_of(chance * self.observed / self.exceeded))
        if abs(self.shape) < 1e-9:
            return self.level + self.scale * rarity
        growth = exp_of_minus(abs(self.shape) * max(rarity, 0.0))
        growth = 1 / growth if self.shape > 0 else growth
        return self.level + self.scale / self.shape * (growth - 1)

    def chance(self, score: float) -> float:
        """The probability that one window reaches this score; the part of scores that is tail below it."""
        above, share = max(score - self.level, 0.0), self.exceeded / self.observed
        if abs(self.shape) < 1e-9:
            return share * exp_of_minus(above / self.scale)
        inside = 1 + self.shape * above / self.scale
        if inside <= 0:
            return 0.0
        exponent = float(log_of(inside)) / self.shape
        return share * exp_of_minus(exponent)


def fit_tail(scores: npt.ArrayLike, tail: float = TAIL) -> Tail:
    """The tail above the quantile ``1 - tail`` of some scores.

    Raises:
        ValueError: If fewer than ten scores are above it.
    """
    known = np.asarray(scores, np.float64)
    level = float(np.quantile(known, 1 - tail)) if len(known) else 0.0
    excesses = known[known > level] - level
    if len(excesses) < FEWEST:
        raise ValueError(f"at least {FEWEST} scores above {level:g} expected, received {len(excesses)}")
    return tail_of(level, excesses, len(known), len(excesses))


def tail_of(level: float, excesses: npt.ArrayLike, observed: int, exceeded: int) -> Tail:
    """The tail of which these are excesses over ``level``.

    Fitted by probability-weighted moments (Hosking and Wallis 1987): in samples of less than 500 better than
    maximum likelihood, and without an iteration that might not end. Where the fit puts the upper end below
    the largest excess, the end is put there (Dupuis 1996).
    """
    ordered = np.sort(np.asarray(excesses, np.float64))
    count, largest = len(ordered), float(ordered[-1])
    weights = np.arange(count - 1, -1, -1) / (count - 1)
    mean, weighted = float(ordered.sum() / count), float((weights * ordered).sum() / count)
    spread = mean - 2 * weighted
    if spread <= 0:  # all alike
        return Tail(level, 0.0, mean, observed, exceeded)
    shape, scale = 2 - mean / spread, 2 * mean * weighted / spread
    if shape < 0 and scale + shape * largest <= 0:
        shape = -scale / largest
    return Tail(level, shape, scale, observed, exceeded)
