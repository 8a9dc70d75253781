"""Facts of sizes: first digits as Benford has them, and more round sizes than chance would bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from tapewarden.evaluation.realism.fact import Band, Fact, Measured, NotMeasurableError, need
from tapewarden.evaluation.realism.record import Floats, Integers, Record

BENFORD: Final = np.log10(1 + 1 / np.arange(1, 10))
"""Share of sizes that begin with 1 to 9 (Benford 1938)."""

LEAST_SIZES: Final = 1_000
LEAST_DECADES: Final = 2.0
LEAST_LOG_DEVIATION: Final = 1.0
LEAST_LONG: Final = 200
LONG: Final = 4
ROUND: Final = 2


def digit_shares(sizes: Integers) -> Floats:
    """Share of positive sizes that begin with 1 to 9, of shape (9,)."""
    first = sizes // 10 ** (_count_digits(sizes) - 1)
    return np.bincount(first, minlength=10)[1:] / len(sizes)


def benford_distance(sizes: Integers) -> float:
    """Mean absolute deviation of the shares of first digits from Benford's (Nigrini 2012)."""
    return float(np.abs(digit_shares(sizes) - BENFORD).mean())


def _digits(record: Record, _: Sequence[Record]) -> Measured:
    """Narrow spreads of sizes never follow Benford, so they are not judged by it."""
    sizes = record.trades.size
    need(len(sizes), LEAST_SIZES, "trades")
    logs = np.log(sizes)
    low, high = np.percentile(logs, [1, 99]) / np.log(10)
    if high - low < LEAST_DECADES:
        raise NotMeasurableError(f"sizes span {high - low:.1f} of {LEAST_DECADES:g} decades")
    if logs.std() < LEAST_LOG_DEVIATION:
        raise NotMeasurableError(f"log deviation of sizes {logs.std():.1f}, below {LEAST_LOG_DEVIATION:g}")
    most = np.unique(sizes, return_counts=True)[1].max() / len(sizes)
    return Measured(benford_distance(sizes), len(sizes), note=f"the most frequent size makes up {most:.0%}")


def _roundness(record: Record, _: Sequence[Record]) -> Measured:
    """Only sizes of at least ``LONG`` digits of lots tell: short ones are round by need."""
    sizes = record.trades.size
    need(len(sizes), LEAST_LONG, "trades")
    lots = sizes // np.gcd.reduce(sizes)
    digits = _count_digits(lots)
    long = digits >= LONG
    if long.sum() < LEAST_LONG:
        raise NotMeasurableError(f"lots too coarse: {long.sum():,} of {LEAST_LONG} sizes of {LONG} digits")
    is_round = lots[long] % 10 ** (digits[long] - ROUND) == 0
    chance = float(np.mean(10.0 ** (ROUND - digits[long])))
    share = float(is_round.mean())
    error = np.sqrt(share * (1 - share) / long.sum())
    return Measured(share - chance, int(long.sum()), error)


def _count_digits(numbers: Integers) -> Integers:
    powers = 10 ** np.arange(1, 19, dtype=np.int64)
    return np.searchsorted(powers, numbers, side="right") + 1


FACTS: Final = (
    Fact(
        "first digits of sizes",
        "mean deviation of first digits of trade sizes from Benford's law",
        Band(high=0.015),
        "Nigrini 2012; Cong et al. 2021",
        _digits,
    ),
    Fact(
        "round sizes",
        "share of trade sizes with one or two significant digits, beyond chance",
        Band(low=0.02),
        "Cong et al. 2021",
        _roundness,
    ),
)
