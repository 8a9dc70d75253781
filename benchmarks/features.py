"""`features`: what the windows of the anomaly model cost beside the engine with its detectors."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time
from typing import Final, NamedTuple

from benchmarks.engine import warm_up
from benchmarks.figures import Figure, Report, middle
from benchmarks.rounds import check_agreement
from benchmarks.scale import Scale
from benchmarks.streams import Stream, realistic_stream
from tapewarden.anomaly.features.windows import FeatureWindows
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.registry import built_in_detectors

METHOD: Final = (
    "CPU time of the features alone, on the acts that the engine writes for batches of 1,000 while it runs "
    "all built-in detectors, and of that engine; in turns, on the same tape. Equal in every round: how many "
    "windows there are."
)
MOST_SHARE: Final = 0.2
"""Of the engine's time; with the scores of the windows it should stay below 0.3."""


class Costs(NamedTuple):
    """Nanoseconds per event, and windows told per event."""

    engine: float
    features: float
    windows: float


def measure(scale: Scale) -> Report:
    """Nanoseconds per event of the engine and of the features, and their ratio."""
    detectors = built_in_detectors()
    stream = realistic_stream(scale.detectors, scale.instruments, scale.accounts)
    warm_up(stream, detectors)
    rounds = [costs_of(stream, detectors) for _ in range(scale.rounds)]
    check_agreement({str(number): one.windows for number, one in enumerate(rounds)}, float.__eq__)
    share = middle([one.features / one.engine for one in rounds])
    return Report(
        name="features",
        method=METHOD,
        figures=(
            Figure(what="features / engine", measured=share, unit="x", most=MOST_SHARE),
            Figure(what="features", measured=middle([one.features for one in rounds]), unit="ns/event"),
            Figure(what="engine", measured=middle([one.engine for one in rounds]), unit="ns/event"),
            Figure(what="windows", measured=1e3 * rounds[0].windows, unit="per 1,000 events"),
        ),
    )


def costs_of(stream: Stream, detectors: Sequence[Detector]) -> Costs:
    """One run of both."""
    engine, windows = Engine(stream.directory, detectors), FeatureWindows()
    watching, told = 0.0, 0
    start = process_time()
    for batch in stream.batch.split(1000):
        engine.process(batch)
    running = process_time() - start
    books = Engine(stream.directory, [])
    for batch in stream.batch.split(1000):
        for _, acts, _ in books.passes(batch):
            start = process_time()
            ended = windows.take(acts, len(books.tables.pairs), len(books.tables.markets))
            watching += process_time() - start
            told += len(ended.accounts.keys) + len(ended.instruments.keys)
    events = len(stream.batch)
    return Costs(1e9 * running / events, 1e9 * watching / events, told / events)
