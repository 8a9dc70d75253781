from pathlib import Path

import pytest

from tapewarden.adapters.files.bitstamp_l3 import read_checkpoints
from tapewarden.domain.batch import UNKNOWN
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator, Side
from tests.unit.adapters.importing import Imported, WriteText, by_preset

START = 1_430_438_404_000
AMOUNT = "1.78855669"


def order(
    at: int, event: str, number: int, amount: str = AMOUNT, side: int = 0, price: str = "236.47"
) -> str:
    values = f'"price": "{price}", "amount": "{amount}", "datetime": "1430438404", "id": {number}'
    return f'{START + at} order_{event} {{{values}, "order_type": {side}}}\n'


def trade(at: int, amount: str, number: int = 8111041) -> str:
    return f'{START + at} trade {{"price": 236.47, "amount": {amount}, "id": {number}}}\n'


def imported(write: WriteText, *lines: str) -> Imported:
    return by_preset("bitstamp-l3", write("day.log", "".join(lines)))


def test_creation_becomes_a_place_with_exact_numbers(write: WriteText) -> None:
    (row,) = imported(write, order(518, "created", 7)).rows
    assert row == {
        "kind": EventKind.PLACE,
        "initiator": Initiator.MEMBER,
        "side": Side.BUY,
        "order": 7,
        "price": 23647,
        "size": 178855669,
        "instrument": 0,
        "sequence": 1,
        "ts_event": (START + 518) * 10**6,
        "ts_receive": (START + 518) * 10**6,
    }


def test_fill_told_as_change_is_an_amend_by_the_venue(write: WriteText) -> None:
    result = imported(write, order(0, "created", 7), order(1, "changed", 7, "1.00000000"))
    assert result.column("kind", "reason", "initiator", "size")[1] == (
        EventKind.AMEND,
        EndReason.FILLED,
        Initiator.VENUE,
        100_000_000,
    )


def test_change_of_the_price_alone_is_nobodys_known_act(write: WriteText) -> None:
    result = imported(write, order(0, "created", 7), order(1, "changed", 7, price="236.40"))
    assert result.column("kind", "reason", "initiator", "price")[1] == (EventKind.AMEND, 0, 0, 23640)


def test_deletion_with_an_amount_is_the_members_cancel(write: WriteText) -> None:
    result = imported(write, order(0, "created", 7), order(1, "deleted", 7))
    assert result.column("kind", "reason", "initiator", "size")[1] == (
        EventKind.CANCEL,
        EndReason.USER,
        Initiator.MEMBER,
        178855669,
    )


@pytest.mark.parametrize(("announced", "size"), [(True, 178855669), (False, UNKNOWN)])
def test_deletion_without_amount_is_a_fill_of_what_remained(
    write: WriteText, announced: bool, size: int
) -> None:
    before = order(0, "created", 7) if announced else ""
    result = imported(write, before, order(1, "deleted", 7, "0.00000000"))
    assert result.column("kind", "reason", "initiator", "size")[-1] == (
        EventKind.CANCEL,
        EndReason.FILLED,
        Initiator.VENUE,
        size,
    )


def test_order_deleted_before_it_is_announced_does_not_stay_in_the_book(write: WriteText) -> None:
    result = imported(write, order(0, "deleted", 7), order(11, "created", 7), order(12, "created", 8))
    assert result.column("kind", "order", "sequence") == [
        (EventKind.CANCEL, 7, 1),
        (EventKind.PLACE, 7, 2),
        (EventKind.CANCEL, 7, 2),
        (EventKind.PLACE, 8, 3),
    ]


def test_trade_names_the_orders_that_lost_exactly_its_amount(write: WriteText) -> None:
    result = imported(
        write,
        order(0, "created", 7, "2.00000000", side=1),
        order(5, "created", 9, AMOUNT, side=0),
        order(6, "changed", 7, "0.21144331", side=1),
        order(7, "deleted", 9, "0.00000000", side=0),
        trade(8, "1.7885566900000001"),
        trade(9, "1.7885566900000001", 8111042),
    )
    assert result.column("order", "counter_order", "side", "size", "flags")[4:] == [
        (9, 7, Side.BUY, 178855669, Flag.REPORT_ONLY),
        (0, 0, Side.UNKNOWN, 178855669, Flag.REPORT_ONLY),
    ]


def test_trade_does_not_name_orders_that_lost_size_long_before(write: WriteText) -> None:
    result = imported(
        write,
        order(0, "created", 7, side=1),
        order(5, "created", 9),
        order(6, "deleted", 7, "0.00000000", side=1),
        order(7, "deleted", 9, "0.00000000"),
        trade(6000, AMOUNT),
    )
    assert result.column("order", "counter_order")[-1] == (0, 0)


def test_checkpoints_stand_where_they_are_in_the_tape(write: WriteText) -> None:
    book = '{"bids": [["236.47", "1.5"], ["236.40", "2"]], "asks": []}'
    path = write("day.log", order(0, "created", 7) + "garbage\n" + f"{START + 5} order_book {book}\n")
    (checkpoint,) = read_checkpoints(path)
    assert (checkpoint.position, checkpoint.time) == (1, (START + 5) * 10**6)
    assert (checkpoint.bid, checkpoint.ask) == ((23647, 150_000_000), None)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (order(1, "created", 7), "id"),
        (order(1, "created", 8, "0.00000000"), "amount"),
        (order(1, "created", 8, "-1"), "amount"),
        (order(1, "created", 8, "0.123456789"), "amount"),
        (order(1, "created", 8, "1" + "0" * 30), "amount"),
        (order(1, "created", 8, "NaN"), "amount"),
        (order(1, "created", 8, price="236.475"), "price"),
        (order(1, "created", 8, side=2), "order_type"),
        (order(1, "created", 0), "id"),
        (trade(1, "1.788556691234"), "amount"),
        (trade(1, "1e999999999"), "amount"),
        (trade(1, "null"), "amount"),
        ("soon order_created {}\n", "time"),
        ("9" * 13 + " order_created {}\n", "time"),
        (f"{START} order_created {{\n", "json"),
        (f"{START} order_eaten {{}}\n", "type"),
    ],
)
def test_bad_line_is_named_and_costs_no_other(write: WriteText, line: str, field: str) -> None:
    result = imported(write, order(0, "created", 7), line, order(2, "deleted", 7))
    assert result.rejected == [(2, field)]
    assert result.column("kind", "sequence") == [(EventKind.PLACE, 1), (EventKind.CANCEL, 3)]


def test_strict_import_stops_at_the_first_bad_line(write: WriteText, tmp_path: Path) -> None:
    path = write("day.log", order(0, "created", 7) + "garbage\n")
    with pytest.raises(InputError, match=r"day\.log, row 2, field 'time'"):
        by_preset("bitstamp-l3", path, strict=True)
