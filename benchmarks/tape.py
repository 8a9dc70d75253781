"""`tape`: how quickly a Parquet tape is read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, Report, middle
from benchmarks.rounds import check_agreement, timed
from benchmarks.scale import Scale
from benchmarks.streams import Stream, realistic_stream
from tapewarden.domain.kinds import Tier
from tapewarden.tape import read_tape, write_tape

METHOD: Final = (
    "CPU time of one thread that reads a whole Parquet tape from the page cache, checksums and "
    "checks of every number included, and of writing it. The events read are equal to those written."
)


def measure(scale: Scale) -> Report:
    """Millions of events read and written per CPU second."""
    stream = realistic_stream(scale.tape, scale.instruments, scale.accounts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tape.parquet"
        writing = [timed(lambda: write(path, stream)).seconds for _ in range(scale.rounds)]
        reading = [timed(lambda: read(path)).seconds for _ in range(scale.rounds)]
        check_agreement({"written": stream, "read": path}, holds)
        size = path.stat().st_size
    events = scale.tape / 1e6
    return Report(
        name="tape",
        method=METHOD,
        figures=(
            Figure(what="reading", measured=events / middle(reading), unit="M events/s"),
            Figure(what="writing", measured=events / middle(writing), unit="M events/s"),
            Figure(what="size", measured=size / scale.tape, unit="bytes/event"),
        ),
    )


def write(path: Path, stream: Stream) -> None:
    """Write a tape of the stream."""
    with write_tape(path, stream.directory, tier=Tier.T3) as writer:
        writer.write(stream.batch)


def read(path: Path) -> int:
    """Read all of a tape; gives the number of its events."""
    return sum(len(batch) for batch in read_tape(path).batches())


def holds(stream: Stream, path: Path) -> bool:
    """Whether a tape holds exactly the events of the stream."""
    place = 0
    for batch in read_tape(path).batches():
        expected = stream.batch[place : place + len(batch)]
        if any((column != getattr(expected, name)).any() for name, column in batch.columns()):
            return False
        place += len(batch)
    return place == len(stream.batch)
