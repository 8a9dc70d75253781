"""Whether what a model sees is still what it was trained on: features, scores and alerts."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers, log_of
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.transform import PERCENTILES
from tapewarden.engine.chance import exp_of_minus, poisson_head, poisson_tail

DECILES: Final = 10
SCORE_BINS: Final = 100
"""Bins that running counts of feature values and of scores have."""

Counts = npt.NDArray[np.int64]

_LEAST: Final = 1e-4  # share of a bin that is empty, so that its logarithm exists


def population_stability(expected: npt.ArrayLike, observed: npt.ArrayLike) -> float:
    """The population stability index of two lists of shares, each summing to one: ``sum (o - e) ln(o / e)``.

    The symmetric Kullback-Leibler divergence (Jeffreys 1946); 0 for equal shares.
    """
    before = np.maximum(np.asarray(expected, np.float64), _LEAST)
    now = np.maximum(np.asarray(observed, np.float64), _LEAST)
    return float(((now - before) * (log_of(now) - log_of(before))).sum())


def feature_stability(model: AnomalyModel, values: npt.ArrayLike) -> dict[str, float]:
    """The index of each used feature: shares of its known values between the deciles of training.

    Ten bins; equal deciles share one. Some hundreds of rows are needed: with ``n`` rows chance alone gives
    about ``9 / n``. ``NaN`` where a feature is missing from all rows.
    """
    return stability_of(model, decile_counts(model, values))


def decile_counts(model: AnomalyModel, values: npt.ArrayLike) -> Counts:
    """How many known values lie between which deciles of training: a row per used feature, ten bins."""
    rows = np.atleast_2d(np.asarray(values, np.float64))[:, model.transform.kept]
    return _counts(rows, model.transform.percentiles)


def stability_of(model: AnomalyModel, counts: Counts) -> dict[str, float]:
    """As ``feature_stability``, of sums of ``decile_counts``."""
    percentiles = model.transform.percentiles
    expected = _counts(percentiles.T, percentiles) / PERCENTILES
    known = counts.sum(axis=1)
    return {
        name: population_stability(expected[at], counts[at] / known[at]) if known[at] else float("nan")
        for at, name in enumerate(model.used)
    }


def _counts(rows: Numbers, percentiles: Numbers) -> Counts:
    features = rows.shape[1]
    bins = (rows[:, :, None] > percentiles[None, :, 10:-1:10]).sum(axis=2) + DECILES * np.arange(features)
    counts = np.bincount(bins[~np.isnan(rows)], minlength=DECILES * features)
    return counts.reshape(features, DECILES)


class Distance(NamedTuple):
    """The largest distance of two distribution functions, and how often chance gives one as large."""

    distance: float
    p_value: float


def score_shift(before: npt.ArrayLike, now: npt.ArrayLike) -> Distance:
    """The Kolmogorov-Smirnov test of scores against those of calibration.

    The p-value is the asymptotic one with the correction of Stephens (1970), good from about ten scores each;
    it takes scores for independent, which neighboring windows are not, and so is too small. No shift, with
    p-value 1, where either side is empty.
    """
    one, other = np.sort(np.asarray(before, np.float64)), np.sort(np.asarray(now, np.float64))
    if not len(one) or not len(other):
        return Distance(0.0, 1.0)
    places = np.concatenate([one, other])
    shares = [np.searchsorted(side, places, side="right") / len(side) for side in (one, other)]
    return _distance(shares[0], shares[1], len(one), len(other))


def score_counts(model: AnomalyModel, scores: npt.ArrayLike) -> Counts:
    """How many scores lie between which percentiles of calibration: a hundred bins."""
    places = np.searchsorted(_score_edges(model), np.asarray(scores, np.float64), side="left")
    return np.bincount(places, minlength=SCORE_BINS)


def score_shift_of(model: AnomalyModel, counts: Counts) -> Distance:
    """As ``score_shift``, of sums of ``score_counts``.

    The distance is looked for at percentiles of calibration only, so it may be too small by about 0.01.
    """
    total = int(counts.sum())
    if not total:
        return Distance(0.0, 1.0)
    before = np.searchsorted(model.calibration, _score_edges(model), side="right") / len(model.calibration)
    return _distance(before, np.cumsum(counts)[:-1] / total, len(model.calibration), total)


def _score_edges(model: AnomalyModel) -> Numbers:
    places = len(model.calibration) * np.arange(1, SCORE_BINS) // SCORE_BINS
    return model.calibration[places]


def _distance(before: Numbers, now: Numbers, many: int, few: int) -> Distance:
    distance = float(np.abs(before - now).max())
    size = (many * few / (many + few)) ** 0.5
    return Distance(distance, _kolmogorov((size + 0.12 + 0.11 / size) * distance))


def _kolmogorov(x: float) -> float:
    """The tail of Kolmogorov's distribution: ``2 sum (-1)**(k-1) exp(-2 k**2 x**2)``."""
    if x < 0.2:  # 1 to within 1e-12, and the series is slow
        return 1.0
    terms = ((-1) ** (k - 1) * exp_of_minus(2.0 * (k * x) ** 2) for k in range(1, 101))
    return float(min(max(2.0 * sum(terms), 0.0), 1.0))


class AlertRate(NamedTuple):
    """Alerts beside the budget: the number expected, and the probability of as many, or as few, by chance."""

    alerts: int
    expected: float
    p_value: float


def alert_rate(alerts: int, windows: int, chance: float) -> AlertRate:
    """Whether ``alerts`` in ``windows`` keep the budget of ``chance`` per window, both ways.

    Twice the smaller Poisson tail. Alerts come in bursts, so a small value for a single day says little.
    """
    expected = windows * chance
    tail = min(poisson_tail(alerts, expected), poisson_head(alerts, expected))
    return AlertRate(alerts, expected, min(2.0 * tail, 1.0))
