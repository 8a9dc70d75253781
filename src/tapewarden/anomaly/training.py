"""Training: from rows of features to a model with its calibration and its card."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.card import Excluded, LeftOut, Method, ModelCard
from tapewarden.anomaly.conformal import digest_of
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.forest_kernel import Rows
from tapewarden.anomaly.growing import SAMPLE_SIZE, TREES, grow, library_version
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.neighbors import KEPT, Neighbors, choose_neighbors
from tapewarden.anomaly.tails import FEWEST, TAIL, fit_tail
from tapewarden.anomaly.transform import Shape, learn_transform
from tapewarden.domain.errors import ModelError
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.version import VERSION

FEWEST_ROWS: Final = 200
"""Rows below which nothing can be said of a tail."""

FEWEST_LEARNED: Final = 100
"""Rows below which nothing can be learned of what is usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRows:
    """``values`` has a row per window and a column per feature, NaN where a value is missing.

    ``times`` says when each window began, in nanoseconds UTC; rows may come in any order.
    """

    features: tuple[str, ...]
    times: npt.NDArray[np.int64]
    values: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """How to train: ``chance`` is the alert budget, the probability per window of an alert.

    The last ``calibration`` of the rows in time is not trained on: scores of rows that were seen are too
    low, and what comes next is likest to what came last. Nor are rows that begin less than ``embargo``
    nanoseconds before them, or together with them: what happens at the same time is alike (purging and
    embargo, López de Prado 2018, "Advances in Financial Machine Learning", 7.4). ``shape``, ``trees`` and
    ``sample_size`` are of a forest, ``kept`` is how many usual windows neighbors keep; they are always mapped
    by ranks. ``left_out`` tells in the card of windows that are not among the rows any more.
    """

    name: str
    method: Method = Method.FOREST
    seed: int = 0
    chance: float = 0.002
    shape: Shape = Shape.SIGNED_LOG
    trees: int = TREES
    sample_size: int = SAMPLE_SIZE
    kept: int = KEPT
    calibration: float = 0.25
    embargo: int = 0
    excluded: tuple[Excluded, ...] = ()
    left_out: LeftOut | None = None


def train(rows: TrainingRows, plan: TrainingPlan) -> AnomalyModel:
    """A model of these rows; the same bytes for the same rows, plan and versions of libraries.

    Raises:
        ModelError: If fewer than 200 rows are outside the excluded spans, fewer than 100 of them before the
            embargo, or if no feature varies.
        UnavailableError: If a forest is to be grown and scikit-learn is not installed.
    """
    used = _outside(rows, plan.excluded)
    if len(used.times) < FEWEST_ROWS:
        raise ModelError(f"{plan.name}: at least {FEWEST_ROWS} rows expected, received {len(used.times)}")
    behind = len(used.times) - round(plan.calibration * len(used.times))
    learned = int(np.searchsorted(used.times, used.times[behind] - plan.embargo))
    if learned < FEWEST_LEARNED:
        raise ModelError(
            f"{plan.name}: at least {FEWEST_LEARNED} rows that begin more than {plan.embargo / SECOND:g} s "
            f"before the {len(used.times) - behind} held back expected, received {learned}"
        )
    shape = plan.shape if plan.method is Method.FOREST else Shape.RANK_GAUSS
    try:
        transform = learn_transform(used.values[:learned], used.features, shape)
        mapped = transform.apply(used.values)
        scorer = _learned(mapped[:learned], mapped[behind:], plan)
    except ValueError as error:
        raise ModelError(f"{plan.name}: {error}") from None
    scores = np.sort(scorer.score(mapped[behind:]))
    try:
        tail = fit_tail(scores, max(TAIL, 2 * plan.chance, 2 * FEWEST / len(scores)))
        threshold = tail.threshold(plan.chance)
    except ValueError as error:
        raise ModelError(f"{plan.name}, calibration: {error}") from None
    card = ModelCard(
        name=plan.name,
        method=plan.method,
        features=used.features,
        constant=tuple(name for i, name in enumerate(used.features) if i not in transform.kept),
        shape=shape,
        trees=plan.trees if isinstance(scorer, Forest) else 0,
        sample_size=scorer.sample_size if isinstance(scorer, Forest) else len(scorer.rows),
        seed=plan.seed,
        rows=len(used.times),
        calibration_rows=len(scores),
        embargo_rows=behind - learned,
        start_ns=int(used.times[0]),
        end_ns=int(used.times[-1]),
        excluded=plan.excluded,
        data_hash=_digest(used),
        calibration_hash=digest_of(scores),
        tail=tail,
        chance=plan.chance,
        threshold=threshold,
        libraries=_libraries(plan.method),
        left_out=plan.left_out,
    )
    return AnomalyModel(card, transform, scorer, scores)


def _learned(usual: Rows, calibration: Rows, plan: TrainingPlan) -> Forest | Neighbors:
    """What scores windows as these rows, a row each."""
    if plan.method is Method.NEIGHBORS:
        return choose_neighbors(usual, calibration, plan.kept)
    return grow(usual, plan.seed, plan.trees, plan.sample_size)


def _libraries(method: Method) -> dict[str, str]:
    """The versions of what a model's bytes depend on."""
    own = {"numpy": np.__version__, "tapewarden": VERSION}
    return own | {"scikit-learn": library_version()} if method is Method.FOREST else own


def _outside(rows: TrainingRows, excluded: Sequence[Excluded]) -> TrainingRows:
    """The rows that begin in no excluded span, in order of time, equal times as they came."""
    keep = np.ones(len(rows.times), np.bool_)
    for span in excluded:
        keep &= (rows.times < span.start_ns) | (rows.times > span.end_ns)
    order = np.argsort(rows.times[keep], kind="stable")
    return TrainingRows(
        features=rows.features, times=rows.times[keep][order], values=rows.values[keep][order]
    )


def _digest(rows: TrainingRows) -> str:
    """SHA-256 of names, times and values; every missing value counts as the same."""
    digest = hashlib.sha256("\0".join(rows.features).encode())
    digest.update(rows.times.astype("<i8").tobytes())
    digest.update(np.where(np.isnan(rows.values), np.nan, rows.values).astype("<f8").tobytes())
    return digest.hexdigest()
