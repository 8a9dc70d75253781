import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tapewarden.cli.main import main
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EndReason, EventKind, Initiator
from tests.unit.tape.samples import START, events, write

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tapewarden tape lives`; give its exit code, stdout and stderr."""

    def _run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(["tape", "lives", *map(str, arguments)])
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    return _run


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """Five orders, of which the third is canceled."""
    cancel = {
        "kind": EventKind.CANCEL,
        "instrument": 0,
        "order": 3,
        "size": 2500,
        "ts_event": START + 4,
        "reason": EndReason.USER,
        "initiator": Initiator.MEMBER,
        "sequence": 6,
    }
    batch = EventBatch.concatenate([events(), EventBatch.of_rows([cancel])])
    return write(tmp_path / "tape.parquet", batch)


def test_summary_counts_lives_by_their_end(tape: Path, run: Run) -> None:
    code, out, err = run(tape)
    assert (code, err) == (0, "")
    for part in ("canceled by member", "still live", "80.0%", "BTC-USD@SIM", "0.00%"):
        assert part in out


def test_summary_is_json_where_a_machine_reads_it(tape: Path, run: Run) -> None:
    facts = json.loads(run(tape, "--json")[1])
    assert (facts["orders"], facts["fill_ratios"]) == (5, {"BTC-USD@SIM": 0.0})
    assert facts["endings"][0] == {
        "ending": "canceled by member",
        "orders": 1,
        "with_fills": 0,
        "flashed": 1,
        "median_ns": 2,
    }


def test_lives_are_written_as_text(tape: Path, run: Run) -> None:
    file = tape.with_name("lives.jsonl")
    assert run(tape, "--out", file)[0] == 0
    first, *others = map(json.loads, file.read_text("utf-8").splitlines())
    assert first == {
        "instrument": "BTC-USD@SIM",
        "order": "3",
        "account": "alice",
        "side": "BUY",
        "entered": "2026-01-01T00:00:00.000000002Z",
        "ended": "2026-01-01T00:00:00.000000004Z",
        "price": "64210.52",
        "last_price": "64210.52",
        "entry_distance": "-0.01",
        "end_distance": "0.02",
        "size": "0.25",
        "increased": "0",
        "filled": "0",
        "canceled": "0.25",
        "remaining": "0",
        "ending": "canceled by member",
        "amends": 0,
        "reprices": 0,
        "flashed": True,
    }
    assert [life["order"] for life in others] == ["1", "2", "4", "5"]
    assert "ended" not in others[0]


def test_lives_are_written_as_columns(tape: Path, run: Run) -> None:
    file = tape.with_name("lives.parquet")
    assert run(tape, "--out", file)[0] == 0
    table = pq.read_table(file)
    assert table["order"].to_pylist() == ["3", "1", "2", "4", "5"]
    assert table["canceled"].to_pylist() == [2500, 0, 0, 0, 0]
    assert table["price_exponent"].to_pylist() == [-2] * 5


def test_the_time_that_counts_as_flashed_is_a_choice(tape: Path, run: Run) -> None:
    assert json.loads(run(tape, "--json", "--flash", "1ns")[1])["endings"][0]["flashed"] == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--flash", "soon"), "--flash: expected a duration such as 500ms, 1.5s or 24h, received 'soon'"),
        (("--out", "lives.csv"), "lives.csv: expected a name ending in .jsonl or .parquet, received .csv"),
        (("--out", "tape.parquet"), "tape.parquet: expected another file than the tape, received the tape"),
    ],
)
def test_wrong_options_are_one_line(
    tape: Path, run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tape.parent)
    assert run("tape.parquet", *options) == (2, "", f"tapewarden: {message}\n")
    assert [path.name for path in tape.parent.iterdir()] == ["tape.parquet"]
