import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.model_file import KIND, model_bytes, model_id, model_of, read_model, write_model
from tapewarden.domain.errors import ModelError
from tapewarden.engine.container import pack, unpack
from tests.unit.anomaly.conftest import FEATURES, some_rows


def test_a_model_read_again_is_the_same(model: AnomalyModel, tmp_path: Path) -> None:
    path = tmp_path / "btc.model"
    name = write_model(model, path)
    again = read_model(path)
    values = some_rows(seed=9).values
    assert again.card == model.card
    assert again.score(values).tobytes() == model.score(values).tobytes()
    assert model_bytes(again) == path.read_bytes()
    assert model_id(path.read_bytes()) == name
    assert [one.name for one in tmp_path.iterdir()] == ["btc.model"]


def test_a_card_has_the_fields_that_it_had_when_models_were_kept_by_its_bytes(model: AnomalyModel) -> None:
    """A field more, even an empty one, would change what models that were kept long ago are known by."""
    written = json.loads(unpack(KIND, model_bytes(model))["card"])
    assert " ".join(written) == (
        "calibration_hash calibration_rows chance constant data_hash end_ns excluded features libraries"
        " method name rows sample_size seed shape start_ns tail threshold trees"
    )


@given(data=st.data())
def test_every_damaged_byte_is_noticed(model: AnomalyModel, data: st.DataObject) -> None:
    good = bytearray(model_bytes(model))
    at = data.draw(st.integers(0, 200) | st.integers(0, len(good) - 1))
    good[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ModelError, match=r"^x\.model: "):
        model_of(bytes(good), "x.model")


@pytest.mark.parametrize("length", [0, 7, 40, 60, 5000])
def test_a_cut_file_is_refused(model: AnomalyModel, length: int) -> None:
    with pytest.raises(ModelError, match="x: expected"):
        model_of(model_bytes(model)[:length], "x")


def test_a_file_of_another_version_is_refused(model: AnomalyModel) -> None:
    parts = unpack(KIND, model_bytes(model))
    with pytest.raises(
        ModelError, match="x: expected a model of 'anomaly model 02', received one of 'anomaly model 01'"
    ):
        model_of(pack(b"anomaly model 01", parts), "x")


@pytest.mark.parametrize("part", ["card", "layout", "calibration", "forest.nodes"])
def test_a_file_that_lacks_a_part_is_refused(model: AnomalyModel, part: str) -> None:
    parts = unpack(KIND, model_bytes(model))
    del parts[part]
    with pytest.raises(ModelError, match=f"x: a model's parts expected, received others: '{part}'"):
        model_of(pack(KIND, parts), "x")


def test_arrays_of_other_types_are_refused(model: AnomalyModel) -> None:
    parts = unpack(KIND, model_bytes(model))
    layout = json.loads(parts["layout"])
    layout["calibration"][0] = "<f4"
    with pytest.raises(ModelError, match="calibration: <f8 expected, received <f4"):
        model_of(pack(KIND, {**parts, "layout": json.dumps(layout).encode()}), "x")


def test_columns_beyond_the_features_are_refused(model: AnomalyModel) -> None:
    parts = unpack(KIND, model_bytes(model))
    kept = np.array([0, 1, 3, 5], "<i8").tobytes()
    with pytest.raises(ModelError, match=r"columns of 5 features expected, received \[0, 1, 3, 5\]"):
        model_of(pack(KIND, {**parts, "transform.kept": kept}), "x")


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="a readable file expected, received No such file"):
        read_model(tmp_path / "none.model")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("cancels", "fills", "venue", "share of depth", "order life"), "feature 2: expected 'order life'"),
        (FEATURES[:4], "feature 5: expected 'fills', received none"),
        ((*FEATURES, "more"), "feature 6: expected none, received 'more'"),
    ],
)
def test_rows_of_other_features_are_refused(
    model: AnomalyModel, names: tuple[str, ...], message: str
) -> None:
    model.check_features(FEATURES)
    with pytest.raises(ModelError, match=f"model 'BTC-USD@SIM, 1 min', {message}"):
        model.check_features(names)
