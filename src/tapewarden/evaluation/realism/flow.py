"""Facts of order flow: how long its sign is remembered, and how orders are spread over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.stats import weibull_min

from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.realism.fact import Band, Fact, Measured, NotMeasurableError, need
from tapewarden.evaluation.realism.record import Floats, Integers, Record
from tapewarden.evaluation.realism.statistics import autocorrelation, power_law

LONGEST_LAG: Final = 100
LEAST_LAGS: Final = 5
LEAST_GAPS: Final = 200


def sign_memory(signs: Integers) -> tuple[Integers, Floats]:
    """Autocorrelation of the signs of market orders at lags evenly spread over a logarithmic scale."""
    most = min(LONGEST_LAG, len(signs) // 10)
    lags = np.unique(np.round(np.geomspace(1, max(most, 1), 16)).astype(np.int64))
    values = signs.astype(np.float64)
    return lags, np.array([autocorrelation(values, int(lag)) for lag in lags])


def _persistence(record: Record, _: Sequence[Record]) -> Measured:
    """Decay up to the first lag that sinks into the noise; memory that ends before is infinitely steep."""
    signs = record.market_orders().sign
    need(len(signs), 500, "market orders")
    lags, memory = sign_memory(signs)
    if math.isnan(memory[0]):
        raise NotMeasurableError("all market orders on one side")
    noise = memory < 2 / np.sqrt(len(signs))
    seen = int(np.argmax(noise)) if noise.any() else len(lags)
    first = f"{memory[0]:.2f} at lag 1"
    if seen < LEAST_LAGS:
        return Measured(math.inf, len(signs), note=f"{first}, noise from lag {lags[seen]}")
    slope, error = power_law(lags[:seen].astype(np.float64), memory[:seen])
    return Measured(-slope, len(signs), error, f"{first}, over {lags[seen - 1]} orders")


def gaps(record: Record) -> Floats:
    """Seconds between market orders; those at the same time left out, as clocks are coarse."""
    between = np.diff(record.market_orders().ts) / SECOND
    return between[between > 0]


def _arrivals(record: Record, _: Sequence[Record]) -> Measured:
    between = gaps(record)
    need(len(between), LEAST_GAPS, "waits")
    ours = {"Weibull": _weibull(between), "log-normal": _log_normal(between)}
    best = min(ours, key=ours.__getitem__)
    shape = weibull_min.fit(between, floc=0)[0]
    gain = _exponential(between) - ours[best]
    return Measured(gain, len(between), note=f"{best} fits best; Weibull shape {shape:.2f}")


def _exponential(values: Floats) -> float:
    """Akaike's criterion of the exponential distribution fitted by maximum likelihood."""
    return 2 * 1 + 2 * len(values) * (math.log(values.mean()) + 1)


def _weibull(values: Floats) -> float:
    shape, _, scale = weibull_min.fit(values, floc=0)
    return float(2 * 2 - 2 * np.sum(weibull_min.logpdf(values, shape, 0, scale)))


def _log_normal(values: Floats) -> float:
    logs = np.log(values)
    return float(2 * 2 + 2 * logs.sum() + len(logs) * (math.log(2 * math.pi * logs.var()) + 1))


FACTS: Final = (
    Fact(
        "order-flow persistence",
        "decay exponent of the autocorrelation of market-order signs",
        Band(0.3, 0.8),
        "Lillo and Farmer 2004; Bouchaud et al. 2004",
        _persistence,
    ),
    Fact(
        "bursts of orders",
        "AIC of exponential waiting times over that of Weibull or log-normal",
        Band(low=10),
        "Akaike 1974; Engle and Russell 1998",
        _arrivals,
    ),
)
