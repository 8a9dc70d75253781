"""`ModelWatch`: the windows that models find unusual beyond their budget become signals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from tapewarden.anomaly.collection import ModelCollection, Scope, Subject
from tapewarden.anomaly.explanation import Explanation, explain
from tapewarden.anomaly.explanation import Reason as Shown
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.state import SECONDS
from tapewarden.anomaly.features.windows import Ended, Windows, WindowSettings
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.signal import (
    Anomaly,
    DataHealth,
    Evidence,
    FeatureValue,
    Party,
    Reason,
    Signal,
    signal_id,
)
from tapewarden.domain.typology import Family, Severity, Typology

DETECTORS: Final = {Subject.ACCOUNT: "ANM-01", Subject.INSTRUMENT: "ANM-02"}
VERSION: Final = 1


def watching(
    models: ModelCollection, settings: WindowSettings | None = None, *, compiled: bool = True
) -> FeatureObserver:
    """An observer for an engine, by which these models judge each window that ends."""
    return FeatureObserver(
        ModelWatch(models),
        settings,
        detectors=tuple(DETECTORS.values()),
        judge=models.id,
        compiled=compiled,
    )


class ModelWatch:
    """Judges windows as they end.

    Each is judged by itself, so nothing depends on which others ended with it. Costs a microsecond or two
    per window, and a millisecond per signal.
    """

    def __init__(self, models: ModelCollection) -> None:
        self._id = models.id
        self._models = sorted(models.models.items())

    def __call__(self, ended: Ended, part: EventBatch, directory: Directory) -> Iterator[tuple[int, Signal]]:
        """The signals of windows that ended, each with the row of the part that ended it."""
        windows = {Subject.ACCOUNT: ended.accounts, Subject.INSTRUMENT: ended.instruments}
        for scope, model in self._models:
            yield from self._of_scope(scope, model, windows[scope.subject], part, directory)

    def _of_scope(
        self, scope: Scope, model: AnomalyModel, windows: Windows, part: EventBatch, directory: Directory
    ) -> Iterator[tuple[int, Signal]]:
        places = np.flatnonzero(windows.keys["length"] == SECONDS.index(scope.seconds))
        if not len(places):
            return
        scores = model.score(windows.values[places])
        for place, score in zip(places.tolist(), scores.tolist(), strict=True):
            if score >= model.threshold:
                key, values = windows.keys[place], windows.values[place]
                yield int(key["event"]), self._signal(scope, model, key, values, part, directory)

    def _signal(
        self,
        scope: Scope,
        model: AnomalyModel,
        key: Any,
        values: Numbers,
        part: EventBatch,
        directory: Directory,
    ) -> Signal:
        found = explain(model, values)
        instrument = directory.instruments[int(key["instrument"]) - 1].name
        account = directory.accounts[int(key["actor"]) - 1] if key["actor"] else None
        actor = "" if account is None else account.actor
        row = int(key["event"])
        evidence = Evidence(
            source=directory.source_name(int(part.source[row])),
            epoch=int(part.epoch[row]),
            sequence=int(part.sequence[row]),
        )
        start, end = int(key["start"]), int(key["end"])
        detector = DETECTORS[scope.subject]
        span = (start, end, evidence.epoch, evidence.sequence)
        entity = f"{actor}\x1e{evidence.source}"
        return Signal(
            id=signal_id(detector, VERSION, self._id, entity, instrument, span),
            detector=detector,
            version=VERSION,
            parameters=self._id,
            typology=Typology.ANOMALY.value,
            family=Family.ANOMALY.value,
            severity=Severity.LOW.value,
            score=round(_strength(model, found.score), 6),
            instrument=instrument,
            actor=actor,
            parties=() if account is None else (Party(account.name, "actor"),),
            start_ns=start,
            end_ns=end,
            text=_text(scope, actor, instrument, found),
            reasons=tuple(_reasons(found)),
            evidence=evidence,
            health=DataHealth(blind=bool(key["blind"])),
            anomaly=Anomaly(
                model=self._id,
                raw_score=found.score,
                p_value=found.p_value,
                features=tuple(
                    FeatureValue(name, None if math.isnan(value) else value)
                    for name, value in zip(model.card.features, values.tolist(), strict=True)
                ),
            ),
        )


def _strength(model: AnomalyModel, score: float) -> float:
    """From 0 at the threshold up to 1: how much rarer than the budget the score is, by the fitted tail."""
    return max(0.0, 1.0 - model.card.tail.chance(score) / model.card.chance)


def _text(scope: Scope, actor: str, instrument: str, found: Explanation) -> str:
    """One sentence with what is most unusual, and one with what speaks most against it."""
    meanings = {feature.name: feature.meaning for feature in scope.subject.features}
    whose = f"{actor} on {instrument}" if actor else instrument
    text = f"{whose}, {_told_seconds(scope.seconds)}: unusual is {_listed(found.reasons, meanings)}"
    against = found.counter_evidence
    return text + (f". Usual is {_listed(against, meanings)}" if against else "")


def _listed(reasons: Sequence[Shown], meanings: Mapping[str, str]) -> str:
    told = [f"{meanings[one.feature]} ({one.value:.3g}, usually {one.median:.3g})" for one in reasons]
    return "; ".join(told) or "no single feature"


def _told_seconds(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"


def _reasons(found: Explanation) -> Iterator[Reason]:
    """Features beside their usual value; those that speak against the suspicion did not pass."""
    for reasons, passed in ((found.reasons, True), (found.counter_evidence, False)):
        for one in reasons:
            yield Reason(one.feature, one.value, one.median, "usual", passed=passed)
