"""A server in a process of its own, as the desktop meets it: it may be killed."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tapewarden.engine.registry import BUILT_IN
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tests.unit.server.running import running

SELF_MATCH = "self_match"
"""The module of the detector that servers have unless told otherwise."""


class Served:
    """The process, and where it listens."""

    def __init__(self, folder: Path, listen: str = "127.0.0.1:0", detector: str = SELF_MATCH) -> None:
        command = [sys.executable, "-m", "tests.desktop.serving", str(folder), listen, detector]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, "the server did not start"

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def served(folder: Path, listen: str = "127.0.0.1:0", detector: str = SELF_MATCH) -> Iterator[Served]:
    """A server with a detector, by its module, until the end of the block, or until it is killed."""
    server = Served(folder, listen, detector)
    try:
        yield server
    finally:
        server.kill()


def main(folder: str, listen: str, detector: str) -> None:
    """Serve until the other end of stdin is closed."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # nobody reads stdout
    module = importlib.import_module(f"{BUILT_IN}.{detector}")
    configuration = Configuration(detectors=(module.DETECTOR,))
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    plan = Plan(folder=Path(folder), configuration=configuration, listen=listen, key=key, simulation=True)
    with running(plan) as server:
        print(server.address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
