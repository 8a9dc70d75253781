"""`tapewarden publish` sends a tape to a real server; what it cannot do it says in one line."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tapewarden.cli import main as entry
from tapewarden.client import Connection, Publisher, resume
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tapewarden.tape import read_tape, write_tape
from tapewarden.wire.decoding import Position
from tests.probes import PROBES
from tests.strategies import START, small_directory
from tests.unit.server.running import Running, running, token_for


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    path = tmp_path / "small.jsonl"
    with write_tape(path, small_directory()) as writer:
        writer.write(EventBatch.of(3, kind=EventKind.PLACE, instrument=0, order=[1, 2, 3], price=5, size=1))
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    configuration = Configuration(detectors=PROBES)
    return Plan(folder=tmp_path / "data", configuration=configuration, listen="127.0.0.1:0")


@pytest.fixture
def server(plan: Plan) -> Iterator[Running]:
    with running(plan) as server:
        yield server


def published(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> dict[str, Any]:
    """What the command says in JSON."""
    with pytest.raises(SystemExit) as stopped:
        entry.main(["publish", "--json", *map(str, arguments)])
    captured = capsys.readouterr()
    assert (stopped.value.code or 0, captured.err) == (code, "")
    result: dict[str, Any] = json.loads(captured.out)
    return result


def test_a_tape_is_published_once_and_goes_on_where_it_stopped(
    server: Running, tape: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = published(capsys, tape, "--server", server.address)
    assert first["source"].startswith("small-")
    assert (first["before"], first["sent"], first["durable"], first["rejects"]) == (0, 3, 3, 0)
    assert first["ack_p99_ms"] >= first["ack_p50_ms"] > 0
    again = published(capsys, tape, "--server", server.address)
    assert (again["before"], again["sent"], again["durable"], again["source"]) == (3, 0, 0, first["source"])
    assert again["ack_p50_ms"] is None
    with Publisher(Connection(address=server.address), "shared", read_tape(tape).directory) as publisher:
        publisher.send(next(read_tape(tape).batches())[:2])
    rest = published(capsys, tape, "--server", server.address, "--source", "shared", "--speed", "1000")
    assert (rest["before"], rest["sent"], rest["durable"]) == (2, 1, 1)
    assert resume(Connection(address=server.address), "shared") == Position("shared", 1, 3)


def test_what_was_done_is_told_in_words(
    server: Running, tape: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        entry.main(["publish", str(tape), "--server", server.address, "--source", "mine"])
    sent, rate, acknowledged = capsys.readouterr().out.splitlines()
    assert sent == "3 events sent as 'mine', 3 durable, 0 rejected"
    assert rate.endswith(" events/s")
    assert acknowledged.startswith("acknowledged after ")


def test_rejected_events_are_listed_by_the_row_of_the_tape(
    server: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tape = tmp_path / "small.parquet"
    with write_tape(tape, small_directory()) as writer:
        writer.write(EventBatch.of(3, kind=EventKind.PLACE, instrument=0, price=5, size=[1, -7, 1]))
    result = published(capsys, tape, "--server", server.address, code=1)
    assert (result["sent"], result["durable"], result["rejects"]) == (3, 3, 1)
    (reject,) = result["first_rejects"]
    assert (reject["row"], reject["field"], reject["received"]) == (2, "size", "-7")
    with pytest.raises(SystemExit) as stopped:
        entry.main(["publish", str(tape), "--server", server.address, "--source", "again"])
    assert stopped.value.code == 1
    shown = capsys.readouterr().out
    assert "3 events sent as 'again', 3 durable, 1 rejected" in shown
    assert "0 to 9007199254740991 units, or unknown" in shown


def test_another_tape_does_not_go_on_with_a_longer_series(
    server: Running, tape: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(capsys, tape, "--server", server.address, "--source", "one")
    shorter = tmp_path / "shorter.jsonl"
    with write_tape(shorter, small_directory()) as writer:
        writer.write(next(read_tape(tape).batches())[:2])
    error = failing(capsys, shorter, "--server", server.address, "--source", "one")
    assert (
        "expected at most 2 events of source one, or another --source, received 3 published before" in error
    )


def test_a_tape_that_numbers_otherwise_is_refused_in_the_words_of_the_server(
    server: Running, tape: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(capsys, tape, "--server", server.address, "--source", "one")
    other = tmp_path / "other.jsonl"
    directory = Directory()
    directory.sources.number("another feed")
    with write_tape(other, directory) as writer:
        writer.write(EventBatch.of(9, kind=EventKind.CLOCK, ts_event=START))
    error = failing(capsys, other, "--server", server.address, "--source", "one")
    assert "feeds[0]: number" in error


def test_a_server_with_tokens_wants_one(
    plan: Plan, tape: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = tmp_path / "token"
    token.write_text(token_for(plan, source="one"))
    with running(replace(plan, tokens=True)) as server:
        assert "token" in failing(capsys, tape, "--server", server.address)
        arguments = (tape, "--server", server.address, "--token-file", token, "--source")
        assert published(capsys, *arguments, "one")["durable"] == 3
        assert "may hand in events of one only" in failing(capsys, *arguments, "another")


def failing(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as stopped:
        entry.main(["publish", *map(str, arguments)])
    assert stopped.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize("speed", ["fast", "0", "-1", "inf", "nan", ""])
def test_a_speed_is_a_positive_number_or_max(
    tape: Path, speed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"--speed: expected a positive number or max, received {speed!r}" in failing(
        capsys, tape, f"--speed={speed}"
    )


def test_what_is_no_tape_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected a tape, received no such file" in failing(capsys, tmp_path / "none.parquet")


def test_a_server_that_is_not_there_is_told(tape: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as bound:  # and not listening: nobody can be reached here
        bound.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{bound.getsockname()[1]}"
        assert failing(capsys, tape, "--server", address).startswith(f"tapewarden: {address}: ")


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "No such file"), (b"", "nothing"), (b"a\nb", "other text"), (b"\xff", "utf-8")],
)
def test_a_token_file_holds_one_token(
    tape: Path, tmp_path: Path, content: bytes | None, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    message = failing(capsys, tape, "--token-file", path)
    assert f"{path}: expected a token, received" in message
    assert expected in message


def test_a_token_does_not_travel_in_clear_text(
    tape: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    message = failing(
        capsys, tape, "--token-file", tmp_path / "token", "--server", "surveillance.example:7410"
    )
    assert "only over TLS" in message
    assert "s3cret" not in message
