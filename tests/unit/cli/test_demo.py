import re
from pathlib import Path

import pytest

from tapewarden.cli import demo
from tapewarden.cli import main as entry
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import SECOND
from tapewarden.engine import registry
from tapewarden.engine.contract import Detector
from tapewarden.runtime.demo import first_seconds, prove
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


def test_a_stranger_sees_a_market_a_proof_a_reason_and_a_way_on(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "demo", "--headless")
    titles = [line.rstrip(" ─") for line in out.splitlines() if re.match(r"\d  ", line)]
    assert titles == [
        "1  A real market",
        "2  Suspected misconduct, SYNTHETIC",
        "3  Why did this fire?",
        "4  Your turn",
    ]
    assert "No signals, as expected of an ordinary minute." in out
    assert "not evaluated: needs T3, tape is T1" in out
    assert "Why TST-01 fired: suspected spoofing, severity high" in out
    assert out.rstrip().endswith("docs/tutorial/first-replay.md walks through it in ten minutes.")


def test_no_colors_reach_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in run(capsys, "demo")


def test_the_recorded_market_is_replayed_as_long_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    counts = [
        int(re.search(r"gz: ([\d,]+) events", run(capsys, "demo", "--seconds", seconds))[1].replace(",", ""))  # type: ignore[index]
        for seconds in ("5", "10")
    ]
    assert 0 < counts[0] < counts[1]


def test_without_the_recordings_the_rest_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "SAMPLES", tmp_path / "none")
    out = run(capsys, "demo")
    assert "this part is left out" in out
    assert "Why TST-01 fired" in out


def test_the_seed_chooses_scenarios() -> None:
    names = {next(iter(prove([DETECTOR], seed))).scenario.name for seed in range(5)}
    assert len(names) == 5


def test_the_first_seconds_of_a_tape_are_those_of_event_time() -> None:
    batch = EventBatch.of(4, ts_event=[-1, 5 * SECOND, 6 * SECOND, 9 * SECOND])
    assert len(first_seconds(batch, 1)) == 3
    assert len(first_seconds(batch, 100)) == 4
    assert len(first_seconds(batch, None)) == 4


def test_warming_up_tells_what_it_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "warmup").splitlines()
    assert [line[10:] for line in lines] == ["engine", "TST-01, Pulled bait", "in all"]
