"""Formulas that several facts use. All take one-dimensional arrays."""

from __future__ import annotations

import numpy as np

from tapewarden.evaluation.realism.record import Floats, Integers

Distribution = tuple[Floats | Integers, Floats]
"""Values and their weights, both of shape (n,)."""


def kurtosis(values: Floats) -> float:
    """Fourth moment about the mean over the squared variance: 3 for a Gaussian; NaN for constant values."""
    centered = values - values.mean()
    variance = float(np.mean(centered**2))
    return float(np.mean(centered**4)) / variance**2 if variance > 0 else float("nan")


def autocorrelation(values: Floats, lag: int) -> float:
    """Correlation of a stationary series with itself ``lag`` steps later (Box and Jenkins 1976).

    NaN for constant values. White noise of n values gives a standard error of 1 / √n.
    """
    centered = values - values.mean()
    total = float(centered @ centered)
    return float(centered[lag:] @ centered[: len(centered) - lag]) / total if total > 0 else float("nan")


def hill(values: Floats, tail: int) -> float:
    """Tail index from the ``tail`` largest of positive values (Hill 1975): the k of P(X > x) ~ 1 / x^k."""
    largest = np.sort(values)[-tail - 1 :]
    return float(1 / np.mean(np.log(largest[1:] / largest[0])))


def power_law(x: Floats, y: Floats) -> tuple[float, float]:
    """Exponent b of y = a x^b by least squares on logarithms, and its standard error."""
    along, up = np.log(x), np.log(y)
    centered = along - along.mean()
    spread = float(centered @ centered)
    exponent = float(centered @ up) / spread
    rest = up - up.mean() - exponent * centered
    return exponent, float(np.sqrt(rest @ rest / max(len(x) - 2, 1) / spread))


def distance(first: Distribution, second: Distribution) -> float:
    """Largest gap between two distribution functions (Kolmogorov 1933; Smirnov 1948), 0 to 1."""
    places = np.unique(np.concatenate([first[0], second[0]]))
    return float(np.max(np.abs(_cumulated(first, places) - _cumulated(second, places))))


def _cumulated(distribution: Distribution, places: Floats) -> Floats:
    values, weights = distribution
    order = np.argsort(values, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weights[order])])
    return np.asarray(sums[np.searchsorted(values[order], places, side="right")] / sums[-1])
