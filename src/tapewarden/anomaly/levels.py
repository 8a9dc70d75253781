"""`Levels`: the score from which on a window is an alert, which follows the scores to keep the alert budget.

A level starts at the model's threshold. It rises by a step at each alert, and sinks by the budget's part of a
step for each window: quantile tracking, as in adaptive conformal inference (Gibbs and Candès 2021) and in
conformal PID control (Angelopoulos, Candès and Tibshirani 2023, section 2.1). Steps become smaller as
windows are seen, down to a least one (Angelopoulos, Barber and Bates 2024). The model's calibration windows
count as seen: the more of them, the less wrong the threshold is, and the less a level has to swing. Alerts
beyond the budget are at most the range in which a level moved, by its least step: a few, whatever scores do
and however long.

Every alert raises it by as much, however high its score, and not above ``HIGHEST``: who is loud buys little
silence, and what is extreme is always an alert. It does not sink below ``LOWEST``: what is usual is none.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, Final, NamedTuple

import numpy as np

from tapewarden.anomaly.card import ModelCard
from tapewarden.anomaly.forest import Places
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.compiled.compiling import inline_rule, kernel
from tapewarden.compiled.rows import Table

GREATEST_STEP: Final = 2.0
LEAST_STEP: Final = 0.5
LOWEST: Final = -2.0
HIGHEST: Final = 3.0
"""How far an alert moves a level, and how far above the threshold one may stand.

All in mean excesses of the model's calibration scores over the beginning of their tail: where the tail falls
off exponentially, scores are e times rarer with each, and twenty times rarer than the budget at the highest.
Chosen on simulated markets of seeds below 1000, recorded trades around pumps, and one recorded market.
"""

_STANDING: Final = np.dtype([("raised", "<f8"), ("windows", "<i8")])


class Standing(NamedTuple):
    """Where the level of an instrument stands: how far above the threshold, after how many windows.

    The windows are those of the instrument itself, without those of calibration.
    """

    raised: float = 0.0
    windows: int = 0


class Met(NamedTuple):
    """The level that each window met, and how many were alerts."""

    levels: Numbers
    alerts: int


class Budget(NamedTuple):
    """What levels follow: where they start, what a mean excess is in scores, and the chance of an alert.

    ``calibrated`` is of how many windows the first two were made.
    """

    threshold: float
    mean_excess: float
    chance: float
    calibrated: int


class Levels:
    """The levels of one model, one for each instrument: what happens on one moves no other. One writer."""

    def __init__(self, card: ModelCard) -> None:
        self.budget: Final = Budget(
            float(card.threshold),
            float(card.tail.mean_excess),
            float(card.chance),
            int(card.calibration_rows),
        )
        self.standings: Table = np.zeros(1, _STANDING)

    def meet(self, keys: Table, scores: Numbers) -> Met:
        """The level that each of these windows met, by their keys (``WindowKey``); moves the levels.

        Windows come in the order in which they ended. Those of an instrument that began together ended
        together and come together. Numbers of instruments are small: there is room for all up to the largest,
        16 bytes each.
        """
        levels, places = np.empty(len(scores)), np.arange(len(scores))
        while (alerts := _meet(keys, places, scores, self.standings, self.budget, levels)) < 0:
            self.make_room()
        return Met(levels, alerts)

    def standing(self, instrument: int) -> Standing:
        """Where the level of an instrument stands."""
        if instrument >= len(self.standings):
            return Standing()
        return Standing(*self.standings[instrument].item())

    def put(self, instrument: int, standing: Standing) -> None:
        """Go on from where the level of an instrument stood."""
        while instrument >= len(self.standings):
            self.make_room()
        self.standings[instrument] = standing

    def make_room(self) -> None:
        """Have room for twice as many instruments."""
        self.standings = np.concatenate([self.standings, np.zeros_like(self.standings)])


@kernel
def _meet(
    keys: Table, places: Places, scores: Numbers, standings: Table, budget: Budget, levels: Numbers
) -> int:
    """Write the levels that windows met and move them; the alerts, or -1 and nothing if room is needed."""
    if not have_standings(keys, places, standings):
        return -1
    return int(meet_levels(keys, places, scores, standings, budget, levels))


@inline_rule
def have_standings(keys: Any, places: Any, standings: Any) -> bool:
    """Whether there is room for where the levels stand that windows at these places meet."""
    highest = 0
    for place in places:
        highest = max(highest, keys[place]["instrument"])
    return highest < len(standings)


@inline_rule
def meet_levels(keys: Any, places: Any, scores: Any, standings: Any, budget: Any, levels: Any) -> int:
    """Write the levels that windows at these places met and move them; return how many are alerts.

    ``scores`` and ``levels`` are those of the places, in their order.
    """
    first, alerts = 0, 0
    for end in range(1, len(places) + 1):
        if end == len(places) or not _are_together(keys[places[first]], keys[places[end]]):
            standing = standings[keys[places[first]]["instrument"]]
            alerts += _meet_together(scores[first:end], standing, budget, levels[first:end])
            first = end
    return alerts


@inline_rule
def _are_together(one: Any, other: Any) -> bool:
    """Whether windows of an instrument began together, and so ended together."""
    return bool(one["instrument"] == other["instrument"] and one["start"] == other["start"])


@inline_rule
def _meet_together(scores: Any, standing: Any, budget: Any, levels: Any) -> int:
    """Write the levels that windows met which ended together; return how many are alerts.

    The most unusual one meets its level first, so that nothing hangs on their order, and a burst brings
    the most unusual of its windows instead of all.
    """
    known = budget.chance * (budget.calibrated + standing["windows"])  # alerts of the budget in all of them
    step = max(GREATEST_STEP / sqrt(1.0 + known), LEAST_STEP)
    raised, alerts = standing["raised"], 0
    levels[:] = np.inf
    while raised < HIGHEST:
        place = _most_unusual(scores, levels)
        if place < 0 or scores[place] < _level(raised, budget):
            break
        levels[place] = _level(raised, budget)
        raised = min(raised + step, HIGHEST)
    for place in range(len(scores)):
        levels[place] = min(levels[place], _level(raised, budget))  # alerts met lower ones
        alerts += scores[place] >= levels[place]
    standing["raised"] = max(raised - step * budget.chance * len(scores), LOWEST)
    standing["windows"] += len(scores)
    return alerts


@inline_rule
def _most_unusual(scores: Any, levels: Any) -> int:
    """The place of the highest score that has met no level yet, of equal ones the first; -1 if all have."""
    best = -1
    for place in range(len(scores)):
        if levels[place] == np.inf and (best < 0 or scores[place] > scores[best]):
            best = place
    return best


@inline_rule
def _level(raised: float, budget: Any) -> float:
    return float(budget.threshold + budget.mean_excess * raised)
