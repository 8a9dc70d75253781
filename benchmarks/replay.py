"""`replay`: the whole command, from a tape on disk to signals on disk."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.apart import Outcome, call_apart
from benchmarks.figures import Figure, NotMeasuredError, Report
from benchmarks.scale import Scale
from benchmarks.tapes import make_tape

METHOD: Final = (
    "CPU time of `tapewarden replay TAPE --signals FILE` with all built-in detectors, as a process of its "
    "own: interpreter, imports, reading, detecting, writing. Then the most memory it held, for this tape and "
    "for one of five times the events: memory is bounded by the market, not by the length of the tape."
)
TIMES: Final = 5
MOST_GROWTH: Final = 1.5
FIRST: Final = 1000
"""Events of a tape replayed beforehand, so that compiled code is in its cache."""


def measure(scale: Scale) -> Report:
    """Millions of events per CPU second, and the most memory for a tape and for a longer one."""
    with tempfile.TemporaryDirectory() as folder:
        replay(Path(folder), scale, FIRST)
        short = replay(Path(folder), scale, scale.replay)
        long = replay(Path(folder), scale, TIMES * scale.replay)
    return Report(
        name="replay",
        method=METHOD,
        figures=(
            Figure(what="short tape", measured=scale.replay / 1e6 / short.seconds, unit="M events/s"),
            Figure(what="long tape", measured=TIMES * scale.replay / 1e6 / long.seconds, unit="M events/s"),
            Figure(what="memory, short tape", measured=short.most_bytes / 2**20, unit="MiB"),
            Figure(what="memory, long tape", measured=long.most_bytes / 2**20, unit="MiB"),
            Figure(
                what="memory, long / short",
                measured=long.most_bytes / short.most_bytes,
                unit="x",
                most=MOST_GROWTH,
            ),
        ),
    )


def replay(folder: Path, scale: Scale, events: int) -> Outcome:
    """Replay a generated tape."""
    tape = make_tape(folder / f"{events}.parquet", events, scale.instruments, scale.accounts)
    signals = folder / f"{events}.jsonl"
    outcome = call_apart(__name__, "run_command", "replay", tape, "--signals", signals)
    if outcome.output or not signals.exists():
        raise NotMeasuredError(f"tapewarden replay: exit code {outcome.output}")
    return outcome


def run_command(*arguments: str) -> int:
    """Run the command line in this process; gives its exit code."""
    from tapewarden.cli.main import main

    try:
        main(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0
