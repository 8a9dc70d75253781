"""What `tapewarden publish` cannot do it says in one line, before anything is sent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tapewarden.cli import main as entry
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind
from tapewarden.tape import write_tape
from tests.strategies import small_directory


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    path = tmp_path / "small.jsonl"
    with write_tape(path, small_directory()) as writer:
        writer.write(EventBatch.of(3, kind=EventKind.PLACE, instrument=0, order=[1, 2, 3], price=5, size=1))
    return path


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
