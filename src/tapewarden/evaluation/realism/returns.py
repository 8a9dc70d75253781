"""Facts of returns: heavy tails that fade over longer steps, no memory of direction, memory of size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from tapewarden.domain.durations import from_nanoseconds
from tapewarden.domain.kinds import DAY, HOUR, MINUTE
from tapewarden.evaluation.realism.fact import Band, Fact, Measured, NotMeasurableError, need, need_number
from tapewarden.evaluation.realism.record import Floats, Record
from tapewarden.evaluation.realism.statistics import autocorrelation, hill, kurtosis

MOST_QUIET: Final = 0.5
"""Where more minutes than this share bring no news of the price, most returns are zero for want of trade."""

TAIL_SHARE: Final = 0.05
LEAST_IN_TAIL: Final = 25
SCALES: Final = (MINUTE, 10 * MINUTE, HOUR, DAY)
LEAST_AT_A_SCALE: Final = 100
MEMORY: Final = 60
"""Minutes over which the size of returns is remembered."""


def minute_returns(record: Record, least: int) -> Floats:
    """One-minute log returns; ``NotMeasurableError`` if there are too few, or the market is too quiet."""
    returns = record.returns(MINUTE)
    need(len(returns), least, "minutes")
    quiet = record.quiet_share(MINUTE)
    if quiet > MOST_QUIET:
        raise NotMeasurableError(f"too quiet: {quiet:.0%} of minutes stand still")
    return returns


def _kurtosis(record: Record, _: Sequence[Record]) -> Measured:
    returns = minute_returns(record, 120)
    peak = need_number(kurtosis(returns), "price")
    return Measured(peak, len(returns), note=f"largest move {1e4 * np.abs(returns).max():.0f} bps")


def _tail(record: Record, _: Sequence[Record]) -> Measured:
    returns = minute_returns(record, round(LEAST_IN_TAIL / TAIL_SHARE))
    tail = round(TAIL_SHARE * len(returns))
    sizes = np.abs(returns)[returns != 0]
    need(len(sizes), tail + 1, "minutes with a move")
    index = hill(sizes, tail)
    return Measured(index, tail, index / np.sqrt(tail))


def _aggregation(record: Record, _: Sequence[Record]) -> Measured:
    minute_returns(record, LEAST_AT_A_SCALE)
    found = [(step, record.returns(step)) for step in SCALES]
    long_enough = [(step, values) for step, values in found if len(values) >= LEAST_AT_A_SCALE]
    if len(long_enough) < 2:
        raise NotMeasurableError(f"too short: under {LEAST_AT_A_SCALE} steps of 10 minutes")
    peaks = [need_number(kurtosis(values), "price") for _, values in long_enough]
    names = [from_nanoseconds(step) for step, _ in long_enough]
    note = ", ".join(f"{name} {peak:.1f}" for name, peak in zip(names, peaks, strict=True))
    fall = min(before / after for before, after in pairwise(peaks))
    return Measured(fall, len(long_enough[-1][1]), note=note)


def _direction(record: Record, _: Sequence[Record]) -> Measured:
    returns = minute_returns(record, 120)
    memory = need_number(autocorrelation(returns, 1), "price")
    return Measured(memory, len(returns), 1 / np.sqrt(len(returns)))


def _clustering(record: Record, _: Sequence[Record]) -> Measured:
    returns = minute_returns(record, 5 * MEMORY)
    memory = need_number(autocorrelation(np.abs(returns), MEMORY), "price")
    return Measured(memory, len(returns), 1 / np.sqrt(len(returns)))


def _volume(record: Record, _: Sequence[Record]) -> Measured:
    moves = np.abs(minute_returns(record, 120))
    volumes = record.volumes(MINUTE)
    if moves.std() == 0 or volumes.std() == 0:
        raise NotMeasurableError("constant price or volume")
    found = float(np.corrcoef(volumes, moves)[0, 1])
    return Measured(found, len(moves), (1 - found**2) / np.sqrt(len(moves)))


FACTS: Final = (
    Fact(
        "heavy tails",
        "kurtosis of 1-min returns (Gaussian: 3)",
        Band(low=5),
        "Cont 2001, fact 2",
        _kurtosis,
    ),
    Fact(
        "tail index",
        "Hill estimate over the 5 % largest 1-min returns",
        Band(2, 5),
        "Hill 1975; Gopikrishnan et al. 1998",
        _tail,
    ),
    Fact(
        "aggregational normality",
        "smallest fall of kurtosis from one step to the next: 1 min, 10 min, 1 h, 1 d",
        Band(low=1),
        "Cont 2001, fact 4",
        _aggregation,
    ),
    Fact(
        "no memory of direction",
        "autocorrelation of 1-min returns, lag 1",
        Band(-0.05, 0.05),
        "Cont 2001, fact 1",
        _direction,
    ),
    Fact(
        "volatility clustering",
        "autocorrelation of absolute 1-min returns, lag 60",
        Band(low=0.1),
        "Cont 2001, fact 6",
        _clustering,
    ),
    Fact(
        "volume and volatility",
        "correlation of volume and absolute return, 1 min",
        Band(low=0.3),
        "Karpoff 1987; Cont 2001, fact 10",
        _volume,
    ),
)
