from pathlib import Path

import pytest

from tapewarden.cli import main as entry
from tapewarden.domain.kinds import Flag
from tapewarden.runtime.label_files import read_labels
from tapewarden.tape import check_tape, read_tape

SMALL = ("--minutes", "4", "--rate", "10", "--instruments", "2", "--accounts", "60")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        entry.main(arguments)
    assert isinstance(stop.value.code, int)
    return stop.value.code, *capsys.readouterr()


def test_a_sound_tape_and_its_labels_are_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tape, labels = tmp_path / "tape.parquet", tmp_path / "labels.jsonl"
    arguments = ("simulate", "spoofing@0.7*2", "stop-and-reverse", *SMALL)
    code, out, err = run(capsys, *arguments, "--out", str(tape), "--labels", str(labels))

    assert (code, err) == (0, "")
    assert "3 labels written" in out
    episodes = read_labels(labels)
    assert sorted(one.scenario for one in episodes) == ["spoofing", "spoofing", "stop-and-reverse"]
    assert [one.severity for one in episodes if one.scenario == "spoofing"] == [0.7, 0.7]
    assert list(check_tape(read_tape(tape))) == []
    names = {account.name for account in read_tape(tape).directory.accounts}
    assert all(account.id in names for one in episodes for account in one.accounts)


def test_everything_is_marked_as_simulated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tape = tmp_path / "tape.parquet"
    run(capsys, "simulate", *SMALL, "--out", str(tape))
    assert all((batch.flags & Flag.SIMULATED).all() for batch in read_tape(tape).batches())


def test_the_same_seed_gives_the_same_bytes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one.jsonl", "same.jsonl", "other.jsonl"))
    for tape, seed in ((one, "5"), (same, "5"), (other, "6")):
        run(capsys, "simulate", "spoofing", *SMALL, "--seed", seed, "--out", str(tape))
    assert one.read_bytes() == same.read_bytes()
    assert one.read_bytes() != other.read_bytes()


def test_scenarios_are_listed_with_what_should_see_them(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "simulate", "--list")
    assert code == 0
    assert "spoofing" in out
    assert "SPF-01" in out


def test_a_sweep_shows_what_is_caught_by_severity_and_draws_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "simulate", "spoofing@0.3", *SMALL, "--sweep", "severity", "--plot")
    assert (code, err) == (0, "")
    assert [line.split()[1] for line in out.splitlines() if line.startswith("│")] == [
        "0", "0.125", "0.25", "0.3", "0.375", "0.5", "0.625", "0.75", "0.875", "1",
    ]  # fmt: skip
    picture = (tmp_path / "spoofing-severity.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "caught" in picture


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("spofing", "--out", "t.parquet"), "did you mean 'spoofing'?"),
        (("spoofing@2", "--out", "t.parquet"), "expected a severity from 0 to 1, received 2"),
        (("spoofing@@", "--out", "t.parquet"), "expected NAME, NAME@severity or NAME@severity*count"),
        (("spoofing",), "expected --out TAPE, --sweep severity or --list"),
        (("--out", "t.parquet", "--labels", "t.parquet"), "expected another file than --out"),
        (("--out", "t.parquet", "--instruments", "0"), "instruments: expected 1 to 200, received 0"),
        (("--out", "t.parquet", "--rate", "-1"), "rate: expected 0.1 to 100000, received -1"),
        (("spoofing", "--out", "t.parquet", "--plot"), "--plot: expected together with --sweep"),
        (("spoofing", "--sweep", "size"), "--sweep: expected severity, received 'size'"),
        (("spoofing", "stop-and-reverse", "--sweep", "severity"), "expected one scenario, received 2"),
        (("--out", "t.csv"), "expected a name that ends in .parquet or .jsonl"),
    ],
)
def test_bad_requests_get_one_clear_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "simulate", *arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
