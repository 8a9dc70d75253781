import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.anomaly.running_threshold import RunningThreshold

SCORES = np.random.default_rng(12).standard_normal(6000).tolist()


def judge(threshold: RunningThreshold, scores: list[float]) -> list[bool | None]:
    return [threshold.exceeds(score) for score in scores]


def test_nothing_is_judged_before_the_warm_up() -> None:
    judged = judge(RunningThreshold(chance=0.001, drift=50, warm_up=300), SCORES)
    assert judged[:350] == [None] * 350
    assert None not in judged[350:]


def test_scores_that_are_all_alike_are_waited_out() -> None:
    threshold = RunningThreshold(chance=0.001, warm_up=200)
    assert set(judge(threshold, [0.5] * 2000)) == {None}
    assert len(threshold.first) < 200
    assert judge(threshold, SCORES[:400])[-1] is False


def test_the_budget_is_kept_with_and_without_drift() -> None:
    chance = 0.005
    scores = np.random.default_rng(1).standard_normal(12_000)
    still = judge(RunningThreshold(chance=chance), scores.tolist())
    drifting = judge(RunningThreshold(chance=chance, drift=40), (scores + np.arange(12_000) / 200).tolist())
    assert still.count(True) == pytest.approx(12_000 * chance, rel=0.3)
    assert drifting.count(True) == pytest.approx(12_000 * chance, rel=0.3)


def test_a_burst_of_alerts_raises_the_threshold_only_so_far() -> None:
    threshold = RunningThreshold(chance=0.005)
    judge(threshold, SCORES)
    before = threshold.threshold
    assert judge(threshold, [100.0] * 100) == [True] * 100
    assert before < threshold.threshold < 1.5 * before


@settings(max_examples=10)
@given(cut=st.integers(0, 700), drift=st.sampled_from([0, 30]))
def test_a_restored_state_goes_on_as_if_nothing_had_been(cut: int, drift: int) -> None:
    scores = SCORES[:700]
    whole, first = (RunningThreshold(chance=0.01, drift=drift, warm_up=200) for _ in range(2))
    judged = judge(first, scores[:cut])
    again = RunningThreshold.restored(json.loads(json.dumps(first.state())))
    assert judged + judge(again, scores[cut:]) == judge(whole, scores)
    assert again.state() == whole.state()


def test_memory_is_bounded() -> None:
    threshold = RunningThreshold(chance=0.2, warm_up=100)
    judge(threshold, SCORES)
    assert (len(threshold.recent), len(threshold.first), len(threshold.excesses)) == (0, 0, 1000)
    assert threshold.tail is not None
    assert threshold.tail.observed == 6000
