import dataclasses
from pathlib import Path

import pytest

from tapewarden.domain.errors import InputError
from tapewarden.engine.api import Detector
from tapewarden.engine.registry import built_in_detectors
from tapewarden.runtime.locking import (
    Lock,
    changed_under_old_version,
    lock_of,
    logic_hash,
    out_of_date,
    read_lock,
    write_lock,
)
from tests.unit.engine.test_contract import DETECTOR

SOURCE = '''
"""A rule."""
LIMIT = 3
META = Meta(summary="one")
@rule
def opens(act, p):
    """Large."""
    return act.size > LIMIT
SCENARIOS = (quiet("a", "0s clock"),)
UNUSED = 7
DETECTOR = Detector(META, opens, SCENARIOS)
'''


ENGINE = {
    "tapewarden.engine.api": "from tapewarden.engine.measures import Fade, fade, last\nunrelated = 1",
    "tapewarden.engine.measures": """
HALF = 2
class Fade(Row):
    value: f64
class Machinery:
    speed = 1
@rule
def fade(s: Fade, ts: Act) -> float:
    return s.value / HALF
def last(trail):
    return trail
""",
}
IMPORTING = (
    "from tapewarden.engine.api import fade, last\n"
    "def step(act):\n    return fade(act) + last(act)\nDETECTOR = (step,)"
)


def hash_with(old: str, new: str) -> str:
    return logic_hash(IMPORTING, lambda name: ENGINE[name].replace(old, new))


def version(number: int) -> Detector:
    return dataclasses.replace(DETECTOR, meta=dataclasses.replace(DETECTOR.meta, version=number))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Large."""', '"""Big."""'),
        ("# nothing", "# something"),
        ('summary="one"', 'summary="two"'),
        ("0s clock", "1s clock"),
        ("UNUSED = 7", "UNUSED = 8"),
        ("act.size > LIMIT", "(act.size  >  LIMIT)"),
    ],
)
def test_wording_may_change_freely(old: str, new: str) -> None:
    assert logic_hash(SOURCE.replace(old, new)) == logic_hash(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"), [("LIMIT = 3", "LIMIT = 4"), ("act.size >", "act.size >="), ("META, opens", "opens")]
)
def test_logic_may_not(old: str, new: str) -> None:
    assert logic_hash(SOURCE.replace(old, new)) != logic_hash(SOURCE)


@pytest.mark.parametrize(("old", "new"), [("HALF = 2", "HALF = 3"), ("s.value /", "s.value *")])
def test_logic_of_the_engine_counts_where_it_is_used(old: str, new: str) -> None:
    assert hash_with(old, new) != hash_with("", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("unrelated = 1", "unrelated = 2"),
        ("speed = 1", "speed = 2"),
        ("return trail", "return None"),
        ("ts: Act", "ts: int"),
    ],
)
def test_machinery_of_the_engine_may_change_freely(old: str, new: str) -> None:
    assert hash_with(old, new) == hash_with("", "")


def test_changed_logic_needs_a_new_version() -> None:
    locks = {"TST-01": Lock(3, "0000")}
    assert changed_under_old_version([version(3)], locks) == [
        "TST-01: expected a version above 3 because its logic changed, received 3"
    ]
    assert changed_under_old_version([version(4)], locks) == []
    assert changed_under_old_version([version(3)], {"TST-01": lock_of(version(3))}) == []


def test_new_raised_and_vanished_detectors_are_listed() -> None:
    assert out_of_date([version(2)], {"TST-01": Lock(1, ""), "OLD-01": Lock(5, "")}) == [
        "OLD-01: expected version none in detectors.lock, received 5",
        "TST-01: expected version 2 in detectors.lock, received 1",
    ]


def test_a_lock_file_reads_back(tmp_path: Path) -> None:
    locks = {"B-01": Lock(2, "ab"), "A-01": Lock(1, "cd")}
    write_lock(locks, tmp_path / "lock")
    assert (tmp_path / "lock").read_text() == "A-01 1 cd\nB-01 2 ab\n"
    assert read_lock(tmp_path / "lock") == locks
    assert read_lock(tmp_path / "none") == {}


def test_a_damaged_lock_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("A-01 1 cd\nB-01 two ab\n")
    with pytest.raises(InputError, match="row 2: expected an id, a version and a hash"):
        read_lock(tmp_path / "lock")


def test_built_in_detectors_are_locked() -> None:
    detectors, locks = built_in_detectors(), read_lock()
    assert changed_under_old_version(detectors, locks) == []
    assert out_of_date(detectors, locks) == []


def test_when_a_detector_is_ready_is_no_logic() -> None:
    told = SOURCE.replace("SCENARIOS)\n", "SCENARIOS, ready=ready)\n")
    told += "@rule\ndef ready(s, p):\n    return s.count > LIMIT\n"
    assert told != SOURCE
    assert logic_hash(told) == logic_hash(SOURCE)
    assert logic_hash(told.replace("ready=ready", "exempt=ready")) != logic_hash(SOURCE)
