from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from tapewarden.domain.episode import Episode, Participant, Role
from tapewarden.domain.errors import FieldError
from tapewarden.domain.kinds import SECOND
from tests.samples.episodes import START, episode, episodes, twin


@given(episodes())
def test_an_episode_reads_back_as_it_was_written(one: Episode) -> None:
    line = one.to_json()
    assert Episode.from_json(line) == one
    assert Episode.from_json(line).to_json() == line
    assert "\n" not in line


def test_parameters_are_written_by_name_whatever_their_order() -> None:
    one = episode(parameters={"size_ratio": 5, "delay": 0.5})
    other = episode(parameters={"delay": 0.5, "size_ratio": 5})
    assert one.to_json() == other.to_json()
    assert hash(one) == hash(other)


def test_a_detector_is_right_to_name_manipulators_and_accomplices() -> None:
    accounts = tuple(Participant(role.value, role) for role in Role)
    assert episode(accounts=accounts).culprits == {"manipulator", "accomplice"}
    assert twin().culprits == frozenset()


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("episode_id", "", "episode_id"),
        ("severity", 1.1, "severity"),
        ("severity", float("nan"), "severity"),
        ("typologies", (), "typologies"),
        ("instruments", (), "instruments"),
        ("end_ns", START - 1, "end_ns"),
        ("first_harm_ns", START - 1, "first_harm_ns"),
        ("cycles", ((START, START + SECOND), (START - 1, START)), "cycles[1]"),
        ("parameters", {"delay": float("inf")}, "parameters.delay"),
    ],
)
def test_an_episode_that_contradicts_itself_is_refused(field: str, value: Any, place: str) -> None:
    with pytest.raises(FieldError) as caught:
        episode(**{field: value})
    assert caught.value.field == place


@pytest.mark.parametrize(
    ("change", "place", "expected"),
    [
        ({"seed": "1"}, "seed", "a whole number"),
        ({"seed": True}, "seed", "a whole number"),
        ({"start_ns": 1.0}, "start_ns", "a whole number"),
        ({"severity": None}, "severity", "a number"),
        ({"typologies": ["theft"]}, "typologies[0]", "one of spoofing, layering"),
        ({"accounts": [{"id": "mallory", "role": "boss"}]}, "accounts[0].role", "one of manipulator"),
        ({"accounts": [{"id": "mallory"}]}, "accounts[0].role", "a value"),
        ({"accounts": {"id": "mallory"}}, "accounts", "a list"),
        ({"accounts": ["mallory"]}, "accounts[0]", "an object"),
        ({"cycles": [[1, 2, 3]]}, "cycles[0]", "a list of 2"),
        ({"parameters": {"delay": "1 s"}}, "parameters.delay", "a number"),
        ({"harm": 1}, "harm", "one of episode_id, scenario"),
    ],
)
def test_a_line_with_a_wrong_field_is_refused_by_its_name(
    change: dict[str, Any], place: str, expected: str
) -> None:
    line = json.dumps({**json.loads(episode().to_json()), **change})
    with pytest.raises(FieldError, match=expected) as caught:
        Episode.from_json(line)
    assert caught.value.field == place


@pytest.mark.parametrize("line", ["", "[]", "nothing", "[" * 100_000])
def test_what_is_no_object_is_refused_as_a_whole(line: str) -> None:
    with pytest.raises(FieldError) as caught:
        Episode.from_json(line)
    assert caught.value.field is None


def test_what_may_be_left_out_takes_its_default() -> None:
    facts = json.loads(episode().to_json())
    for name in ("cycles", "orders", "trades", "expected_detectors", "benign_twin_of", "parameters"):
        del facts[name]
    assert Episode.from_json(json.dumps(facts)) == episode()
