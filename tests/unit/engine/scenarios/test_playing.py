import numpy as np
import pytest

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import InputError
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import (
    MINUTE,
    SECOND,
    ClientStage,
    EndReason,
    EventKind,
    Flag,
    Initiator,
    LinkKind,
    QualityKind,
    ReferenceKind,
    WindowKind,
)
from tapewarden.engine.scenarios import Scenario, fires, in_order, play, quiet
from tapewarden.engine.scenarios.draft import START


def tape(text: str, repeat: int = 1, every: int = 0) -> tuple[EventBatch, Directory]:
    return play(Scenario(name="x", text=text, count=0, repeat=repeat, every=every))


def rows(text: str) -> list[dict[str, int]]:
    batch, _ = tape(text)
    return [{name: int(column[i]) for name, column in batch.columns()} for i in range(len(batch))]


def refusal(text: str) -> str:
    with pytest.raises(InputError) as error:
        tape(text)
    return str(error.value)


def test_an_order_is_placed() -> None:
    batch, directory = tape("5ms place s1 sell 50 @ 101.5 by mallory flags post_only,simulated")
    assert directory.instruments[batch.instrument[0]].name == "BTC-USD@SIM"
    assert directory.account_name(batch.account[0]) == "mallory"
    assert directory.order_names.text(int(batch.order[0])) == "s1"
    assert (batch.kind[0], batch.side[0], batch.price[0], batch.size[0]) == (
        EventKind.PLACE,
        -1,
        10150,
        500_000,
    )
    assert batch.flags[0] == Flag.POST_ONLY | Flag.SIMULATED
    assert batch.ts_event[0] == START + 5_000_000
    assert batch.initiator[0] == Initiator.MEMBER


def test_the_account_is_suspect_unless_named() -> None:
    batch, directory = tape("0s place s1 sell 1 @ 101\n0s place s2 sell 1 @ 101 by nobody")
    assert directory.account_name(batch.account[0]) == "suspect"
    assert batch.account[1] == UNKNOWN


def test_an_order_without_price_is_a_market_order() -> None:
    (row,) = rows("0s place s1 sell 1")
    assert (row["price"], row["flags"]) == (UNKNOWN, Flag.MARKET)


def test_a_fill_names_the_resting_order_and_a_stranger() -> None:
    batch, directory = tape("0s place b1 buy 5 @ 100\n1s fill b1 2\n2s fill b1 3 by eve")
    assert list(batch.kind) == [EventKind.PLACE, EventKind.TRADE, EventKind.TRADE]
    assert list(batch.side[1:]) == [-1, -1]
    assert list(batch.counter_order[1:]) == [order_id("b1")] * 2
    assert list(batch.price[1:]) == [10_000, 10_000]
    assert directory.account_name(batch.counter_account[1]) == "suspect"
    assert directory.account_name(batch.account[1]) == "stranger-2"
    assert directory.account_name(batch.account[2]) == "eve"
    assert len(set(batch.trade[1:])) == 2


def test_two_orders_of_the_text_trade() -> None:
    _, _, trade = rows("0s place s1 sell 5 @ 100\n1s place b1 buy 5 @ 100 by bob\n1s trade b1 s1 5")
    assert (trade["order"], trade["counter_order"]) == (order_id("b1"), order_id("s1"))
    assert (trade["side"], trade["price"], trade["size"]) == (1, 10_000, 50_000)


def test_taking_walks_the_book_and_gives_up_the_rest() -> None:
    events = rows(
        "0s place s2 sell 2 @ 102\n0s place s1 sell 1 @ 101\n0s place s3 sell 1 @ 101\n"
        "0s place s4 sell 1 @ 104\n1s take buy 9 @ 103 by eve"
    )
    assert [event["counter_order"] for event in events[5:8]] == [
        order_id(name) for name in ("s1", "s3", "s2")
    ]
    assert [event["price"] for event in events[5:8]] == [10_100, 10_100, 10_200]
    assert events[4]["flags"] == Flag.IMMEDIATE
    assert (events[8]["kind"], events[8]["size"]) == (EventKind.CANCEL, 50_000)
    assert events[8]["reason"] == EndReason.EXPIRY


def test_taking_all_leaves_nothing_to_cancel() -> None:
    events = rows("0s place s1 sell 1 @ 101\n1s take buy 1")
    assert [event["kind"] for event in events] == [EventKind.PLACE, EventKind.PLACE, EventKind.TRADE]
    assert events[1]["flags"] == Flag.MARKET


def test_orders_end_for_a_reason() -> None:
    events = rows(
        "0s place s1 sell 5 @ 101\n1s cancel s1 2\n2s amend s1 1\n3s amend s1 4 @ 102\n"
        "4s cancel s1 because disconnect\n5s place s2 sell 1 @ 101\n6s expire s2\n"
        "7s reject s3 buy 1 @ 101 because post_only"
    )
    cancel, shrink, move, end, expiry, reject = (events[i] for i in (1, 2, 3, 4, 6, 7))
    assert (cancel["size"], cancel["reason"], cancel["initiator"]) == (
        20_000,
        EndReason.USER,
        Initiator.MEMBER,
    )
    assert (shrink["kind"], shrink["size"], shrink["price"]) == (EventKind.AMEND, 10_000, 10_100)
    assert (move["size"], move["price"]) == (40_000, 10_200)
    assert (end["size"], end["initiator"]) == (40_000, Initiator.SYSTEM)
    assert (expiry["kind"], expiry["initiator"]) == (EventKind.EXPIRE, Initiator.VENUE)
    assert (reject["kind"], reject["reason"]) == (EventKind.REJECT, EndReason.POST_ONLY)


def test_prices_may_be_relative_to_the_touch() -> None:
    events = rows(
        "0s place b buy 1 @ 100\n0s place s sell 1 @ 101\n1s place x buy 1 @ bid-2\n"
        "1s place y sell 1 @ ask+3\n1s place z buy 1 @ mid\n2s level ask ask+5 7"
    )
    assert [event["price"] for event in events[2:]] == [9_998, 10_103, 10_050, 10_105]


def test_levels_are_part_of_the_touch() -> None:
    events = rows("0s level bid 100 5\n1s level bid 99 5\n2s level bid 100 0\n3s level ask bid+9 1")
    assert [event["price"] for event in events] == [10_000, 9_900, 10_000, 9_909]


def test_facts_beside_the_book_are_written() -> None:
    kinds = {
        "0s print sell 5 @ 100": (EventKind.TRADE, 0),
        "0s clear": (EventKind.CLEAR, 0),
        "0s link a b owner 0.9": (EventKind.LINK, LinkKind.SAME_OWNER),
        "0s role a employee": (EventKind.LINK, LinkKind.EMPLOYEE),
        "0s client receive c1 buy 5 @ 100 by carol": (EventKind.CLIENT_ORDER, ClientStage.RECEIVED),
        "0s window funding 60s": (EventKind.WINDOW, WindowKind.FUNDING),
        "0s reference mark 101": (EventKind.REFERENCE, ReferenceKind.MARK),
        "0s quality gap": (EventKind.QUALITY, QualityKind.GAP),
        "0s clock": (EventKind.CLOCK, 0),
    }
    events = rows("\n".join(kinds))
    assert [(event["kind"], event["reason"]) for event in events] == list(kinds.values())
    assert events[0]["account"] == UNKNOWN
    assert events[2]["size"] == 900_000
    assert events[5]["size"] == MINUTE


def test_a_client_order_is_told_once_and_routed_later() -> None:
    received, routed = rows("0s client receive c1 buy 5 @ 100\n1s client route c1")
    assert {**received, "reason": 2} | {"ts_event": 0, "ts_receive": 0, "sequence": 0} == {
        **routed,
        "ts_event": 0,
        "ts_receive": 0,
        "sequence": 0,
    }


def test_repeats_come_later_with_fresh_orders() -> None:
    batch, directory = tape("0s place s1 sell 5 @ 101\n2s cancel s1", repeat=3, every=MINUTE)
    assert list(batch.ts_event - START) == [i * MINUTE + j for i in range(3) for j in (0, 2 * SECOND)]
    assert [directory.order_names.text(int(n)) for n in batch.order[::2]] == ["s1", "s1.2", "s1.3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "scenario 'x': expected at least one line"),
        ("0s fill s1 5", "scenario 'x', row 1: expected the name of an order placed before, received 's1'"),
        (
            "0s place s1 sell 5 @ 101\n0s fill s2 5",
            "received 's2'; did you mean 's1'?",
        ),
        ("0s place s1 sell 5 @ 101\n0s fill s1 6", "row 2: expected no more than what remains of the order"),
        ("0s place s1 sell 5 @ 101\n0s fill s1 5\n0s cancel s1", "row 3: expected an order with size left"),
        (
            "0s place s1 sell 5 @ 101\n0s place s1 sell 5 @ 101",
            "row 2: expected a name that no live",
        ),
        ("0s place s1 sell 5 @ bid+1", "expected a book with a touch to measure from, received 'bid+1'"),
        ("0s place s1 short 5 @ 1", "row 1: expected one of buy, sell, unknown, received 'short'"),
        ("0s place s1 sell 5 @ 1.001", "row 1: expected a price, a multiple of 0.01"),
        ("0s place s1 sell five @ 1", "row 1: expected a size, a decimal number, received 'five'"),
        ("0s place s1 sell 0 @ 1", "row 1: expected a size of at least 0.0001, received '0'"),
        ("0s place 1 sell 5 @ 1", "row 1: expected a name that begins with a letter"),
        ("0s quality gup", "row 1: expected one of unknown, gap,"),
        ("0s print buy 5", "row 1: expected @ PRICE"),
    ],
)
def test_what_cannot_happen_is_refused_with_its_line(text: str, message: str) -> None:
    assert message in refusal(text)


def test_numbers_are_the_same_each_time() -> None:
    scenario = fires(1, "busy", "0s place s1 sell 5 @ ask+1\n1s cancel s1", market="busy", warm=20)
    first, second = play(scenario)[0], play(scenario)[0]
    assert all(np.array_equal(column, getattr(second, name)) for name, column in first.columns())


def test_playing_leaves_the_warm_market_untouched() -> None:
    text = "0s place s1 sell 5 @ ask+1"
    before, _ = play(quiet("a", text, market="calm", warm=20))
    play(quiet("b", "0s take buy 40\n5s clear", market="calm", warm=20))
    after, _ = play(quiet("a", text, market="calm", warm=20))
    assert all(np.array_equal(column, getattr(after, name)) for name, column in before.columns())


def test_parts_that_overlap_are_put_in_order() -> None:
    assert in_order("2s clear\n900ms clock\n2s clock\n") == "900ms clock\n2s clear\n2s clock\n"


def test_a_position_is_long_or_short() -> None:
    batch, _ = play(quiet("positions", "0s reference position 5 sell by fund\n1s reference mark 101"))
    assert (batch.side.tolist(), batch.size.tolist()) == ([-1, 0], [50_000, -1])
