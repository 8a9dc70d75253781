import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tapewarden.anomaly.conformal import digest_of, discoveries, p_values

FLOATS = st.floats(-10, 10)


@given(st.lists(FLOATS, max_size=20), FLOATS)
def test_a_p_value_counts_the_calibration_scores_at_least_as_high(known: list[float], score: float) -> None:
    expected = (1 + sum(one >= score for one in known)) / (len(known) + 1)
    assert p_values([score], known)[0] == expected


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=30), st.floats(0.01, 0.5))
def test_discoveries_are_those_of_benjamini_and_hochberg(p: list[float], share: float) -> None:
    adjusted = stats.false_discovery_control(p)
    clear = np.abs(adjusted - share) > 1e-9
    assert (discoveries(p, share) == (adjusted <= share))[clear].all()


def test_there_are_no_discoveries_among_none() -> None:
    assert discoveries([], 0.1).tolist() == []


def test_the_digest_is_that_of_the_set() -> None:
    assert digest_of([3, 1, 2]) == digest_of([1, 2, 3]) != digest_of([1, 2, 4])
