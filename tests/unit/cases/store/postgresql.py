"""A PostgreSQL server of its own for tests: on loopback, in a temporary folder, gone afterwards."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
SETTINGS = ("fsync=off", "unix_socket_directories=", f"listen_addresses={LOOPBACK}", "shared_buffers=16MB")
MISSING = "needs PostgreSQL (on Debian: apt install postgresql)"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, if PostgreSQL is installed."""
    found = [Path(place).parent for place in [shutil.which("initdb")] if place is not None]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return next((path for path in reversed(found) if (path / "initdb").is_file()), None)


@dataclass(frozen=True)
class Server:
    """A running server: ``url`` of its databases, less the name; ``start`` and ``stop`` it again."""

    url: str
    start: Callable[[], None]
    stop: Callable[[], None]


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Start a server with the programs in a folder."""
    # PostgreSQL refuses to run as root; Debian's package brings a user for it. A program of its own becomes
    # that user: Python would fork this process for it, and gRPC's threads do not outlive a fork.
    user = "postgres" if os.geteuid() == 0 else None
    become = [] if user is None else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
    with tempfile.TemporaryDirectory(prefix="tapewarden-postgresql-") as temporary:
        place = Path(temporary)
        if user is not None:
            shutil.chown(place, user)
        password = secrets.token_hex(16)
        (place / "password").write_text(password, "ascii")
        (place / "password").chmod(0o644)  # the folder lets nobody else in
        data, port = place / "data", _free_port()

        def run(program: str, *arguments: str) -> None:
            command = [*become, str(folder / program), "-D", str(data), *arguments]
            subprocess.run(command, check=True, cwd=place, stdout=subprocess.DEVNULL)

        run(
            "initdb",
            "-U",
            "tapewarden",
            "-A",
            "scram-sha-256",
            f"--pwfile={place / 'password'}",
            "-E",
            "UTF8",
        )
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"port={port}"))

        def start() -> None:
            run("pg_ctl", "start", "-w", "-l", str(place / "log"), "-o", options)

        def stop() -> None:
            run("pg_ctl", "stop", "-w", "-m", "immediate")

        start()
        try:
            yield Server(f"postgresql+psycopg://tapewarden:{password}@{LOOPBACK}:{port}", start, stop)
        finally:
            stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
