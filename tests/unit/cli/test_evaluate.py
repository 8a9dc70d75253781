import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewarden.cli.main import main
from tapewarden.domain.episode import Participant, Role
from tapewarden.runtime.label_files import write_labels
from tapewarden.runtime.signal_files import write_signals
from tests.samples.episodes import episode, twin
from tests.samples.signals import signal

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tapewarden`; give its exit code, stdout and stderr."""

    def _run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(list(map(str, arguments)))
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    return _run


@pytest.fixture
def files(tmp_path: Path) -> tuple[object, ...]:
    """A right signal, one on a twin, and the labels."""
    with write_signals(tmp_path / "signals.jsonl") as file:
        file.write(signal())
        file.write(signal(actor="maker"))
    write_labels(tmp_path / "labels.jsonl", [episode(), twin()])
    return "evaluate", "--signals", tmp_path / "signals.jsonl", "--labels", tmp_path / "labels.jsonl"


def test_tables_show_recall_precision_and_what_false_alarms_were_about(
    files: tuple[object, ...], run: Run
) -> None:
    code, out, err = run(*files)
    assert (code, err) == (0, "")
    for part in ("1 episodes of misconduct, 1 benign twins", "1 of 1", "1 of 2", "skewing market maker"):
        assert part in out
    assert "Beside trivial rules" not in out


def test_figures_are_json_where_a_machine_reads_them(files: tuple[object, ...], run: Run) -> None:
    facts = json.loads(run(*files, "--json")[1])
    assert facts["overall"]["recall"] == {"hits": 1, "total": 1, "value": 1.0, "low": 0.2065, "high": 1.0}
    assert facts["overall"]["false_alarms"] == 1
    assert facts["events"] is None
    assert {"SPF-01", "WSH-01"} <= {one["detector"] for one in facts["detectors"]}


def test_with_the_tape_rates_and_blind_detectors_are_known(tmp_path: Path, run: Run) -> None:
    tape, signals, labels = (tmp_path / name for name in ("tape.parquet", "signals.jsonl", "labels.jsonl"))
    assert run("detectors", "play", "SPF-01", "--out", tape)[0] == 0
    assert run("replay", tape, "--signals", signals)[0] == 0
    (told,) = map(json.loads, signals.read_text("utf-8").splitlines())
    label = episode(
        instruments=(told["instrument"],),
        accounts=(Participant(told["actor"], Role.MANIPULATOR),),
        start_ns=told["start_ns"],
        first_harm_ns=told["start_ns"],
        end_ns=told["end_ns"],
    )
    write_labels(labels, [label])
    words = ("evaluate", "--signals", signals, "--labels", labels, "--tape", tape)
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert "Beside trivial rules" in out
    assert "QST-01 was not evaluated: baselines not warm" in out
    facts = json.loads(run(*words, "--json")[1])
    assert facts["overall"]["precision"]["value"] == 1.0
    assert facts["baselines"][0]["average_precision"] == 1.0


def test_a_bad_signal_is_named_by_file_row_and_field(files: tuple[object, ...], run: Run) -> None:
    path = Path(str(files[2]))
    first, second = path.read_text("utf-8").splitlines()
    second = second.replace('"score":0.8', '"score":"high"')
    path.write_text(f"{first}\n{second}\n", encoding="utf-8")
    code, out, err = run(*files)
    assert (code, out) == (2, "")
    assert err == f"tapewarden: {path}, row 2, field 'score': expected a number, received 'high'\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--grace", "soon"), "--grace: expected a duration such as 500ms, 1.5s or 24h, received 'soon'"),
        (("--tape", "none.parquet"), "none.parquet: expected a tape, received no such file"),
        (("--labels", "none.jsonl"), "none.jsonl: expected a file of labels"),
        (("--signals", "none.jsonl"), "none.jsonl: expected a file of signals"),
    ],
)
def test_wrong_options_are_one_line(
    files: tuple[object, ...], run: Run, options: tuple[str, ...], message: str
) -> None:
    code, out, err = run(*files, *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
