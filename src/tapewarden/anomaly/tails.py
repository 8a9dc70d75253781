"""How far scores reach by chance: the tail above a level, and the score that is exceeded as seldom as wanted.

Whatever the scores are, their excesses over a high level follow a generalized Pareto distribution (Pickands
1975, Balkema and de Haan 1974); from its fit comes a threshold far beyond what was seen (Siffer et al. 2017,
"Anomaly detection in streams with extreme value theory"). It assumes that scores come from one distribution,
independently; bursts break the second, drift the first. So a budget is kept on average, not every day.

What is said is of the next score, not of the fit: a threshold fitted to few scores is exceeded more often
than it says, as one too low costs more alerts than one too high saves. The next score is above the
``k + 1``-th highest of ``n`` with probability ``(k + 1) / (n + 1)``, whatever they are. And its excess,
where the tail is exponential and ``k`` excesses of mean ``s`` are known, is above ``y`` with probability
``(1 + y / (k s)) ** -k`` (Lawless 1971, Geisser 1993): a generalized Pareto distribution of scale ``s``
and shape ``1 / k``. So ``1 / k`` is added to each fitted shape. That is exact if a tail is known to be
exponential, and within a fifth of the budget if not, where the scores known are as many as it has two alerts
for. Of what is rarer they cannot tell; it comes more often than is said.
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

    ``shape`` is negative where scores have an upper end, ``scale`` positive; both as fitted.
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

    @property
    def share(self) -> float:
        """The probability that the next score is above ``level``, one of those observed."""
        return (self.exceeded + 1) / (self.observed + 1)

    @property
    def next_shape(self) -> float:
        """The shape of what the next excess follows: longer than the fit, as that may be wrong."""
        return self.shape + 1 / self.exceeded

    def threshold(self, chance: float) -> float:
        """The score that the next window reaches with this probability (Siffer et al. 2017, equation 1).

        Raises:
            ValueError: If ``chance`` is not between 0 and the part of scores that is tail.
        """
        if not 0 < chance <= self.share:
            raise ValueError(f"a chance above 0 and at most {self.share:g} expected, received {chance:g}")
        shape, rarity = self.next_shape, -float(log_of(chance / self.share))
        if abs(shape) < 1e-9:
            return self.level + self.scale * rarity
        growth = exp_of_minus(abs(shape) * max(rarity, 0.0))
        growth = 1 / growth if shape > 0 else growth
        return self.level + self.scale / shape * (growth - 1)

    def chance(self, score: float) -> float:
        """The probability that the next window reaches this score; the part that is tail below it."""
        above, shape = max(score - self.level, 0.0), self.next_shape
        if abs(shape) < 1e-9:
            return self.share * exp_of_minus(above / self.scale)
        inside = 1 + shape * above / self.scale
        if inside <= 0:
            return 0.0
        return self.share * exp_of_minus(float(log_of(inside)) / shape)


def fit_tail(scores: npt.ArrayLike, tail: float = TAIL) -> Tail:
    """The tail of the highest of some scores, this part of them, over the score that is next.

    Raises:
        ValueError: If fewer than ten scores are above that.
    """
    ordered = np.sort(np.asarray(scores, np.float64))
    place = len(ordered) - 1 - round(tail * len(ordered))
    level = float(ordered[max(place, 0)]) if len(ordered) else 0.0
    excesses = ordered[ordered > level] - level
    if len(excesses) < FEWEST:
        raise ValueError(f"at least {FEWEST} scores above {level:g} expected, received {len(excesses)}")
    return tail_of(level, excesses, len(ordered), len(excesses))


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
