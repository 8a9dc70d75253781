"""`Levels`: the score from which on a window is an alert, which follows the scores to keep the alert budget.

A level starts at the model's threshold. It rises by a step at each alert, and sinks by the budget's part of a
step for each window: quantile tracking, as in adaptive conformal inference (Gibbs and Candès 2021) and in
conformal PID control (Angelopoulos, Candès and Tibshirani 2023, section 2.1). Steps become smaller as
windows are seen, down to a least one (Angelopoulos, Barber and Bates 2024). So alerts beyond the budget are
at most the range in which the level moved, by its least step: a few, whatever scores do and however long.

Every alert raises it by as much, however high its score, and not above ``HIGHEST``: who is loud buys little
silence, and what is extreme is always an alert. It does not sink below ``LOWEST``: what is usual is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.card import ModelCard
from tapewarden.anomaly.logarithm import Numbers

FIRST_STEP: Final = 2.0
LEAST_STEP: Final = 0.5
LOWEST: Final = -2.0
HIGHEST: Final = 3.0
"""How far above the threshold a level may stand.

All in mean excesses of the model's calibration scores over the beginning of their tail: where the tail falls
off exponentially, scores are e times rarer with each, and twenty times rarer than the budget at the highest.
Chosen on simulated markets of seeds below 1000, recorded trades around pumps, and one recorded market.
"""


@dataclass(slots=True)
class Standing:
    """Where the level of an instrument stands: how far above the threshold, after how many windows."""

    raised: float = 0.0
    windows: int = 0


class Levels:
    """The levels of one model, one for each instrument: what happens on one moves no other. One writer."""

    def __init__(self, card: ModelCard) -> None:
        self._threshold = card.threshold
        self._unit = card.tail.mean_excess
        self._chance = card.chance
        self._standings: dict[int, Standing] = {}

    def meet(self, instruments: npt.NDArray[Any], starts: npt.NDArray[np.int64], scores: Numbers) -> Numbers:
        """The level that each of these windows met, on the instruments of these numbers; moves the levels.

        Windows come in the order in which they ended. Those of an instrument that began together ended
        together and come together. Costs a few microseconds for each time at which any ended.
        """
        levels: list[float] = []
        told = zip(instruments.tolist(), starts.tolist(), scores.tolist(), strict=True)
        for (instrument, _), windows in groupby(told, key=itemgetter(0, 1)):
            levels += self._meet_together(instrument, [score for _, _, score in windows])
        return np.array(levels)

    def standing(self, instrument: int) -> Standing:
        """Where the level of an instrument stands."""
        return self._standings.setdefault(instrument, Standing())

    def put(self, instrument: int, standing: Standing) -> None:
        """Go on from where the level of an instrument stood."""
        self._standings[instrument] = standing

    def _meet_together(self, instrument: int, scores: list[float]) -> list[float]:
        """The levels that windows met which ended together.

        The most unusual one meets its level first, so that nothing hangs on their order, and a burst brings
        the most unusual of its windows instead of all.
        """
        standing = self.standing(instrument)
        step = max(FIRST_STEP / sqrt(1.0 + self._chance * standing.windows), LEAST_STEP)
        raised = standing.raised
        levels = [self._level(raised)] * len(scores)
        if max(scores) >= levels[0]:
            for place in sorted(range(len(scores)), key=scores.__getitem__, reverse=True):
                levels[place] = self._level(raised)
                if scores[place] >= levels[place]:
                    raised = min(raised + step, HIGHEST)
        standing.raised = max(raised - step * self._chance * len(scores), LOWEST)
        standing.windows += len(scores)
        return levels

    def _level(self, raised: float) -> float:
        return self._threshold + self._unit * raised
