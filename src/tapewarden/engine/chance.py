"""What chance alone would do: tail probabilities, and random numbers that are the same everywhere.

Rules may not call ``exp`` or ``log``: the mathematics libraries of different machines may differ in the
last bit, and a signal must be the same bytes everywhere. These use additions, multiplications, divisions
and comparisons only, which IEEE 754 fixes exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numba.extending import overload

from tapewarden.compiled.compiling import rule

_NEGLIGIBLE: Final = 1e-17
_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15


@rule
def exp_of_minus(x: float) -> float:
    """``e ** -x`` for ``x >= 0``, to about 1e-14 of its value below 64; 0 above 745.

    The argument is halved until it is at most a quarter, the Taylor series summed there, and the result
    squared as often as the argument was halved.
    """
    if x > 745.0:
        return 0.0
    halvings = 0
    while x > 0.25:
        x *= 0.5
        halvings += 1
    power, term = 1.0, 1.0
    for i in range(1, 13):
        term *= -x / i
        power += term
    for _ in range(halvings):
        power *= power
    return power


@rule
def poisson_tail(count: int, mean: float) -> float:
    """Probability of ``count`` or more events where ``mean`` are expected and each is independent.

    The probability of ``count`` itself is multiplied up term by term, spreading ``e ** -mean`` over the
    terms so that nothing overflows; the tail is summed on its smaller side. Relative error about
    1e-15 per event counted; cost linear in ``count``, meant for counts up to some thousands.
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count > mean:
        term = _poisson_point(count, mean)
        total, i = term, count
        while term > total * _NEGLIGIBLE:
            i += 1
            term *= mean / i
            total += term
        return min(total, 1.0)
    term = _poisson_point(count - 1, mean)
    total, i = term, count - 1
    while i > 0 and term > total * _NEGLIGIBLE:
        term *= i / mean
        i -= 1
        total += term
    return max(1.0 - total, 0.0)


@rule
def poisson_head(count: int, mean: float) -> float:
    """Probability of ``count`` or fewer events where ``mean`` are expected, to the same relative error.

    Summed downward where it is small, so that it never is the difference of two ones.
    """
    if count < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    if count >= mean:
        return 1.0 - poisson_tail(count + 1, mean)
    term = _poisson_point(count, mean)
    total, i = term, count
    while i > 0 and term > total * _NEGLIGIBLE:
        term *= i / mean
        i -= 1
        total += term
    return total


@rule
def _poisson_point(count: int, mean: float) -> float:
    if count == 0:
        return exp_of_minus(mean)
    fade = exp_of_minus(mean / count)
    point = 1.0
    for i in range(1, count + 1):
        point *= mean / i * fade
    return point


@rule
def binomial_tail(count: int, trials: int, chance: float) -> float:
    """Probability of ``count`` or more successes in ``trials`` independent trials of the given chance.

    Summed on the smaller side, as in ``poisson_tail``; relative error about 1e-15 per trial, cost linear
    in ``trials``, meant for up to some thousands.
    """
    if count <= 0:
        return 1.0
    if count > trials or chance <= 0:
        return 0.0
    if chance >= 1:
        return 1.0
    odds = chance / (1.0 - chance)
    if count > trials * chance:
        term = _binomial_point(count, trials, chance)
        total, i = term, count
        while i < trials and term > total * _NEGLIGIBLE:
            term *= (trials - i) / (i + 1) * odds
            i += 1
            total += term
        return min(total, 1.0)
    term = _binomial_point(count - 1, trials, chance)
    total, i = term, count - 1
    while i > 0 and term > total * _NEGLIGIBLE:
        term *= i / (trials - i + 1) / odds
        i -= 1
        total += term
    return max(1.0 - total, 0.0)


@rule
def _binomial_point(count: int, trials: int, chance: float) -> float:
    point, failures = 1.0, trials - count
    for i in range(1, count + 1):
        point *= (trials - count + i) / i * chance
        while point > 1.0 and failures > 0:  # keeps the product from overflowing
            point *= 1.0 - chance
            failures -= 1
    for _ in range(failures):
        point *= 1.0 - chance
    return point


def uniform(seed: int, index: int) -> float:
    """The ``index``-th number of the stream ``seed``, evenly spread over [0, 1) in steps of 2 ** -53.

    Counter-based, so that nothing is remembered between calls: the output function of splitmix64 (Steele,
    Lea and Flood 2014) at position ``index``, from 0. Key the seed by the evidence, such as a trade's id:
    a permutation test is then the same in every process.
    """
    value = (seed + (index + 1) * _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((value ^ (value >> 31)) >> 11) * 2.0**-53


@overload(uniform)
def _uniform(seed: int, index: int) -> Callable[[int, int], float]:
    """The same in machine arithmetic, which wraps where Python needs the mask."""

    def draw(seed: int, index: int) -> float:
        value = np.uint64(seed) + np.uint64(index + 1) * np.uint64(_GOLDEN)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return float((value ^ (value >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53

    return draw
