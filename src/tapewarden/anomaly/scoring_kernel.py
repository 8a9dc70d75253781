"""The compiled scores of feature values: mapped and scored in one call, as few windows end at a time."""

from __future__ import annotations

from math import sqrt

import numpy as np

from tapewarden.anomaly.forest_kernel import CHUNK, Trees, fill_missing, measure_paths, write_scores
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.neighbor_search import Parted, find_nearest, new_room
from tapewarden.anomaly.neighbors import NEAREST, UNKNOWN
from tapewarden.anomaly.transform_kernel import Map, map_row
from tapewarden.compiled.compiling import kernel


@kernel
def score_by_forest(values: Numbers, learned: Map, trees: Trees, scores: Numbers) -> None:
    """Write what ``Forest.score`` gives for each row as it is mapped, to the bit."""
    rows = np.empty((min(len(values), CHUNK), len(learned.kept)), np.float32)
    for start in range(0, len(values), CHUNK):
        means = scores[start : start + CHUNK]
        for row in range(len(means)):
            map_row(values[start + row], learned, rows[row])
            fill_missing(rows[row], trees.typical, rows[row])
        measure_paths(rows[: len(means)], trees, means)
        write_scores(trees, means, means)


@kernel
def score_by_neighbors(values: Numbers, learned: Map, usual: Parted, scores: Numbers) -> None:
    """Write what ``Neighbors.score`` gives for each row as it is mapped, to the bit."""
    mapped, room = np.empty(len(learned.kept), np.float32), new_room(usual)
    squares, places = np.empty(NEAREST), np.empty(NEAREST, np.int64)
    for row in range(len(values)):
        map_row(values[row], learned, mapped)
        for column in range(len(mapped)):
            room.values[column] = UNKNOWN if np.isnan(mapped[column]) else mapped[column]
        squares[:] = np.inf
        find_nearest(usual, room, squares, places)
        total = 0.0
        for square in squares:
            total += sqrt(square)
        scores[row] = total / NEAREST
