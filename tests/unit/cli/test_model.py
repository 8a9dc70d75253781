"""`tapewarden model`: from a tape to models that judge another, and who lets them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewarden.cli import main as entry
from tapewarden.domain.kinds import Tier
from tapewarden.live.pipeline import Options
from tapewarden.runtime import training
from tapewarden.runtime.configuration import Configuration
from tapewarden.runtime.signal_files import read_signals
from tapewarden.server.serving import Plan
from tapewarden.tape import write_tape
from tests.samples.markets import busy_run, small_run
from tests.samples.models import EASY, models
from tests.unit.live.rig import messages
from tests.unit.server.running import running
from tests.unit.server.test_ingest import publish

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "DATABASE", "SERVER", "PERSON"):
        monkeypatch.delenv(f"TAPEWARDEN_{name}", raising=False)

    def command(*arguments: object, code: int = 0) -> str:
        with pytest.raises(SystemExit) as stopped:
            entry.main(["model", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert stopped.value.code == code, err
        if code == 2:
            assert (out, err.count("\n")) == ("", 1)
        return err if code == 2 else out

    return command


@pytest.fixture
def usage(run: Run, capsys: pytest.CaptureFixture[str]) -> Run:
    """What is said of a command that is used wrongly."""

    def command(*arguments: object) -> str:
        with pytest.raises(SystemExit) as stopped:
            entry.main(["model", *map(str, arguments)])
        assert stopped.value.code == 2
        return capsys.readouterr().err

    return command


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    market, path = busy_run(), tmp_path / "tape.parquet"
    with write_tape(path, market.simulation.directory, tier=Tier.T4) as writer:
        writer.write(market.tape)
    return path


def test_models_are_trained_shown_and_judge_a_tape(run: Run, tape: Path, tmp_path: Path) -> None:
    trained = run("train", tape, "--out", "m.model", "--chance", 0.01)
    assert "at least 200 are needed" in trained
    facts = json.loads(run("show", "m.model", "--json"))
    assert trained.startswith(f"models {facts['id']}\n")
    assert facts["models"]["account 1"]["chance"] == 0.01
    assert facts["id"] in run("show", "m.model")
    judged = run("score", "m.model", tape, "--signals", "s.jsonl")
    found = list(read_signals(tmp_path / "s.jsonl"))
    assert found
    assert judged.startswith(f"{len(found)} windows beyond the budget\n")
    assert found[0].text.split(":")[0] in judged
    assert {one.anomaly.model for one in found if one.anomaly} == {facts["id"]}
    again = json.loads(run("train", tape, "--out", "n.model", "--without", "s.jsonl", "--json"))
    assert again["models"]["account 1"]["rows"] < facts["models"]["account 1"]["rows"]


def test_one_proposes_and_another_promotes(run: Run, tape: Path) -> None:
    assert run("list") == "no model is kept\n"
    run("train", tape, "--out", "m.model")
    name = run("keep", "m.model", "--name", "august", "--by", "ada").split()[1].rstrip(":")
    assert run("propose", name, "--reason", "new data", "--by", "ada") == f"model {name}: proposed\n"
    refused = run("promote", name, "--reason", "mine", "--by", "ada", code=2)
    assert "ada proposed it, somebody else must promote it" in refused
    assert run("decline", name, "--reason", "too early", "--by", "bob") == f"model {name}: kept\n"
    run("propose", name, "--reason", "a week later", "--as", "ada")
    assert run("promote", name, "--reason", "quiet", "--by", "bob") == f"model {name}: champion\n"
    assert "--by says who works in the database" in run(
        "list", "--by", "ada", "--server", "127.0.0.1:1", code=2
    )
    (kept,) = json.loads(run("list", "--json"))
    assert (kept["state"], kept["proposed_by"], kept["promoted_by"]) == ("champion", "ada", "bob")
    listed = run("list")
    assert name in listed
    assert "ada, bob" in listed
    assert max(map(len, listed.splitlines())) <= 80
    assert run("retire", name, "--reason", "venue changed", "--by", "bob") == f"model {name}: retired\n"


def test_what_cannot_be_used_is_named_in_one_line(run: Run, tape: Path, tmp_path: Path) -> None:
    (tmp_path / "no.model").write_bytes(b"something else")
    for command in (("show",), ("keep",), ("score",)):
        rest = (tape,) if command == ("score",) else ()
        assert "no.model: " in run(*command, "no.model", *rest, code=2)
        assert "none.model: a readable file expected" in run(*command, "none.model", *rest, code=2)
    assert "none.parquet" in run("train", "none.parquet", "--out", "m.model", code=2)
    assert not (tmp_path / "m.model").exists()
    assert "model abc: there is none" in run("propose", "abc", "--reason", "because", code=2)


def test_what_cannot_be_meant_is_refused_and_nothing_is_lost(
    run: Run, usage: Run, tape: Path, tmp_path: Path
) -> None:
    before = tape.read_bytes()
    assert "another file than the tapes" in run("train", tape, "--out", tape, code=2)
    assert "each tape once" in run("train", tape, tape, "--out", "m.model", code=2)
    assert "no directory" in run("train", tape, "--out", "none/m.model", code=2)
    for option, wrong in (("--without", "none.jsonl"), ("--without", tape)):
        assert "a file of signals" in run("train", tape, "--out", "m.model", option, wrong, code=2)
    for option, value in (("--seed", 2**32), ("--seed", -1), ("--chance", 0), ("--name", " ")):
        assert option in usage("train", tape, "--out", "m.model", option, value)
    run("train", tape, "--out", "m.model")
    kept = (tmp_path / "m.model").read_bytes()
    assert "another file than the tapes" in run("score", "m.model", tape, "--signals", tape, code=2)
    assert "m.model" in run("score", "m.model", tape, "--signals", "m.model", code=2)
    assert (tape.read_bytes(), (tmp_path / "m.model").read_bytes()) == (before, kept)


def test_training_that_is_interrupted_leaves_what_was_there(
    run: Run, tape: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "m.model").write_bytes(b"as before")
    monkeypatch.setattr(training, "train", interrupted)
    run("train", tape, "--out", "m.model", code=130)
    assert {path.name for path in tmp_path.iterdir()} == {"tape.parquet", "m.model"}
    assert (tmp_path / "m.model").read_bytes() == b"as before"


def test_a_card_fits_a_narrow_terminal_and_says_what_was_learned_from(run: Run, tape: Path) -> None:
    lines = run("train", tape, "--out", "m.model").splitlines()
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    for told in ("learned from 20", "scikit-learn ", ", seed 0", "left out: nothing"):
        assert told in text
    run("score", "m.model", tape, "--signals", "s.jsonl")
    again = run("train", tape, "--out", "n.model", "--without", "s.jsonl", "--without", "s.jsonl")
    (line,) = [line for line in again.splitlines() if line.startswith("left out: ")]
    assert re.fullmatch(r"left out: \d+ windows? of which \d+ signals? of ANM-01(, ANM-02)? told", line)
    assert line in run("show", "n.model")


def test_the_same_is_done_at_a_server_which_says_how_models_fare(run: Run, tmp_path: Path) -> None:
    first, second = models(1, 0.05), models(2, 0.05)
    for name, found in (("first", first), ("second", second)):
        (tmp_path / f"{name}.model").write_bytes(found.data)
    assert "--server ADDR asks one" in run("status", code=2)
    plan = Plan(
        folder=tmp_path / "data",
        configuration=Configuration(detectors=()),
        listen="127.0.0.1:0",
        options=Options(windows=EASY),
    )
    with running(plan) as server:
        at = ("--server", server.address)
        assert run("keep", "first.model", "--name", "august", *at) == f"model {first.id}: kept\n"
        run("propose", first.id, "--reason", "new data", "--as", "sam", *at)
        refused = run("promote", first.id, "--reason", "mine", "--as", "sam", *at, code=2)
        assert "sam proposed it, somebody else must promote it" in refused
        run("promote", first.id, "--reason", "looks right", "--as", "sue", *at)
        run("keep", "second.model", *at)
        assert run("propose", second.id, "--reason", "newer", *at) == f"model {second.id}: proposed\n"
        assert "no window yet" in run("status", *at)
        market = small_run()
        with server.channel() as channel:
            publish(channel, messages(market.simulation.directory, [market.tape[:5000]]))
        server.server.pipeline.settle()
        told = run("status", *at)
        assert max(len(line) for line in told.splitlines() if line.startswith(("┃", "│"))) <= 80
        assert f"champion: model {first.id}\nwindows of" in told
        assert f"challenger: model {second.id}\nwindows of" in told
        assert "side by side: 0.0 days of the usual 7; alerts of whom:" in told
        drift = server.server.pipeline.judges.status(()).champion
        assert drift is not None
        for scope in drift.scopes:
            names = ", ".join(f"{one.feature} {one.stability:.2f}" for one in scope.shifted[:3])
            assert (f"features of {scope.scope} s that shifted: {names}" in told) is bool(scope.shifted)
        assert any(scope.shifted for scope in drift.scopes)
        status = json.loads(run("status", "--json", *at))
        assert status["comparison"]["scopes"][0]["windows"] > 0
        assert [one["name"] for one in json.loads(run("list", "--json", *at))] == ["model", "august"]
        assert run("decline", second.id, "--reason", "no better", *at).endswith(": kept\n")
        assert run("retire", first.id, "--reason", "venue changed", *at).endswith(": retired\n")
        assert run("status", *at) == "champion: none judges\nchallenger: none judges\n"
