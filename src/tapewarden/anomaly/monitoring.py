"""`Monitor`: what a model sees of late, counted, so that drift is told without keeping any window."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tapewarden.anomaly.collection import SCOPES, ModelCollection, Scope
from tapewarden.anomaly.drift import (
    DECILES,
    SCORE_BINS,
    Counts,
    alert_rate,
    decile_counts,
    score_counts,
    score_shift_of,
    stability_of,
)
from tapewarden.anomaly.judging import Judged
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.domain.drift import FeatureShift, ModelDrift, ScopeDrift
from tapewarden.domain.kinds import DAY

DAYS: Final = 7
"""Days of event time that are looked back on, the present one included."""

_MOST_WAITING: Final = (
    2048  # windows that are counted together: one by one they would cost as much as scoring
)


@dataclass(slots=True)
class Tally:
    """Windows of one scope that ended on one day, as counts that can be summed."""

    windows: int
    alerts: int
    deciles: Counts
    scores: Counts

    def add(self, other: Tally) -> None:
        """Take in what another one counted."""
        self.windows += other.windows
        self.alerts += other.alerts
        self.deciles += other.deciles
        self.scores += other.scores


class Monitor:
    """Counts windows and scores of models by day of event time, for the last seven.

    Memory does not grow with windows: some 4 kB for each scope and day. Not for two threads at once.
    """

    def __init__(self, models: ModelCollection) -> None:
        self.models = models
        self._days: dict[int, dict[Scope, Tally]] = {}
        self._waiting: list[Judged] = []
        self._count = 0

    def add(self, judged: Judged) -> None:
        """Count windows that were judged."""
        self._waiting.append(judged)
        self._count += len(judged.scores)
        if self._count >= _MOST_WAITING:
            self._settle()

    def drift(self) -> ModelDrift:
        """How what was seen compares with what the models were made of."""
        self._settle()
        sums: dict[Scope, Tally] = {}
        for tallies in self._days.values():
            for scope, tally in tallies.items():
                sums.setdefault(scope, _empty(self.models.models[scope])).add(tally)
        return ModelDrift(
            model=self.models.id,
            since_ns=min(self._days, default=0) * DAY,
            until_ns=(max(self._days, default=-1) + 1) * DAY,
            scopes=tuple(_drift(scope, self.models.models[scope], sums[scope]) for scope in sorted(sums)),
        )

    def snapshot(self) -> bytes:
        """All counts; ``restore`` takes them up."""
        self._settle()
        days = {
            day: {str(scope): _told(tally) for scope, tally in sorted(tallies.items())}
            for day, tallies in sorted(self._days.items())
        }
        return json.dumps(days, separators=(",", ":")).encode()

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot of the same models."""
        scopes = {str(scope): scope for scope in SCOPES}
        for day, tallies in json.loads(data).items():
            self._days[int(day)] = {scopes[name]: _tally_of(told) for name, told in tallies.items()}

    def _settle(self) -> None:
        """Count what waits, and forget days that are over for long."""
        waiting, self._waiting, self._count = self._waiting, [], 0
        for scope in {judged.scope for judged in waiting}:
            self._count_scope(scope, [judged for judged in waiting if judged.scope == scope])
        latest = max(self._days, default=0)
        self._days = {day: tallies for day, tallies in self._days.items() if day > latest - DAYS}

    def _count_scope(self, scope: Scope, judged: Iterable[Judged]) -> None:
        model = self.models.models[scope]
        values = np.concatenate([one.windows.values for one in judged])
        scores = np.concatenate([one.scores for one in judged])
        alerts = np.concatenate([one.alerts for one in judged])
        days = np.concatenate([one.windows.keys["end"] for one in judged]) // DAY
        for day in np.unique(days).tolist():
            own = days == day
            tally = Tally(
                int(own.sum()),
                int(alerts[own].sum()),
                decile_counts(model, values[own]),
                score_counts(model, scores[own]),
            )
            self._days.setdefault(day, {}).setdefault(scope, _empty(model)).add(tally)


def _empty(model: AnomalyModel) -> Tally:
    deciles = np.zeros((len(model.used), DECILES), np.int64)
    return Tally(0, 0, deciles, np.zeros(SCORE_BINS, np.int64))


def _told(tally: Tally) -> list[Any]:
    return [tally.windows, tally.alerts, tally.deciles.tolist(), tally.scores.tolist()]


def _tally_of(told: list[Any]) -> Tally:
    windows, alerts, deciles, scores = told
    return Tally(windows, alerts, np.array(deciles, np.int64), np.array(scores, np.int64))


def _drift(scope: Scope, model: AnomalyModel, tally: Tally) -> ScopeDrift:
    rate = alert_rate(tally.alerts, tally.windows, model.card.chance)
    shift = score_shift_of(model, tally.scores)
    stability = [
        FeatureShift(name, None if np.isnan(index) else index)
        for name, index in stability_of(model, tally.deciles).items()
    ]
    return ScopeDrift(
        scope=str(scope),
        windows=tally.windows,
        alerts=tally.alerts,
        expected=rate.expected,
        alerts_p_value=rate.p_value,
        score_distance=shift.distance,
        score_p_value=shift.p_value,
        features=tuple(sorted(stability, key=lambda one: (-(one.stability or 0.0), one.feature))),
    )
