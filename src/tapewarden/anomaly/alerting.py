"""`ModelWatch`: the windows that models find unusual beyond their budget become signals."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from tapewarden.anomaly.collection import ModelCollection, Scope, Subject
from tapewarden.anomaly.explanation import Explanation, explain
from tapewarden.anomaly.explanation import Reason as Shown
from tapewarden.anomaly.features.catalogue import Feature
from tapewarden.anomaly.features.state import SECONDS
from tapewarden.anomaly.features.windows import Ended, Windows
from tapewarden.anomaly.judging import Judge, Judged
from tapewarden.anomaly.levels import Standing
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.wording import beside_usual, counter_lead, in_short, value_text
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import ModelError
from tapewarden.domain.kinds import SECOND
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
VERSION: Final = 4
"""Of what the models' detectors do: raised when the same windows give other signals."""


class ModelWatch:
    """Judges windows as they end.

    Each is scored by itself; the level that it has to reach follows the scores before, see ``Levels``. Costs
    what ``Judge`` does, and a millisecond per signal.
    """

    def __init__(self, models: ModelCollection) -> None:
        self.models = models
        self._judges = {scope: Judge(scope, model) for scope, model in models.models.items()}
        # In the order in which ``Ended`` has them.
        self._by_length = (self._judges_of(Subject.ACCOUNT), self._judges_of(Subject.INSTRUMENT))

    def __call__(self, ended: Ended, part: EventBatch, directory: Directory) -> Iterator[tuple[int, Signal]]:
        """The signals of windows that ended, each with the row of the part that ended it."""
        for judge, windows in self._judges_for(ended):
            if judge.judge(windows):
                yield from self.signals(judge.judged(windows), part, directory)

    def judged(self, ended: Ended) -> Iterator[Judged]:
        """The windows that there are models for, judged; to be called once for each that ended."""
        for judge, windows in self._judges_for(ended):
            judge.judge(windows)
            yield judge.judged(windows)

    def signals(self, judged: Judged, part: EventBatch, directory: Directory) -> Iterator[tuple[int, Signal]]:
        """The signals of those windows that are alerts, each with its row of the part."""
        for place in np.flatnonzero(judged.alerts).tolist():
            row = int(judged.windows.keys[place]["event"])
            yield row, self._signal(judged, place, part, directory)

    def take(self, instrument: int) -> bytes:
        """Where the levels of an instrument, by number, stand."""
        standings = {
            str(scope): judge.levels.standing(instrument)._asdict() for scope, judge in self._judges.items()
        }
        return json.dumps(standings, separators=(",", ":")).encode()

    def put(self, instrument: int, data: bytes) -> None:
        """Go on from what ``take`` took of the same models."""
        standings = json.loads(data)
        for scope, judge in self._judges.items():
            judge.levels.put(instrument, Standing(**standings[str(scope)]))

    def _judges_of(self, subject: Subject) -> dict[int, Judge]:
        """What judges windows of a subject, by the place of their length in ``LENGTHS``."""
        own = {scope: judge for scope, judge in self._judges.items() if scope.subject is subject}
        return {SECONDS.index(scope.seconds): judge for scope, judge in own.items()}

    def _judges_for(self, ended: Ended) -> Iterator[tuple[Judge, Windows]]:
        """The judges of windows that ended, each with all those of its subject, shortest lengths first."""
        for judges, windows in zip(self._by_length, ended, strict=True):
            for length in sorted(set(windows.keys["length"].tolist())) if len(windows.keys) else ():
                if length in judges:
                    yield judges[length], windows

    def _signal(self, judged: Judged, place: int, part: EventBatch, directory: Directory) -> Signal:
        scope, key = judged.scope, judged.windows.keys[place]
        account = directory.accounts[int(key["actor"]) - 1] if key["actor"] else None
        row = int(key["event"])
        seen = Signal(
            id="",
            detector=DETECTORS[scope.subject],
            version=VERSION,
            parameters="",
            typology=Typology.ANOMALY.value,
            family=Family.ANOMALY.value,
            severity=Severity.LOW.value,
            score=0.0,
            instrument=directory.instruments[int(key["instrument"]) - 1].name,
            actor="" if account is None else account.actor,
            parties=() if account is None else (Party(account.name, "actor"),),
            start_ns=int(key["start"]),
            end_ns=int(key["end"]),
            text="",
            reasons=(),
            evidence=Evidence(
                source=directory.source_name(int(part.source[row])),
                epoch=int(part.epoch[row]),
                sequence=int(part.sequence[row]),
            ),
            health=DataHealth(blind=bool(key["blind"])),
        )
        level = float(judged.levels[place])
        return _judgment(self.models, scope, seen, judged.windows.values[place], level)


def judged_again(models: ModelCollection, signal: Signal) -> Signal | None:
    """The signal as these models bring it from the features that it carries; ``None`` if they bring none.

    What the tape alone says, such as its time, its evidence and the level that it met, is taken as it is.

    Raises:
        ModelError: As ``scope_of`` does, or if the signal does not say what level it met.
    """
    scope, values = scope_of(models, signal)
    level = None if signal.anomaly is None else signal.anomaly.level
    if level is None:
        raise ModelError(f"signal {signal.id}: the level that it met expected, received none")
    found = _judgment(models, scope, signal, values, level)
    assert found.anomaly is not None
    return found if found.anomaly.raw_score >= level else None


def scope_of(models: ModelCollection, signal: Signal) -> tuple[Scope, Numbers]:
    """The scope of a signal's window and the features it carries, as these models take them.

    Raises:
        ModelError: If it is of no model, or the features are others than those of the models.
    """
    subjects = {detector: subject for subject, detector in DETECTORS.items()}
    if signal.anomaly is None or signal.detector not in subjects:
        raise ModelError(f"signal {signal.id}: one of a model expected, received one of {signal.detector}")
    scope = Scope(subjects[signal.detector], (signal.end_ns - signal.start_ns) // SECOND)
    model = models.models.get(scope)
    if model is None:
        raise ModelError(f"signal {signal.id}: a model for windows of {scope} s expected, received none")
    model.check_features([one.name for one in signal.anomaly.features])
    return scope, np.array([one.value for one in signal.anomaly.features], np.float64)


def _judgment(models: ModelCollection, scope: Scope, seen: Signal, values: Numbers, level: float) -> Signal:
    """What was seen, with all that the models say of it."""
    model = models.models[scope]
    found = explain(model, values)
    span = (seen.start_ns, seen.end_ns, seen.evidence.epoch, seen.evidence.sequence)
    entity = f"{seen.actor}\x1e{seen.evidence.source}"
    return replace(
        seen,
        id=signal_id(seen.detector, seen.version, models.id, entity, seen.instrument, span),
        parameters=models.id,
        score=round(_strength(model, found.score), 6),
        text=_text(model, scope, found),
        reasons=tuple(_reasons(found)),
        anomaly=Anomaly(
            model=models.id,
            raw_score=found.score,
            p_value=found.p_value,
            features=tuple(
                FeatureValue(name, None if math.isnan(value) else value)
                for name, value in zip(model.card.features, values.tolist(), strict=True)
            ),
            level=level,
        ),
    )


def _strength(model: AnomalyModel, score: float) -> float:
    """From 0 at the threshold up to 1: how much rarer than the budget the score is, by the fitted tail."""
    return max(0.0, 1.0 - model.card.tail.chance(score) / model.card.chance)


def _text(model: AnomalyModel, scope: Scope, found: Explanation) -> str:
    """What is most unusual, and what speaks most against it; whose window it is the signal says beside."""
    features = in_short(scope.subject.features)
    text = f"{_told_seconds(scope.seconds)}: unusual is {_listed(found.reasons, features)}"
    against = found.counter_evidence
    return text + (f". {counter_lead(model)}: {_listed(against, features)}" if against else "")


def _listed(reasons: Sequence[Shown], features: Mapping[str, Feature]) -> str:
    told = [f"{features[one.feature].meaning} ({_beside(features[one.feature], one)})" for one in reasons]
    return "; ".join(told) or "no single feature"


def _beside(feature: Feature, one: Shown) -> str:
    if one.effect > 0 and one.is_common:
        return f"{value_text(feature, one.value)}, common by itself"
    return beside_usual(feature, one.value, one.median)


def _told_seconds(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"


def _reasons(found: Explanation) -> Iterator[Reason]:
    """Features beside their usual value; those that speak against the suspicion did not pass."""
    for reasons, passed in ((found.reasons, True), (found.counter_evidence, False)):
        for one in reasons:
            yield Reason(one.feature, one.value, one.median, "usual", passed=passed)
