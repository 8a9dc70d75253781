"""Computing a signal again from the journal: what an auditor asks for.

A signal of a model is computed again by the model that brought it, whichever is the champion now. Where the
events under it are gone, the model judges the features again that the signal carries.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from tapewarden.anomaly.alerting import DETECTORS, VERSION, judged_again, scope_of
from tapewarden.anomaly.collection import ModelCollection
from tapewarden.cases.store import Arrival
from tapewarden.domain.errors import InputError, ModelError, NotFoundError
from tapewarden.domain.signal import Outcome, Signal
from tapewarden.live.pipeline import Pipeline
from tapewarden.live.recovery import catch_up, restore

_OF_A_TAPE: Final = "it was observed on a tape: replay that tape"


class Derivation(NamedTuple):
    """What came of it, why it was not possible, what was found, and from which frame on it was read.

    ``from_features``: no events were read, ``reason`` says why; a model judged the signal's features again.
    """

    outcome: Outcome
    reason: str = ""
    derived: Signal | None = None
    from_frame: int = 0
    from_features: bool = False


def derive_again(pipeline: Pipeline, signal: Signal, arrival: Arrival | None) -> Derivation:
    """Let a fresh engine see what led to a signal, from the checkpoint before it on.

    Costs reading the frames since then: as long as the engine took for them. By any thread.

    Raises:
        JournalError: If the journal cannot be read.
        UnavailableError: If the store that keeps models cannot be reached.
    """
    if arrival is None and signal.anomaly is None:
        return Derivation(Outcome.NOT_RE_DERIVABLE, _OF_A_TAPE)
    running = {detector.id: detector.meta.version for detector in pipeline.configuration.detectors}
    running |= dict.fromkeys(DETECTORS.values(), VERSION)
    version = running.get(signal.detector)
    if version is None:
        return Derivation(Outcome.NOT_RE_DERIVABLE, f"{signal.detector} does not run here")
    if version != signal.version:
        why = f"it is of version {signal.version} of {signal.detector}, here runs {version}"
        return Derivation(Outcome.NOT_RE_DERIVABLE, why + _scored_again(pipeline, signal))
    if signal.anomaly is None:
        return _from_events(pipeline, signal, arrival)
    try:
        models = pipeline.shelf.model(signal.anomaly.model)
    except (InputError, ModelError, NotFoundError) as error:
        return Derivation(Outcome.NOT_RE_DERIVABLE, str(error))
    derivation = _from_events(pipeline, signal, arrival)
    if derivation.outcome is Outcome.NOT_RE_DERIVABLE:
        return _from_features(models, signal, derivation.reason)
    return derivation


def _scored_again(pipeline: Pipeline, signal: Signal) -> str:
    """What the model of a signal of another version says of its features: scores outlive versions."""
    if signal.anomaly is None:
        return ""
    try:
        models = pipeline.shelf.model(signal.anomaly.model)
        scope, values = scope_of(models, signal)
    except (InputError, ModelError, NotFoundError) as error:
        return f"; {error}"
    score = float(models.models[scope].score(values)[0])
    if score == signal.anomaly.raw_score:
        return f"; its model gives its features the same score, {score:.3f}, to the bit"
    return f"; its model gives its features the score {score!r} instead of {signal.anomaly.raw_score!r}"


def _from_events(pipeline: Pipeline, signal: Signal, arrival: Arrival | None) -> Derivation:
    if arrival is None:
        return Derivation(Outcome.NOT_RE_DERIVABLE, _OF_A_TAPE)
    if arrival.frame < pipeline.oldest:
        return Derivation(Outcome.NOT_RE_DERIVABLE, f"frame {arrival.frame} is no longer kept")
    restored = restore(pipeline.checkpoints, pipeline.fresh, pipeline.oldest, arrival.frame - 1)
    if not restored.is_whole:
        why = f"the journal begins at frame {pipeline.oldest}, and no checkpoint fits"
        return Derivation(Outcome.NOT_RE_DERIVABLE, why)
    first = restored.state.frame + 1
    for detected in catch_up(restored.state, pipeline.journal.read(first)):
        for found in detected.signals:
            if found.id == signal.id:
                return Derivation(_compared(signal, found), "", found, first)
        if detected.work.frame >= arrival.frame:
            break
    return Derivation(Outcome.NOT_FOUND, "", None, first)


def _from_features(models: ModelCollection, signal: Signal, why: str) -> Derivation:
    """The models' judgment of what the signal says they saw."""
    try:
        found = judged_again(models, signal)
    except ModelError as error:
        return Derivation(Outcome.NOT_RE_DERIVABLE, str(error))
    outcome = Outcome.NOT_FOUND if found is None else _compared(signal, found)
    return Derivation(outcome, why, found, from_features=True)


def _compared(stored: Signal, found: Signal) -> Outcome:
    return Outcome.SAME if found.to_json() == stored.to_json() else Outcome.DIFFERENT
