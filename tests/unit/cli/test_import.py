import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewarden.cli import main as entry
from tapewarden.domain.kinds import Tier
from tapewarden.tape import read_tape

Run = Callable[..., tuple[int, str, str]]

HEADER = "symbol,timestamp,datetime,side,price,amount\n"
ROW = "AST/BTC,1535297434173,x,buy,1.435e-05,4.0\n"
SAMPLES = Path(__file__).parents[3] / "samples"
EXAMPLE = SAMPLES / "example-exchange"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tapewarden import`; give its exit code, stdout and stderr."""

    def _run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            entry.main(["import", *map(str, arguments)])
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    return _run


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    path = tmp_path / "trades.csv"
    path.write_text(HEADER + ROW + ROW.replace("buy", "hold") + ROW)
    return path


def test_summary_tells_events_rejects_instruments_and_tier(trades: Path, tmp_path: Path, run: Run) -> None:
    code, out, err = run(trades, "--format", "binance-trades", "--out", tmp_path / "tape.parquet")
    assert (code, err) == (0, "")
    assert (
        out == "2 events: 2 TRADE\n1 rejects: 1 side\n1 instruments: AST/BTC@BINANCE\ntier T0, 0 accounts\n"
    )


def test_summary_is_json_where_a_machine_reads_it(trades: Path, tmp_path: Path, run: Run) -> None:
    out = run(trades, "--format", "binance-trades", "--out", tmp_path / "tape.jsonl", "--json")[1]
    assert json.loads(out) == {
        "events": 2,
        "kinds": {"TRADE": 2},
        "rejects": 1,
        "rejects_by_field": {"side": 1},
        "instruments": ["AST/BTC@BINANCE"],
        "accounts": 0,
        "tier": "T0",
    }


def test_tape_says_where_it_comes_from_and_what_it_shows(tmp_path: Path, run: Run) -> None:
    tape = tmp_path / "tape.parquet"
    files = EXAMPLE / "orders.csv", EXAMPLE / "executions.csv"
    options = "--mapping", EXAMPLE / "mapping.toml", "--accounts", EXAMPLE / "accounts.csv", "--out", tape
    assert run(*files, *options)[0] == 0
    header = read_tape(tape).header
    assert header.tier is Tier.T4
    assert header.provenance.origin == "mapping.toml"
    assert [file.name for file in header.provenance.files] == ["orders.csv", "executions.csv"]
    assert header.counts is not None
    assert header.counts.events == 1_101


def test_rejects_file_names_row_and_field(trades: Path, tmp_path: Path, run: Run) -> None:
    rejects = tmp_path / "rejects.jsonl"
    options = "--format", "binance-trades", "--out", tmp_path / "tape.parquet", "--rejects", rejects
    assert run(trades, *options)[0] == 0
    (line,) = rejects.read_text().splitlines()
    reject = json.loads(line)
    assert (reject["row"], reject["field"], reject["received"]) == (3, "side", "hold")
    assert (reject["expected"], reject["source"]) == ("buy or sell", str(trades))


def test_strict_import_writes_nothing(trades: Path, tmp_path: Path, run: Run) -> None:
    options = "--format", "binance-trades", "--out", tmp_path / "tape.parquet", "--rejects", tmp_path / "r"
    code, out, err = run(trades, *options, "--strict")
    assert (code, out) == (2, "")
    expected = "row 3, field 'side': expected buy or sell, received hold\n"
    assert err == f"tapewarden: {trades}, {expected}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["trades.csv"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("garbage.csv", bytes(range(256)) * 10),
        ("columns.csv", b"a,b\n1,2\n"),
        ("header_only.csv", HEADER.encode()),
        ("all_bad.csv", (HEADER + ROW.replace("buy", "hold")).encode()),
        ("truncated.csv.gz", b"\x1f\x8b\x08\x00"),
        ("missing.csv", None),
    ],
)
def test_unusable_file_is_one_line_and_leaves_nothing(
    tmp_path: Path, run: Run, name: str, content: bytes | None
) -> None:
    path, place = tmp_path / name, tmp_path / "out"
    place.mkdir()
    if content is not None:
        path.write_bytes(content)
    options = "--format", "binance-trades", "--out", place / "tape.parquet", "--rejects", place / "rejects"
    code, out, err = run(path, *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"tapewarden: {path}")
    assert list(place.iterdir()) == []


def test_directory_is_refused(tmp_path: Path, run: Run) -> None:
    code, _, err = run(tmp_path, "--format", "lobster", "--out", tmp_path / "tape.parquet")
    assert (code, err) == (2, f"tapewarden: {tmp_path}: expected a readable file, received is a directory\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--format", "binance-trade"), "nearest is 'binance-trades'"),
        ((), "expected either --format PRESET or --mapping MAP.toml"),
        (("--format", "lobster", "--mapping", "m"), "expected either --format PRESET or --mapping"),
        (("--format", "lobster", "--accounts", "a"), "--accounts: expected together with --mapping"),
        (("--mapping", "missing.toml"), "missing.toml: no such file or directory"),
    ],
)
def test_wrong_options_are_one_line(
    trades: Path, tmp_path: Path, run: Run, options: tuple[str, ...], message: str
) -> None:
    code, _, err = run(trades, *options, "--out", tmp_path / "tape.parquet")
    assert (code, err.count("\n")) == (2, 1)
    assert message in err


def test_source_is_never_replaced_and_never_read_twice(trades: Path, tmp_path: Path, run: Run) -> None:
    before = trades.read_bytes()
    code, _, err = run(trades, "--format", "binance-trades", "--out", trades)
    assert (code, "not read by this import" in err) == (2, True)
    code, _, err = run(trades, trades, "--format", "binance-trades", "--out", tmp_path / "tape.parquet")
    assert (code, "each file once" in err) == (2, True)
    assert trades.read_bytes() == before


def test_the_same_files_make_the_same_bytes(tmp_path: Path, run: Run) -> None:
    sources = sorted((SAMPLES / "binance").glob("*.gz"))
    tapes = tmp_path / "a.parquet", tmp_path / "b.parquet"
    for tape in tapes:
        assert run(*sources, "--format", "binance-raw", "--out", tape)[0] == 0
    assert tapes[0].read_bytes() == tapes[1].read_bytes()
