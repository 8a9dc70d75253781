import json

import pytest

from tapewarden.cli import main as entry
from tapewarden.engine import registry
from tapewarden.engine.contract import Detector
from tests.samples.pulled_bait import DETECTOR


@pytest.fixture(autouse=True)
def only_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_detectors() -> tuple[Detector, ...]:
        return (DETECTOR,)

    monkeypatch.setattr(registry, "find_detectors", find_detectors)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        entry.main(["detectors", *arguments])
    assert isinstance(stop.value.code, int)
    return stop.value.code, *capsys.readouterr()


def test_detectors_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "TST-01" in out
    assert "Pulled bait" in out


def test_the_list_is_available_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "list", "--json")
    assert json.loads(out) == [
        {
            "id": "TST-01",
            "title": "Pulled bait",
            "typology": "spoofing",
            "family": "order book",
            "severity": "high",
            "tier": "T3",
            "version": 1,
            "maturity": "experimental",
        }
    ]


def test_one_detector_is_shown_with_its_limits_and_its_proof(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "TST-01")
    assert code == 0
    for text in (
        "Bait and fill on accounts that are not linked",
        "bait canceled at most this long after the fill",
        "5s",
        "CEA 4c(a)(5)(C)",
        "the venue canceled",
        "cleared by",
    ):
        assert text in out


def test_one_detector_is_available_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", "TST-01", "--json")
    data = json.loads(out)
    assert data["parameters"][0] == {
        "name": "ratio",
        "default": "4",
        "unit": "times",
        "least": "1",
        "most": "",
        "meaning": "size shown on the other side / size filled",
    }
    assert {"name": "twice", "signals": 2} in data["scenarios"]


def test_an_unknown_detector_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "show", "TST-1")
    assert (code, err) == (2, "tapewarden: no detector 'TST-1'; did you mean 'TST-01'?\n")


def test_a_sound_detector_passes(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "test", "TST-01")
    assert code == 0
    assert "failed" not in out


def test_a_failed_check_is_a_finding(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    broken = dataclasses.replace(DETECTOR, scenarios=())
    monkeypatch.setattr(registry, "find_detectors", lambda: (broken,))
    code, out, _ = run(capsys, "test")
    assert code == 1
    assert "TST-01: scenarios: expected at least one scenario that fires and two that are quiet" in out
