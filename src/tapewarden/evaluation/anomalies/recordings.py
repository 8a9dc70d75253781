"""Anomaly models on recorded markets: where they rank announced pumps, and whether alerts keep their budget.

Nothing here is labelled for the models. Each window is judged by one that did not learn from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.collection import Scope, Subject
from tapewarden.anomaly.features.state import WindowKey
from tapewarden.anomaly.features.windows import WindowSettings
from tapewarden.anomaly.levels import Levels
from tapewarden.anomaly.training import FEWEST_ROWS, TrainingPlan, TrainingRows, train
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import DAY, SECOND
from tapewarden.runtime.features import FeatureTable, feature_tables
from tapewarden.runtime.training import plan_of

SPARSE: Final = WindowSettings(account=(10,) * 5, instrument=(10,) * 5)
"""Recordings are short or sparse: a window needs ten events to be told."""

PLAN: Final = TrainingPlan(name="recorded", chance=0.01)
"""The budget decides nothing where windows are ranked."""

FOLDS: Final = 5
BLOCK: Final = 10
"""Windows that stay together where blocks are dealt out among folds: neighbors are alike."""

LATER: Final = 0.4  # of a recording, judged by a model of what came before

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RecordedWindows:
    """Windows of one scope in order of time, and the places of their instruments in the directory."""

    rows: TrainingRows
    instruments: npt.NDArray[np.int64]


def windows_by_scope(
    batches: Iterable[EventBatch], directory: Directory, scopes: Iterable[Scope]
) -> dict[Scope, RecordedWindows]:
    """The windows of a recording by whose and how long they are."""
    tables = list(feature_tables(batches, directory, SPARSE))
    found = {}
    for scope in scopes:
        own = [pair[0] if scope.subject is Subject.ACCOUNT else pair[1] for pair in tables]
        kept = [table.lengths == scope.seconds * SECOND for table in own]
        times = np.concatenate([table.starts[rows] for table, rows in zip(own, kept, strict=True)])
        values = np.concatenate([table.values[rows] for table, rows in zip(own, kept, strict=True)])
        names = [name for table, rows in zip(own, kept, strict=True) for name in _names(table, rows)]
        instruments = np.array([directory.find_instrument(name) for name in names], np.int64)
        order = np.lexsort((instruments, times))
        features = tuple(feature.name for feature in scope.subject.features)
        rows = TrainingRows(features=features, times=times[order], values=values[order])
        found[scope] = RecordedWindows(rows, instruments[order])
    return found


def _names(table: FeatureTable, rows: Marks) -> list[str]:
    return [table.instruments[row] for row in np.flatnonzero(rows).tolist()]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a moment's window stands among all windows of a recording: 1 is the most unusual."""

    rank: int
    windows: int


def place_of(rows: TrainingRows, scope: Scope, moment: int) -> Place | None:
    """The rank of the window in which ``moment`` (ns) lies, each day judged by a model of all other days.

    ``None`` if too little happened in that window for it to be told.
    """
    scores, days = np.empty(len(rows.times)), rows.times // DAY
    for day in np.unique(days):
        own = days == day
        model = train(_part(rows, ~own), plan_of(scope, PLAN))
        scores[own] = model.score(rows.values[own])
    holding = (rows.times <= moment) & (moment < rows.times + scope.seconds * SECOND)
    if not holding.any():
        return None
    return Place(int((scores > scores[holding].max()).sum()) + 1, len(scores))


class Split(StrEnum):
    """Which windows of a recording a model learns from."""

    AMONG = "among the others"
    """Four blocks of five; the rest are judged: how good the calibration is where nothing changes."""

    BEFORE = "later ones"
    """The first three fifths; the rest are judged, as live."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Alerts among windows: as a server brings them, and as many as there were if no level followed."""

    windows: int
    alerts: int
    still: int

    def __add__(self, other: Alerts) -> Alerts:
        return Alerts(self.windows + other.windows, self.alerts + other.alerts, self.still + other.still)


def alerts_of(windows: RecordedWindows, scope: Scope, split: Split, chance: float) -> Alerts | None:
    """How often windows become alerts at a budget; ``None`` where too few are left to learn from."""
    rows, plan = windows.rows, plan_of(scope, replace(PLAN, chance=chance))
    if split is Split.AMONG:
        plan = replace(plan, embargo=0)  # times are numbers of windows there
    found = Alerts(0, 0, 0)
    for judged, times in _splits(rows.times, split):
        if (~judged).sum() < FEWEST_ROWS:
            return None
        model = train(_part(replace(rows, times=times), ~judged), plan)
        scores = model.score(rows.values[judged])
        met, still = Levels(model.card).meet(_keys(windows)[judged], scores), scores >= model.threshold
        found += Alerts(len(scores), met.alerts, int(still.sum()))
    return found


def _keys(windows: RecordedWindows) -> Table:
    """Keys of windows that say when they began, and on which instrument."""
    keys = np.zeros(len(windows.instruments), WindowKey.dtype)
    keys["start"], keys["instrument"] = windows.rows.times, windows.instruments
    return keys


def _splits(known: npt.NDArray[np.int64], split: Split) -> Iterator[tuple[Marks, npt.NDArray[np.int64]]]:
    """Which windows are judged, and times for the rest: what comes last of them is for calibration."""
    count = len(known)
    numbers = np.arange(count)
    if split is Split.BEFORE:
        yield numbers >= round((1 - LATER) * count), known
        return
    folds = numbers // BLOCK % FOLDS
    for fold in range(FOLDS):
        yield folds == fold, numbers + count * (folds == (fold + 1) % FOLDS)


def _part(rows: TrainingRows, kept: Marks) -> TrainingRows:
    return replace(rows, times=rows.times[kept], values=rows.values[kept])
