from types import SimpleNamespace
from typing import Any

import pytest

from tapewarden.domain.kinds import DAY, MINUTE, SECOND
from tapewarden.engine.acts import AMEND, BUY, CANCEL, FILL, PLACE, SELL, WAKE, Act
from tapewarden.engine.baits import Bait, close, follow, genuine, is_over, note_pull, note_stay, withdrawn
from tapewarden.engine.codes import MEMBER, SYSTEM
from tapewarden.engine.habits import Habit

LIMITS = SimpleNamespace(
    share=0.2,
    gone=0.95,
    window=5 * SECOND,
    renewal=SECOND,
    settling=5 * SECOND,
    patience=3 * MINUTE,
    half_life=DAY,
    near=0.02,
    reaction=SECOND // 2,
)


def act(kind: int, at: float, **columns: Any) -> Act:
    """An act on a book of 99 to 101 with a depth of 100 on both sides."""
    row = Act()
    row.kind, row.ts, row.initiator, row.bid, row.ask = kind, int(at * SECOND), MEMBER, 99, 101
    row.depth_own = row.depth_opposite = 100
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def cancel(at: float, size: int, **columns: Any) -> Act:
    return act(
        CANCEL, at, **{"side": SELL, "size": size, "previous_size": size, "previous_price": 105, **columns}
    )


def fill(at: float, **columns: Any) -> Act:
    return act(FILL, at, **{"side": BUY, "size": 5, "own": 5, "opposite": 60, **columns})


def followed(*acts: Act) -> tuple[Bait, Habit]:
    bait, habit = Bait(), Habit()
    for one in acts:
        follow(bait, habit, one, LIMITS)
    return bait, habit


def test_a_cancel_takes_away_what_it_cancels() -> None:
    assert withdrawn(cancel(0, 20, own=60), LIMITS) == 20


def test_a_cancel_by_somebody_else_takes_nothing_away() -> None:
    assert withdrawn(cancel(0, 20, own=60, initiator=SYSTEM), LIMITS) == 0


def test_an_order_larger_than_what_stands_near_the_touch_stood_elsewhere() -> None:
    assert withdrawn(cancel(0, 20, own=19), LIMITS) == 0


@pytest.mark.parametrize(
    ("side", "price", "taken"), [(SELL, 108, 20), (SELL, 107, 0), (BUY, 102, 20), (BUY, 103, 0)]
)
def test_an_amend_takes_all_away_when_it_leaves_by_more_than_the_spread(
    side: int, price: int, taken: int
) -> None:
    amend = act(AMEND, 0, side=side, price=price, previous_price=105, size=20, previous_size=20, own=60)
    assert withdrawn(amend, LIMITS) == taken


def test_an_amend_that_stays_near_the_touch_takes_nothing_away() -> None:
    amend = act(AMEND, 0, side=SELL, price=108, previous_price=105, size=20, previous_size=20, own=60)
    assert withdrawn(amend, SimpleNamespace(near=0.05)) == 0


def test_an_amend_to_a_smaller_size_takes_the_difference_away() -> None:
    amend = act(AMEND, 0, side=SELL, price=105, previous_price=105, size=4, previous_size=20, own=60)
    assert withdrawn(amend, LIMITS) == 16


def test_fills_of_one_order_are_one_episode_and_do_not_begin_it_anew() -> None:
    bait, _ = followed(fill(1, own=9), cancel(2, 20, own=60), fill(3, own=4, opposite=40))
    assert (bait.since, bait.filled, bait.shown, bait.pulled, genuine(bait)) == (SECOND, 10, 60, 20, 10)


def test_more_shown_at_a_later_fill_raises_the_bait() -> None:
    bait, _ = followed(fill(1), fill(2, opposite=80))
    assert bait.shown == 80


def test_a_fill_of_the_bait_itself_leaves_the_episode_open() -> None:
    bait, _ = followed(fill(1), fill(2, side=SELL, size=2, opposite=5))
    assert (bait.since, bait.side, bait.filled) == (SECOND, BUY, 5)


def test_a_fill_beside_a_small_part_of_the_depth_begins_nothing() -> None:
    bait, _ = followed(fill(1, opposite=19))
    assert bait.since == 0


def test_the_bait_is_gone_when_nearly_all_was_pulled_and_little_is_left() -> None:
    bait, _ = followed(fill(1), cancel(2, 30, own=60), cancel(3, 27, own=30, age=10 * SECOND))
    assert (bait.gone, bait.due, bait.orders, bait.levels) == (3 * SECOND, 8 * SECOND, 2, 1)
    assert bait.rested == 8 * SECOND


@pytest.mark.parametrize("left", [90, 64])
def test_pulling_does_not_count_while_much_is_left(left: int) -> None:
    bait, _ = followed(fill(1), cancel(2, 60, own=left))
    assert bait.gone == 0


def test_prices_are_counted_once_each() -> None:
    prices = (105, 106, 105, 107)
    pulls = [cancel(2, 10, own=60, previous_price=price) for price in prices]
    bait, _ = followed(fill(1), *pulls)
    assert (bait.orders, bait.levels) == (4, 3)


@pytest.mark.parametrize(("at", "returned"), [(2.9, 50), (3.1, 0)])
def test_size_returns_only_within_the_renewal(at: float, returned: int) -> None:
    bait, _ = followed(fill(1), cancel(2, 60, own=60), act(PLACE, at, side=SELL, size=50))
    assert bait.returned == returned


def test_large_orders_pulled_without_a_fill_teach_the_habit() -> None:
    _, habit = followed(cancel(2, 30, own=60, age=4 * SECOND))
    assert (habit.other.times, habit.other.seconds) == (0.5, 2.0)


def test_nothing_ends_before_it_began() -> None:
    assert not is_over(Bait(), fill(1), LIMITS)


@pytest.mark.parametrize(("at", "over"), [(5.9, False), (6.1, True)])
def test_an_episode_without_a_pull_ends_with_the_window(at: float, over: bool) -> None:
    bait, _ = followed(fill(1))
    assert is_over(bait, cancel(at, 5), LIMITS) is over


@pytest.mark.parametrize(
    ("next_act", "over"),
    [
        (act(WAKE, 7), True),
        (act(PLACE, 3.1, side=SELL), True),
        (act(PLACE, 2.9, side=SELL), False),
        (act(PLACE, 3.1, side=BUY), False),
        (act(CANCEL, 3.1, side=SELL), False),
    ],
)
def test_a_pulled_bait_is_judged_when_settled_or_when_the_next_one_is_placed(
    next_act: Act, over: bool
) -> None:
    bait, _ = followed(fill(1), cancel(2, 60, own=60))
    assert is_over(bait, next_act, LIMITS) is over


def test_a_closed_episode_tells_when_it_began() -> None:
    bait, _ = followed(fill(1), cancel(2, 60, own=60))
    assert close(bait) == SECOND
    assert (bait.since, bait.due, bait.shown) == (0, 0, 60)


def test_an_order_filled_to_the_end_is_told_from_one_that_began_to_fill() -> None:
    bait, habit = followed(
        fill(1, previous_size=9), fill(3, size=4, previous_size=4), cancel(3.8, 60, own=60)
    )
    assert (bait.since, bait.done, bait.gone) == (SECOND, 3 * SECOND, int(3.8 * SECOND))
    note_pull(bait, habit, bait.since, LIMITS)
    assert (habit.after.times, habit.after.seconds) == pytest.approx((1, 2.8))
    assert (habit.done.times, habit.done.seconds) == pytest.approx((1, 0.8))


def test_bait_that_stays_after_half_a_fill_counts_for_one_reading_only() -> None:
    bait, habit = followed(fill(1, previous_size=9))
    note_stay(bait, habit, LIMITS)
    assert (habit.after.seconds, habit.done.seconds) == (5, 0)


def test_little_that_is_pulled_tells_of_patience_alone() -> None:
    _, habit = followed(cancel(1, 5, own=5, age=2 * SECOND))
    assert (habit.small.times, habit.small.seconds, habit.other.times) == (1, 2, 0)
