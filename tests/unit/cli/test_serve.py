"""`tapewarden serve` as a process of its own: how it starts, ends and fails."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import IO

from tapewarden.client import Batching, Connection, Publisher, resume
from tapewarden.journal import read_frames
from tapewarden.wire.decoding import decode
from tests.strategies import small_directory
from tests.unit.client.test_publisher import orders
from tests.unit.live.rig import replayed

ROOT = Path(__file__).parents[3]
MANY = orders(20_000)
SMALL = Batching(rows=20, linger=0.0)


class Served:
    """A server, its address once it listens, and the lines it has written by then."""

    def __init__(self, folder: Path, method: str = "none", after: int = 0) -> None:
        arguments = [method, str(after), "--data", str(folder), "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.samples.probing_server", *arguments],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.stderr: IO[str] = self.process.stderr
        self.greeting: list[str] = []
        self.address = ""
        for line in self.stderr:
            self.greeting.append(line.strip())
            if line.startswith("tapewarden listens on "):
                self.address = line.split()[3].rstrip(",")
            if "the journal in" in line:
                break

    def end(self, number: int | None = None) -> tuple[int, list[str]]:
        """Send a signal, wait for the end; gives the exit code and the lines since the greeting."""
        if number is not None:
            self.process.send_signal(number)
        lines = self.stderr.read().splitlines()
        return self.process.wait(), lines


@contextmanager
def serving(folder: Path, method: str = "none", after: int = 0) -> Iterator[Served]:
    served = Served(folder, method, after)
    try:
        yield served
    finally:
        served.process.kill()
        served.process.wait()
        served.stderr.close()


@contextmanager
def under_load(served: Served) -> Iterator[Publisher]:
    """Many events on their way, some of which are durable."""
    loaded = Event()

    publisher = Publisher(
        Connection(address=served.address),
        "venue",
        small_directory(),
        batching=SMALL,
        on_durable=lambda message: loaded.set(),
    )
    publisher.send(MANY)
    assert loaded.wait(60)
    yield publisher
    publisher.abandon()


def journaled(folder: Path) -> int:
    """How many events of the one source the journal holds."""
    batches = [decode(frame.body) for frame in read_frames(folder / "journal") if frame.kind == 1]
    return max(batch.position.sequence + len(batch) - 1 for batch in batches)


def filed(folder: Path) -> list[str]:
    """The lines of all signals, sorted."""
    with closing(sqlite3.connect(folder / "cases.db")) as connection:
        return sorted(line for (line,) in connection.execute("SELECT line FROM signal_lines"))


def test_a_signal_to_stop_under_load_finishes_what_was_received(tmp_path: Path) -> None:
    with serving(tmp_path) as served, under_load(served) as publisher:
        code, lines = served.end(signal.SIGTERM)
        acknowledged = publisher.durable
    assert code == 0
    assert "Stopping: what was received is finished first." in lines
    assert 0 < acknowledged <= (received := journaled(tmp_path)) < len(MANY)
    assert filed(tmp_path) == replayed(small_directory(), MANY[:received])
    (checkpoint,) = (tmp_path / "checkpoints").glob("*.checkpoint")
    checkpoint.write_bytes(b"not any more")
    with serving(tmp_path) as served:
        assert any(line.startswith(f"{checkpoint.name} was passed over: ") for line in served.greeting)
        position = resume(Connection(address=served.address), "venue")
        assert position is not None
        assert position.sequence == received
        assert served.end(signal.SIGINT)[0] == 0


def test_a_disk_that_fails_under_load_ends_it_with_one_line_and_exit_code_1(tmp_path: Path) -> None:
    with serving(tmp_path, "sync", 30) as served, under_load(served) as publisher:
        code, lines = served.end()
        acknowledged = publisher.durable
    assert code == 1
    assert lines[-1] == (
        f"tapewarden: {tmp_path}/journal: the journal failed and takes nothing more: Input/output error"
    )
    assert not any("Traceback" in line for line in lines)
    with serving(tmp_path) as served:
        position = resume(Connection(address=served.address), "venue")
        assert (position.sequence if position else 0) >= acknowledged
        assert served.end(signal.SIGTERM)[0] == 0


def test_a_folder_that_is_none_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with serving(tmp_path / "data") as served:
        assert served.process.wait() == 2
        assert served.greeting[-1].startswith(f"tapewarden: {tmp_path / 'data'}")
        assert not any("Traceback" in line for line in served.greeting)
