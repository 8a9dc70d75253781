import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tapewarden.anomaly.conformal import RecentScores, digest_of, discoveries, p_values

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


def test_a_score_is_compared_with_past_blocks_and_not_with_its_own() -> None:
    recent = RecentScores(block_length=100, most_blocks=2)
    assert [recent.p_value(ts, 1.0) for ts in (0, 50, 99)] == [None, None, None]
    assert recent.p_value(100, 1.0) == 1
    assert recent.p_value(101, 5.0) == 1 / 4
    assert recent.p_value(102, 5.0) == 1 / 4
    assert recent.p_value(700, 5.0) == 3 / 7
    assert recent.p_value(800, 5.0) == pytest.approx(4 / 5)
    assert recent.calibration.tolist() == [1, 5, 5, 5]


@given(cut=st.integers(0, 40))
def test_a_restored_calibration_goes_on_as_if_nothing_had_been(cut: int) -> None:
    steps = [(7 * i, float(i * 37 % 11)) for i in range(40)]
    whole, first = RecentScores(block_length=30, most_blocks=3), RecentScores(block_length=30, most_blocks=3)
    expected = [whole.p_value(*step) for step in steps]
    received = [first.p_value(*step) for step in steps[:cut]]
    again = RecentScores(**json.loads(json.dumps(first.state())))
    assert received + [again.p_value(*step) for step in steps[cut:]] == expected
    assert again.state() == whole.state()
