"""`start`: CPU time from the birth of the process until the first batch is processed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.apart import call_apart
from benchmarks.figures import Figure, Report, middle
from benchmarks.scale import Scale
from benchmarks.tapes import make_tape

METHOD: Final = (
    "CPU time of a whole process that opens a tape and takes its first 1,000 events into an engine with all "
    "built-in detectors: interpreter, imports, compilation. Cold: the cache of compiled code is empty. Warm: "
    "it was filled by an earlier process."
)


def measure(scale: Scale) -> Report:
    """Seconds of a cold and of a warm start."""
    with tempfile.TemporaryDirectory() as folder:
        tape = make_tape(Path(folder) / "tape.parquet", 1000, scale.instruments, scale.accounts)
        arguments = (tape, scale.start, Path(folder) / "cache" if scale.cold else None)
        cold = first_batch_seconds(*arguments)
        warm = [first_batch_seconds(*arguments) for _ in range(scale.rounds)]
    return Report(
        name="start",
        method=METHOD,
        figures=(
            Figure(what="cold", measured=cold, unit="s", most=15),
            Figure(what="warm", measured=middle(warm), unit="s", most=1.5),
        ),
    )


def first_batch_seconds(tape: Path, most: int, cache: Path | None) -> float:
    """CPU seconds of a process that ends with the first batch, with ``most`` detectors."""
    environment = {"NUMBA_CACHE_DIR": str(cache)} if cache else None
    return call_apart(__name__, "take_first_batch", tape, most, environment=environment).seconds


def take_first_batch(tape: str, most: str) -> int:
    """Take the first batch of a tape with so many detectors at most; gives its length."""
    from tapewarden.engine.engine import Engine
    from tapewarden.engine.registry import built_in_detectors
    from tapewarden.tape import read_tape

    reader = read_tape(tape)
    engine = Engine(reader.directory, built_in_detectors()[: int(most)])
    batch = next(reader.batches(1000))
    engine.process(batch)
    return len(batch)
