"""The baseline: how far the values that are farthest out lie from the median."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers
from tapewarden.engine.measures import MAD_TO_SIGMA

TOP: Final = 3
"""Values of a row that count: those farthest out."""

_MEAN_TO_SIGMA: Final = 1.2533141373155001  # standard deviations per mean absolute deviation of a normal


@dataclass(frozen=True, eq=False)
class RobustZ:
    """The mean of a row's three largest distances from the median, in robust standard deviations.

    The deviation is 1.4826 times the median absolute one; where that is zero, because more than half of the
    values are alike, 1.2533 times the mean absolute one (Iglewicz and Hoaglin 1993). Features that never
    vary do not count.
    """

    medians: Numbers
    deviations: Numbers
    name: str = "robust z"

    def score(self, values: npt.ArrayLike) -> Numbers:
        """The mean distance of each row; a missing value has none."""
        rows = np.atleast_2d(np.asarray(values, np.float64))
        known = ~np.isnan(rows) & (self.deviations > 0)
        apart = np.abs(rows - self.medians) / np.where(self.deviations > 0, self.deviations, 1.0)
        top = min(TOP, rows.shape[1])
        farthest = np.sort(np.where(known, apart, 0.0), axis=1)[:, -top:]
        return np.asarray(farthest.sum(axis=1) / top, np.float64)


def learn_robust_z(values: Numbers) -> RobustZ:
    """Medians and deviations of the known values of each column."""
    medians, deviations = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    for number, column in enumerate(values.T):
        known = column[~np.isnan(column)]
        if len(known):
            medians[number] = np.median(known)
            away = np.abs(known - medians[number])
            deviations[number] = MAD_TO_SIGMA * np.median(away) or _MEAN_TO_SIGMA * np.mean(away)
    return RobustZ(medians, deviations)
