"""Why spoofing deserves its label in the simulator: a wall moves whoever reads the book, and nobody else."""

from collections.abc import Mapping
from xml.etree import ElementTree

import numpy as np
import pytest

from tapewarden.evaluation.spoofability import Floats, band, beliefs, effect, gains, mean_of, pushes
from tools.spoofability import SHOWN, belief_table, effect_table, gain_table, picture

SEEDS = range(1, 41)
FAINT = 0.05  # basis points: a tenth of a tick


@pytest.fixture(scope="module")
def walls() -> Mapping[bool, Floats]:
    return {readers: pushes(SEEDS, (SHOWN,), readers=readers)[SHOWN] for readers in (True, False)}


def test_a_wall_moves_the_price_where_agents_read_the_book(walls: Mapping[bool, Floats]) -> None:
    assert effect(walls[True]).low > 0
    assert effect(walls[True], 1, 20).low > 0


def test_walls_of_bids_raise_the_price_and_walls_of_asks_lower_it(walls: Mapping[bool, Floats]) -> None:
    assert effect(walls[True][::2]).mean > 0
    assert effect(walls[True][1::2]).mean > 0


def test_a_wall_moves_nothing_where_nobody_reads_the_book(walls: Mapping[bool, Floats]) -> None:
    found = effect(walls[False])
    assert found.low <= 0 <= found.high
    assert abs(found.mean) < FAINT
    assert found.high < effect(walls[True]).low


def test_the_market_is_the_same_until_the_wall_is_there(walls: Mapping[bool, Floats]) -> None:
    for paths in walls.values():
        assert (paths[:, 0] == 0).all()
    assert (walls[True][:, 1:] != 0).any()


def test_the_interval_of_a_mean_holds_it_and_narrows_with_more_pairs() -> None:
    values = np.random.default_rng(5).normal(1.0, 2.0, 400)
    few, many = mean_of(values[:25]), mean_of(values)
    assert few.low < few.mean < few.high
    assert many.high - many.low < few.high - few.low
    assert many.low < 1.0 < many.high


def test_readers_still_believe_the_book_after_they_have_seen_a_lot_of_it() -> None:
    found = beliefs(range(1, 9))
    assert mean_of(found["learned"]).low > 0
    assert (found["learned"] != found["at first"]).all()
    assert [row.split(" | ")[0] for row in belief_table(found)][2:] == ["| at first", "| learned"]


def test_walls_change_what_a_spoofer_earns() -> None:
    earned = gains(range(1, 3), 1.0, readers=True)
    assert list(earned) == ["with walls", "without walls"]
    assert (earned["with walls"] != earned["without walls"]).all()


def test_tables_and_picture_show_both_markets(walls: Mapping[bool, Floats]) -> None:
    shown = {readers: {SHOWN: paths} for readers, paths in walls.items()}
    rows = list(effect_table(shown))[2:]
    assert [row.split(" | ")[1] for row in rows] == ["with readers", "without readers"]
    assert ElementTree.fromstring(picture(shown)).tag.endswith("svg")
    assert len(band(walls[True])[0]) == walls[True].shape[1]
    one = {"with walls": np.array([3.0, 3.0]), "without walls": np.array([1.0, 1.0])}
    assert list(gain_table({(0.5, True): one}))[2].endswith("| 2.00 (2.00 to 2.00) |")
