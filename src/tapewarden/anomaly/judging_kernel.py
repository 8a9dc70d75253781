"""The compiled judgment of windows: mapped, scored and held against their levels in one call.

Few windows end at a time, and then calls cost more than what they do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from tapewarden.anomaly.forest_kernel import Trees, score_mapped
from tapewarden.anomaly.levels import Budget, have_standings, meet_levels
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.neighbor_search import Parted, Places, find_nearest_of_all
from tapewarden.anomaly.neighbors import NEAREST, UNKNOWN
from tapewarden.anomaly.transform_kernel import Map, map_chosen
from tapewarden.compiled.compiling import kernel, rule
from tapewarden.compiled.rows import Table

Judgment = Callable[..., tuple[int, int]]


class Found(NamedTuple):
    """Room for windows: the places of those that were judged, their scores, and the levels they met."""

    places: Places
    scores: Numbers
    levels: Numbers


@cache
def judge_by_forest(digest: str) -> Judgment:
    """Judges windows as ``Forest.score`` and ``Levels.meet`` do.

    ``digest`` stands for the sources of all rules it calls. ``judge(keys, values, length, learned, trees,
    standings, budget, found)`` judges the windows of that length and returns how many they are, and how many
    are alerts: -1, and nothing is done, if ``standings`` have no room for an instrument.
    """

    def judge(
        keys: Table,
        values: Numbers,
        length: int,
        learned: Map,
        trees: Trees,
        standings: Table,
        budget: Budget,
        found: Found,
    ) -> tuple[int, int]:
        version = digest  # noqa: F841  ties the machine code to the sources
        places = found.places[: _choose(keys, length, found.places)]
        if not have_standings(keys, places, standings):
            return len(places), -1
        scores, mapped = found.scores[: len(places)], np.empty((len(places), len(learned.kept)), np.float32)
        map_chosen(values, places, learned, mapped)
        score_mapped(mapped, trees, scores, scores)
        return len(places), meet_levels(keys, places, scores, standings, budget, found.levels)

    return kernel(judge)


@cache
def judge_by_neighbors(digest: str) -> Judgment:
    """The same as ``Neighbors.score`` and ``Levels.meet`` do, with ``Parted`` rows instead of trees."""

    def judge(
        keys: Table,
        values: Numbers,
        length: int,
        learned: Map,
        usual: Parted,
        standings: Table,
        budget: Budget,
        found: Found,
    ) -> tuple[int, int]:
        version = digest  # noqa: F841
        places = found.places[: _choose(keys, length, found.places)]
        if not have_standings(keys, places, standings):
            return len(places), -1
        scores, mapped = found.scores[: len(places)], np.empty((len(places), len(learned.kept)), np.float32)
        map_chosen(values, places, learned, mapped)
        mapped[:] = np.where(np.isnan(mapped), np.float32(UNKNOWN), mapped)
        squares, nearest = np.empty((len(places), NEAREST)), np.empty((len(places), NEAREST), np.int64)
        squares[:] = np.inf
        find_nearest_of_all(mapped, usual, squares, nearest)
        for row in range(len(places)):
            total = 0.0
            for one in range(NEAREST):
                total += sqrt(squares[row, one])
            scores[row] = total / NEAREST
        return len(places), meet_levels(keys, places, scores, standings, budget, found.levels)

    return kernel(judge)


@rule
def _choose(keys: Any, length: int, places: Any) -> int:
    """Write the places of the windows of a length; how many there are."""
    count = 0
    for place in range(len(keys)):
        if keys[place]["length"] == length:
            places[count] = place
            count += 1
    return count
