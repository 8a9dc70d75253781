from hypothesis import given
from hypothesis import strategies as st

from tapewarden.anomaly.conformal import digest_of, p_values

FLOATS = st.floats(-10, 10)


@given(st.lists(FLOATS, max_size=20), FLOATS)
def test_a_p_value_counts_the_calibration_scores_at_least_as_high(known: list[float], score: float) -> None:
    expected = (1 + sum(one >= score for one in known)) / (len(known) + 1)
    assert p_values([score], known)[0] == expected


def test_the_digest_is_that_of_the_set() -> None:
    assert digest_of([3, 1, 2]) == digest_of([1, 2, 3]) != digest_of([1, 2, 4])
