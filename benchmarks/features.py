"""`features`: what the windows of the anomaly models and their scores cost the engine with its detectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from benchmarks.engine import warm_up
from benchmarks.figures import Figure, Report
from benchmarks.rounds import Timed, alternate, timed
from benchmarks.scale import Scale
from benchmarks.streams import Stream, realistic_stream
from tapewarden.anomaly.alerting import DETECTORS
from tapewarden.anomaly.collection import SCOPES, ModelCollection, Subject
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.windows import Ended
from tapewarden.anomaly.observer import ModelObserver
from tapewarden.anomaly.training import TrainingPlan
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import ModelError
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.observer import Observer
from tapewarden.engine.registry import built_in_detectors
from tapewarden.runtime.features import feature_tables
from tapewarden.runtime.training import Sample, train_models

METHOD: Final = (
    "One engine with all built-in detectors and batches of 1,000: alone, with the windows of features, and "
    "with models of these very windows that score each one as it ends; CPU time, in turns, on the same tape, "
    "three times as many rounds as elsewhere. Equal on all sides: every byte of every rule's signal."
)
CHANCE: Final = 0.0005
"""Of an alert per window: explaining one costs a millisecond, and a market full of alerts is not usual."""

TIMES_ROUNDS: Final = 3
"""As many rounds as elsewhere are too few here: what is to be told apart is a tenth of what is measured."""

_MODELS: Final = frozenset(DETECTORS.values())
Observers = Callable[[], Sequence[Observer]]


class Counter:
    """Counts the windows that end, and says nothing of them."""

    def __init__(self) -> None:
        self.windows = 0

    def __call__(self, ended: Ended, part: EventBatch, directory: Directory) -> Sequence[tuple[int, Signal]]:
        """Take windows as an observer hands them on."""
        self.windows += len(ended.accounts.keys) + len(ended.instruments.keys)
        return ()


def measure(scale: Scale) -> Report:
    """How much of the engine's throughput is left with windows, and with scores."""
    detectors = built_in_detectors()
    stream = realistic_stream(scale.detectors, scale.instruments, scale.accounts)
    warm_up(stream, detectors)
    counter, events, notes = Counter(), len(stream.batch), []
    sides: dict[str, Observers] = {"alone": list, "with windows": lambda: [FeatureObserver(counter)]}
    try:
        models = learn(stream)
        sides["with scores"] = lambda: [ModelObserver(models)]
    except ModelError as error:
        notes.append(f"scores not measured: {error}")
    runs = {name: partial(run, stream, detectors, observers) for name, observers in sides.items()}
    rounds = TIMES_ROUNDS * scale.rounds
    times = alternate(runs, rounds, list.__eq__)
    figures = [
        Figure(
            what=f"throughput {name} / alone",
            measured=times.ratio("alone", name),
            unit="x",
            least=0.7 if name == "with scores" else None,
        )
        for name in list(sides)[1:]
    ]
    figures += [
        Figure(what=f"engine, {name}", measured=1e9 * times.median(name) / events, unit="ns/event")
        for name in sides
    ]
    per_thousand = 1e3 * counter.windows / rounds / events
    figures.append(Figure(what="windows that end", measured=per_thousand, unit="per 1,000 events"))
    return Report(name="features", method=METHOD, figures=tuple(figures), notes=tuple(notes))


def learn(stream: Stream) -> ModelCollection:
    """Models of the stream's own windows; ``ModelError`` if there are too few."""
    samples = {scope: Sample() for scope in SCOPES}
    for accounts, instruments in feature_tables(stream.batch.split(1000), stream.directory):
        tables = {Subject.ACCOUNT: accounts, Subject.INSTRUMENT: instruments}
        for scope, sample in samples.items():
            table = tables[scope.subject]
            own = table.lengths == scope.seconds * SECOND
            sample.add(table.starts[own], table.values[own])
    return train_models(samples, TrainingPlan(name="benchmark", chance=CHANCE))[0]


def run(stream: Stream, detectors: Sequence[Detector], observers: Observers) -> Timed:
    """One run of a fresh engine; its output is the rules' signals."""
    engine = Engine(stream.directory, detectors, observers=observers())
    batches = list(stream.batch.split(1000))

    def work() -> list[str]:
        signals = [signal for batch in batches for signal in engine.process(batch)]
        return [one.to_json() for one in [*signals, *engine.finish()] if one.detector not in _MODELS]

    return timed(work)
