"""A window of the past, moved through event by event."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.replay.depth_over_time import COLUMNS, depth_over_time
from tapewarden.desktop.presenters.replay.playback import SPEEDS, Playback
from tapewarden.desktop.presenters.replay.replay import Replay, scene_of
from tapewarden.desktop.presenters.replay.timeline import Timeline
from tapewarden.desktop.presenters.replay.wall_labels import wall_labels
from tapewarden.domain.kinds import SECOND
from tests.unit.desktop.tapes import START
from tests.unit.desktop.windows import WALL, book_at, cancel, place, time_of, window_of

times = st.lists(st.integers(0, 10**11), min_size=1, max_size=60).map(sorted)


def timeline(at: list[int]) -> Timeline:
    return Timeline(np.array(at, np.int64), 0)


def replay(*, signals: tuple[float, ...] = ()) -> Replay:
    books = [book_at(0, 1_000), book_at(50, 1_002)]
    scene = scene_of(window_of(WALL, books=books), {"mal-corp"})
    return Replay(scene, [time_of(one) for one in signals])


@given(times, st.data())
def test_a_step_and_one_back_is_where_it_began(at: list[int], data: st.DataObject) -> None:
    line = timeline(at)
    line.go(data.draw(st.integers(0, len(at) - 1)))
    steps = data.draw(st.integers(0, len(at) - 1 - line.place))
    before = line.place
    line.step(steps)
    line.step(-steps)
    assert line.place == before


@given(times, st.lists(st.tuples(st.sampled_from(["step", "shift", "seek"]), st.integers(-(10**11), 10**11))))
def test_the_cursor_is_always_at_an_event(at: list[int], moves: list[tuple[str, int]]) -> None:
    line = timeline(at)
    for name, by in moves:
        getattr(line, name)(by)
        assert line.at_ns in at
        assert line.at_ns == at[line.place]


@given(times, st.integers(-(10**11), 2 * 10**11))
def test_seeking_finds_the_last_event_that_has_happened_by_then(at: list[int], sought: int) -> None:
    line = timeline(at)
    line.seek(sought)
    past = [one for one in at if one <= sought]
    assert line.at_ns == (past[-1] if past else at[0])
    assert line.place == max(len(past) - 1, 0)


@given(times)
def test_seconds_forward_come_to_the_end_though_nothing_happens_for_long(at: list[int]) -> None:
    line = timeline(at)
    for _ in at:
        line.shift(1)
    assert line.place == len(at) - 1


def test_without_events_the_cursor_is_where_the_window_begins() -> None:
    line = Timeline(np.zeros(0, np.int64), 7)
    for move in (line.step, line.shift, line.seek):
        move(1)
        assert (line.place, line.at_ns) == (0, 7)


def test_the_next_signal_is_found_in_both_directions() -> None:
    moving = replay(signals=(12, 31))
    assert moving.seek_signal()
    assert moving.timeline.at_ns == time_of(11)
    moving.seek(time_of(30.5))
    assert moving.seek_signal(back=True)
    assert moving.timeline.at_ns == time_of(11)
    moving.seek(time_of(12))
    assert not replay(signals=()).seek_signal()


def test_signals_after_one_another_are_all_reached_though_the_cursor_stops_at_events() -> None:
    moving = replay(signals=(12, 13, 31))
    reached = []
    while moving.seek_signal():
        reached.append(moving.timeline.at_ns)
        assert len(reached) < 10
    assert reached[-1] == time_of(30)


@given(st.lists(st.floats(0, 5), max_size=20), st.integers(-8, 8))
def test_a_clock_that_plays_goes_as_fast_as_was_chosen(naps: list[float], faster: int) -> None:
    playback = Playback()
    playback.change_speed(faster)
    now = 100.0
    playback.begin(1_000, now)
    for nap in naps:
        now += nap
        at_ns = playback.advance(now)
        assert abs(at_ns - 1_000 - (now - 100) * playback.speed * SECOND) < 10
    assert playback.speed in SPEEDS


def test_playing_moves_the_cursor_and_ends_at_the_end() -> None:
    moving = replay()
    moving.toggle(0.0)
    moving.advance(9.5)
    assert moving.timeline.at_ns == time_of(10)
    moving.toggle(9.5)
    moving.advance(60.0)
    assert moving.timeline.at_ns == time_of(10)
    moving.toggle(60.0)
    moving.advance(200.0)
    assert moving.timeline.place == len(WALL) - 1
    assert not moving.playback.playing
    moving.toggle(300.0)
    assert moving.timeline.place == 0


def test_an_outlined_order_ends_when_it_is_canceled() -> None:
    moving = replay()
    for at, resting in ((9, []), (10, ["wall"]), (29, ["wall"]), (30, []), (40, [])):
        moving.seek(time_of(at))
        assert [track.order for track in moving.resting() if track.order == "wall"] == resting
    track = next(one for one in moving.scene.tracks if one.order == "wall")
    assert track.until_ns == time_of(30)


def test_levels_at_the_cursor_follow_the_moves_of_an_order() -> None:
    moving = replay()
    levels = []
    for at in (10, 20, 25, 30):
        moving.seek(time_of(at))
        levels.append([level for level in moving.resting_levels() if level[1] == 500])
    assert levels == [[(1010, 500)], [(1006, 500)], [(1004, 500)], []]


def test_a_wall_and_the_trades_against_it_are_marked() -> None:
    scene = replay().scene
    labels = {one.label: one.at_ns for one in scene.moments}
    assert labels == {
        "ask wall 0.05 BTC": time_of(10),
        "ask wall canceled": time_of(30),
        "buys 0.002 BTC": time_of(22),
    }
    assert [one.text for one in wall_labels(scene)] == ["mallory  ask wall 0.05 BTC → canceled 100%"]


def test_events_are_in_order_of_time_whatever_the_journal_says() -> None:
    scene = scene_of(window_of([cancel(5, "x"), place(3, "x", 1000, 10)]), {"mallory"})
    assert scene.events.ts_event.tolist() == [time_of(3), time_of(5)]
    assert [(track.from_ns, track.until_ns) for track in scene.tracks] == [(time_of(3), time_of(5))]


def test_each_column_of_the_depth_shows_the_book_of_its_time() -> None:
    window = window_of(WALL, books=[book_at(0, 1_000), book_at(50, 1_040, size=30)])
    depth = depth_over_time(window)
    assert depth is not None
    assert depth.sizes.shape[1] == COLUMNS
    lengths = np.diff(depth.times)
    assert lengths.max() - lengths.min() <= 1
    before = depth.times < time_of(50)
    assert set(depth.bids[before]) == {998.0}
    assert set(depth.bids[~before]) == {1_038.0}
    assert depth.sizes[:, before].max() == 10
    assert depth.sizes[:, ~before].max() == 30


def test_the_depth_has_the_prices_of_orders_in_question_unless_they_are_absurd() -> None:
    window = window_of(WALL, books=[book_at(0, 1_000)])
    near, absurd = depth_over_time(window, [1_030]), depth_over_time(window, [10**9])
    assert near is not None
    assert absurd is not None
    assert near.low <= 1_030 < near.high
    assert absurd.high < 2_000


def test_a_window_without_books_and_trades_is_shown_nevertheless() -> None:
    scene = scene_of(window_of([place(1, "x", 1000, 10)]), set())
    assert scene.depth is None
    assert len(scene.candles) == len(scene.bubbles) == 0
    assert not scene.concerned.any()


def test_the_table_lists_a_range_of_time_or_the_suspect_alone() -> None:
    rows = replay().rows
    rows.filter((time_of(11), time_of(25)), concerned_only=False)
    assert [rows.key(index) for index in range(len(rows))] == [3, 4, 5, 6]
    rows.filter(None, concerned_only=True)
    assert [rows.key(index) for index in range(len(rows))] == [2, 3, 4, 5, 6, 7]
    assert [rows.index(key) for key in (2, 7, 0)] == [0, 5, None]
    assert (rows.nearest(0), rows.nearest(5), rows.nearest(8)) == (2, 5, 7)
    assert [cell.text for cell in rows.cells(0)][1:6] == ["Place", "SELL", "10.10", "0.0500", "mallory"]
    rows.filter((START - 10, START), concerned_only=True)
    assert rows.nearest(5) is None
