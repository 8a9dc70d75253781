import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble._iforest import _average_path_length

from tapewarden.anomaly.logarithm import average_path_lengths, log_of, logarithm


@given(st.floats(1e-300, 1e300) | st.floats(0.9, 1.1))
def test_the_logarithm_agrees_with_the_library(x: float) -> None:
    assert float(log_of(x)) == pytest.approx(math.log(x), rel=4e-16, abs=4e-16)


def test_average_path_lengths_are_those_of_scikit_learn() -> None:
    counts = [1, 2, 3, 4, 64, 256, 100_000]
    assert average_path_lengths(counts) == pytest.approx(_average_path_length(counts), rel=1e-15)


@given(st.lists(st.floats(2.3e-308, 1.7e308), min_size=1, max_size=20))
def test_machine_code_gives_the_bits_that_python_gives(numbers: list[float]) -> None:
    assert log_of(numbers).tolist() == [logarithm(number) for number in numbers]


def test_the_logarithm_of_what_is_missing_is_missing() -> None:
    assert np.isnan(log_of([np.nan, 1.0])).tolist() == [True, False]
