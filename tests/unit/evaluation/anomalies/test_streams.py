import json
from math import exp
from pathlib import Path

import numpy as np
import pytest

from tapewarden.evaluation.anomalies.streaming import STREAMING, rows_of, surprise
from tapewarden.evaluation.anomalies.streams import (
    PROFILES,
    Profile,
    Series,
    best_score,
    read_series,
    scaled_sigmoid,
)

STANDARD = PROFILES[0]
SERIES = Series("one", np.zeros(1000), ((300, 399), (700, 799)))


def alerts(*rows: int) -> np.ndarray:
    scores = np.zeros(1000)
    scores[list(rows)] = 1
    return scores


def judged(scores: np.ndarray, profile: Profile = STANDARD) -> float:
    return best_score([SERIES], [scores], profile)


def test_every_window_caught_at_its_start_is_a_hundred_and_no_alert_is_nothing() -> None:
    assert judged(alerts(300, 700)) == pytest.approx(100, abs=0.05)
    assert judged(alerts()) == 0


def test_one_caught_window_of_two_earns_half_and_the_earlier_alert_counts() -> None:
    assert judged(alerts(300)) == pytest.approx(50, abs=0.05)
    late = 2 / (1 + exp(-5 / 100)) - 1
    assert judged(alerts(399)) == pytest.approx(25 * (1 + late / scaled_sigmoid(-1)), abs=0.01)
    assert judged(alerts(300, 350, 399)) == judged(alerts(300))


def test_alerts_outside_cost_by_profile_and_more_the_farther_behind() -> None:
    good = judged(alerts(300, 700))
    before, near, far = (judged(alerts(300, 700, row)) for row in (200, 410, 690))
    assert good > near > far
    assert before == pytest.approx(good - 25 * 0.11)
    assert far == pytest.approx(before, abs=0.01)
    assert judged(alerts(300, 700, 200), PROFILES[1]) == pytest.approx(good - 25 * 0.22)


def test_alerts_in_probation_neither_earn_nor_cost() -> None:
    assert judged(alerts(149, 300)) == judged(alerts(300))


def test_the_best_threshold_is_taken_for_all_series_together() -> None:
    other = Series("two", np.zeros(1000), ())
    high, low = 3 * alerts(300, 700), 2 * alerts(*range(200, 900))
    assert best_score([SERIES, other], [high, low], STANDARD) == judged(alerts(300, 700))


def test_missed_windows_weigh_double_where_misses_are_to_be_avoided() -> None:
    assert judged(alerts(300), PROFILES[2]) == pytest.approx(50, abs=0.05)
    cost = judged(alerts(300, 700)) - judged(alerts(300, 700, 200), PROFILES[2])
    assert cost == pytest.approx(100 * 0.11 / 6)


def test_series_are_read_with_their_windows_as_rows(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    (tmp_path / "data").mkdir()
    window = ["2020-01-01 00:10:00.000000", "2020-01-01 00:20:00.000000"]
    labels = {"a.csv": [window], "elsewhere.csv": []}
    (tmp_path / "labels" / "combined_windows.json").write_text(json.dumps(labels), "utf-8")
    lines = ["timestamp,value", *(f"2020-01-01 00:{minute:02}:00,{minute}" for minute in range(0, 60, 5))]
    (tmp_path / "data" / "a.csv").write_text("\n".join(lines), "utf-8")
    (series,) = read_series(tmp_path)
    assert (series.name, series.windows) == ("a.csv", ((2, 4),))
    assert series.values.tolist() == list(range(0, 60, 5))


def test_rows_tell_each_point_beside_its_past_only() -> None:
    values = np.random.default_rng(1).random(100)
    whole, part = rows_of(values), rows_of(values[:60])
    assert whole[:60].tobytes() == part.tobytes()
    assert whole[50, 2] == pytest.approx(values[39:51].mean())
    assert whole[50, 4] == pytest.approx(values[50] - values[39:51].mean())


def test_surprise_compares_a_score_with_those_before_it_whatever_their_scale() -> None:
    scores = np.random.default_rng(3).random(900)
    scores[700] = 1.5
    rare = surprise(scores, 100)
    assert not rare[:300].any()
    assert rare.argmax() == 700
    assert surprise(7 * scores + 3, 100) == pytest.approx(rare, abs=1e-6)
    assert surprise(scores[:800], 100).tobytes() == rare[:800].tobytes()
    assert not surprise(np.ones(900), 100).any()


@pytest.mark.parametrize("name", STREAMING)
def test_every_scorer_sees_a_jump_and_nothing_of_the_future(name: str) -> None:
    values = np.random.default_rng(2).standard_normal(700)
    values[500] = 40
    scores = STREAMING[name](values, 150)
    assert not scores[:150].any()
    judged = scores[150:]
    assert judged[350] >= np.sort(judged)[-10]
    assert STREAMING[name](values[:600], 150).tobytes() == scores[:600].tobytes()
