"""`tapewarden case`, `audit` and `user`: people work on cases from the terminal."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGINT
from subprocess import PIPE

import pytest

from tapewarden.cases import place
from tapewarden.cases.store import Observation, Store
from tapewarden.cli import main as entry
from tests.unit.cases.signals import signal
from tests.unit.cli.desks import desk_on_a_thread
from tests.unit.server.desk import NOW, Desk

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("SERVER", "PERSON", "TOKEN_FILE", "DATA", "DATABASE"):
        monkeypatch.delenv(f"TAPEWARDEN_{name}", raising=False)

    def command(*arguments: object, code: int = 0) -> str:
        with pytest.raises(SystemExit) as stopped:
            entry.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert stopped.value.code == code, err
        if code == 2:
            assert out == ""
            assert err.count("\n") == 1
            return err
        return out

    return command


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(place.database_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[Desk]:
    with desk_on_a_thread(store, key=place.signing_key(tmp_path / place.KEY)) as started:
        monkeypatch.setenv("TAPEWARDEN_SERVER", started.address)
        monkeypatch.setenv("TAPEWARDEN_PERSON", "vera")
        store.record(
            [Observation(signal("first", severity="high", text="eight walls \x1b[31mpulled"))], NOW, "engine"
        )
        yield started


def test_a_case_is_worked_from_the_terminal(desk: Desk, run: Run) -> None:
    listed = run("case", "list")
    assert "1 of 1 cases" in listed
    assert "high" in listed
    assert run("case", "assign", 1, "--to", "vera") == "case 1, version 2: open, assigned to vera\n"
    run("case", "investigate", 1)
    assert run("case", "comment", 1, "pulled eight times") == "comment 1 of case 1\n"
    run("case", "suspect", 1, "--since", "1970-01-01T00:00:00Z", "--reason", "layers")
    run("case", "escalate", 1, "--reason", "beyond me")
    closing = ("case", "close", 1, "--disposition", "suspicion reported", "--reason", "STOR 7")
    assert "escalated, closing proposed" in run(*closing)
    assert "may not" not in run("case", "decline", 1, "--reason", "wrong number", "--as", "sam")
    run(*closing)
    assert "a second person must approve" in run("case", "approve", 1, code=2)
    assert run("case", "approve", 1, "--as", "sam") == "case 1, version 9: closed, assigned to vera\n"
    shown = run("case", "show", 1)
    for text in (
        "suspicion reported, by vera: STOR 7 (approved by sam)",
        "pulled eight times",
        "case.approve",
    ):
        assert text in shown
    assert "\x1b" not in shown
    assert "reopen" in shown.splitlines()[-1]
    assert "investigating" in run("case", "reopen", 1, "--reason", "more came")


def test_json_holds_what_the_screen_shows(desk: Desk, run: Run) -> None:
    queue = json.loads(run("case", "list", "--json"))
    assert (queue["total"], queue["cases"][0]["case"]["severity"]) == (1, "high")
    file = json.loads(run("case", "show", 1, "--json"))
    assert file["signals"][0]["signal"]["id"] == "first"
    assert {move["action"] for move in file["moves"]} >= {"assign", "undo"}
    assert json.loads(run("case", "comment", 1, "look", "--json"))["by"] == "vera"
    assert json.loads(run("case", "investigate", 1, "--json"))["state"] == "investigating"
    entries = json.loads(run("audit", "list", "--subject", "case 1", "--json"))
    assert entries[0]["action"] == "case.open"
    assert len(entries[0]["digest"]) == 64


def test_filters_find_what_they_name(desk: Desk, run: Run) -> None:
    desk.filled(3)

    def found(*options: str) -> list[int]:
        queue = json.loads(run("case", "list", "--json", *options))
        return sorted(one["case"]["id"] for one in queue["cases"])

    assert found("--severity", "high") == [1]
    assert found("--state", "closed") == []
    assert found("--actor", "a1") == [3]
    assert found("--text", "a2") == [4]
    run("case", "assign", 2, "--to", "sam")
    assert found("--assignee", "sam") == [2]
    assert found("--unassigned") == [1, 3, 4]
    assert found("--order", "oldest", "--limit", "1", "--offset", "1") == [2]


def test_many_cases_are_worked_at_once_and_undone(desk: Desk, run: Run) -> None:
    desk.filled(3)
    assert run("case", "investigate", 2, 3, 4).count("investigating") == 3
    out = run("case", "investigate", 1, 2, code=1)
    assert out.splitlines()[0].startswith("case 1, version 2: investigating")
    assert out.splitlines()[1] == "case 2: to investigate it must be open, it is investigating"
    assert run("case", "undo", 2, 3, 4).count(": open, assigned to nobody") == 3
    assert "--seen: expected one case" in run("case", "undo", 2, 3, "--seen", 1, code=2)


def test_the_version_that_was_seen_protects_what_others_did(desk: Desk, run: Run) -> None:
    run("case", "assign", 1, "--to", "sam", "--as", "sam")
    err = run("case", "assign", 1, "--to", "vera", "--seen", 1, code=2)
    assert "you saw version 1, it is at version 2 since sam (case.assign)" in err


def test_files_are_added_and_fetched(desk: Desk, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "book.png"
    path.write_bytes(b"\x89PNG" * 100_000)
    assert "attachment 1 of case 1: 400,000 bytes" in run("case", "attach", 1, path)
    assert "image/png" in run("case", "attach", 1, path, "--json")
    assert run("case", "attachment", 1, "--out", tmp_path / "copy") == (
        f"400,000 bytes written to {tmp_path / 'copy'}\n"
    )
    assert (tmp_path / "copy").read_bytes() == path.read_bytes()
    assert "No such file" in run("case", "attach", 1, tmp_path / "none", code=2)
    assert "no directory" in run("case", "attachment", 1, "--out", tmp_path / "no" / "where", code=2)


def test_signals_are_suppressed_and_let_through(desk: Desk, run: Run) -> None:
    options = ("--detector", "SPF-01", "--until", "2030-01-01T00:00:00Z", "--reason", "a test account")
    assert run("case", "suppress", *options) == "suppression 1\n"
    assert "detector SPF-01" in run("case", "suppressions")
    assert run("case", "lift", 1, "--reason", "over") == "suppression 1 lifted\n"
    assert json.loads(run("case", "suppressions", "--json"))[0]["until_ns"] == NOW
    bad = ("--detector", "SPF-01", "--until", "tomorrow", "--reason", "x")
    assert "--until: expected a time with its offset" in run("case", "suppress", *bad, code=2)


def test_an_exported_case_and_trail_are_verified_without_the_server(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    run("case", "comment", 1, "look")
    case, trail, key = tmp_path / "case.zip", tmp_path / "trail.jsonl", tmp_path / place.PUBLIC_KEY
    run("case", "export", 1, "--out", case)
    run("audit", "export", "--out", trail)
    assert run("audit", "verify", case, "--key", key) == "entries: 3\ntrail at export: 4\n"
    assert "anybody can replace" in run("audit", "verify", case)
    assert run("audit", "verify", trail, "--key", key) == "sound entries: 5\n"
    found = json.loads(run("audit", "verify", "--data", tmp_path, "--json"))
    assert (found["fault"], found["sound_entries"], found["entries_under_a_signed_head"]) == (None, 5, 5)
    assert "--key: an exported trail" in run("audit", "verify", trail, code=2)
    lines = trail.read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(lines[:2] + lines[3:]), "utf-8")
    assert "fault: entry 3, removed" in run("audit", "verify", tmp_path / "cut.jsonl", "--key", key, code=1)
    (tmp_path / "changed.zip").write_bytes(case.read_bytes().replace(b"case.json", b"cafe.json"))
    assert "fault: case.json: it is missing" in run("audit", "verify", tmp_path / "changed.zip", code=1)
    run("audit", "verify", "--data", tmp_path, "--held", trail)
    assert "no signed head" in run("audit", "verify", "--data", tmp_path, "--held", key, code=2)


def test_a_case_is_written_as_a_report_in_the_format_that_its_name_says(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    run("case", "comment", 1, "<script>&")
    page = tmp_path / "a.html"
    assert run("case", "report", 1, "--output", page) == f"report of case 1 written to {page}\n"
    run("case", "report", 1, "--output", tmp_path / "a.xml")
    run("case", "report", 1, "--format", "pdf", "--output", tmp_path / "a.txt")
    assert "&lt;script&gt;&amp;" in page.read_text("utf-8")
    assert "<comment " in (tmp_path / "a.xml").read_text("utf-8")
    assert (tmp_path / "a.txt").read_bytes().startswith(b"%PDF")
    assert "expected html, pdf or xml, received txt" in run(
        "case", "report", 1, "--output", tmp_path / "b.txt", code=2
    )
    assert "received zip" in run("case", "report", 1, "--output", tmp_path / "b.zip", code=2)
    assert "there is none" in run("case", "report", 9, "--output", tmp_path / "b.pdf", code=2)
    assert not list(tmp_path.glob("b.*"))


def test_who_watches_sees_a_line_for_each_change_until_they_interrupt(desk: Desk) -> None:
    command = [sys.executable, "-m", "tapewarden", "case", "watch", "--server", desk.address]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline() == "watching\n"
        desk.changes.announce([1])
        assert process.stdout.readline() == "case 1, version 1: open, assigned to nobody\n"
        process.send_signal(SIGINT)
        try:
            assert process.wait(60) == 130
        finally:
            process.kill()


def test_a_token_from_the_terminal_opens_a_server_that_asks_for_one(
    store: Store, run: Run, tmp_path: Path
) -> None:
    data = ("--data", tmp_path)
    assert run("user", "put", "vera", "analyst", "viewer", *data, "--by", "ada") == "vera: viewer, analyst\n"
    token = tmp_path / "vera.token"
    assert "valid for 90 days" in run("user", "token", "vera", "--out", token, "--note", "laptop", *data)
    assert token.stat().st_mode & 0o777 == 0o600
    secret = run("user", "token", "vera", "--source", "sim-1", *data).strip()
    assert secret.startswith("tapewarden_")
    listed = json.loads(run("user", "list", "--json", *data))
    assert listed["people"] == [{"name": "vera", "roles": ["viewer", "analyst"]}]
    assert [(one["note"], one["source"]) for one in listed["tokens"]] == [("laptop", None), ("", "sim-1")]
    assert secret.split("_", 2)[2] not in json.dumps(listed)
    assert "sim-1" in run("user", "list", *data)
    with desk_on_a_thread(store, tokens=True) as desk:
        desk.filled(1)
        server = ("--server", desk.address)
        assert "brings none" in run("case", "list", *server, code=2)
        assert "1 of 1 cases" in run("case", "list", *server, "--token-file", token)
        number = token.read_text().split("_")[1]
        assert run("user", "revoke", number, *data) == f"token {number} of vera is revoked\n"
        assert "revoked" in run("user", "list", *data)
    assert run("user", "put", "vera", *data) == "vera: no roles\n"
    assert "there is none" in run("user", "token", "nobody", *data, code=2)


def test_a_server_that_is_not_there_is_named(run: Run) -> None:
    assert run("case", "list", "--server", "unix:/nowhere", code=2).startswith("tapewarden: unix:/nowhere: ")
