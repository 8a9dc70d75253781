"""The page of semantics by examples, on the reference; the property tests carry them over to the kernel."""

from __future__ import annotations

import pytest

from tapewarden.domain.kinds import (
    DAY,
    SECOND,
    EndReason,
    EventKind,
    Flag,
    Initiator,
    LinkKind,
    QualityKind,
    Side,
    WindowKind,
)
from tapewarden.engine import acts as kinds
from tests.reference.acts import ActDict
from tests.reference.comparing import event, rows
from tests.reference.engine import ReferenceEngine
from tests.strategies import START, small_directory

PLACE, AMEND, CANCEL, TRADE = EventKind.PLACE, EventKind.AMEND, EventKind.CANCEL, EventKind.TRADE
BUY, SELL = Side.BUY, Side.SELL
BID = event(PLACE, side=BUY, order=1, price=1000, size=5, account=0)
ASK = event(PLACE, side=SELL, order=2, price=1001, size=7, account=2)
MESSAGE_RATE = 0.6931471805599453
"""The rate after one message: its sum halves each second, so it fades by ln 2 per second."""


def at(seconds: float, event: dict[str, int]) -> dict[str, int]:
    """The event so many seconds after the start."""
    return event | {"ts_event": START + round(seconds * SECOND)}


def acts_of(*events: dict[str, int]) -> list[ActDict]:
    return ReferenceEngine(small_directory()).process(rows(*events)).acts


def last_act(*events: dict[str, int]) -> ActDict:
    return acts_of(*events)[-1]


def facts_of(*events: dict[str, int]) -> list[int]:
    return [fact.kind for fact in ReferenceEngine(small_directory()).process(rows(*events)).facts]


def queue_after(*events: dict[str, int]) -> list[int]:
    """The orders at the bid of 1000, first to trade first."""
    engine = ReferenceEngine(small_directory())
    engine.process(rows(*events))
    level = engine.markets[1].book.sides[kinds.BUY].level(1000)
    return list(level.orders) if level else []


# --- books ------------------------------------------------------------------------------------------------


def test_orders_queue_at_their_price_in_order_of_arrival() -> None:
    assert queue_after(BID, BID | {"order": 3}, BID | {"order": 4}) == [1, 3, 4]


def test_a_smaller_size_keeps_the_place_in_the_queue() -> None:
    assert queue_after(BID, BID | {"order": 3}, event(AMEND, order=1, size=4)) == [1, 3]


@pytest.mark.parametrize("changes", [{"size": 6}, {"size": 2, "price": 1000}])
def test_a_larger_size_moves_to_the_end_of_the_queue_and_a_repeated_price_does_not(
    changes: dict[str, int],
) -> None:
    amended = queue_after(BID, BID | {"order": 3}, event(AMEND, order=1) | changes)
    assert amended == ([3, 1] if changes["size"] == 6 else [1, 3])


def test_an_order_that_returns_to_its_price_has_lost_its_place() -> None:
    away, back = event(AMEND, order=1, size=5, price=999), event(AMEND, order=1, size=5, price=1000)
    assert queue_after(BID, BID | {"order": 3}, away, back) == [3, 1]


def test_a_partial_cancel_reduces_the_order_in_place() -> None:
    act = last_act(BID, event(CANCEL, order=1, size=2))
    assert (act["kind"], act["size"], act["price"], act["previous_size"]) == (kinds.CANCEL, 2, 1000, 5)
    assert act["level_size"] == 3
    assert queue_after(BID, BID | {"order": 3}, event(CANCEL, order=1, size=2)) == [1, 3]


@pytest.mark.parametrize("size", [-1, 0, 5])
def test_a_cancel_of_unknown_size_removes_all_that_remains(size: int) -> None:
    act = last_act(BID, event(CANCEL, order=1, size=size))
    assert (act["size"], act["level_size"]) == (5, 0)
    assert facts_of(BID, event(CANCEL, order=1, size=size)) == []


def test_canceling_more_than_remains_is_an_overfill_and_removes_all() -> None:
    assert facts_of(BID, event(CANCEL, order=1, size=9), BID) == [QualityKind.OVERFILL]
    assert last_act(BID, event(CANCEL, order=1, size=9))["size"] == 5


def test_an_order_that_crosses_joins_its_queue_and_marks_the_rows_after_it() -> None:
    acts = acts_of(ASK, BID | {"price": 1005}, event(EventKind.REFERENCE))
    assert [act["marks"] & kinds.CROSSED for act in acts] == [0, 0, kinds.CROSSED]
    assert (acts[1]["distance"], acts[2]["bid"], acts[2]["ask"]) == (0, 1005, 1001)


def test_a_book_crossed_for_more_than_a_second_is_one_fact() -> None:
    crossed = [at(0, ASK), at(0, BID | {"price": 1005})]
    reference = event(EventKind.REFERENCE)
    assert facts_of(*crossed, at(1, reference)) == []
    assert facts_of(*crossed, at(1.1, reference), at(3, reference)) == [QualityKind.CROSSED]


@pytest.mark.parametrize("flag", [Flag.MARKET, Flag.IMMEDIATE, Flag.HIDDEN])
def test_orders_that_never_rest_openly_are_known_but_not_displayed(flag: Flag) -> None:
    act = last_act(BID | {"flags": flag}, event(CANCEL, order=1))
    assert (act["kind"], act["size"], act["bid"], act["own"]) == (kinds.CANCEL, 5, -1, 0)


def test_a_market_order_needs_no_price() -> None:
    assert facts_of(BID | {"flags": Flag.MARKET, "price": -1}) == []
    assert facts_of(BID | {"price": -1}) == [QualityKind.OUT_OF_RANGE]


def test_a_known_order_placed_again_is_a_duplicate_and_changes_nothing() -> None:
    assert facts_of(BID, BID | {"size": 9}) == [QualityKind.DUPLICATE]
    assert last_act(BID, BID | {"size": 9}, event(CANCEL, order=1))["size"] == 5


def test_an_order_number_is_free_again_after_its_order_ended() -> None:
    assert facts_of(BID, event(CANCEL, order=1), BID) == []


def test_a_trade_reduces_the_orders_it_names() -> None:
    trade = event(TRADE, side=BUY, order=1, counter_order=2, price=1001, size=5)
    acts = acts_of(ASK, BID | {"flags": Flag.IMMEDIATE, "price": 1001}, trade, event(CANCEL, order=2))
    assert [act["size"] for act in acts[2:]] == [5, 5, 2]
    assert facts_of(ASK, BID, trade, event(CANCEL, order=1)) == [QualityKind.UNKNOWN_ORDER]


def test_a_reported_trade_leaves_orders_alone() -> None:
    trade = event(TRADE, side=BUY, counter_order=2, price=1001, size=5, flags=Flag.REPORT_ONLY)
    assert last_act(ASK, trade, event(CANCEL, order=2))["size"] == 7


def test_only_a_resting_order_must_be_known() -> None:
    trade = event(TRADE, side=BUY, order=8, price=1001, size=5)
    assert facts_of(trade) == []
    assert facts_of(trade | {"counter_order": 9}) == [QualityKind.UNKNOWN_ORDER]


def test_a_trade_reported_again_changes_nothing_until_32_others_came() -> None:
    trade = event(TRADE, side=BUY, price=1001, size=5, trade=1)
    others = [trade | {"trade": number} for number in range(2, 34)]
    assert facts_of(trade, *others[:-1], trade) == [QualityKind.DUPLICATE]
    assert facts_of(trade, *others, trade) == []
    assert last_act(trade, trade, event(EventKind.REFERENCE))["volume_buy"] == 5


def test_a_change_that_reports_a_fill_is_a_restatement() -> None:
    for kind in (AMEND, CANCEL):
        act = last_act(BID, event(kind, order=1, size=2, reason=EndReason.FILLED))
        assert (act["kind"], act["previous_size"]) == (kinds.RESTATE, 5)


def test_a_level_may_not_replace_orders() -> None:
    level = event(EventKind.LEVEL, side=BUY, price=1000, size=50)
    assert facts_of(BID, level) == [QualityKind.SCHEMA]
    assert facts_of(BID, level | {"price": 999}) == []


def test_a_level_is_set_and_removed() -> None:
    level = event(EventKind.LEVEL, side=BUY, price=1000, size=50)
    acts = acts_of(level, level | {"size": 0}, event(EventKind.REFERENCE))
    assert [act["level_size"] for act in acts] == [50, 0, 0]
    assert [act["previous_size"] for act in acts] == [0, 50, 0]
    assert [act["bid"] for act in acts] == [-1, 1000, -1]


def test_clearing_a_book_forgets_its_orders_and_levels() -> None:
    clear = event(EventKind.CLEAR)
    assert facts_of(BID, clear, event(CANCEL, order=1)) == [QualityKind.UNKNOWN_ORDER]
    assert last_act(BID, clear, event(EventKind.REFERENCE))["bid"] == -1


def test_more_than_two_to_the_62_displayed_on_a_side_is_an_overflow() -> None:
    largest = 2**53 - 1
    orders = [BID | {"order": number, "size": largest} for number in range(1, 514)]
    assert facts_of(*orders) == [QualityKind.OVERFLOW]


def test_books_are_of_one_instrument_each() -> None:
    assert facts_of(BID, BID | {"instrument": 1}) == []
    assert facts_of(BID | {"instrument": 9}) == [QualityKind.UNKNOWN_INSTRUMENT]


# --- the near band ----------------------------------------------------------------------------------------


def depth_own(*events: dict[str, int]) -> int:
    depth: int = last_act(*events, event(EventKind.REFERENCE, side=BUY))["depth_own"]
    return depth


def test_depth_counts_what_lies_within_25_basis_points_of_the_best_price() -> None:
    bids = [BID | {"order": number, "price": 1000 - number, "size": 10**number} for number in range(5)]
    assert depth_own(*(bid | {"order": bid["order"] + 1} for bid in bids)) == 111


def test_depth_reaches_ten_ticks_where_the_tick_is_known() -> None:
    bids = [BID | {"instrument": 2, "order": n, "price": 60 - n, "size": 1} for n in range(1, 15)]
    act = last_act(*bids, event(EventKind.REFERENCE, side=BUY, instrument=2))
    assert act["depth_own"] == 11


def test_the_band_stays_until_the_best_price_has_moved_by_a_fifth_of_it() -> None:
    def depth(best: int) -> int:
        bids = [
            BID | {"instrument": 1, "order": order, "price": price, "size": size}
            for order, price, size in ((1, 40_000, 1), (2, 39_900, 10), (3, best, 100))
        ]
        reference = event(EventKind.REFERENCE, side=BUY, instrument=1)
        amount: int = last_act(*bids, reference)["depth_own"]
        return amount

    assert depth(40_020) == 111
    assert depth(40_021) == 101


def test_an_empty_side_keeps_its_band_and_clearing_forgets_it() -> None:
    far = BID | {"order": 3, "price": 900}
    engine = ReferenceEngine(small_directory())
    side = engine.markets[1].book.sides[kinds.BUY]
    engine.process(rows(BID, event(CANCEL, order=1)))
    assert (side.anchor, side.edge) == (1000, 998)
    engine.process(rows(far))
    assert (side.anchor, side.edge) == (900, 898)
    engine.process(rows(event(EventKind.CLEAR)))
    assert (side.anchor, side.edge) == (None, None)


def test_own_size_is_what_the_actor_shows_inside_the_band() -> None:
    mine = BID | {"order": 3, "price": 999, "size": 20}
    far = BID | {"order": 4, "price": 900, "size": 400}
    theirs = BID | {"order": 5, "account": 3, "size": 8000}
    act = last_act(BID, mine, far, theirs, ASK | {"account": 0, "order": 6})
    assert (act["own"], act["opposite"], act["depth_opposite"]) == (0, 25, 8025)


# --- time -------------------------------------------------------------------------------------------------


def test_time_never_runs_backwards_within_an_instrument() -> None:
    acts = acts_of(
        at(5, BID), at(4.5, ASK), ASK | {"order": 3, "ts_event": -1}, at(1, BID | {"instrument": 1})
    )
    assert [act["ts"] - START for act in acts] == [5 * SECOND, 5 * SECOND, 5 * SECOND, SECOND]


def test_a_row_too_far_behind_its_instruments_clock_is_late_and_applied() -> None:
    assert facts_of(at(5, BID), at(4, ASK)) == []
    assert facts_of(at(5, BID), at(3.9, ASK), at(5, event(CANCEL, order=2))) == [QualityKind.LATE]
    assert facts_of(at(5, BID), at(3, ASK | {"instrument": 1})) == []


def test_age_counts_from_entry_and_is_unknown_for_orders_of_a_snapshot() -> None:
    restated = BID | {"flags": Flag.SNAPSHOT}
    assert last_act(at(0, BID), at(3, event(AMEND, order=1, size=9)))["age"] == 3 * SECOND
    assert last_act(at(0, restated), at(3, event(CANCEL, order=1)))["age"] == -1
    assert [act["age"] for act in acts_of(BID, restated | {"order": 3})] == [0, -1]


# --- actors -----------------------------------------------------------------------------------------------


def link(account: int, counter_account: int, confidence: int = 1_000_000) -> dict[str, int]:
    return event(
        EventKind.LINK,
        instrument=-1,
        reason=LinkKind.SAME_OWNER,
        account=account,
        counter_account=counter_account,
        size=confidence,
    )


def actor_of(account: int, *before: dict[str, int]) -> int:
    actor: int = last_act(*before, event(EventKind.CLIENT_ORDER, account=account))["actor"]
    return actor


def test_a_link_gives_everyone_of_the_counter_account_the_accounts_actor() -> None:
    links = [link(2, 3), link(0, 2)]
    assert [actor_of(account, *links) for account in (0, 2, 3, 5)] == [1, 1, 1, 6]


def test_a_doubtful_link_joins_nobody() -> None:
    assert actor_of(3, link(2, 3, confidence=799_999)) == 4
    assert actor_of(3, link(2, 3, confidence=800_000)) == 3


def test_accounts_of_one_owner_share_the_first_ones_actor() -> None:
    assert [actor_of(account) for account in (1, 4)] == [2, 2]


def test_an_order_stays_with_the_actor_that_placed_it() -> None:
    assert last_act(BID, link(2, 0), event(CANCEL, order=1))["actor"] == 1
    assert last_act(link(2, 0), BID, event(CANCEL, order=1))["actor"] == 3


def test_an_account_is_taken_from_the_order_where_a_row_names_none() -> None:
    assert last_act(BID, event(CANCEL, order=1))["account"] == 1
    assert last_act(BID, event(CANCEL, order=1, account=3))["account"] == 1
    assert last_act(BID | {"account": -1}, event(CANCEL, order=1, account=3))["account"] == 4


def test_roles_hold_from_the_next_row_on() -> None:
    house = event(EventKind.LINK, account=0, reason=LinkKind.HOUSE)
    maker = event(EventKind.WINDOW, account=0, reason=WindowKind.MARKET_MAKER, size=2 * SECOND)
    acts = acts_of(at(0, house), at(0, maker), at(1, BID), at(3, event(CANCEL, order=1)))
    assert [act["roles"] for act in acts] == [0, kinds.HOUSE, kinds.HOUSE | kinds.MARKET_MAKER, kinds.HOUSE]


# --- activity ---------------------------------------------------------------------------------------------


def test_the_rate_halves_each_second() -> None:
    messages = [at(0, BID), at(0, event(AMEND, order=1, size=4))]
    assert last_act(*messages)["rate"] == MESSAGE_RATE
    assert last_act(*messages, at(2, event(CANCEL, order=1)))["rate"] == MESSAGE_RATE / 2


@pytest.mark.parametrize(
    "row",
    [
        BID | {"flags": Flag.SNAPSHOT},
        BID | {"initiator": Initiator.SYSTEM},
        event(EventKind.CLIENT_ORDER, account=0),
        event(TRADE, side=BUY, account=0, price=1000, size=1),
    ],
)
def test_rows_that_a_member_did_not_send_count_in_no_rate(row: dict[str, int]) -> None:
    assert last_act(row, event(EventKind.REJECT, account=0))["rate"] == 0.0


def test_an_actor_idle_for_a_day_starts_afresh() -> None:
    acts = acts_of(at(0, BID), at(1, event(CANCEL, order=1)), at(DAY // SECOND + 1, BID))
    assert acts[-1]["rate"] == 0.0


def test_volumes_count_trades_by_their_aggressor_and_leave_out_those_off_the_book() -> None:
    trade = event(TRADE, price=1000)
    trades = [
        trade | {"side": BUY, "size": 1},
        trade | {"side": SELL, "size": 10},
        trade | {"side": Side.UNKNOWN, "size": 100},
        trade | {"side": BUY, "size": 1000, "flags": Flag.OFF_BOOK},
        trade | {"side": BUY, "size": 10_000, "flags": Flag.REPORT_ONLY},
    ]
    act = last_act(*trades, event(EventKind.REFERENCE))
    assert (act["volume_buy"], act["volume_sell"]) == (10_001, 10)


def test_moves_of_the_mid_are_learned_once_in_ten_seconds() -> None:
    book = [at(0, BID), at(0, ASK)]
    up = event(AMEND, order=2, size=7, price=1005)
    reference = event(EventKind.REFERENCE)
    assert last_act(*book, at(10, up), at(20, reference), at(21, reference))["move_scale"] == 2.0
    assert last_act(*book, at(10, up), at(40, reference), at(41, reference))["move_scale"] == 0.0


def test_warmth_counts_the_seconds_seen_so_far() -> None:
    reference = event(EventKind.REFERENCE)
    acts = acts_of(*(at(seconds, reference) for seconds in (0, 0.5, 1, 7, 7.5, 8)))
    assert [act["warm"] for act in acts] == [0, 1, 1, 2, 3, 3]


# --- acts -------------------------------------------------------------------------------------------------


def test_a_trade_is_two_acts_of_which_the_aggressors_is_primary() -> None:
    trade = event(TRADE, side=SELL, account=3, counter_account=0, counter_order=1, price=1000, size=2)
    taken, given = acts_of(BID, trade)[1:]
    assert (taken["side"], given["side"]) == (kinds.SELL, kinds.BUY)
    assert (taken["marks"], given["marks"]) == (kinds.PRIMARY | kinds.AGGRESSOR, 0)
    assert (
        (taken["account"], taken["counter_account"]) == (given["counter_account"], given["account"]) == (4, 1)
    )
    assert (given["previous_size"], given["level_size"], given["own"]) == (5, 3, 5)
    assert taken["couple"] == given["couple"] == (1, 1, 4)


def test_a_public_trade_is_one_act() -> None:
    acts = acts_of(event(TRADE, side=BUY, price=1000, size=2))
    assert [act["marks"] for act in acts] == [kinds.PRIMARY | kinds.AGGRESSOR]


def test_without_an_aggressor_the_buyer_is_named_before_the_seller() -> None:
    acts = acts_of(event(TRADE, account=0, counter_account=2, price=1000, size=2))
    assert [(act["side"], act["marks"]) for act in acts] == [(kinds.BUY, kinds.PRIMARY), (kinds.SELL, 0)]


def test_an_ignored_row_is_an_act_of_another_kind() -> None:
    act = last_act(event(CANCEL, order=1))
    assert (act["kind"], act["marks"]) == (kinds.OTHER, kinds.PRIMARY)


def test_distance_is_measured_into_the_book_from_the_best_price_before_the_row() -> None:
    better, worse = BID | {"order": 3, "price": 1002}, BID | {"order": 4, "price": 997}
    assert [act["distance"] for act in acts_of(BID, better, worse)] == [0, -2, 5]


def test_a_gap_blinds_until_the_resync() -> None:
    def quality(kind: QualityKind, **columns: int) -> dict[str, int]:
        return event(EventKind.QUALITY, reason=kind, **columns)

    acts = acts_of(quality(QualityKind.GAP, instrument=-1), BID, quality(QualityKind.RESYNC), ASK)
    assert [bool(act["marks"] & kinds.BLIND) for act in acts] == [False, True, True, False]
    assert [act["facts"] for act in acts] == [0, 0, 0, 1]


def test_a_reference_window_is_open_for_its_length() -> None:
    window = event(EventKind.WINDOW, instrument=-1, reason=WindowKind.FUNDING, size=SECOND)
    reference = event(EventKind.REFERENCE)
    acts = acts_of(at(0, window), at(1, reference), at(1.1, reference))
    assert [act["window"] for act in acts] == [0, WindowKind.FUNDING, 0]
