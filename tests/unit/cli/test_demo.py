import re
from pathlib import Path

import pytest

from tapewarden.cli import demo
from tapewarden.cli import main as entry
from tapewarden.engine import registry
from tapewarden.engine.contract import Detector
from tests.samples.pulled_bait import DETECTOR


@pytest.fixture(autouse=True)
def only_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_detectors() -> tuple[Detector, ...]:
        return (DETECTOR,)

    monkeypatch.setattr(registry, "find_detectors", find_detectors)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stop:
        entry.main(arguments)
    out, err = capsys.readouterr()
    assert (stop.value.code, err) == (0, "")
    return out


def titles(out: str) -> list[str]:
    return [line.rstrip(" ─") for line in out.splitlines() if re.match(r"\d  ", line)]


def test_a_stranger_sees_markets_signals_a_reason_and_the_score(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "demo", "--headless", "--seconds", "600")
    assert titles(out) == [
        "1  A real market",
        "2  A simulated market, with misconduct let loose on it (SIM)",
        "3  Why did this fire?",
        "4  The score",
        "5  Your turn",
    ]
    assert "No signals, as expected of an ordinary minute." in out
    header = next(line for line in out.splitlines() if "injected" in line and "missed" in line)
    assert header.split() == ["who", "injected", "caught", "missed", "false", "alarms"]
    injected, caught, missed, _ = totals(out)
    assert injected == caught + missed > 0


def totals(out: str) -> list[int]:
    line = next(line for line in out.splitlines() if "misconduct, all" in line)
    return [int(number) for number in line.split("all")[1].split()]


def test_no_colors_reach_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in run(capsys, "demo", "--seconds", "60")


def test_the_simulated_market_lasts_as_long_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    counts = []
    for seconds in ("60", "180"):
        match = re.search(r"([\d,]+) events, [\d,]+ signals", run(capsys, "demo", "--seconds", seconds))
        assert match is not None
        counts.append(int(match[1].replace(",", "")))
    assert 0 < counts[0] < counts[1]


def test_without_the_recordings_the_rest_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "SAMPLES", tmp_path / "none")
    out = run(capsys, "demo", "--seconds", "60")
    assert "this part is left out" in out
    assert "4  The score" in out


def test_the_seed_chooses_the_market(capsys: pytest.CaptureFixture[str]) -> None:
    one, same, other = (run(capsys, "demo", "--seconds", "120", "--seed", seed) for seed in ("1", "1", "2"))
    assert one == same
    assert one != other


def test_warming_up_tells_what_it_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "warmup").splitlines()
    assert [line[10:] for line in lines] == [
        "engine",
        "simulator",
        "wire format",
        "TST-01, Pulled bait",
        "in all",
    ]
