"""Random numbers for compiled code: one stream per agent, the same on every machine.

A stream is a counter hashed by the finalizer of splitmix64 (Steele, Lea and Flood 2014), so that one agent's
draws never depend on another's. Logarithms and exponentials of different machines may differ in the last
bit; their tables here are rounded, and only added, multiplied and compared.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, Final

import numpy as np

from tapewarden.compiled.compiling import inline_rule, rule, unsigned
from tapewarden.compiled.rows import Row, u64

BINS: Final = 4096
TAIL: Final = 8.317766166719343  # ln BINS: where the table of the exponential distribution ends
_DIGITS: Final = 12


class RandomRow(Row):
    """A stream of random numbers: where its counter is."""

    counter: u64


_GOLDEN: Final = 0x9E3779B97F4A7C15
_PER_UNIT: Final = 1.0 / (1 << 53)
_EXPONENTIAL: Final = np.round(-np.log1p(-np.arange(BINS) / BINS), _DIGITS)
_NORMAL: Final = np.round(
    [NormalDist().inv_cdf(min(max(i / BINS, 1e-5), 1 - 1e-5)) for i in range(BINS + 1)], _DIGITS
)
_POWERS: Final = np.round(2.0 ** (np.arange(1025) / 1024), _DIGITS)


@inline_rule
def bits(stream: Any) -> int:
    """64 random bits."""
    stream.counter = stream.counter + unsigned(_GOLDEN)
    value = unsigned(stream.counter)
    value = (value ^ (value >> unsigned(30))) * unsigned(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> unsigned(27))) * unsigned(0x94D049BB133111EB)
    return value ^ (value >> unsigned(31))


@rule
def uniform(stream: Any) -> float:
    """From 0 up to, not including, 1."""
    return float(bits(stream) >> unsigned(11)) * _PER_UNIT


@rule
def below(stream: Any, limit: int) -> int:
    """A whole number from 0 up to, not including, ``limit``."""
    return int(uniform(stream) * limit)


@rule
def exponential(stream: Any) -> float:
    """Exponentially distributed with mean 1."""
    passed = 0.0
    while True:
        place = uniform(stream) * BINS
        cell = int(place)
        if cell < BINS - 1:
            low = float(_EXPONENTIAL[cell])
            return passed + low + (place - cell) * (float(_EXPONENTIAL[cell + 1]) - low)
        passed += TAIL  # no memory: beyond the table it begins anew


@rule
def normal(stream: Any) -> float:
    """Normally distributed with mean 0 and deviation 1, within 4.3 deviations."""
    place = uniform(stream) * BINS
    cell = int(place)
    low = float(_NORMAL[cell])
    return low + (place - cell) * (float(_NORMAL[cell + 1]) - low)


@rule
def power_of_two(exponent: float) -> float:
    """``2 ** exponent`` to within 1e-6 of it, for exponents between -60 and 60."""
    whole = int(np.floor(exponent))
    place = (exponent - whole) * 1024
    cell = int(place)
    low = float(_POWERS[cell])
    part = low + (place - cell) * (float(_POWERS[cell + 1]) - low)
    scale = 1.0
    for _ in range(min(abs(whole), 60)):
        scale *= 2.0
    return part * scale if whole >= 0 else part / scale
