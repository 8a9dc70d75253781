from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tapewarden.evaluation.anomalies.outliers import (
    FOREST,
    LIBRARY,
    SCORERS,
    Labelled,
    differences,
    measure,
    outlier_table,
    read_published,
    read_set,
    roc_area,
)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, outliers = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows])
    if outliers.all() or not outliers.any():
        with pytest.raises(ValueError, match="received one kind only"):
            roc_area(scores, outliers)
    else:
        assert roc_area(scores, outliers) == pytest.approx(roc_auc_score(outliers, scores))


def test_on_a_published_set_the_forest_is_about_that_of_scikit_learn(shared_data: Path) -> None:
    folder = shared_data / "anomaly_pyod17"
    published = read_published(folder / "published_roc.csv")
    areas = measure(read_set(folder / "lympho.mat"), trials=1, names=(LIBRARY, FOREST))
    assert areas[FOREST] == pytest.approx(areas[LIBRARY], abs=0.03)
    assert areas[FOREST] == pytest.approx(published["lympho"], abs=0.05)


def test_every_scorer_finds_what_lies_far_out() -> None:
    random = np.random.default_rng(4)
    outliers = np.arange(150) < 10
    values = np.where(outliers[:, None], 9, 0) + random.standard_normal((150, 3))
    areas = measure(Labelled("made", values, outliers), trials=1)
    assert all(area > 0.9 for area in areas.values()), areas
    lines = list(outlier_table({"made": areas}, {"made": 0.9}))
    assert [line.count("|") for line in lines] == [len(SCORERS) + 3] * 4
    assert lines[2].startswith("| made |")


def test_a_forest_that_is_far_from_the_library_is_told() -> None:
    near, far = {LIBRARY: 0.8, FOREST: 0.82}, {LIBRARY: 0.8, FOREST: 0.75}
    assert differences({"near": near, "far": far}) == [
        "far: -0.050, within 0.03 expected",
        "mean: -0.0150, within 0.005 expected",
    ]
    assert set(SCORERS) > {LIBRARY, FOREST}
