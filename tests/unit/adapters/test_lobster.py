from datetime import date
from pathlib import Path

import pytest

from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import SECOND, EndReason, EventKind, Flag, Initiator, Side, WindowKind
from tests.unit.adapters.importing import Imported, WriteText, by_preset

NAME = "AMZN_2012-06-21_34200000_57600000_message_1.csv"
OPEN = 1_340_285_400 * SECOND  # half past nine in New York that day


def imported(write: WriteText, *lines: str) -> Imported:
    return by_preset("lobster", write(NAME, "\n".join(lines)))


def test_submission_becomes_a_place_at_new_york_time(write: WriteText) -> None:
    (row,) = imported(write, "34200.189607671,1,11885113,21,2238100,1").rows
    assert row == {
        "kind": EventKind.PLACE,
        "initiator": Initiator.MEMBER,
        "side": Side.BUY,
        "order": 11885113,
        "price": 2238100,
        "size": 21,
        "instrument": 0,
        "ts_event": OPEN + 189607671,
        "sequence": 1,
    }


@pytest.mark.parametrize("kind", [2, 3])
def test_both_cancelations_remove_their_size(write: WriteText, kind: int) -> None:
    result = imported(write, f"34200,{kind},7,5,2238100,-1")
    assert result.column("kind", "reason", "initiator", "side", "size") == [
        (EventKind.CANCEL, EndReason.USER, Initiator.MEMBER, Side.SELL, 5)
    ]


def test_execution_names_the_resting_order_and_the_other_side(write: WriteText) -> None:
    result = imported(write, "34200,4,7,5,2238100,-1", "34200,5,0,5,2238100,1", "34200,6,0,5,2238100,-1")
    assert result.column("side", "order", "counter_order", "flags") == [
        (Side.BUY, 0, 7, Flag.NONE),
        (Side.SELL, 0, 0, Flag.HIDDEN | Flag.REPORT_ONLY),
        (Side.UNKNOWN, 0, 0, Flag.REPORT_ONLY),
    ]


def test_halt_is_a_window_until_trading_resumes(write: WriteText) -> None:
    halt = "34201,7,0,0,-1,-1", "34202,7,0,0,0,-1", "34203.5,7,0,0,1,-1", "34210,7,0,0,-1,-1"
    result = imported(write, *halt, "34212,6,0,5,2238100,-1")
    assert result.column("kind", "reason", "ts_event", "size")[:2] == [
        (EventKind.WINDOW, WindowKind.HALT, OPEN + SECOND, 5 * SECOND // 2),
        (EventKind.WINDOW, WindowKind.HALT, OPEN + 10 * SECOND, 2 * SECOND),
    ]
    assert len(result.rows) == 3


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("34200,8,7,5,2238100,1", "type"),
        ("34200,1,7,5,2238100,2", "direction"),
        ("34200,1,0,5,2238100,1", "order"),
        ("34200,1,7,0,2238100,1", "size"),
        ("34200,1,7,5,0,1", "price"),
        ("34200,1,7,5,-1,1", "price"),
        ("34200,1,7,5,22.5,1", "price"),
        ("99999,1,7,5,2238100,1", "time"),
        ("34200,1,7,5,2238100", "row"),
    ],
)
def test_bad_row_is_named_and_costs_no_other(write: WriteText, line: str, field: str) -> None:
    good = "34200,1,9,5,2238100,1"
    result = imported(write, good, line, good.replace("9", "8"))
    assert result.rejected == [(2, field)]
    assert result.column("order") == [9, 8]


def test_day_may_be_given_apart_from_the_name(write: WriteText) -> None:
    path = write("messages.csv", "34200,1,9,5,2238100,1")
    with pytest.raises(InputError, match="the day given by --date"):
        by_preset("lobster", path)
    assert by_preset("lobster", path, day=date(2012, 6, 21)).column("ts_event") == [OPEN]


def test_order_book_files_are_passed_over(write: WriteText, tmp_path: Path) -> None:
    messages = write(NAME, "34200,1,9,5,2238100,1")
    book = write(NAME.replace("message", "orderbook"), "1,2,3,4")
    assert len(by_preset("lobster", messages, book).rows) == 1
    with pytest.raises(InputError, match="order book files only"):
        by_preset("lobster", book)
