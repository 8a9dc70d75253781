import json
from pathlib import Path

import pytest

from tapewarden.cli import main as entry
from tapewarden.cli import replay
from tapewarden.engine import registry
from tapewarden.engine.contract import Detector
from tapewarden.runtime.signal_files import read_signals
from tests.samples.pulled_bait import DETECTOR


@pytest.fixture(autouse=True)
def only_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_detectors() -> tuple[Detector, ...]:
        return (DETECTOR,)

    monkeypatch.setattr(registry, "find_detectors", find_detectors)


@pytest.fixture
def tape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "tape.parquet"
    run(capsys, "detectors", "play", "TST-01", "--scenario", "twice", "--out", str(path))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        entry.main(arguments)
    assert isinstance(stop.value.code, int)
    return stop.value.code, *capsys.readouterr()


def test_signals_and_how_the_detectors_fared_are_shown(
    capsys: pytest.CaptureFixture[str], tape: Path
) -> None:
    code, out, err = run(capsys, "replay", str(tape))
    assert (code, err) == (0, "")
    assert "tier T3" in out
    assert "2 signals" in out
    assert out.count("size canceled on the other side 0.898 s after a fill") == 2


def test_signals_are_written_one_per_line(capsys: pytest.CaptureFixture[str], tape: Path) -> None:
    file = tape.with_name("signals.jsonl")
    code, out, _ = run(capsys, "replay", str(tape), "--signals", str(file))
    assert code == 0
    assert f"2 signals written to {file}" in out
    assert [signal.detector for signal in read_signals(file)] == ["TST-01", "TST-01"]


def test_the_bytes_do_not_depend_on_the_batch_size(capsys: pytest.CaptureFixture[str], tape: Path) -> None:
    for size in ("1", "4", "1000"):
        run(capsys, "replay", str(tape), "--batch-size", size, "--signals", str(tape.with_name(size)))
    one, four, all_ = (tape.with_name(size).read_bytes() for size in ("1", "4", "1000"))
    assert one == four == all_


def test_no_signals_are_said_to_be_none(capsys: pytest.CaptureFixture[str], tape: Path) -> None:
    quiet = tape.with_name("quiet.jsonl")
    run(capsys, "detectors", "play", "TST-01", "--scenario", "bait too small", "--out", str(quiet))
    code, out, _ = run(capsys, "replay", str(quiet))
    assert code == 0
    assert "quiet" in out
    assert out.endswith("No signals.\n")


def test_signals_beyond_those_listed_are_counted(
    capsys: pytest.CaptureFixture[str], tape: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "LISTED", 1)
    _, out, _ = run(capsys, "replay", str(tape))
    assert "... and 1 more" in out


def test_the_summary_is_available_as_json(capsys: pytest.CaptureFixture[str], tape: Path) -> None:
    _, out, _ = run(capsys, "replay", str(tape), "--json")
    summary = json.loads(out)
    assert (summary["tier"], summary["signals"]) == ("T3", 2)
    assert summary["detectors"][0]["id"] == "TST-01"
    assert summary["events_per_second"] > 0


def test_a_threshold_of_the_configuration_changes_the_count(
    capsys: pytest.CaptureFixture[str], tape: Path
) -> None:
    config = tape.with_name("strict.toml")
    config.write_text("[detectors.TST-01]\nratio = 40.0\n")
    _, out, _ = run(capsys, "replay", str(tape), "--config", str(config), "--json")
    assert json.loads(out)["signals"] == 0


def test_warnings_go_to_stderr(capsys: pytest.CaptureFixture[str], tape: Path) -> None:
    config = tape.with_name("other.toml")
    config.write_text('[groups]\nmajors = ["XRP-USD@SIM"]\n')
    _, _, err = run(capsys, "replay", str(tape), "--config", str(config))
    assert err.startswith("tapewarden: instrument 'XRP-USD@SIM' of the configuration is not on the tape")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.parquet"], "none.parquet: expected a tape, received no such file"),
        (
            ["tape.parquet", "tape.parquet"],
            "tape.parquet: expected each tape once, received the same tape again",
        ),
        (["tape.parquet", "--detectors", "TST-02"], "no detector 'TST-02'; did you mean 'TST-01'?"),
        (
            ["tape.parquet", "--signals", "tape.parquet"],
            "tape.parquet: expected another file than the tapes, received one of them",
        ),
        (
            ["tape.parquet", "--signals", "no/s.jsonl"],
            "no/s.jsonl: expected a name in an existing directory, received no directory no",
        ),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str],
    tape: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tape.parent)
    assert run(capsys, "replay", *arguments) == (2, "", f"tapewarden: {message}\n")


def test_a_damaged_tape_leaves_no_half_file_of_signals(
    capsys: pytest.CaptureFixture[str], tape: Path
) -> None:
    lines = tape.with_suffix(".jsonl")
    run(capsys, "tape", "convert", str(tape), str(lines))
    lines.write_text("".join(lines.read_text().splitlines(keepends=True)[:-1]) + "damage\n")
    code, _, err = run(capsys, "replay", str(lines), "--signals", str(tape.with_name("s.jsonl")))
    assert code == 2
    assert err.count("\n") == 1
    assert sorted(path.name for path in tape.parent.iterdir()) == ["tape.jsonl", "tape.parquet"]
