"""Compiling ahead: the machine code of engine, simulator and detectors goes to the cache on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from tapewarden.anomaly.attribution import contributions
from tapewarden.anomaly.card import Method
from tapewarden.anomaly.collection import SCOPES
from tapewarden.anomaly.explanation import explain
from tapewarden.anomaly.features.windows import FeatureWindows
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.forest_kernel import NODE
from tapewarden.anomaly.judging import Judge
from tapewarden.anomaly.training import FEWEST_ROWS, TrainingPlan, TrainingRows, train
from tapewarden.anomaly.transform import Shape, learn_transform
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import MINUTE
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.indexes import (
    copy_entries,
    rebuild_couple_index,
    rebuild_order_index,
    rebuild_pair_index,
)
from tapewarden.engine.tables import new_tables
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.simulation import Simulation
from tapewarden.simulator.staging import Casting, Production
from tapewarden.wire.decoding import Position, decode
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.numbering import Numbering


def steps(detectors: Iterable[Detector]) -> Iterator[tuple[str, Callable[[], None]]]:
    """What there is to compile, by name, each with what does it. Seconds the first time, then nothing."""
    yield "engine", _engine
    yield from steps_apart()
    for detector in detectors:
        yield f"{detector.id}, {detector.meta.title}", partial(_detector, detector)


def steps_apart() -> Iterator[tuple[str, Callable[[], None]]]:
    """Those of them that share nothing with the others, so that another process may take them."""
    yield "simulator", _simulator
    yield "wire format", _wire


def steps_of_models() -> Iterator[tuple[str, Callable[[], None]]]:
    """What is compiled for models that judge, and for nothing else."""
    yield "windows of features", _features
    yield "anomaly models", _models


def warm_apart() -> None:
    """Do what may be done apart."""
    for _, work in steps_apart():
        work()


def _engine() -> None:
    Engine(Directory(), ())
    tables = new_tables()
    copy_entries(tables.order_index, tables.pair_index)
    rebuild_order_index(tables.order_index, tables.orders)
    rebuild_pair_index(tables.pair_index, tables.pairs)
    rebuild_couple_index(tables.couple_index, tables.couples)


def _simulator() -> None:
    plan = MarketPlan(seed=0, instruments=1, accounts=20, rate=1)
    casting = Casting(find_scenario("self-match"), severity=1.0, start=plan.start)
    for _ in Production(Simulation(plan), [casting], plan.start + 2 * MINUTE, seed=0).run():
        pass


def _wire() -> None:
    directory = Directory()
    encoder = Encoder(directory, Position("warm-up", 1, 1))
    numbering = Numbering(directory, "warm-up")
    numbering.take(decode(encoder.rows(EventBatch.of(0))))


def _features() -> None:
    FeatureWindows()


def _models() -> None:
    nodes = np.array([(0.0, 0, 1), (np.inf, 0, 0), (np.inf, 0, 0)], NODE)
    typical = np.zeros(1, np.float32)
    forest = Forest(nodes, np.array([2, 1, 1], np.uint32), np.zeros(1, np.uint32), typical, 2)
    for shape in Shape:
        transform = learn_transform(np.array([[0.0], [1.0]]), ("feature",), shape)
        row = transform.apply([[0.5]])
        forest.score(row)
        contributions(forest, row)
    values = np.random.default_rng(0).normal(size=(FEWEST_ROWS, 1))
    rows = TrainingRows(features=("feature",), times=np.arange(FEWEST_ROWS), values=values)
    model = train(rows, TrainingPlan(name="warm", method=Method.NEIGHBORS))
    for one in (model, replace(model, scorer=forest)):
        Judge(SCOPES[0], one)
    explain(model, values[0])


def _detector(detector: Detector) -> None:
    Engine(Directory(), (detector,))
