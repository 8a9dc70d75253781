"""What every way of scoring unusual rows has in common, so that one can stand beside another."""

from __future__ import annotations

from typing import Protocol

import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers


class Scorer(Protocol):
    """Something that scores rows of feature values: ``AnomalyModel``, ``RobustZ``, ``HalfSpaceTrees``.

    Scales differ; only the order of scores can be compared between scorers.
    """

    @property
    def name(self) -> str:
        """What it is called beside others."""

    def score(self, values: npt.ArrayLike) -> Numbers:
        """How unusual each row is, more is more. NaN is a missing value."""
