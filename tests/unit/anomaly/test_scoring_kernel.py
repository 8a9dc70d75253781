"""Scores of feature values in one call: those of the steps one by one, to the bit."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tapewarden.anomaly.card import Method
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.scoring_kernel import score_by_forest, score_by_neighbors
from tapewarden.anomaly.training import TrainingPlan, TrainingRows, train
from tapewarden.anomaly.transform import Shape

Values = npt.NDArray[np.float64]
WAYS = [
    (Method.FOREST, Shape.SIGNED_LOG),
    (Method.FOREST, Shape.RANK_GAUSS),
    (Method.NEIGHBORS, Shape.RANK_GAUSS),
]


def values(count: int) -> Values:
    """Rows with tails, ties, missing values and a column that never varies."""
    random = np.random.default_rng(8)
    table = random.lognormal(0, 2, (count, 6)) * random.choice([-1.0, 1.0], (count, 6))
    table[:, 2], table[:, 4] = np.round(table[:, 2]), 7.0
    return np.where(random.random(table.shape) < 0.1, np.nan, table)


@cache
def model(method: Method, shape: Shape) -> AnomalyModel:
    rows = TrainingRows(features=tuple("abcdef"), times=np.arange(900), values=values(900))
    return train(rows, TrainingPlan(name="small", method=method, shape=shape, trees=20, kept=150))


@pytest.mark.parametrize(("method", "shape"), WAYS)
def test_a_model_scores_values_as_its_scorer_does_mapped_ones(method: Method, shape: Shape) -> None:
    one, rows = model(method, shape), values(700)
    apart = one.scorer.score(one.transform.apply(rows))
    assert one.score(rows).tobytes() == apart.tobytes()
    cut = [one.score(part) for part in np.split(rows, [1, 4, 13, 600])]
    assert np.concatenate(cut).tobytes() == apart.tobytes()
    assert len(np.unique(apart)) > 100


@pytest.mark.parametrize(("method", "shape"), WAYS)
def test_compiled_and_uncompiled_scores_have_the_same_bits(method: Method, shape: Shape) -> None:
    one, rows = model(method, shape), values(11)
    kernel: Any = score_by_forest if isinstance(one.scorer, Forest) else score_by_neighbors
    scores = np.empty(len(rows))
    kernel.py_func(rows, one.transform.learned, one.scorer.tables, scores)
    assert scores.tobytes() == one.score(rows).tobytes()
