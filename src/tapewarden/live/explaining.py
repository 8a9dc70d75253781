"""Why a signal was given, told from what a pipeline knows: its detectors, its models, its latest windows."""

from __future__ import annotations

from tapewarden.anomaly.about import METAS
from tapewarden.anomaly.alerting import scope_of
from tapewarden.anomaly.collection import Scope
from tapewarden.domain.errors import InputError, ModelError, NotFoundError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.live.pipeline import Pipeline
from tapewarden.runtime.features import FeatureTable, named
from tapewarden.runtime.grounds import model_grounds, rule_grounds, unusable_grounds


def grounds_of(pipeline: Pipeline, signal: Signal, *, compared: bool = True) -> Grounds:
    """The grounds of a signal. By any thread; waits for the engine where a model brought it.

    Where its model cannot be used any more, they are what the signal itself says. Unless ``compared`` with
    the latest windows, they are the same at all times, and the engine is not asked.

    Raises:
        UnavailableError: The store or the engine cannot be asked.
    """
    if signal.anomaly is None:
        metas = {detector.id: detector.meta for detector in pipeline.configuration.detectors}
        return rule_grounds(signal, metas.get(signal.detector))
    meta = METAS[signal.detector]
    try:
        models = pipeline.shelf.model(signal.anomaly.model)
        scope, _ = scope_of(models, signal)
    except (InputError, ModelError, NotFoundError) as error:
        return unusable_grounds(signal, meta, str(error))
    recent = None
    if compared:
        recent = pipeline.detection.ask(lambda engine: _recent(pipeline, engine, scope)).result()
    return model_grounds(signal, models, meta, recent)


def _recent(pipeline: Pipeline, engine: Engine, scope: Scope) -> FeatureTable | None:
    windows = pipeline.judges.recent.windows(scope)
    return None if windows is None else named(windows, scope.subject.features, engine.directory)
