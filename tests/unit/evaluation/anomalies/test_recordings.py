"""Models held against recordings: each window is judged by one that did not learn from it."""

from __future__ import annotations

import numpy as np
import pytest

from tapewarden.anomaly.collection import Scope, Subject
from tapewarden.anomaly.training import TrainingRows
from tapewarden.domain.kinds import DAY, MINUTE
from tapewarden.evaluation.anomalies.recordings import (
    Alerts,
    Place,
    RecordedWindows,
    Split,
    alerts_of,
    place_of,
    windows_by_scope,
)
from tests.samples.markets import small_run

SCOPE = Scope(Subject.INSTRUMENT, 60)
NEAR = Scope(Subject.ACCOUNT, 60)


def rows(count: int, every: int = MINUTE) -> TrainingRows:
    values = np.random.default_rng(3).lognormal(0, 1, (count, 3))
    return TrainingRows(features=("a", "b", "c"), times=np.arange(count) * every, values=values)


def recorded(count: int) -> RecordedWindows:
    return RecordedWindows(rows(count), np.zeros(count, np.int64))


def test_the_window_of_a_moment_has_its_rank_among_all_days() -> None:
    quiet = rows(600, DAY // 200)
    quiet.values[444] = 1_000.0
    moment = int(quiet.times[444]) + MINUTE // 2
    assert place_of(quiet, NEAR, moment) == Place(1, 600)
    assert place_of(quiet, NEAR, int(quiet.times[444]) - 1) is None


@pytest.mark.parametrize(("scope", "split"), [(SCOPE, Split.BEFORE), (NEAR, Split.AMONG)])
def test_where_nothing_changes_alerts_are_about_as_many_as_expected(scope: Scope, split: Split) -> None:
    found = alerts_of(recorded(2_500), scope, split, 0.05)
    assert found is not None
    assert found.windows == (2_500 if split is Split.AMONG else 1_000)
    assert found.alerts == pytest.approx(0.05 * found.windows, rel=0.15)
    assert found.still == pytest.approx(0.05 * found.windows, rel=0.4)


def test_levels_follow_later_windows_that_changed_and_a_threshold_does_not() -> None:
    changed = recorded(2_500)
    changed.rows.values[1_500:] *= 2
    found = alerts_of(changed, NEAR, Split.BEFORE, 0.05)
    assert found is not None
    assert found.alerts == pytest.approx(0.05 * found.windows, rel=0.2)
    assert found.still > 2 * 0.05 * found.windows


def test_of_too_few_windows_nothing_is_said() -> None:
    assert alerts_of(recorded(249), SCOPE, Split.AMONG, 0.05) is None
    assert alerts_of(recorded(332), SCOPE, Split.BEFORE, 0.05) is None


def test_alerts_add_up() -> None:
    assert Alerts(10, 1, 2) + Alerts(30, 3, 5) == Alerts(40, 4, 7)


def test_windows_come_in_order_of_time_with_the_columns_of_their_kind() -> None:
    run = small_run()
    scopes = [Scope(subject, 10) for subject in Subject]
    found = windows_by_scope([run.tape], run.simulation.directory, scopes)
    for scope in scopes:
        own, instruments = found[scope].rows, found[scope].instruments
        assert len(instruments) == len(own.times)
        assert set(instruments.tolist()) == set(range(len(run.simulation.directory.instruments)))
        assert len(own.times) > 20
        assert own.values.shape == (len(own.times), len(own.features))
        assert own.features == tuple(feature.name for feature in scope.subject.features)
        assert (np.diff(own.times) >= 0).all()
        assert set((own.times % (MINUTE // 6)).tolist()) == {0}
