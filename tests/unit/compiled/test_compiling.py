"""What compiled loops reckon with."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.compiled.compiling import exponent_of, kernel


@kernel
def exponents(numbers: npt.NDArray[np.float64], found: npt.NDArray[np.int64]) -> None:
    for i in range(len(numbers)):
        found[i] = exponent_of(numbers[i])


@given(st.floats(1.0, 1.7e308) | st.integers(0, 1023).map(lambda power: math.ldexp(1.0, power)))
def test_the_exponent_of_a_number_is_that_of_the_power_of_two_at_or_below_it(number: float) -> None:
    power = exponent_of(number)
    assert math.ldexp(1.0, power) <= number
    assert power == 1023 or number < math.ldexp(1.0, power + 1)
    found = np.zeros(1, np.int64)
    exponents(np.array([number]), found)
    assert found.tolist() == [power]


@given(st.floats(0.0, 1.0, exclude_max=True))
def test_below_one_the_exponent_is_negative(number: float) -> None:
    assert exponent_of(number) < 0
