"""A spoofer gains nothing by splitting himself over accounts that the venue knows to be linked."""

from collections.abc import Mapping

import pytest

from tapewarden.evaluation.splitting import COPIES, Caught, by_form
from tapewarden.simulator.scenarios.scenario import Ranges
from tools.evaluate_accounts import lines_of

SEEDS = range(1, 4)
MARGIN = 0.1  # of the episodes: one in twelve may be missed for want of luck


@pytest.fixture(scope="module")
def found() -> Mapping[str, Caught]:
    return dict(by_form(SEEDS, Ranges.TUNING))


def share_of(found: Mapping[str, Caught], form: str) -> float:
    one = found[form].meant
    assert one.total == COPIES * len(SEEDS)
    assert one.value is not None
    return one.value


def test_two_linked_accounts_are_caught_like_one(found: Mapping[str, Caught]) -> None:
    assert share_of(found, "one account") >= 0.9
    assert share_of(found, "two linked accounts") >= share_of(found, "one account") - MARGIN


def test_two_accounts_without_a_link_are_strangers_to_the_rule(found: Mapping[str, Caught]) -> None:
    assert share_of(found, "two accounts, no link known") <= MARGIN


def test_the_table_has_a_row_for_each_form(found: Mapping[str, Caught]) -> None:
    rows = list(lines_of(found))[2:]
    assert [row.split(" | ")[0] for row in rows] == [f"| {name}" for name in found]
    assert f"{found['one account'].meant.hits}/{found['one account'].meant.total}" in rows[0]
