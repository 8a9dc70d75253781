from typing import Any, NamedTuple

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest

from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.forest_kernel import Rows
from tapewarden.anomaly.growing import flatten, grow
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.training import TrainingPlan, TrainingRows, train

FEATURES = ("cancels", "order life", "venue", "share of depth", "fills")


class Grown(NamedTuple):
    forest: Forest
    library: Any
    rows: Rows


@pytest.fixture(scope="session")
def grown() -> Grown:
    """A forest, the estimator it was made of, and rows of which many stand exactly on its thresholds."""
    random = np.random.default_rng(5)
    training = random.standard_normal((900, 5)).astype(np.float32)
    training[:, 3] = np.round(training[:, 3])
    library = IsolationForest(n_estimators=20, max_samples=64, random_state=3).fit(training)
    forest = flatten([tree.tree_ for tree in library.estimators_], np.median(training, axis=0), 64)
    rows = (2 * random.standard_normal((700, 5))).astype(np.float32)
    edges = forest.nodes[random.choice(forest.inner, 600)]
    rows[np.arange(600), edges["feature"]] = edges["threshold"]
    return Grown(forest, library, rows)


@pytest.fixture(scope="session")
def small() -> Forest:
    """Few trees of few features, for what is computed over all subsets."""
    return grow(np.random.default_rng(8).standard_normal((60, 4)).astype(np.float32), 1, 5, 32)


def some_rows(seed: int = 1, count: int = 1200) -> TrainingRows:
    random = np.random.default_rng(seed)
    values = random.lognormal(0, 2, (count, len(FEATURES)))
    values[random.random(values.shape) < 0.03] = np.nan
    values[:, 2] = 7
    return TrainingRows(features=FEATURES, times=np.arange(count) * 10**9, values=values)


@pytest.fixture(scope="session")
def model() -> AnomalyModel:
    return train(some_rows(), TrainingPlan(name="BTC-USD@SIM, 1 min", trees=20, sample_size=64))
