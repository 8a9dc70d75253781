"""`Judge`: scores the windows of a scope as they end, and lets each meet the level that it has to reach."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.collection import Scope
from tapewarden.anomaly.features.state import SECONDS, WindowKey
from tapewarden.anomaly.features.windows import Windows
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.judging_kernel import Found, judge_by_forest, judge_by_neighbors
from tapewarden.anomaly.levels import Levels
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.compiled.compiling import direct
from tapewarden.compiled.digests import packages_digest

_COMPILED: Final = ("tapewarden.compiled", "tapewarden.engine", "tapewarden.anomaly")
_ROOM: Final = 256  # windows judged at once, before it grows


class Judged(NamedTuple):
    """Windows of one scope, at least one, with their scores and the levels from which on they are alerts."""

    scope: Scope
    windows: Windows
    scores: Numbers
    levels: Numbers

    @property
    def alerts(self) -> npt.NDArray[np.bool_]:
        """Which of them are alerts."""
        return self.scores >= self.levels


class Judge:
    """A model and its levels, which judge the windows of a scope. One writer."""

    def __init__(self, scope: Scope, model: AnomalyModel) -> None:
        self.scope = scope
        self.levels = Levels(model.card)
        self._length = SECONDS.index(scope.seconds)
        self._learned, self._tables = model.transform.learned, model.scorer.tables
        self._found = _new_found(_ROOM)
        self._count = 0
        kernel = judge_by_forest if isinstance(model.scorer, Forest) else judge_by_neighbors
        keys, values = np.empty(1, WindowKey.dtype), np.empty((1, 1))
        self._kernel = direct(kernel(packages_digest(*_COMPILED)), keys, values, *self._arguments())

    def judge(self, windows: Windows) -> int:
        """Judge those windows that are of the scope's length; how many are alerts. Moves the levels.

        To be called once for windows that ended, in the order in which they did, see ``Levels.meet``. Costs a
        few microseconds and, per window, two where a forest judges, up to twenty where neighbors do.
        """
        if len(windows.keys) > len(self._found.places):
            self._found = _new_found(2 * len(windows.keys))
        while (found := self._kernel(*windows, *self._arguments()))[1] < 0:
            self.levels.make_room()
        self._count, alerts = found
        return int(alerts)

    def judged(self, windows: Windows) -> Judged:
        """What ``judge`` found last, which was of these windows; a copy."""
        found, count = self._found, self._count
        places = found.places[:count]
        own = Windows(windows.keys[places], windows.values[places])
        return Judged(self.scope, own, found.scores[:count].copy(), found.levels[:count].copy())

    def _arguments(self) -> tuple[Any, ...]:
        levels = self.levels
        return self._length, self._learned, self._tables, levels.standings, levels.budget, self._found


def _new_found(windows: int) -> Found:
    return Found(np.empty(windows, np.int64), np.empty(windows), np.empty(windows))
