"""`tapewarden serve` as a process of its own: started, killed, stopped, asked how large it is."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Final

from tapewarden.client import Connection
from tools.soak import BrokenPromise

COMMAND: Final = (sys.executable, "-m", "tapewarden")
START_S: Final = 900.0
"""How long a start may take: the first one compiles."""

_LOOK_S: Final = 0.001


class Process:
    """A server on a folder; it lives many times, always at the same address.

    Args:
        folder: For its data, its configuration and what it says.
        settings: Further tables of the configuration, TOML.
    """

    def __init__(self, folder: Path, settings: str) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.data = folder / "data"
        self.config = folder / "tapewarden.toml"
        self.metrics = f"127.0.0.1:{free_port()}"
        self.connection = Connection(address=f"127.0.0.1:{free_port()}")
        told = f'[server]\nlisten = "{self.connection.address}"\ndata = "data"\nmetrics = "{self.metrics}"\n'
        self.config.write_text(f"{told}\n{settings}", "utf-8")
        self._listening = threading.Event()

    def start(self) -> None:
        """Begin a life; it may take a while until the server listens."""
        self._listening.clear()
        self._process = subprocess.Popen(
            [*COMMAND, "serve", "--config", str(self.config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until_listening(self) -> float:
        """Wait for the greeting; gives the seconds it took."""
        begin = monotonic()
        while not self._listening.wait(0.1):
            self._require_alive(begin)
        return monotonic() - begin

    def wait_until_recovering(self) -> None:
        """Wait until it has opened its journal."""
        lock, begin = self.data / "journal" / "lock", monotonic()
        while not lock.exists() or lock.read_text("ascii").strip() != str(self.pid):
            self._require_alive(begin)
            sleep(_LOOK_S)

    @property
    def is_keeping(self) -> bool:
        """Whether it is writing a checkpoint just now."""
        return any((self.data / "checkpoints").glob("*.partial"))

    def live_on(self, seconds: float) -> None:
        """Let it live for so long."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        self._require_alive(monotonic())

    def kill(self) -> None:
        """End it as a failing machine would."""
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has; the exit code must be 0."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait()
        self._reader.join()
        if code:
            raise BrokenPromise(f"SIGTERM: expected exit code 0, received {code}; see {self._log}")

    def end(self) -> None:
        """Let nothing of it remain, in whatever state it is."""
        if hasattr(self, "_process") and self._process.poll() is None:
            self.kill()

    def memory(self) -> int:
        """Resident memory, bytes."""
        shown = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True
        )
        return int(shown.stdout) * 1024

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _read(self, stream: IO[str]) -> None:
        with stream, self._log.open("a", encoding="utf-8") as log:
            for line in stream:
                log.write(line)
                if line.startswith("tapewarden listens on"):
                    self._listening.set()

    def _require_alive(self, begin: float) -> None:
        if self._process.poll() is not None:
            self._reader.join()
            last = self._log.read_text("utf-8").strip().splitlines()[-1:]
            raise BrokenPromise(f"the server ended with {self._process.returncode}: {''.join(last)}")
        if monotonic() - begin > START_S:
            raise BrokenPromise(f"what was waited for did not come within {START_S:g} s; see {self._log}")


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
