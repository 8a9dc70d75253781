"""Small models of a simulated market, made once per process."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from tapewarden.anomaly.collection import ModelCollection, Scope, Subject
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.state import SECONDS
from tapewarden.anomaly.features.windows import Ended, WindowSettings
from tapewarden.anomaly.training import TrainingPlan, TrainingRows, train
from tapewarden.cases.store import Store
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.promotion import KeptModel
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.runtime.training import METHODS
from tests.samples.markets import small_run
from tests.unit.cases.workflows import SAM, SUE

EASY = WindowSettings(account=(4, 4, 4, 4, 4), instrument=(4, 4, 4, 4, 4))
SCOPES = (Scope(Subject.ACCOUNT, 10), Scope(Subject.INSTRUMENT, 1))


@cache
def rows() -> dict[Scope, TrainingRows]:
    """The windows of the market, for each scope."""
    seen: list[Ended] = []

    def keep(ended: Ended, part: EventBatch, directory: Directory) -> Sequence[tuple[int, Signal]]:
        seen.append(ended.kept())
        return ()

    run = small_run()
    Engine(run.simulation.directory, [], observers=[FeatureObserver(keep, EASY)]).process(run.tape)
    found = {}
    for scope in SCOPES:
        windows = [one.accounts if scope.subject is Subject.ACCOUNT else one.instruments for one in seen]
        keys = np.concatenate([one.keys for one in windows])
        values = np.concatenate([one.values for one in windows])
        own = keys["length"] == SECONDS.index(scope.seconds)
        names = tuple(feature.name for feature in scope.subject.features)
        found[scope] = TrainingRows(features=names, times=keys["start"][own], values=values[own])
    return found


@cache
def models(seed: int = 1, chance: float = 0.01) -> ModelCollection:
    plan = TrainingPlan(name="small", seed=seed, chance=chance, trees=20, sample_size=64, kept=100)
    return ModelCollection(
        {scope: train(one, replace(plan, method=METHODS[scope.subject])) for scope, one in rows().items()}
    )


def proposed(store: Store, found: ModelCollection) -> KeptModel:
    """The models, kept and proposed."""
    kept = store.models.keep("small", "{}", found.data, SAM, 1)
    return store.models.propose(kept.id, "newer data", SAM, 2)


def promoted(store: Store, found: ModelCollection) -> KeptModel:
    """The models as the champion."""
    return store.models.promote(proposed(store, found).id, "as quiet as before", SUE, 3)
