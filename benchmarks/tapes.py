"""Generated tapes on disk, made in a process of their own so that no memory stays behind."""

from __future__ import annotations

from pathlib import Path

from benchmarks.apart import call_apart
from benchmarks.streams import realistic_stream
from tapewarden.domain.kinds import Tier
from tapewarden.tape import write_tape


def make_tape(path: Path, events: int, instruments: int, accounts: int) -> Path:
    """Write a generated tape and give its path."""
    call_apart(__name__, "write_stream", path, events, instruments, accounts)
    return path


def write_stream(path: str, events: str, instruments: str, accounts: str) -> None:
    """The same, in this process."""
    stream = realistic_stream(int(events), int(instruments), int(accounts))
    with write_tape(path, stream.directory, tier=Tier.T3) as writer:
        writer.write(stream.batch)
