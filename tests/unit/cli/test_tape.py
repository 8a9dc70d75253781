import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewarden.cli import main as entry
from tapewarden.domain.batch import EventBatch
from tests.unit.tape.samples import directory, events, write

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tapewarden tape`; give its exit code, stdout and stderr."""

    def _run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            entry.main(["tape", *map(str, arguments)])
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    return _run


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return write(tmp_path / "tape.parquet", events())


def test_info_shows_what_a_tape_holds(tape: Path, run: Run) -> None:
    code, out, err = run("info", tape)
    assert (code, err) == (0, "")
    for part in (
        "BTC-USD@SIM",
        "2026-01-01T00:00:00.000000000Z",
        "T3",
        "PLACE",
        "orders.csv",
        "seed",
        "0.0001",
    ):
        assert part in out


def test_info_as_json_is_the_header(tape: Path, run: Run) -> None:
    header = json.loads(run("info", tape, "--json")[1])
    assert header["counts"]["kinds"] == {"PLACE": 5}
    assert header["accounts"][0] == {"name": "alice", "owner": "Alice Ltd"}


def test_head_shows_the_first_events(tape: Path, run: Run) -> None:
    out = run("head", tape, "-n", 2)[1]
    assert "64210.51" in out
    assert "64210.52" not in out


def test_head_as_json_prints_lines_of_the_tape(tape: Path, run: Run) -> None:
    rows = [json.loads(line) for line in run("head", tape, "-n", 2, "--json")[1].splitlines()]
    assert [row["order"] for row in rows] == ["1", "2"]


def test_head_of_a_tape_without_events_shows_none(tmp_path: Path, run: Run) -> None:
    assert run("head", write(tmp_path / "tape.parquet", EventBatch.of(0)), "--json") == (0, "", "")


def test_names_cannot_steer_the_terminal(tmp_path: Path, run: Run) -> None:
    known = directory()
    account = known.add_account("\x1b[31m[bold]eve")
    path = write(tmp_path / "tape.parquet", EventBatch.of(1, kind=1, account=account), known)
    assert "\N{REPLACEMENT CHARACTER}[31m[bold]eve" in run("head", path)[1]


def test_check_of_a_sound_tape_exits_with_0(tape: Path, run: Run) -> None:
    assert run("check", tape) == (0, f"{tape}: nothing is wrong\n", "")


def test_check_with_findings_exits_with_1(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "tape.parquet", EventBatch.of(2, kind=99))
    code, out, _ = run("check", path, "--json")
    (finding,) = json.loads(out)
    assert code == 1
    assert (finding["field"], finding["times"], finding["row"]) == ("kind", 2, 1)
    code, out, _ = run("check", path)
    assert code == 1
    assert "a code of EventKind" in out


@pytest.mark.parametrize("command", ["info", "head", "check", "convert"])
def test_an_unusable_tape_exits_with_2_and_one_line(tmp_path: Path, run: Run, command: str) -> None:
    path = tmp_path / "none.parquet"
    target = [tmp_path / "out.jsonl"] if command == "convert" else []
    line = f"tapewarden: {path}: expected a tape, received no such file\n"
    assert run(command, path, *target) == (2, "", line)


def test_convert_there_and_back_gives_the_same_bytes(tape: Path, tmp_path: Path, run: Run) -> None:
    assert run("convert", tape, tmp_path / "twin.jsonl") == (0, "", "")
    assert run("convert", tmp_path / "twin.jsonl", tmp_path / "back.parquet") == (0, "", "")
    assert (tmp_path / "back.parquet").read_bytes() == tape.read_bytes()
