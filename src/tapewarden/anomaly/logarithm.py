"""A logarithm that is the same bits on every machine, as scores have to be."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import inline_rule, kernel

LN2: Final = 0.6931471805599453
EULER_GAMMA: Final = 0.5772156649015329
_SQRT_HALF: Final = 0.7071067811865476
_FRACTION: Final = (1 << 52) - 1  # bits of a number
_HALF: Final = 1022 << 52

_COEFFICIENTS: Final = tuple(1.0 / (2 * i + 1) for i in range(11, -1, -1))
"""Of the series of ``atanh``, the highest power first."""

Numbers = npt.NDArray[np.float64]


@inline_rule
def logarithm(number: float) -> float:
    """Natural logarithm of a number ``> 0``, to about 3e-16 of it, or of one if that is more; NaN stays NaN.

    Infinite and subnormal numbers (below 2e-308) are not for it. The mathematics libraries of different
    machines may differ in the last bit, so this uses nothing but what IEEE 754 fixes: ``x = m 2**e``, as its
    bits say, and the series of ``atanh`` for ``ln m``, ``m`` near one. No branch, so that many are worked out
    at once.
    """
    bits = np.float64(number).view(np.int64)
    mantissa, exponent = np.int64(bits & _FRACTION | _HALF).view(np.float64), (bits >> 52) - 1022
    is_small = mantissa < _SQRT_HALF
    mantissa = 2.0 * mantissa if is_small else mantissa
    exponent = exponent - 1 if is_small else exponent
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    square = ratio * ratio
    total = 0.0
    for coefficient in _COEFFICIENTS:
        total = total * square + coefficient
    found = 2.0 * ratio * total + exponent * LN2
    return float(number if np.isnan(number) else found)


@kernel
def _write_logarithms(numbers: Numbers, logarithms: Numbers) -> None:
    for i in range(len(numbers)):
        logarithms[i] = logarithm(numbers[i])


def log_of(numbers: npt.ArrayLike) -> Numbers:
    """``logarithm`` of each number."""
    given = np.asarray(numbers, np.float64)
    logarithms = np.empty(given.size)
    _write_logarithms(given.ravel(), logarithms)
    return logarithms.reshape(given.shape)


def average_path_lengths(samples: npt.ArrayLike) -> Numbers:
    """``c(n)``: the mean number of splits that part one of ``n`` samples from the rest, for each ``n``.

    ``2 (ln(n - 1) + g) - 2 (n - 1) / n`` with Euler's constant ``g``, one for two samples, none for one (Liu,
    Ting and Zhou 2008, equation 1, as scikit-learn has it).
    """
    counts = np.asarray(samples, np.float64)
    many = np.maximum(counts, 3.0)
    lengths = 2.0 * (log_of(many - 1.0) + EULER_GAMMA) - 2.0 * (many - 1.0) / many
    return np.where(counts > 2, lengths, np.where(counts == 2, 1.0, 0.0))
