import numpy as np
import pytest

from tapewarden.anomaly.explanation import explain, nearest_peers
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.model import AnomalyModel
from tests.unit.anomaly.conftest import some_rows

UNUSUAL = [5000.0, np.nan, 7.0, 1.0, 1.0]
"""Far too many cancels, an unknown order life, and else what is usual."""


def test_the_feature_that_is_far_out_is_the_first_reason_in_words(model: AnomalyModel) -> None:
    explained = explain(model, UNUSUAL, {"cancels": "number of cancels"})
    first = explained.reasons[0]
    assert first.feature == "cancels"
    assert first.above == 100
    assert first.words.startswith("number of cancels is 5000, above all training windows (middle ")
    assert first.words.endswith(f"): isolated {first.effect:.1f} splits sooner")


def test_what_is_usual_is_counter_evidence_and_what_is_unknown_neither(model: AnomalyModel) -> None:
    explained = explain(model, UNUSUAL)
    assert {one.feature for one in explained.counter_evidence} == {"share of depth", "fills"}
    assert all(one.effect < 0 and one.words.endswith("later") for one in explained.counter_evidence)
    assert all(", amid training windows (middle " in one.words for one in explained.counter_evidence)
    assert explained.unknown == ("order life",)
    assert explained.contributions[1] != 0
    assert explained.contributions[2] == 0


def test_contributions_sum_up_to_what_makes_the_path_short(model: AnomalyModel) -> None:
    explained = explain(model, UNUSUAL)
    assert isinstance(model.scorer, Forest)
    length = model.scorer.path_lengths(model.transform.apply(UNUSUAL))[0]
    assert explained.surplus == pytest.approx(model.scorer.expected_length - length)
    assert explained.surplus == pytest.approx(sum(explained.contributions))
    assert explained.score == model.score(UNUSUAL)[0]
    assert explained.p_value == model.p_values([explained.score])[0]


def test_the_nearest_peers_are_usual_windows_and_told_apart_by_what_differs(model: AnomalyModel) -> None:
    others = some_rows(seed=3, count=300).values
    others[17] = [np.nan, 1.0, 7, 1.0, 1.0]
    others[18] = UNUSUAL
    others[19] = [np.nan, np.nan, 7, np.nan, 1.0]
    peers = nearest_peers(model, UNUSUAL, others)
    assert peers[0].row == 17
    assert (peers[0].distance, peers[0].differences) == (0, ())
    assert 18 not in {peer.row for peer in peers}
    assert 19 not in {peer.row for peer in peers}
    assert peers[1].distance <= peers[2].distance
    assert set(peers[1].differences) <= {"cancels", "share of depth", "fills"}
    assert (model.p_values(model.score(others[[peer.row for peer in peers]])) > 0.1).all()
