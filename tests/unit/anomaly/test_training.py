import re
import sys
from dataclasses import replace

import numpy as np
import pytest

from tapewarden.anomaly.card import Excluded, Method
from tapewarden.anomaly.conformal import digest_of
from tapewarden.anomaly.growing import grow
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.model_file import model_bytes, model_of
from tapewarden.anomaly.training import TrainingPlan, train
from tapewarden.domain.errors import ModelError, UnavailableError
from tests.unit.anomaly.conftest import FEATURES, some_rows

PLAN = TrainingPlan(name="BTC-USD@SIM, 1 min", trees=20, sample_size=64)


def test_the_same_rows_and_plan_give_the_same_bytes_in_any_order_of_rows(model: AnomalyModel) -> None:
    rows = some_rows()
    turned = replace(rows, times=rows.times[::-1], values=rows.values[::-1])
    assert model_bytes(train(turned, PLAN)) == model_bytes(model)
    assert model_bytes(train(rows, replace(PLAN, seed=1))) != model_bytes(model)


def test_the_card_tells_what_the_model_is_made_of(model: AnomalyModel) -> None:
    card = model.card
    assert (card.features, card.constant) == (FEATURES, ("venue",))
    assert (card.rows, card.calibration_rows) == (1200, 300)
    assert (card.start_ns, card.end_ns) == (0, 1199 * 10**9)
    assert card.calibration_hash == digest_of(model.calibration)
    assert set(card.libraries) == {"numpy", "scikit-learn", "tapewarden"}
    assert model.used == ("cancels", "order life", "share of depth", "fills")


def test_rows_of_excluded_spans_change_nothing_but_the_card() -> None:
    rows = some_rows(count=900)
    spoiled = rows.values.copy()
    spoiled[300:400] = 1e12
    case = Excluded(start_ns=300 * 10**9, end_ns=399 * 10**9, reason="case 17")
    plan = replace(PLAN, excluded=(case,))
    with_case, without = train(replace(rows, values=spoiled), plan), train(rows, plan)
    assert model_bytes(with_case) == model_bytes(without)
    assert with_case.card.rows == 800
    assert with_case.card.excluded == (case,)


@pytest.mark.parametrize("method", Method)
def test_what_is_held_back_is_the_latest_and_nothing_is_learned_from_it(method: Method) -> None:
    rows, plan = some_rows(), replace(PLAN, method=method, kept=100)
    model = train(rows, plan)
    assert np.array_equal(model.calibration, np.sort(model.score(rows.values[-300:])))
    spoiled = rows.values.copy()
    spoiled[-300:] *= np.linspace(2, 30, 300)[:, None]
    other = train(replace(rows, values=spoiled), plan)
    assert np.array_equal(other.transform.percentiles, model.transform.percentiles)
    assert np.array_equal(other.score(rows.values), model.score(rows.values))
    assert not np.array_equal(other.calibration, model.calibration)


def test_the_card_has_the_plan_and_the_threshold_that_follows_from_it() -> None:
    card = train(some_rows(), replace(PLAN, seed=7, chance=0.01)).card
    assert (card.name, card.seed, card.chance) == (PLAN.name, 7, 0.01)
    assert (
        card.threshold
        == card.tail.threshold(0.01)
        > train(some_rows(), replace(PLAN, seed=7, chance=0.02)).threshold
    )


def test_the_hash_of_the_data_changes_with_each_value_time_and_name_of_it() -> None:
    rows = some_rows(count=400)
    values, times = rows.values.copy(), rows.times.copy()
    values[5, 0] = 1 if np.isnan(values[5, 0]) else np.nan
    times[0] -= 1
    others = (
        replace(rows, values=values),
        replace(rows, times=times),
        replace(rows, features=("fills", *FEATURES[1:-1], "cancels")),
        replace(rows, times=rows.times[:-1], values=rows.values[:-1]),
    )
    hashes = [train(one, PLAN).card.data_hash for one in (rows, *others)]
    assert len(set(hashes)) == len(hashes)
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes)
    turned = replace(rows, times=rows.times[::-1], values=rows.values[::-1])
    assert train(turned, PLAN).card.data_hash == hashes[0]


def test_about_as_many_rows_are_alerts_as_the_budget_has() -> None:
    model = train(some_rows(count=8000), replace(PLAN, chance=0.01))
    scores = model.score(some_rows(seed=2, count=20_000).values)
    assert (scores > model.threshold).mean() == pytest.approx(0.01, rel=0.5)
    assert (model.p_values(scores) <= 0.05).mean() == pytest.approx(0.05, rel=0.2)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ModelError, match="1 min: at least 200 rows expected, received 199"):
        train(some_rows(count=199), PLAN)


def test_without_scikit_learn_models_score_but_are_not_trained(
    model: AnomalyModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(UnavailableError, match=r"needs scikit-learn.*tapewarden\[ml\]"):
        train(some_rows(), PLAN)
    assert (model_of(model_bytes(model)).score(some_rows().values) > 0).all()


@pytest.mark.parametrize("rows", [[[1.0]], [[1.0], [np.inf]], [[1.0, np.nan], [2.0, np.nan]]])
def test_rows_that_no_forest_grows_on_are_refused(rows: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="at least two rows of finite values expected"):
        grow(np.array(rows, np.float32), 0)


@pytest.mark.parametrize(("held_back", "embargo", "learned"), [(300, 20, 880), (305, 0, 890), (305, 15, 880)])
def test_what_begins_together_with_what_is_held_back_or_within_the_embargo_is_not_learned_from(
    held_back: int, embargo: int, learned: int
) -> None:
    rows = some_rows()
    rows = replace(rows, times=rows.times // 10**10 * 10**10)  # ten rows begin together
    plan = replace(PLAN, calibration=held_back / 1200, embargo=embargo * 10**9)
    model = train(rows, plan)
    card = model.card
    assert (card.rows, card.calibration_rows) == (1200, held_back)
    assert (card.learned_rows, card.embargo_rows) == (learned, 1200 - held_back - learned)
    for first, changes in ((learned, False), (learned - 1, True)):
        spoiled = rows.values.copy()
        spoiled[first : 1200 - held_back] = 1e12
        other = train(replace(rows, values=spoiled), plan)
        assert (other.score(rows.values).tolist() != model.score(rows.values).tolist()) is changes


def test_an_embargo_that_leaves_too_little_to_learn_from_is_told() -> None:
    with pytest.raises(
        ModelError,
        match=r"at least 100 rows that begin more than 850 s before the 300 held back expected, received 50$",
    ):
        train(some_rows(), replace(PLAN, embargo=850 * 10**9))
