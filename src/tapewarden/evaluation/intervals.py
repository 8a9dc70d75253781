"""Counts as shares with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z: Final = 1.959963984540054
"""Quantile of the standard normal distribution for a two-sided confidence of 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``total``, with the interval of Wilson (1927) at a confidence of 95 %.

    >>> share(8, 10)
    Share(hits=8, total=10, value=0.8, low=0.4902, high=0.9433)
    """

    hits: int
    total: int
    value: float | None
    low: float
    high: float


def share(hits: int, total: int) -> Share:
    """The share and its interval to four digits; of nothing, ``None`` between 0 and 1."""
    if not total:
        return Share(0, 0, None, 0.0, 1.0)
    value, spread = hits / total, _Z * _Z / total
    middle = (value + spread / 2) / (1 + spread)
    half = _Z * sqrt(value * (1 - value) / total + spread / (4 * total)) / (1 + spread)
    return Share(
        hits, total, round(value, 4), round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)
    )
