from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.anomaly.half_space import HalfSpaceTrees, new_half_space_trees
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.robust_z import learn_robust_z
from tapewarden.anomaly.scoring import Scorer
from tests.unit.anomaly.conftest import some_rows


def test_every_scorer_puts_what_is_far_out_first_and_takes_missing_values(model: AnomalyModel) -> None:
    values = some_rows().values
    values[100] = [1e6, 1e6, 7, 1e6, np.nan]
    values[200] = np.nan
    known = np.nan_to_num(np.log(values), nan=0.0)
    trees = new_half_space_trees(known.min(axis=0), known.max(axis=0), seed=1)
    trees.learn(known)
    scorers: Sequence[Scorer] = (model, learn_robust_z(values), trees)
    for scorer, rows in zip(scorers, (values, values, np.log(values)), strict=True):
        scores = scorer.score(rows)
        assert np.isfinite(scores).all(), scorer.name
        assert scores[100] >= np.sort(scores)[-3], scorer.name
    assert len({scorer.name for scorer in scorers}) == 3


def test_robust_z_is_the_mean_of_the_three_largest_distances() -> None:
    values = np.array([[0, 0, 0, 5, 0], [1, 10, 0, 5, 0], [2, 20, 0, 5, 0], [3, 30, 4, 5, 0.0]])
    baseline = learn_robust_z(values)
    assert baseline.medians.tolist() == [1.5, 15, 0, 5, 0]
    assert baseline.deviations[:2] == pytest.approx([1.4826, 14.826])
    assert baseline.deviations[2] == pytest.approx(1.2533141)
    assert baseline.score([1.5 + 1.4826, 15, 1.2533141, 99, np.nan])[0] == pytest.approx(2 / 3)


def trees(seed: int = 3) -> HalfSpaceTrees:
    return new_half_space_trees([0, 0], [1, 2], seed, trees=7, height=4)


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(0, 700), max_size=4))
def test_a_stream_is_scored_the_same_however_it_is_cut(cuts: list[int]) -> None:
    rows = np.random.default_rng(2).random((700, 2)) * [1, 2]
    whole, parts = trees(), trees()
    expected = whole.stream(rows)
    received = [parts.stream(part) for part in np.split(rows, sorted(cuts))]
    assert np.concatenate(received).tobytes() == expected.tobytes()
    assert np.array_equal(whole.reference, parts.reference)


def test_half_space_trees_count_each_row_once_per_level() -> None:
    one = trees()
    one.learn(np.random.default_rng(2).random((620, 2)))
    assert one.seen == 120
    for level in range(5):
        assert (one.reference[:, 2**level - 1 : 2 ** (level + 1) - 1].sum(axis=1) == 250).all()
        assert (one.latest[:, 2**level - 1 : 2 ** (level + 1) - 1].sum(axis=1) == 120).all()


def test_half_space_trees_halve_their_working_ranges() -> None:
    one = trees()
    rows = np.random.default_rng(2).random((250, 2))
    one.learn(rows)
    root = rows[:, one.dimensions[0, 0]] / np.array([1, 2])[one.dimensions[0, 0]] >= one.splits[0, 0]
    assert one.reference[0, 2] == root.sum()
    for tree in range(7):
        for node in range(7):
            for child in (2 * node + 1, 2 * node + 2):
                if one.dimensions[tree, child] == one.dimensions[tree, node]:
                    right = child == 2 * node + 2
                    assert (one.splits[tree, child] > one.splits[tree, node]) == right


def test_half_space_trees_are_the_same_for_the_same_seed() -> None:
    assert np.array_equal(trees().splits, trees().splits)
    assert not np.array_equal(trees().splits, trees(4).splits)
