"""Orders through time."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.replay.order_tracks import Ending, OrderTrack, order_tracks
from tapewarden.desktop.presenters.replay.walls import walls
from tapewarden.domain.kinds import EventKind, Flag, Side
from tests.unit.desktop.tapes import START
from tests.unit.desktop.windows import (
    ALICE,
    BOB,
    MALLORY,
    Happened,
    amend,
    cancel,
    events_of,
    place,
    time_of,
    trade,
)


def tracks(*happened: Happened, length: float = 100) -> list[OrderTrack]:
    return order_tracks(events_of(happened), {MALLORY}, START, time_of(length))


def legs(track: OrderTrack) -> list[tuple[float, float, int, int]]:
    return [
        ((leg.from_ns - START) / 1e9, (leg.until_ns - START) / 1e9, leg.price, leg.size) for leg in track.legs
    ]


def test_an_order_that_moves_has_a_leg_for_each_price() -> None:
    (track,) = tracks(place(1, "a", 100, 9), amend(3, "a", 98, 9), amend(4, "a", 97, 5), cancel(6, "a", 5))
    assert legs(track) == [(1, 3, 100, 9), (3, 4, 98, 9), (4, 6, 97, 5)]
    assert (track.ending, track.canceled, track.filled) == (Ending.CANCELED, 5, 0)


def test_an_order_ends_when_all_of_it_is_traded() -> None:
    (track,) = tracks(place(1, "a", 100, 9), trade(2, "a", 100, 4), trade(5, "a", 100, 5))
    assert legs(track) == [(1, 2, 100, 9), (2, 5, 100, 5)]
    assert (track.ending, track.filled) == (Ending.FILLED, 9)


def test_a_part_that_is_canceled_leaves_the_rest() -> None:
    (track,) = tracks(place(1, "a", 100, 9), cancel(2, "a", 4))
    assert legs(track) == [(1, 2, 100, 9), (2, 100, 100, 5)]
    assert track.ending is Ending.RESTING


def test_a_cancel_of_unknown_size_takes_all() -> None:
    (track,) = tracks(place(1, "a", 100, 9), cancel(2, "a"))
    assert (track.ending, track.canceled, track.until_ns) == (Ending.CANCELED, 9, time_of(2))


def test_what_never_rests_has_no_track() -> None:
    at_once = trade(1, "", 100, 9, account=MALLORY, counter=BOB, side=Side.SELL)._replace(order="a")
    assert tracks(place(1, "a", 100, 9), at_once) == []
    assert tracks(place(1, "a", 100, 9, flags=Flag.IMMEDIATE)) == []
    assert tracks(place(1, "a", -1, 9, flags=Flag.MARKET)) == []


def test_an_order_from_before_the_window_rests_from_its_beginning() -> None:
    (track,) = tracks(trade(5, "a", 100, 4), cancel(7, "a", 3))
    assert [leg[:3] for leg in legs(track)] == [(0, 5, 100), (5, 7, 100)]
    assert track.side is Side.SELL
    assert (track.filled, track.canceled) == (4, 3)


def test_a_book_that_starts_anew_ends_all_orders() -> None:
    clear = Happened(EventKind.CLEAR, 4, account=-1)
    (track,) = tracks(place(1, "a", 100, 9), clear)
    assert (track.until_ns, track.ending) == (time_of(4), Ending.EXPIRED)


def test_trades_that_change_no_book_change_no_order() -> None:
    (track,) = tracks(place(1, "a", 100, 9), trade(2, "a", 100, 9, flags=Flag.REPORT_ONLY))
    assert track.ending is Ending.RESTING


def test_orders_of_others_are_not_followed() -> None:
    assert tracks(place(1, "a", 100, 9, account=ALICE), cancel(2, "a", account=ALICE)) == []


def test_orders_that_replace_each_other_are_one_wall() -> None:
    moved = tracks(
        place(1, "a", 100, 50),
        cancel(2, "a", 50),
        place(2.5, "b", 99, 50),
        place(3, "c", 98, 20),
        cancel(4, "b"),
    )
    (wall,) = walls(moved)
    assert (wall.peak, wall.placed, wall.canceled, len(wall.tracks)) == (70, 120, 100, 3)
    apart = tracks(place(1, "a", 100, 50), cancel(2, "a", 50), place(30, "b", 99, 60), cancel(31, "b"))
    assert [wall.peak for wall in walls(apart)] == [60, 50]


acts = st.lists(
    st.tuples(
        st.sampled_from(["place", "amend", "cancel", "trade"]),
        st.sampled_from("ab"),
        st.integers(1, 20),
        st.integers(90, 110),
    ),
    max_size=40,
)


def happenings(drawn: Sequence[tuple[str, str, int, int]]) -> list[Happened]:
    made = {"place": place, "amend": amend, "trade": trade}
    return [
        cancel(at + 1, name, size) if kind == "cancel" else made[kind](at + 1, name, price, size)
        for at, (kind, name, size, price) in enumerate(drawn)
    ]


@given(acts)
def test_legs_follow_each_other_without_a_hole_and_orders_end_within_the_window(
    drawn: list[tuple[str, str, int, int]],
) -> None:
    for track in tracks(*happenings(drawn)):
        ends = [leg.until_ns for leg in track.legs]
        begins = [leg.from_ns for leg in track.legs]
        assert all(begin < end for begin, end in zip(begins, ends, strict=True))
        assert begins[1:] == ends[:-1]
        assert track.from_ns >= START
        assert track.until_ns <= time_of(100)
        assert track.filled + track.canceled <= track.placed
        assert track.leg_at(track.until_ns) is None
        assert track.leg_at(track.from_ns) == track.legs[0]


@given(acts)
def test_an_order_that_was_canceled_ends_at_the_time_of_a_cancel(
    drawn: list[tuple[str, str, int, int]],
) -> None:
    happened = happenings(drawn)
    canceled = {(one.order, time_of(one.at)) for one in happened if one.kind is EventKind.CANCEL}
    for track in tracks(*happened):
        if track.ending is Ending.CANCELED:
            assert (track.order, track.until_ns) in canceled
