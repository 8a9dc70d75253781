"""`engine`: all detectors at once, on a generated venue and on recorded markets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from benchmarks.copies import twenty
from benchmarks.figures import Figure, NotMeasuredError, Report
from benchmarks.recorded import RECORDINGS, read_recording
from benchmarks.rounds import Rounds, Timed, alternate, timed
from benchmarks.scale import Scale
from benchmarks.streams import Stream, realistic_stream
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.registry import built_in_detectors

METHOD: Final = (
    "Twenty detectors in one engine, from empty tables to the last signal: the built-in ones, and copies of "
    "them with state and machine code of their own where there are fewer. CPU time of the process, batches "
    "made beforehand. Equal on both sides: every byte of every signal."
)
GOALS: Final = {1000: 1.5, 100: 0.7}
"""Millions of events per CPU second, by the size of a batch."""


def measure(scale: Scale) -> Report:
    """Millions of events per CPU second at each size of a batch."""
    detectors = twenty(built_in_detectors(), scale.copies)
    generated = realistic_stream(scale.engine, scale.instruments, scale.accounts)
    figures = list(rates("generated", generated, detectors, scale.rounds))
    notes = []
    for recording in RECORDINGS:
        try:
            stream = read_recording(recording)
        except NotMeasuredError as error:
            notes.append(str(error))
        else:
            figures += rates(recording.name, stream, detectors, scale.rounds)
    return Report(name="engine", method=METHOD, figures=tuple(figures), notes=tuple(notes))


def rates(name: str, stream: Stream, detectors: Sequence[Detector], rounds: int) -> Iterator[Figure]:
    """A figure for each size of a batch."""
    warm_up(stream, detectors)
    times = compare_sizes(stream, detectors, rounds)
    for size, goal in GOALS.items():
        rate = len(stream.batch) / 1e6 / times.median(str(size))
        yield Figure(what=f"{name}, batches of {size:,}", measured=rate, unit="M events/s", least=goal)


def compare_sizes(stream: Stream, detectors: Sequence[Detector], rounds: int) -> Rounds:
    """The same tape in batches of each size."""
    sides = {str(size): partial(run_timed, stream, detectors, size) for size in GOALS}
    return alternate(sides, rounds, list.__eq__)


def run_timed(stream: Stream, detectors: Sequence[Detector], size: int) -> Timed:
    """One run of a fresh engine; its output is the signals."""
    engine = Engine(stream.directory, detectors)
    batches = list(stream.batch.split(size))

    def run() -> list[str]:
        signals = [signal for batch in batches for signal in engine.process(batch)]
        return [signal.to_json() for signal in [*signals, *engine.finish()]]

    return timed(run)


def warm_up(stream: Stream, detectors: Sequence[Detector]) -> None:
    """Compile whatever the run will need."""
    Engine(stream.directory, detectors).process(stream.batch[:1000])
