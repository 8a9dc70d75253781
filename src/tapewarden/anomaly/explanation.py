"""Why a window is unusual, in words, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.attribution import contributions
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.forest_kernel import Rows
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.transform import PERCENTILES

SHOWN: Final = 3
"""Reasons, and pieces of counter-evidence, that an explanation names."""

BEYOND: Final = 75
"""Percent of training windows that a value is beyond for it to be told so."""

LEAST: Final = 0.05
"""What a feature named as a reason or as counter-evidence adds or takes at least: less would read 0.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one feature did: ``effect`` is its contribution, positive where it made the window unusual.

    ``above`` is the percentage of training windows with a lower value, ``below`` of those with a higher one;
    ``words`` says it all for a reader.
    """

    feature: str
    value: float
    median: float
    above: float
    below: float
    effect: float
    words: str

    @property
    def is_common(self) -> bool:
        """Whether the value is common by itself: what is unusual is to have it beside the others."""
        return max(self.above, self.below) < BEYOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A window's score and how it came about.

    ``contributions``, one per feature in the order of the model card, sum up to ``surplus``: by how many
    splits the forest's path is shorter than expected, or by how much the nearest neighbors are farther away
    than expected. ``reasons`` added most to it, ``counter_evidence`` took most from it. ``unknown`` features
    are neither: a forest takes them for typical, and to neighbors that they are unknown is a value, but for
    what nobody knows no words are found.
    """

    score: float
    p_value: float
    surplus: float
    contributions: tuple[float, ...]
    reasons: tuple[Reason, ...]
    counter_evidence: tuple[Reason, ...]
    unknown: tuple[str, ...]


def explain(
    model: AnomalyModel, values: npt.ArrayLike, labels: Mapping[str, str] | None = None, shown: int = SHOWN
) -> Explanation:
    """Explain the score of one row of feature values; ``labels`` are names of features for readers."""
    given = np.asarray(values, np.float64)
    row = model.transform.apply(given)[0]
    kept = model.transform.kept
    parts = np.zeros(len(given))
    parts[kept] = _unusual_parts(model, row)
    score = float(model.scorer.score(row)[0])
    effects = parts[kept]
    told = np.flatnonzero(~np.isnan(given[kept]) & (np.abs(effects) >= LEAST)).tolist()
    moved = sorted(told, key=lambda column: (-effects[column], model.used[column]))
    for_it = [column for column in moved[:shown] if effects[column] > 0]
    against = [column for column in moved[::-1][:shown] if effects[column] < 0]
    return Explanation(
        score=score,
        p_value=float(model.p_values([score])[0]),
        surplus=float(parts.sum()),
        contributions=tuple(parts.tolist()),
        reasons=tuple(_reason(model, one, given, parts, labels or {}) for one in for_it),
        counter_evidence=tuple(_reason(model, one, given, parts, labels or {}) for one in against),
        unknown=tuple(
            name for name, value in zip(model.card.features, given, strict=True) if np.isnan(value)
        ),
    )


def _unusual_parts(model: AnomalyModel, row: Rows) -> Numbers:
    """What each mapped column adds to how unusual the row is."""
    if isinstance(model.scorer, Forest):
        return -contributions(model.scorer, row)
    return model.scorer.contributions(row)


@dataclass(frozen=True, slots=True)
class Peer:
    """An ordinary window like the one explained: its row among those given, and where the two differ most."""

    row: int
    distance: float
    differences: tuple[str, ...]


def nearest_peers(
    model: AnomalyModel, values: npt.ArrayLike, others: npt.ArrayLike, count: int = SHOWN
) -> Sequence[Peer]:
    """The ``count`` rows of ``others`` that are usual (p above 0.1) and nearest to ``values``.

    The distance is the root mean square of differences between mapped values, each in units of the middle
    half of training values, over what is known of both. Rows that share less than half of what the model
    uses are left out.
    """
    row, rows = model.transform.apply(values)[0], model.transform.apply(others)
    apart = np.abs(rows - row) / _spreads(model)
    known = ~np.isnan(apart)
    usual = model.p_values(model.scorer.score(rows)) > 0.1
    shared = known.sum(axis=1)
    candidates = np.flatnonzero(usual & (2 * shared >= len(row)) & (shared > 0))
    squares = np.where(known, apart, 0.0)[candidates] ** 2
    distances = np.sqrt(squares.sum(axis=1) / shared[candidates])
    nearest = np.argsort(distances, kind="stable")[:count]
    names = np.array(model.used)
    return [
        Peer(
            row=int(candidates[one]),
            distance=float(distances[one]),
            differences=tuple(
                names[part].item()
                for part in np.argsort(-squares[one], kind="stable")[:SHOWN]
                if squares[one, part]
            ),
        )
        for one in nearest
    ]


def _reason(
    model: AnomalyModel, column: int, values: Numbers, parts: Numbers, labels: Mapping[str, str]
) -> Reason:
    feature, number = model.used[column], model.transform.kept[column]
    value, added = float(values[number]), float(parts[number])
    percentiles = model.transform.percentiles[column]
    above = 100 * float(np.searchsorted(percentiles, value, side="left")) / PERCENTILES
    below = 100 - 100 * float(np.searchsorted(percentiles, value, side="right")) / PERCENTILES
    median = float(model.transform.medians[column])
    rank = f"{_rank(above, below)} (middle {median:.4g})"
    return Reason(
        feature=feature,
        value=value,
        median=median,
        above=above,
        below=below,
        effect=added,
        words=f"{labels.get(feature, feature)} is {value:.4g}, {rank}: {_effect(model, added)}",
    )


def _effect(model: AnomalyModel, added: float) -> str:
    if isinstance(model.scorer, Forest):
        return f"isolated {abs(added):.1f} splits {'sooner' if added > 0 else 'later'}"
    return f"{abs(added):.1f} {'farther from' if added > 0 else 'nearer to'} usual windows"


def _rank(above: float, below: float) -> str:
    """Where a value stands among training windows, ``above`` and ``below`` so many percent of them."""
    place, percent = ("above", above) if above > below else ("below", below)
    if percent >= 99.5:
        return f"{place} all training windows"
    return f"{place} {percent:.0f} % of training windows" if percent >= BEYOND else "amid training windows"


def _spreads(model: AnomalyModel) -> Numbers:
    """The width of the middle half of mapped training values, of all of them where that is none."""
    percentiles = model.transform.percentiles
    full = np.zeros((4, len(model.card.features)))
    full[:, model.transform.kept] = percentiles[:, [25, 75, 0, PERCENTILES - 1]].T
    quarter, three_quarters, least, most = model.transform.apply(full).astype(np.float64)
    half, whole = three_quarters - quarter, most - least
    return np.where(half > 0, half, np.where(whole > 0, whole, 1.0))
