"""The fill rule, case by case. Recorded: 5 offered at 101, then 5 more; 5 bid at 99."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.kinds import EventKind, Flag, Side
from tapewarden.evaluation.injection.venue import FIRST_ID, InjectedOrder, Venue
from tests.unit.evaluation.injection.market import told

BUY, SELL = int(Side.BUY), int(Side.SELL)
BOOK = ("place 1 sell 5 @ 101", "place 2 buy 5 @ 99")


@pytest.fixture
def venue() -> Venue:
    return told(Venue(0), *BOOK)


def order(side: int, size: int, price: int, *, account: int = 7, flags: Flag = Flag.NONE) -> InjectedOrder:
    return InjectedOrder(side, price, size, 0, account=account, flags=flags)


def kinds(venue: Venue) -> Iterator[str]:
    return (EventKind(row.columns["kind"]).name for row in venue.rows)


def test_an_order_waits_for_the_volume_ahead_of_it(venue: Venue) -> None:
    mine = order(SELL, 2, 101)
    venue.place(mine)
    told(venue, "place 3 sell 5 @ 101", "fill 1 5")
    assert mine.size == 2
    told(venue, "fill 3 1")
    assert mine.size == 1
    told(venue, "fill 3 4")
    assert (mine.size, venue.is_resting(mine)) == (0, False)


def test_the_volume_ahead_is_what_came_before(venue: Venue) -> None:
    first, second = order(SELL, 2, 101), order(SELL, 2, 101)
    venue.place(first)
    told(venue, "place 3 sell 4 @ 101")
    venue.place(second)
    assert (venue.ahead(first), venue.ahead(second)) == (5, 11)
    told(venue, "cancel 1")
    assert (venue.ahead(first), venue.ahead(second)) == (0, 6)
    venue.cancel(second)
    assert venue.ahead(second) == 0


def test_volume_ahead_that_is_canceled_lets_an_order_move_up(venue: Venue) -> None:
    mine = order(SELL, 2, 101)
    venue.place(mine)
    told(venue, "cancel 1", "place 3 sell 5 @ 101", "fill 3 2")
    assert mine.size == 0


def test_a_trade_through_the_price_fills_all_at_the_orders_own_price(venue: Venue) -> None:
    mine = order(SELL, 2, 100)
    venue.place(mine)
    told(venue, "fill 1 1")
    assert mine.size == 0
    assert (venue.rows[-1].columns["price"], venue.rows[-1].columns["size"]) == (100, 2)


def test_a_fill_at_a_better_price_or_on_the_other_side_fills_nothing(venue: Venue) -> None:
    mine = order(SELL, 2, 102)
    venue.place(mine)
    told(venue, "fill 1 5", "fill 2 5")
    assert mine.size == 2


def test_no_more_is_filled_than_traded_and_the_first_in_the_queue_comes_first(venue: Venue) -> None:
    first, later = order(SELL, 2, 101), order(SELL, 2, 101)
    venue.place(first)
    venue.place(later)
    told(venue, "place 3 sell 9 @ 101", "fill 3 3")
    assert (first.size, later.size) == (0, 1)


@pytest.mark.parametrize("price", [100, 104])
def test_a_recorded_order_that_comes_to_rest_at_the_price_or_beyond_fills_all(
    venue: Venue, price: int
) -> None:
    told(venue, "amend 1 5 @ 110")
    mine = order(SELL, 3, 100)
    venue.place(mine)
    told(venue, f"place 3 buy 1 @ {price}")
    assert (mine.size, venue.best(BUY)) == (0, price)


def test_an_announced_taker_fills_only_once_it_is_filled(venue: Venue) -> None:
    mine = order(SELL, 3, 100)
    venue.place(mine)
    told(venue, "place 3 buy 2 @ 101")
    assert mine.size == 3
    told(venue, "fill 1 2", "fill 3 2")
    assert mine.size == 0


def test_an_announced_taker_is_not_taken_for_the_best_price(venue: Venue) -> None:
    told(venue, "place 3 buy 7 @ 102")
    assert (venue.best(BUY), venue.best(SELL)) == (99, 101)
    assert venue.place(order(SELL, 1, 102, flags=Flag.POST_ONLY))
    told(venue, "fill 1 5", "fill 3 5")
    assert venue.best(BUY) == 102


def test_an_order_that_crosses_takes_by_price_and_time_and_leaves_the_rest(venue: Venue) -> None:
    told(venue, "place 3 sell 2 @ 100")
    mine = order(BUY, 9, 101)
    assert venue.place(mine)
    trades = [row.columns for row in venue.rows if row.columns["kind"] == EventKind.TRADE]
    assert [(one["price"], one["size"], one["side"]) for one in trades] == [(100, 2, BUY), (101, 5, BUY)]
    assert (mine.size, venue.is_resting(mine)) == (2, True)
    assert (venue.positions[7], venue.costs[7]) == (7, 705)


def test_a_recorded_order_can_be_taken_once_and_stays(venue: Venue) -> None:
    venue.place(order(BUY, 4, 101))
    again = order(BUY, 4, 101, flags=Flag.IMMEDIATE)
    venue.place(again)
    assert venue.positions[7] == 5
    assert venue.level(101) == 5
    assert (list(kinds(venue))[-1], again.size, venue.is_resting(again)) == ("CANCEL", 3, False)


def test_an_order_without_a_price_takes_at_any(venue: Venue) -> None:
    told(venue, "place 3 sell 5 @ 900")
    venue.place(order(BUY, 7, 0, flags=Flag.MARKET | Flag.IMMEDIATE))
    assert venue.positions[7] == 7
    assert venue.rows[0].columns["price"] == -1


def test_two_injected_orders_meet_behind_what_is_ahead(venue: Venue) -> None:
    resting = order(SELL, 2, 101, account=8)
    venue.place(resting)
    venue.place(order(BUY, 6, 101))
    trades = [row.columns for row in venue.rows if row.columns["kind"] == EventKind.TRADE]
    assert [(one.get("counter_account", -1), one["size"]) for one in trades] == [(-1, 5), (8, 1)]
    assert trades[1]["account"] == 7
    assert trades[1]["counter_order"] == resting.number
    assert (venue.positions[7], venue.positions[8]) == (6, -1)


def test_an_order_that_may_only_rest_is_rejected_where_it_would_take(venue: Venue) -> None:
    assert not venue.place(order(BUY, 1, 101, flags=Flag.POST_ONLY))
    assert venue.place(order(BUY, 1, 100, flags=Flag.POST_ONLY))
    assert list(kinds(venue)) == ["REJECT", "PLACE"]


def test_an_amend_keeps_its_place_only_where_the_order_becomes_smaller(venue: Venue) -> None:
    smaller, larger = order(SELL, 3, 101), order(SELL, 3, 101)
    venue.place(smaller)
    venue.place(larger)
    told(venue, "place 3 sell 5 @ 101")
    venue.amend(smaller, 101, 2)
    venue.amend(larger, 101, 4)
    told(venue, "fill 3 2")
    assert (smaller.size, larger.size) == (0, 4)


def test_an_amend_across_takes(venue: Venue) -> None:
    mine = order(BUY, 3, 98)
    venue.place(mine)
    venue.amend(mine, 101, 3)
    assert (mine.size, venue.positions[7]) == (0, 3)


def test_what_is_seen_is_recorded_and_injected(venue: Venue) -> None:
    venue.place(order(BUY, 2, 100))
    assert (venue.best(BUY), venue.best(SELL)) == (100, 101)
    assert (venue.depth(BUY, 0), venue.depth(BUY, 1), venue.level(99)) == (2, 7, 5)
    told(venue, "trade 2 3 @ 99", "trade 2 5 @ 99", "trade 2 9 @ 99")
    assert (venue.usual_size, venue.volume, venue.trades) == (5, 17, 3)
    assert Venue(0).best(BUY) is None
    assert (Venue(0).depth(BUY, 9), Venue(0).usual_size) == (0, 1)


def test_other_instruments_change_nothing(venue: Venue) -> None:
    told(Venue(1), *BOOK)
    elsewhere = told(Venue(1), *BOOK)
    assert elsewhere.best(BUY) is None


def test_rows_are_marked_and_stand_behind_what_was_told_before(venue: Venue) -> None:
    venue.place(order(BUY, 1, 100))
    told(venue, "cancel 1")
    venue.cancel(next(iter(venue._resting[BUY])))
    assert [row.behind for row in venue.rows] == [2, 3]
    assert all(row.columns["flags"] & Flag.SIMULATED for row in venue.rows)
    assert all(row.columns["order"] >= FIRST_ID for row in venue.rows)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["mine", "recorded", "fill", "cancel"]),
            st.sampled_from([BUY, SELL]),
            st.integers(1, 6),
            st.integers(97, 103),
        ),
        max_size=40,
    )
)
def test_every_unit_of_an_order_is_filled_canceled_or_left(deeds: list[tuple[str, int, int, int]]) -> None:
    venue = Venue(0)
    mine: list[tuple[InjectedOrder, int]] = []
    for number, (deed, side, size, price) in enumerate(deeds, 1):
        word = "buy" if side == BUY else "sell"
        if deed == "mine":
            one = order(side, size, price, account=number)
            venue.place(one)
            mine.append((one, size))
        elif deed == "recorded":
            told(venue, f"place {number} {word} {size} @ {price}")
        elif deed == "fill":
            told(venue, f"fill {price % len(deeds)} {size}")
        elif mine and venue.is_resting(mine[-1][0]):
            venue.cancel(mine[-1][0])
    for one, size in mine:
        filled = sum(
            row.columns["size"]
            for row in venue.rows
            if row.columns["kind"] == EventKind.TRADE
            and one.number in (row.columns.get("order"), row.columns.get("counter_order"))
        )
        canceled = sum(
            row.columns["size"]
            for row in venue.rows
            if row.columns["kind"] == EventKind.CANCEL and row.columns["order"] == one.number
        )
        left = one.size if venue.is_resting(one) else 0
        assert filled + canceled + left == size
        assert abs(venue.positions.get(one.account, 0)) == filled
    best_bids = [one.price for one, _ in mine if venue.is_resting(one) and one.side == BUY]
    best_asks = [one.price for one, _ in mine if venue.is_resting(one) and one.side == SELL]
    assert not best_bids or not best_asks or max(best_bids) < min(best_asks)
