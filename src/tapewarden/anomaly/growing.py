"""Growing forests with scikit-learn, and laying its trees out flat. Nothing else here needs that library."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.forest_kernel import NODE, Rows
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.domain.errors import UnavailableError

TREES: Final = 200
SAMPLE_SIZE: Final = 256


def grow(rows: Rows, seed: int, trees: int = TREES, sample_size: int = SAMPLE_SIZE) -> Forest:
    """An isolation forest of float32 rows, the same for the same rows, seed and scikit-learn.

    Each tree is grown on ``sample_size`` rows, or on all where there are fewer, and may split on every
    feature. A missing value (NaN) counts as the median of the known ones. About 1 s for 200 trees,
    whatever the number of rows.

    Raises:
        UnavailableError: If scikit-learn is not installed.
        ValueError: If there are fewer than two rows, a value is infinite, or nothing is known of a column.
    """
    if len(rows) < 2 or np.isinf(rows).any() or np.isnan(rows).all(axis=0).any():
        raise ValueError("at least two rows of finite values expected, at least one in each column")
    size = min(sample_size, len(rows))
    grown = _library().ensemble.IsolationForest(
        n_estimators=trees, max_samples=size, max_features=1.0, random_state=seed
    )
    typical = np.nanmedian(rows, axis=0).astype(np.float32)
    grown.fit(np.where(np.isnan(rows), typical, rows))
    return flatten([tree.tree_ for tree in grown.estimators_], typical, size)


def library_version() -> str:
    """The version of scikit-learn; forests of another one may differ."""
    version: str = _library().__version__
    return version


def flatten(trees: list[Any], typical: Rows, sample_size: int) -> Forest:
    """The trees of scikit-learn (``tree_`` of each estimator) breadth first, siblings side by side.

    ``typical`` is what a missing value counts as, for each feature.
    """
    flat, samples, roots, start = [], [], [], 0
    for tree in trees:
        order, steps = _breadth_first(tree.children_left, tree.children_right)
        nodes = np.zeros(len(order), NODE)
        leaf = tree.children_left[order] < 0
        nodes["threshold"] = np.where(leaf, np.inf, _rounded_down(tree.threshold[order]))
        nodes["feature"] = np.where(leaf, 0, tree.feature[order])
        nodes["step"] = steps
        flat.append(nodes)
        samples.append(tree.n_node_samples[order].astype(np.uint32))
        roots.append(start)
        start += len(order)
    return Forest(
        nodes=np.concatenate(flat),
        samples=np.concatenate(samples),
        roots=np.array(roots, np.uint32),
        typical=typical,
        sample_size=sample_size,
    )


def _breadth_first(lefts: Any, rights: Any) -> tuple[list[int], list[int]]:
    """A tree's nodes level by level, and how far behind each its left child stands; 0 behind a leaf."""
    order, steps = [0], []
    for place in range(len(lefts)):
        node = order[place]
        steps.append(len(order) - place if lefts[node] >= 0 else 0)
        if lefts[node] >= 0:
            order += [int(lefts[node]), int(rights[node])]
    return order, steps


def _rounded_down(thresholds: Numbers) -> Rows:
    """The largest float32 up to each threshold: the same float32 values are above it."""
    rounded = thresholds.astype(np.float32)
    return np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)


def _library() -> Any:
    """scikit-learn, imported on demand."""
    try:
        import sklearn.ensemble
    except ModuleNotFoundError as error:
        raise UnavailableError(
            "training a model needs scikit-learn (scoring does not): install tapewarden[ml]"
        ) from error
    return sklearn
