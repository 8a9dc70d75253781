"""`detectors`: what each detector's scan costs per event of the tape."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from time import process_time
from typing import Final

import numpy as np

from benchmarks.engine import warm_up
from benchmarks.figures import Figure, NotMeasuredError, Report, middle
from benchmarks.rounds import check_agreement
from benchmarks.scale import Scale
from benchmarks.streams import Stream, realistic_stream
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.registry import built_in_detectors

METHOD: Final = (
    "CPU time of each detector's scans alone, on the acts that the kernel writes for batches of 1,000, "
    "per event of the tape. Calling the scan is included; explaining what fired is not: it costs only "
    "where there is a signal."
)
MOST_MEAN: Final = 15
MOST_EACH: Final = 40


def measure(scale: Scale) -> Report:
    """Nanoseconds per event of each detector, and their mean."""
    detectors = built_in_detectors()
    if not detectors:
        raise NotMeasuredError("there are no detectors")
    stream = realistic_stream(scale.detectors, scale.instruments, scale.accounts)
    warm_up(stream, detectors)
    rounds = [scan_costs(stream, detectors) for _ in range(scale.rounds)]
    costs = {name: middle([one[name] for one in rounds]) for name in rounds[0]}
    mean = Figure(what="mean", measured=fmean(costs.values()), unit="ns/event", most=MOST_MEAN)
    each = (Figure(what=name, measured=cost, unit="ns/event", most=MOST_EACH) for name, cost in costs.items())
    return Report(name="detectors", method=METHOD, figures=(mean, *each))


def scan_costs(stream: Stream, detectors: Sequence[Detector]) -> dict[str, float]:
    """Nanoseconds per event by detector id. Checks that scanning alone fires as often as the engine does."""
    engine = Engine(stream.directory, detectors)
    seconds = dict.fromkeys(engine.tallies, 0.0)
    fired = dict.fromkeys(engine.tallies, 0)
    for batch in stream.batch.split(1000):
        for _, acts, _ in engine.passes(batch):
            engine.fit()
            for memory in engine.memories:
                picks = np.flatnonzero(acts["kind"] & memory.watched).astype(np.uint32)
                start = process_time()
                found = sum(1 for _ in memory.run(acts, picks))
                seconds[memory.detector.id] += process_time() - start
                fired[memory.detector.id] += found
    check_agreement({"scans alone": fired, "engine": engine_firings(stream, detectors)}, dict.__eq__)
    return {name: 1e9 * cost / len(stream.batch) for name, cost in seconds.items()}


def engine_firings(stream: Stream, detectors: Sequence[Detector]) -> dict[str, int]:
    """How often each detector fires in the engine, warm or cold."""
    engine = Engine(stream.directory, detectors)
    for batch in stream.batch.split(1000):
        engine.process(batch)
    engine.finish()
    return {name: tally.signals + tally.cold for name, tally in engine.tallies.items()}
