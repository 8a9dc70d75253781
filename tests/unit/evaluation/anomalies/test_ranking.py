"""Rankings of windows: what is read off their curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.evaluation.anomalies.ranking import (
    Ranking,
    at_recalls,
    average_precision_interval,
    first_by,
    rank,
)
from tapewarden.evaluation.curves import Curve, Ranked, Target

SCORED = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30)


def ranked(*scored: tuple[float, bool]) -> Ranking:
    scores, wanted = zip(*scored, strict=True)
    return rank(np.array(scores, float), np.array(wanted))


@given(SCORED)
def test_average_precision_is_that_of_alarms_and_episodes(scored: list[tuple[int, bool]]) -> None:
    if not any(wanted for _, wanted in scored):
        with pytest.raises(ValueError, match="windows that are wanted expected"):
            ranked(*scored)
        return
    alarms = [Ranked(score, wanted, 0) for score, wanted in scored]
    targets = [Target(score, 0) for score, wanted in scored if wanted]
    assert ranked(*scored).average_precision == pytest.approx(Curve(alarms, targets).average_precision())


def test_figures_are_read_off_the_curve() -> None:
    found = ranked((9, True), (8, True), (7, False), (6, True), (5, False), (4, True), (3, False))
    assert found.early_precision == 1.0
    assert found.precise_recall == 0.5
    assert at_recalls(found, [0.5, 0.75, 1.0]) == pytest.approx([1.0, 0.75, 4 / 6])
    assert ranked((2, False), (1, True)).precise_recall == 0.0


def test_windows_of_equal_scores_come_together() -> None:
    found = ranked((1, True), (1, False), (0, False))
    assert (found.precision.tolist(), found.recall.tolist()) == ([0.5, 1 / 3], [1.0, 1.0])


def test_a_window_counts_as_often_as_its_weight() -> None:
    scores, wanted = np.array([3.0, 2.0, 1.0]), np.array([False, True, False])
    assert rank(scores, wanted, np.array([0.5, 1.0, 7.0])).average_precision == pytest.approx(2 / 3)
    assert rank(scores, wanted, np.array([0.0, 1.0, 0.0])).average_precision == 1.0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=20))
def test_the_first_scores_decide_and_the_next_ones_among_equals(both: list[tuple[int, int]]) -> None:
    table = np.array(both, float).reshape(-1, 2)
    ranks = first_by(table[:, 0], table[:, 1])
    for one, place in zip(both, ranks, strict=True):
        for other, there in zip(both, ranks, strict=True):
            assert (one < other) == (place < there)


def test_an_interval_holds_its_value_and_is_the_same_each_time() -> None:
    random = np.random.default_rng(2)
    wanted = random.random(600) < 0.2
    scores, market = 0.5 * wanted + random.random(600), np.arange(600) // 60
    found = average_precision_interval(scores, wanted, market)
    assert found.low < found.value < found.high
    assert found.value == rank(scores, wanted).average_precision
    assert average_precision_interval(scores, wanted, market) == found
