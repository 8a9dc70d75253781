import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble._iforest import _average_path_length

from tapewarden.anomaly.logarithm import average_path_lengths, log_of


@given(st.floats(1e-300, 1e300) | st.floats(0.9, 1.1))
def test_the_logarithm_agrees_with_the_library(x: float) -> None:
    assert float(log_of(x)) == pytest.approx(math.log(x), rel=4e-16, abs=4e-16)


def test_average_path_lengths_are_those_of_scikit_learn() -> None:
    counts = [1, 2, 3, 4, 64, 256, 100_000]
    assert average_path_lengths(counts) == pytest.approx(_average_path_length(counts), rel=1e-15)
