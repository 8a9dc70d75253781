"""Growing forests with scikit-learn, and laying its trees out flat. Nothing else here needs that library."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.forest_kernel import NODE, Rows
from tapewarden.domain.errors import UnavailableError

TREES: Final = 200
SAMPLE_SIZE: Final = 256


def grow(rows: Rows, seed: int, trees: int = TREES, sample_size: int = SAMPLE_SIZE) -> Forest:
    """An isolation forest of complete float32 rows, the same for the same rows, seed and scikit-learn.

    Each tree is grown on ``sample_size`` rows, or on all where there are fewer, and may split on every
    feature. About 1 s for 200 trees, whatever the number of rows.

    Raises:
        UnavailableError: If scikit-learn is not installed.
        ValueError: If there are fewer than two rows, or if a value is missing.
    """
    if len(rows) < 2 or not np.isfinite(rows).all():
        raise ValueError("at least two rows without missing values expected")
    size = min(sample_size, len(rows))
    grown = _library().ensemble.IsolationForest(
        n_estimators=trees, max_samples=size, max_features=1.0, random_state=seed
    )
    return flatten([tree.tree_ for tree in grown.fit(rows).estimators_], rows.shape[1], size)


def fill_missing(values: Rows, seed: int) -> Rows:
    """The values, each missing one replaced by a known one of its column, drawn at random by ``seed``.

    So a missing value is as likely to be anything as the known ones are, which is what scoring assumes too
    (``Forest.score``). A column of which nothing is known becomes zeros.
    """
    random = np.random.default_rng(seed)
    filled = values.copy()
    for column in filled.T:
        missing = np.isnan(column)
        known = column[~missing]
        column[missing] = random.choice(known, int(missing.sum())) if len(known) else 0.0
    return filled


def library_version() -> str:
    """The version of scikit-learn; forests of another one may differ."""
    version: str = _library().__version__
    return version


def flatten(trees: list[Any], features: int, sample_size: int) -> Forest:
    """The trees of scikit-learn (``tree_`` of each estimator) breadth first, siblings side by side."""
    flat, samples, roots, start = [], [], [], 0
    for tree in trees:
        order, left = _breadth_first(tree.children_left, tree.children_right)
        nodes = np.zeros(len(order), NODE)
        leaf = tree.children_left[order] < 0
        nodes["threshold"] = np.where(leaf, np.inf, tree.threshold[order])
        nodes["feature"] = np.where(leaf, 0, tree.feature[order])
        nodes["left"] = left + start
        flat.append(nodes)
        samples.append(tree.n_node_samples[order].astype(np.uint32))
        roots.append(start)
        start += len(order)
    return Forest(
        nodes=np.concatenate(flat),
        samples=np.concatenate(samples),
        roots=np.array(roots, np.uint32),
        features=features,
        sample_size=sample_size,
    )


def _breadth_first(lefts: Any, rights: Any) -> tuple[list[int], Any]:
    """A tree's nodes level by level, and for each the new place of its left child, or its own if a leaf."""
    order, left = [0], np.zeros(len(lefts), np.int64)
    for place in range(len(lefts)):
        node = order[place]
        left[place] = len(order) if lefts[node] >= 0 else place
        if lefts[node] >= 0:
            order += [int(lefts[node]), int(rights[node])]
    return order, left


def _library() -> Any:
    """scikit-learn, imported on demand."""
    try:
        import sklearn.ensemble
    except ModuleNotFoundError as error:
        raise UnavailableError(
            "training a model needs scikit-learn (scoring does not): install tapewarden[ml]"
        ) from error
    return sklearn
