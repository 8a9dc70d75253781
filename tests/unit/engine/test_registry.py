import dataclasses
from dataclasses import dataclass
from types import ModuleType

import pytest

from tapewarden.domain.errors import ConfigurationError
from tapewarden.engine import registry
from tapewarden.engine.api import Detector, DetectorError
from tapewarden.engine.registry import built_in_detectors, find_detectors, ordered, select
from tests.unit.engine.test_contract import DETECTOR


def named(name: str) -> Detector:
    return dataclasses.replace(DETECTOR, meta=dataclasses.replace(DETECTOR.meta, id=name))


@dataclass
class Point:
    """An entry point as a third party would announce it."""

    name: str
    value: str
    target: object

    def load(self) -> object:
        if isinstance(self.target, Exception):
            raise self.target
        return self.target


def announce(monkeypatch: pytest.MonkeyPatch, target: object) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda group: [Point("mine", "mine.rules", target)])


def test_built_in_detectors_keep_the_contract_and_have_ids_of_their_own() -> None:
    ids = [detector.id for detector in built_in_detectors()]
    assert ids == sorted(set(ids))


def test_detectors_come_in_the_order_of_their_ids() -> None:
    assert [detector.id for detector in ordered([named("B-1"), named("A-1")])] == ["A-1", "B-1"]


def test_two_detectors_of_one_id_are_refused() -> None:
    with pytest.raises(DetectorError, match="A-1: expected one detector of this id, received two"):
        ordered([named("A-1"), named("A-1")])


def test_selection_names_the_nearest_id() -> None:
    detectors = (named("SPF-01"), named("WSH-01"))
    assert [detector.id for detector in select(detectors, ["WSH-01", "SPF-01"])] == ["SPF-01", "WSH-01"]
    with pytest.raises(ConfigurationError, match="no detector 'SPF-1'; did you mean 'SPF-01'"):
        select(detectors, ["SPF-1"])


def test_third_parties_announce_detectors(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(monkeypatch, named("XYZ-01"))
    assert "XYZ-01" in [detector.id for detector in find_detectors()]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (ModuleType("rules"), "entry point mine = mine.rules: expected a Detector"),
        (ModuleNotFoundError("No module named 'mine'"), "entry point mine = mine.rules: No module named"),
    ],
)
def test_a_broken_announcement_is_named(
    monkeypatch: pytest.MonkeyPatch, target: object, message: str
) -> None:
    announce(monkeypatch, target)
    with pytest.raises(DetectorError, match=message):
        find_detectors()
