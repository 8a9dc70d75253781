"""Training on tapes: one model for each kind and length of window that the tapes have enough of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.card import LeftOut, Method
from tapewarden.anomaly.collection import SCOPES, ModelCollection, Scope, Subject
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.training import FEWEST_ROWS, TrainingPlan, TrainingRows, train
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import ModelError
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.runtime.features import FeatureTable, feature_tables
from tapewarden.tape.reader import TapeReader

MOST_ROWS: Final = 400_000
"""Windows of one kind and length that are kept: 130 MB. Of more, every second is left out, then again."""

METHODS: Final = {Subject.ACCOUNT: Method.NEIGHBORS, Subject.INSTRUMENT: Method.FOREST}
"""What is best for whom, as measured in ``docs/anomaly.md``."""

Spans = Mapping[tuple[str, str], Sequence[tuple[int, int]]]
Batches = Iterator[EventBatch]
Scopes = Iterator[Scope]


@dataclass(slots=True)
class Sample:
    """Windows of one scope, thinned evenly: which are kept depends only on their order.

    ``left_out`` counts those that were not to be learned from.
    """

    most: int = MOST_ROWS
    values: list[npt.NDArray[np.float64]] = field(default_factory=list)
    times: list[npt.NDArray[np.int64]] = field(default_factory=list)
    stride: int = 1
    seen: int = 0
    kept: int = 0
    left_out: int = 0

    def add(self, times: npt.NDArray[np.int64], values: npt.NDArray[np.float64]) -> None:
        """Take the next windows."""
        places = np.arange(self.seen, self.seen + len(times))
        self.seen += len(times)
        self._keep(times, values, places % self.stride == 0)
        while self.kept > self.most:
            held_times, held_values = np.concatenate(self.times), np.concatenate(self.values)
            self.times, self.values, self.kept = [], [], 0
            self.stride *= 2
            self._keep(held_times, held_values, np.arange(len(held_times)) % 2 == 0)

    def rows(self, scope: Scope) -> TrainingRows:
        """What training takes."""
        names = tuple(feature.name for feature in scope.subject.features)
        values = np.concatenate(self.values) if self.values else np.empty((0, len(names)))
        times = np.concatenate(self.times) if self.times else np.empty(0, np.int64)
        return TrainingRows(features=names, times=times, values=values)

    def _keep(
        self,
        times: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
        wanted: npt.NDArray[np.bool_],
    ) -> None:
        self.times.append(times[wanted])
        self.values.append(values[wanted])
        self.kept += int(wanted.sum())


def spans_of(signals: Iterable[Signal]) -> Spans:
    """When whom not to learn from: what signals tell of is not what is usual."""
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for signal in signals:
        for actor in signal.actor.split(" + "):
            spans.setdefault((actor, signal.instrument), []).append((signal.start_ns, signal.end_ns))
    return spans


def left_out_by(signals: Sequence[Signal]) -> LeftOut | None:
    """What a card says of these signals, before windows are counted; the same in whatever order they come."""
    if not signals:
        return None
    lines = sorted({signal.to_json() for signal in signals})
    return LeftOut(
        windows=0,
        signals=len(lines),
        detectors=tuple(sorted({signal.detector for signal in signals})),
        start_ns=min(signal.start_ns for signal in signals),
        end_ns=max(signal.end_ns for signal in signals),
        signals_hash=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    )


def samples_of(
    tapes: Iterable[TapeReader],
    without: Spans | None = None,
    watch: Callable[[Batches], Batches] = iter,
    most: int = MOST_ROWS,
) -> dict[Scope, Sample]:
    """The windows of tapes, each tape by itself, but for those that overlap a span of ``without``.

    Windows in which the data was blind are left out too. Memory is bounded by ``most`` windows a scope.
    """
    samples = {scope: Sample(most) for scope in SCOPES}
    for tape in tapes:
        for accounts, instruments in feature_tables(watch(tape.batches()), tape.directory):
            for subject, table in ((Subject.ACCOUNT, accounts), (Subject.INSTRUMENT, instruments)):
                covered = _covered(table, without or {})
                for scope in SCOPES:
                    if scope.subject is subject:
                        seen = ~table.blind & (table.lengths == scope.seconds * SECOND)
                        own = seen & ~covered
                        samples[scope].add(table.starts[own], table.values[own])
                        samples[scope].left_out += int((seen & covered).sum())
    return samples


def train_models(
    samples: Mapping[Scope, Sample], plan: TrainingPlan, watch: Callable[[Scopes], Scopes] = iter
) -> tuple[ModelCollection, dict[Scope, str]]:
    """Models of all scopes with enough windows, and why the others have none; ``watch`` sees each begin.

    Raises:
        ModelError: If there is no model for any; it names the one scope that has most windows.
        UnavailableError: If scikit-learn is not installed and a forest is to be grown.
    """
    models: dict[Scope, AnomalyModel] = {}
    refused: dict[Scope, str] = {}
    for scope in watch(iter(samples)):
        sample = samples[scope]
        if sample.kept < FEWEST_ROWS:
            refused[scope] = f"{sample.kept} windows, at least {FEWEST_ROWS} are needed"
            continue
        try:
            models[scope] = train(sample.rows(scope), plan_of(scope, _counted(plan, sample)))
        except ModelError as error:
            refused[scope] = str(error)
    if not models:
        most = max(refused, key=lambda scope: samples[scope].kept)
        raise ModelError(f"nothing to learn from; most windows are of {most} s: {refused[most]}")
    return ModelCollection(models), refused


def plan_of(scope: Scope, plan: TrainingPlan) -> TrainingPlan:
    """The plan for windows of one scope: what is best for them, and an embargo as long as they are."""
    name = f"{plan.name}, {scope} s"
    return replace(plan, name=name, method=METHODS[scope.subject], embargo=scope.seconds * SECOND)


def _counted(plan: TrainingPlan, sample: Sample) -> TrainingPlan:
    """The plan with how many windows of a sample were left out."""
    if plan.left_out is None:
        return plan
    return replace(plan, left_out=replace(plan.left_out, windows=sample.left_out))


def _covered(table: FeatureTable, without: Spans) -> npt.NDArray[np.bool_]:
    """Which windows overlap a span of their actor, or of anybody where they are of an instrument."""
    covered = np.zeros(len(table), np.bool_)
    actors, instruments = np.array(table.actors, object), np.array(table.instruments, object)
    ends = table.starts + table.lengths
    for (actor, instrument), spans in without.items():
        own = (instruments == instrument) & ((actors == actor) | (actors == ""))
        for start, end in spans:
            covered |= own & (table.starts <= end) & (ends > start)
    return covered
