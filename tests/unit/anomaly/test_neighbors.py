"""Distances to the nearest usual windows, and models that score by them."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tapewarden.anomaly.card import Method
from tapewarden.anomaly.explanation import explain, nearest_peers
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.model_file import model_bytes, model_of
from tapewarden.anomaly.neighbors import NEAREST, UNKNOWN, Neighbors, choose_neighbors, known
from tapewarden.anomaly.training import TrainingPlan, TrainingRows, train
from tapewarden.anomaly.transform import Shape
from tapewarden.domain.errors import ModelError
from tests.unit.anomaly.conftest import FEATURES, some_rows

PLAN = TrainingPlan(name="pairs, 5 min", method=Method.NEIGHBORS, kept=300)
COLUMNS = 11
VALUES = st.floats(-3, 3, width=32) | st.just(float("nan"))

Rows = npt.NDArray[np.float32]


def tables(least: int) -> st.SearchStrategy[Rows]:
    shapes = st.tuples(st.integers(least, 12), st.just(COLUMNS))
    return shapes.flatmap(lambda shape: arrays(np.float32, shape, elements=VALUES))


@pytest.fixture(scope="module")
def model() -> AnomalyModel:
    return train(some_rows(), PLAN)


@given(tables(NEAREST), tables(1))
def test_a_score_is_the_mean_distance_to_the_three_nearest(usual: Rows, others: Rows) -> None:
    neighbors = Neighbors(known(usual), np.zeros(COLUMNS))
    apart = known(others)[:, None].astype(float) - known(usual).astype(float)
    distances = np.sort(np.sqrt((apart**2).sum(axis=2)), axis=1)[:, :NEAREST]
    assert neighbors.score(others) == pytest.approx(distances.mean(axis=1))
    assert neighbors.parts(others).sum(axis=1) == pytest.approx(neighbors.score(others))


@given(tables(NEAREST), st.integers(NEAREST, 12))
def test_each_row_kept_is_the_farthest_from_those_kept_before(usual: Rows, count: int) -> None:
    rows = known(usual)
    if len(np.unique(rows, axis=0)) < NEAREST:
        with pytest.raises(ValueError, match="at least 3 rows"):
            choose_neighbors(usual, usual, count)
        return
    kept = choose_neighbors(usual, usual, count).rows.astype(float)
    assert len(kept) == min(count, len(np.unique(rows, axis=0)))
    assert kept[0].tolist() == rows[0].tolist()
    for number in range(1, len(kept)):
        squares = ((rows[:, None].astype(float) - kept[:number]) ** 2).sum(axis=2).min(axis=1)
        own = ((kept[number] - kept[:number]) ** 2).sum(axis=1).min()
        assert own == pytest.approx(squares.max())


def test_what_is_expected_is_what_usual_rows_that_were_not_kept_add(model: AnomalyModel) -> None:
    assert isinstance(model.scorer, Neighbors)
    assert model.scorer.expected.sum() == pytest.approx(model.calibration.mean())


def test_a_missing_value_is_a_value_of_its_own() -> None:
    usual = np.array([[0, 0], [0.1, 0], [0, 0.1], [0.1, 0.1]], np.float32)
    neighbors = choose_neighbors(usual, usual)
    assert neighbors.score([np.nan, 0.05])[0] == pytest.approx(-UNKNOWN, rel=0.05)
    always = np.array([[np.nan, 0], [np.nan, 0.1], [np.nan, 0.2]], np.float32)
    assert choose_neighbors(always, always).score([np.nan, 0.1])[0] < 0.1


def test_values_that_are_usual_each_and_unusual_together_are_found() -> None:
    random = np.random.default_rng(4)
    line = random.standard_normal(2_000)
    together = np.stack([line, line + 0.01 * random.standard_normal(2_000)], axis=1)
    rows = TrainingRows(features=("one", "other"), times=np.arange(2_000) * 10**9, values=together)
    apart = [1.0, -1.0]
    near = train(rows, replace(PLAN, chance=0.001))
    assert near.score(apart)[0] > near.threshold
    assert near.p_values(near.score(apart))[0] == 1 / 501
    forest = train(rows, TrainingPlan(name="forest", chance=0.001, trees=50))
    assert forest.score(apart)[0] < forest.threshold


def test_a_model_of_neighbors_keeps_everything_in_its_file(
    model: AnomalyModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = model_of(model_bytes(model))
    assert again.card == model.card
    assert (model.card.method, model.card.shape) == (Method.NEIGHBORS, Shape.RANK_GAUSS)
    assert (model.card.trees, model.card.sample_size) == (0, 300)
    values = some_rows(seed=9).values
    assert again.score(values).tobytes() == model.score(values).tobytes()
    assert explain(again, values[0]) == explain(model, values[0])
    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert model_bytes(train(some_rows(), PLAN)) == model_bytes(model)


def test_reasons_are_what_makes_the_distance_long(model: AnomalyModel) -> None:
    unusual = [5000.0, np.nan, 7.0, 1.0, 1.0]
    explained = explain(model, unusual)
    assert explained.score == model.score(unusual)[0]
    assert isinstance(model.scorer, Neighbors)
    assert explained.surplus == pytest.approx(explained.score - model.scorer.expected.sum())
    added = dict(zip(FEATURES, explained.contributions, strict=True))
    assert explained.reasons[0].effect == max(added[name] for name in FEATURES if name != "order life")
    assert [one.effect for one in explained.reasons] == [added[one.feature] for one in explained.reasons]
    assert explained.reasons[0].words.endswith(" farther from usual windows")
    assert all(one.words.endswith(" nearer to usual windows") for one in explained.counter_evidence)
    assert "order life" in explained.unknown
    assert "order life" not in {one.feature for one in explained.reasons + explained.counter_evidence}
    assert explained.contributions[FEATURES.index("venue")] == 0
    peers = nearest_peers(model, unusual, some_rows(seed=3, count=300).values)
    assert [one.distance for one in peers] == sorted(one.distance for one in peers)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (np.zeros((2, 4)), np.zeros(4)),
        (np.zeros((5, 4)), np.zeros(3)),
        (np.full((5, 4), np.nan), np.zeros(4)),
        (np.zeros((5, 4)), np.full(4, np.inf)),
    ],
)
def test_rows_that_are_no_neighbors_are_refused(rows: Rows, expected: npt.NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Neighbors(rows.astype(np.float32), expected)


def test_a_file_whose_neighbors_do_not_fit_its_features_is_refused(model: AnomalyModel) -> None:
    assert isinstance(model.scorer, Neighbors)
    narrow = Neighbors(model.scorer.rows[:, :2].copy(), model.scorer.expected[:2])
    with pytest.raises(ModelError, match="neighbors of 4 columns expected"):
        model_of(model_bytes(replace(model, scorer=narrow)))


def test_windows_that_are_all_alike_make_no_neighbors() -> None:
    values = np.tile([1.0, 2.0], (400, 1))
    values[0, 0] = 3.0
    rows = TrainingRows(features=("one", "other"), times=np.arange(400), values=values)
    with pytest.raises(ModelError, match="at least 3 rows"):
        train(rows, PLAN)
