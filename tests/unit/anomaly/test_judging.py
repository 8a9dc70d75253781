"""Windows judged in one call: as its steps one by one judge them, to the bit."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tapewarden.anomaly.card import Method
from tapewarden.anomaly.collection import Scope, Subject
from tapewarden.anomaly.features.state import SECONDS, WindowKey
from tapewarden.anomaly.features.windows import Windows
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.judging import Judge
from tapewarden.anomaly.judging_kernel import Found, judge_by_forest, judge_by_neighbors
from tapewarden.anomaly.levels import Levels
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.training import TrainingPlan, TrainingRows, train
from tapewarden.anomaly.transform import Shape

Values = npt.NDArray[np.float64]
WAYS = [
    (Method.FOREST, Shape.SIGNED_LOG),
    (Method.FOREST, Shape.RANK_GAUSS),
    (Method.NEIGHBORS, Shape.RANK_GAUSS),
]
SCOPE = Scope(Subject.ACCOUNT, 60)
MINUTE_PLACE = SECONDS.index(60)


def values(count: int) -> Values:
    """Rows with tails, ties, missing values and a column that never varies."""
    random = np.random.default_rng(8)
    table = random.lognormal(0, 2, (count, 6)) * random.choice([-1.0, 1.0], (count, 6))
    table[:, 2], table[:, 4] = np.round(table[:, 2]), 7.0
    return np.where(random.random(table.shape) < 0.1, np.nan, table)


def windows(count: int) -> Windows:
    """Windows of a minute and of other lengths, some of which ended together, on up to forty instruments."""
    random = np.random.default_rng(9)
    keys = np.zeros(count, WindowKey.dtype)
    keys["start"] = np.arange(count) // 3
    keys["instrument"] = random.integers(1, 41, count // 3 + 1).repeat(3)[:count]
    keys["length"] = random.choice([MINUTE_PLACE, MINUTE_PLACE, MINUTE_PLACE - 1, MINUTE_PLACE + 1], count)
    return Windows(keys, values(count))


@cache
def model(method: Method, shape: Shape, trees: int = 20) -> AnomalyModel:
    rows = TrainingRows(features=tuple("abcdef"), times=np.arange(900), values=values(900))
    plan = TrainingPlan(name="small", method=method, shape=shape, trees=trees, kept=150, chance=0.1)
    return train(rows, plan)


@pytest.mark.parametrize(("method", "shape"), WAYS)
def test_windows_of_the_length_are_judged_as_scores_and_levels_one_by_one_judge_them(
    method: Method, shape: Shape
) -> None:
    one, told = model(method, shape), windows(700)
    own = told.keys["length"] == MINUTE_PLACE
    scores = one.score(told.values[own])
    met = Levels(one.card).meet(told.keys[own], scores)
    judge = Judge(SCOPE, one)

    alerts = judge.judge(told)
    judged = judge.judged(told)

    assert 10 < alerts == met.alerts == judged.alerts.sum() < own.sum() / 2
    assert judged.scores.tobytes() == scores.tobytes()
    assert judged.levels.tobytes() == met.levels.tobytes()
    assert judged.windows.keys.tobytes() == told.keys[own].tobytes()
    assert judged.windows.values.tobytes() == told.values[own].tobytes()
    assert len(np.unique(scores)) > 100


@pytest.mark.parametrize(("method", "shape"), WAYS)
def test_however_windows_come_in_pieces_they_are_judged_alike(method: Method, shape: Shape) -> None:
    told = windows(699)
    whole, pieces = Judge(SCOPE, model(method, shape)), Judge(SCOPE, model(method, shape))
    whole.judge(told)
    seen = []
    for first, last in ((0, 3), (3, 12), (12, 39), (39, 600), (600, 699)):
        part = Windows(told.keys[first:last], told.values[first:last])
        pieces.judge(part)
        seen.append(pieces.judged(part))
    for name in ("scores", "levels"):
        parts = np.concatenate([getattr(judged, name) for judged in seen])
        assert parts.tobytes() == getattr(whole.judged(told), name).tobytes()


def test_what_was_judged_is_not_changed_by_what_comes_later() -> None:
    judge, told = Judge(SCOPE, model(*WAYS[2])), windows(90)
    judge.judge(told)
    judged = judge.judged(told)
    before = [column.tobytes() for column in (*judged.windows, judged.scores, judged.levels)]
    told.keys["start"] += 30
    told.values[:] += 1.0
    judge.judge(told)
    assert [column.tobytes() for column in (*judged.windows, judged.scores, judged.levels)] == before


@pytest.mark.parametrize("trees", [3, 8, 13])
def test_any_number_of_trees_gives_a_window_alone_the_score_it_has_among_others(trees: int) -> None:
    one, rows = model(Method.FOREST, Shape.SIGNED_LOG, trees), values(40)
    alone = np.concatenate([one.score(row) for row in rows])
    assert alone.tobytes() == one.score(rows).tobytes()


@pytest.mark.parametrize(("method", "shape"), WAYS)
def test_compiled_and_uncompiled_judgments_have_the_same_bits(method: Method, shape: Shape) -> None:
    one, told = model(method, shape), windows(15)
    judge, levels = Judge(SCOPE, one), Levels(one.card)
    for _ in range(6):
        levels.make_room()
    found = Found(np.empty(15, np.int64), np.empty(15), np.empty(15))
    kernel: Any = (judge_by_forest if isinstance(one.scorer, Forest) else judge_by_neighbors)("")

    count, alerts = kernel.py_func(
        *(told.keys, told.values, MINUTE_PLACE),
        *(one.transform.learned, one.scorer.tables),
        *(levels.standings, levels.budget, found),
    )

    assert alerts == judge.judge(told)
    judged = judge.judged(told)
    assert found.scores[:count].tobytes() == judged.scores.tobytes()
    assert found.levels[:count].tobytes() == judged.levels.tobytes()
