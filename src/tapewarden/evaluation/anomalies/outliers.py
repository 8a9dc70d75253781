"""Outliers in labelled rows: the forest beside scikit-learn's, simpler scorers and a published table.

The sets are those of the published comparison of PyOD (Zhao, Nasrullah and Li 2019), from the ODDS
collection: each is split at random into 60 % to train on and 40 % to judge, several times, and the area under
the ROC curve is averaged. Outliers are among the training rows, unmarked.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.growing import grow
from tapewarden.anomaly.half_space import WINDOW, new_half_space_trees
from tapewarden.anomaly.robust_z import learn_robust_z
from tapewarden.anomaly.transform import Shape, learn_transform
from tapewarden.domain.errors import ConfigurationError

try:
    from scipy.io import loadmat
    from scipy.stats import rankdata
    from sklearn.ensemble import IsolationForest
except ImportError as error:  # pragma: no cover - the tests run where they are installed
    raise ConfigurationError(
        "public sets need scipy and scikit-learn: install tapewarden[evaluation,ml]"
    ) from error

Numbers = npt.NDArray[np.float64]

TRIALS: Final = 5
"""Random splits of each set; the published table has ten."""

TRAINED_ON: Final = 0.6

WITHIN: Final = 0.03
MEAN_WITHIN: Final = 0.005
"""How far the forest may be from scikit-learn's on a set, and on the mean of all."""

LIBRARY: Final = "scikit-learn"
FOREST: Final = "forest"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows of which some are known to be outliers."""

    name: str
    values: Numbers
    outliers: npt.NDArray[np.bool_]


Score = Callable[[Numbers], Numbers]


def read_set(path: Path) -> Labelled:
    """One set of the collection: a MATLAB file with rows ``X`` and marks ``y``."""
    content = loadmat(path)
    return Labelled(path.stem, content["X"].astype(np.float64), content["y"].ravel() == 1)


def read_published(path: Path, method: str = "IForest") -> dict[str, float]:
    """The published areas of a method by set."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["Data"]: float(row[method]) for row in csv.DictReader(file)}


def roc_area(scores: Numbers, outliers: npt.NDArray[np.bool_]) -> float:
    """The probability that an outlier scores higher than another row, ties counting half.

    ``ValueError`` where all rows are outliers, or none.
    """
    positive = int(outliers.sum())
    negative = len(outliers) - positive
    if not positive or not negative:
        raise ValueError("outliers and other rows expected, received one kind only")
    ranks = rankdata(scores)[outliers].sum()
    return float((ranks - positive * (positive + 1) / 2) / (positive * negative))


def _library(rows: Numbers, seed: int) -> Score:
    grown = IsolationForest(random_state=seed).fit(rows)
    return lambda others: -grown.score_samples(others)


def _forest(rows: Numbers, seed: int) -> Score:
    grown = grow(rows.astype(np.float32), seed + 1_000)  # other trees than the library's
    return grown.score


def _mapped(shape: Shape) -> Callable[[Numbers, int], Score]:
    def learn(rows: Numbers, seed: int) -> Score:
        transform = learn_transform(rows, [""] * rows.shape[1], shape)
        grown = grow(transform.apply(rows), seed)
        return lambda others: grown.score(transform.apply(others))

    return learn


def _robust_z(rows: Numbers, seed: int) -> Score:
    return learn_robust_z(rows).score


def _half_space(rows: Numbers, seed: int) -> Score:
    trees = new_half_space_trees(rows.min(axis=0), rows.max(axis=0), seed)
    trees.window = min(WINDOW, len(rows))
    trees.learn(rows)
    return trees.score


SCORERS: Final[Mapping[str, Callable[[Numbers, int], Score]]] = {
    LIBRARY: _library,
    FOREST: _forest,
    "forest, signed log": _mapped(Shape.SIGNED_LOG),
    "forest, rank-Gauss": _mapped(Shape.RANK_GAUSS),
    "robust z": _robust_z,
    "half-space trees": _half_space,
}
"""What is compared: each learns rows by a seed and gives what scores others."""


def measure(
    labelled: Labelled, trials: int = TRIALS, names: Sequence[str] = tuple(SCORERS)
) -> dict[str, float]:
    """The mean area of each scorer over random splits, the same for all."""
    areas: dict[str, list[float]] = {name: [] for name in names}
    for trial in range(trials):
        order = np.random.default_rng(trial).permutation(len(labelled.values))
        behind = round(TRAINED_ON * len(order))
        train, judge = order[:behind], order[behind:]
        for name in names:
            score = SCORERS[name](labelled.values[train], trial)
            areas[name].append(roc_area(score(labelled.values[judge]), labelled.outliers[judge]))
    return {name: float(np.mean(each)) for name, each in areas.items()}


def outlier_table(found: Mapping[str, Mapping[str, float]], published: Mapping[str, float]) -> Iterator[str]:
    """A row per set and their mean, the published figure of an isolation forest last."""
    names = list(SCORERS)
    yield f"| set | {' | '.join(names)} | published |"
    yield f"|---|{'---:|' * (len(names) + 1)}"
    for one, areas in found.items():
        yield f"| {one} | {' | '.join(f'{areas[name]:.3f}' for name in names)} | {published[one]:.3f} |"
    means = [f"{np.mean([areas[name] for areas in found.values()]):.3f}" for name in names]
    yield f"| **mean** | {' | '.join(means)} | {np.mean([published[one] for one in found]):.3f} |"


def differences(found: Mapping[str, Mapping[str, float]]) -> Sequence[str]:
    """Where the forest is farther from scikit-learn's than it may be, in words; empty where it is not."""
    apart = {one: areas[FOREST] - areas[LIBRARY] for one, areas in found.items()}
    told = [f"{one}: {gap:+.3f}, within {WITHIN} expected" for one, gap in apart.items() if abs(gap) > WITHIN]
    mean = float(np.mean(list(apart.values())))
    return [*told, f"mean: {mean:+.4f}, within {MEAN_WITHIN} expected"] if abs(mean) > MEAN_WITHIN else told
