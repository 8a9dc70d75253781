"""Which model is chosen by somebody to whom a family of misconduct is unknown.

Methods and their numbers are chosen by how well they rank known misconduct. Whoever chooses so must not have
seen the family that the choice is judged by. So each family is left out in turn: the markets learned from are
divided, models learn from the usual windows of one half, and the one chosen ranks the other half best where
the family's windows are taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.card import Method
from tapewarden.anomaly.training import TrainingPlan
from tapewarden.anomaly.transform import Shape
from tapewarden.domain.typology import Family
from tapewarden.evaluation.anomalies.ranking import rank
from tapewarden.evaluation.anomalies.windows import JudgedWindows

Score = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
"""A score per row of features, higher for what is less usual."""

Learner = Callable[[JudgedWindows], Score]
"""Learns from usual windows."""

CANDIDATES: Final[Mapping[str, TrainingPlan]] = {
    "isolation forest": TrainingPlan(name="usual"),
    "isolation forest, ranks": TrainingPlan(name="usual", shape=Shape.RANK_GAUSS),
    "isolation forest, trees of 2,048": TrainingPlan(name="usual", sample_size=2_048),
    **{
        f"{count:,} neighbors": TrainingPlan(name="usual", method=Method.NEIGHBORS, kept=count)
        for count in (1_000, 2_000, 4_000, 8_000)
    },
}
"""What is chosen from, by name."""


class Choosing:
    """Chooses among models, by the markets that models learn from.

    Args:
        windows: Of those markets, two at least, with what was true of them. Costs a training and a scoring of
            half of them per candidate.
        learners: What is chosen from, by name.
    """

    def __init__(self, windows: JudgedWindows, learners: Mapping[str, Learner]) -> None:
        markets = np.unique(windows.market)
        first = np.isin(windows.market, markets[: len(markets) // 2])
        usual = windows.where(first & ~windows.abusive & ~windows.unclear)
        self._judged = windows.where(~first & ~windows.unclear)
        self._scores = {name: one(usual)(self._judged.values) for name, one in learners.items()}

    def without(self, family: Family) -> str:
        """The name of what ranks best where nothing of a family is there; the first one among equals."""
        kept = ~self._judged.abusive | (self._judged.families != family.value)
        wanted = self._judged.abusive[kept]
        found = {name: rank(one[kept], wanted).average_precision for name, one in self._scores.items()}
        return max(found, key=lambda name: found[name])
