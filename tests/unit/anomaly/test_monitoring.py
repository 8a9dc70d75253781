"""What models see of late is counted by day, and days that are over for long are forgotten."""

from __future__ import annotations

import numpy as np

from tapewarden.anomaly.collection import Scope, Subject
from tapewarden.anomaly.features.state import WindowKey
from tapewarden.anomaly.features.windows import Windows
from tapewarden.anomaly.judging import Judged
from tapewarden.anomaly.monitoring import DAYS, Monitor
from tapewarden.domain.kinds import DAY
from tests.samples.models import models, rows

SCOPE = Scope(Subject.INSTRUMENT, 1)


def judged(day: int, count: int = 3, alerts: int = 1) -> Judged:
    """Windows that ended on a day, some of which were alerts."""
    keys = np.zeros(count, WindowKey.dtype)
    keys["end"] = day * DAY + 1
    values = rows()[SCOPE].values[:count]
    scores = models().models[SCOPE].score(values)
    levels = np.where(np.arange(count) < alerts, scores, np.inf)
    return Judged(SCOPE, Windows(keys, values), scores, levels)


def test_the_last_seven_days_of_event_time_count_whenever_they_come() -> None:
    monitor = Monitor(models())
    for day in (0, 5, 2, 6, 9, 8):
        monitor.add(judged(day))
    monitor.add(judged(1))
    drift = monitor.drift()
    assert (drift.since_ns, drift.until_ns) == (5 * DAY, 10 * DAY)
    (scope,) = drift.scopes
    assert (scope.windows, scope.alerts) == (4 * 3, 4)
    monitor.add(judged(9 + DAYS, count=2, alerts=0))
    (scope,) = monitor.drift().scopes
    assert (scope.windows, scope.alerts) == (2, 0)


def test_a_monitor_goes_on_from_its_snapshot() -> None:
    monitor, again = Monitor(models()), Monitor(models())
    for day in (3, 4):
        monitor.add(judged(day))
    again.restore(monitor.snapshot())
    assert again.drift() == monitor.drift()
    again.add(judged(4, count=5, alerts=2))
    (scope,) = again.drift().scopes
    assert (scope.windows, scope.alerts) == (11, 4)
