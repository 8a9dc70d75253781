"""A logarithm that is the same bits on every machine, as scores have to be."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

LN2: Final = 0.6931471805599453
EULER_GAMMA: Final = 0.5772156649015329
_SQRT_HALF: Final = 0.7071067811865476

Numbers = npt.NDArray[np.float64]


def log_of(numbers: npt.ArrayLike) -> Numbers:
    """Natural logarithm of each number ``> 0``, to about 3e-16 of it, or of one if that is more.

    The mathematics libraries of different machines may differ in the last bit, so this uses nothing but what
    IEEE 754 fixes: ``x = m 2**e``, and the series of ``atanh`` for ``ln m``, ``m`` near one. NaN stays NaN.
    """
    mantissas, exponents = np.frexp(np.asarray(numbers, np.float64))
    small = mantissas < _SQRT_HALF
    mantissas = np.where(small, 2.0 * mantissas, mantissas)
    ratios = (mantissas - 1.0) / (mantissas + 1.0)
    squares = ratios * ratios
    powers, sums = ratios, np.zeros_like(ratios)
    for i in range(12):
        sums = sums + powers / (2 * i + 1)
        powers = powers * squares
    return np.asarray(2.0 * sums + (exponents - small) * LN2)


def average_path_lengths(samples: npt.ArrayLike) -> Numbers:
    """``c(n)``: the mean number of splits that part one of ``n`` samples from the rest, for each ``n``.

    ``2 (ln(n - 1) + g) - 2 (n - 1) / n`` with Euler's constant ``g``, one for two samples, none for one (Liu,
    Ting and Zhou 2008, equation 1, as scikit-learn has it).
    """
    counts = np.asarray(samples, np.float64)
    many = np.maximum(counts, 3.0)
    lengths = 2.0 * (log_of(many - 1.0) + EULER_GAMMA) - 2.0 * (many - 1.0) / many
    return np.where(counts > 2, lengths, np.where(counts == 2, 1.0, 0.0))
