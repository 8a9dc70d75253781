import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tapewarden.domain.errors import InputError
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator, LinkKind, ReferenceKind, Side
from tests.unit.adapters.importing import Imported, WriteText, by_mapping

ORDERS = """
[[instrument]]
symbol = "BTC-EUR"
venue = "X"

[[input]]
files = "orders*"
{settings}
[input.fields]
time = {{ column = "at", unit = "ms" }}
kind = {{ column = "what", values = {{ NEW = "place", CHG = "amend", CXL = "cancel", FILL = "skip" }} }}
side = {{ column = "side", values = {{ B = "buy", S = "sell" }} }}
price = "price"
size = "qty"
order = "id"
account = "who"
{fields}
"""
HEADER = "at,what,side,price,qty,id,who\n"
PLACE = "1000,NEW,B,100.5,2,a-1,ann\n"


def imported(
    write: WriteText,
    text: str,
    settings: str = "",
    fields: str = "",
    name: str = "orders.csv",
    **options: Any,
) -> Imported:
    mapping = write("map.toml", ORDERS.format(settings=settings, fields=fields))
    return by_mapping(mapping, write(name, text), **options)


def test_row_becomes_the_event_its_columns_tell(write: WriteText) -> None:
    result = imported(write, HEADER + PLACE)
    assert result.rows == [
        {
            "kind": EventKind.PLACE,
            "initiator": Initiator.MEMBER,
            "side": Side.BUY,
            "order": order_id("a-1"),
            "account": 0,
            "instrument": 0,
            "price": 1005,
            "size": 2,
            "ts_event": 10**9,
            "sequence": 2,
        }
    ]
    directory = result.session.directory
    assert directory.order_names.text(order_id("a-1")) == "a-1"
    assert (directory.accounts[0].name, list(directory.sources)) == ("ann", ["orders.csv"])


def test_cancel_is_the_members_unless_the_file_tells_another_reason(write: WriteText) -> None:
    rows = "1000,CXL,B,,,a-1,ann,\n1000,CXL,B,,,a-2,ann,expired\n1000,CHG,B,,1,a-3,ann,done\n"
    fields = 'reason = { column = "why", values = { expired = "expiry", done = "filled" } }'
    result = imported(write, HEADER.replace("who", "who,why") + rows, fields=fields)
    assert result.column("kind", "reason", "initiator", "size") == [
        (EventKind.CANCEL, EndReason.USER, Initiator.MEMBER, -1),
        (EventKind.CANCEL, EndReason.EXPIRY, Initiator.SYSTEM, -1),
        (EventKind.AMEND, EndReason.FILLED, Initiator.VENUE, 1),
    ]


def test_reason_of_another_kind_of_event_is_rejected(write: WriteText) -> None:
    fields = 'reason = { constant = "routed" }'
    assert imported(write, HEADER + "1,CXL,B,,,a,ann\n", fields=fields).rejected == [(2, "reason")]


def test_skipped_rows_are_neither_events_nor_rejects(write: WriteText) -> None:
    result = imported(write, HEADER + PLACE + "1000,FILL,?,-1,x,,\n")
    assert (len(result.rows), result.rejects) == (1, [])


def test_order_at_market_needs_no_price(write: WriteText) -> None:
    fields = 'market = { column = "type", values = { MKT = "true" }, otherwise = "false" }'
    rows = "1000,NEW,B,,2,a-1,ann,MKT\n1000,NEW,B,0,2,a-2,ann,MKT\n1000,NEW,B,,2,a-3,ann,LMT\n"
    result = imported(write, HEADER.replace("who", "who,type") + rows, fields=fields)
    assert result.column("price", "flags") == [(-1, Flag.MARKET), (-1, Flag.MARKET)]
    assert result.rejected == [(4, "price")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("later,NEW,B,100.5,2,a-1,ann\n", "time"),
        ("1000,BUST,B,100.5,2,a-1,ann\n", "kind"),
        ("1000,,B,100.5,2,a-1,ann\n", "kind"),
        ("1000,NEW,X,100.5,2,a-1,ann\n", "side"),
        ("1000,NEW,,100.5,2,a-1,ann\n", "side"),
        ("1000,NEW,B,-100.5,2,a-1,ann\n", "price"),
        ("1000,NEW,B,0,2,a-1,ann\n", "price"),
        ("1000,NEW,B,NaN,2,a-1,ann\n", "price"),
        ("1000,NEW,B,1e30,2,a-1,ann\n", "price"),
        ("1000,NEW,B,100.5,0,a-1,ann\n", "size"),
        ("1000,NEW,B,100.5,,a-1,ann\n", "size"),
        ("1000,NEW,B,100.5,2,,ann\n", "order"),
        ("1000,NEW,B,100.5\n", "row"),
        ('1000,NEW,B,100.5,2,"a-1,ann\n', "row"),
    ],
)
def test_bad_row_is_named_and_costs_no_other(write: WriteText, row: str, field: str) -> None:
    result = imported(write, HEADER + PLACE + row + PLACE.replace("a-1", "a-9"))
    assert result.rejected == [(3, field)]
    assert result.column("order") == [order_id("a-1"), order_id("a-9")]


def test_reject_says_what_was_expected_and_received(write: WriteText) -> None:
    (reject,) = imported(write, HEADER + PLACE.replace("B", "long")).rejects
    assert Path(reject.pop("source")).name == "orders.csv"
    assert reject == {
        "row": 2,
        "field": "side",
        "expected": "one of B, S; nearest is 'S'",
        "received": "long",
        "raw": "1000,NEW,long,100.5,2,a-1,ann",
    }


def test_value_that_would_need_rounding_at_declared_exponents_is_rejected(write: WriteText) -> None:
    declared = 'venue = "X"\nprice_exponent = 0\nsize_exponent = -2\ntick = "1"\nlot = "0.01"'
    mapping = write("map.toml", ORDERS.format(settings="", fields="").replace('venue = "X"', declared))
    result = by_mapping(mapping, write("orders.csv", HEADER + PLACE + PLACE.replace("100.5", "100")))
    assert result.rejected == [(2, "price")]
    assert result.column("price", "size") == [(100, 200)]
    (instrument,) = result.session.directory.instruments
    assert (instrument.tick, instrument.lot) == (1, 1)


VALUES = '"at": 1000, "what": "NEW", "side": "B", "id": "a-1", "who": "ann", '
SHAPES = {
    "jsonl": f'{{{VALUES} "price": 100.50, "qty": 2e0}}\n',
    "json": f'[{{{VALUES} "price": "100.5", "qty": 2}}]',
    "tsv": HEADER.replace(",", "\t") + PLACE.replace(",", "\t"),
    "csv": "\ufeff"
    + HEADER.replace(",", ' ,"').replace("\n", '"\n').replace(' ,"', '","').replace("at", '"at', 1)
    + PLACE,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_row_in_any_format_is_the_same_event(write: WriteText, shape: str) -> None:
    settings = 'delimiter = "\\t"' if shape == "tsv" else ""
    result = imported(write, SHAPES[shape], settings=settings, name=f"orders.{shape}")
    reference = imported(write, HEADER + PLACE)
    number = {"sequence": 0}
    assert [row | number for row in result.rows] == [row | number for row in reference.rows]


def test_parquet_columns_of_any_simple_type_are_read_exactly(tmp_path: Path, write: WriteText) -> None:
    table = pa.table(
        {
            "at": pa.array([1000], pa.timestamp("ms")),
            "what": pa.array(["NEW"]).dictionary_encode(),
            "side": ["B"],
            "price": pa.array([100.1], pa.float64()),
            "qty": pa.array(["2.50"]).cast(pa.decimal128(10, 2)),
            "id": pa.array([17], pa.int64()),
            "who": pa.array(["ann"], pa.large_string()),
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")
    mapping = write("map.toml", ORDERS.format(settings="", fields="").replace(', unit = "ms"', ""))
    result = by_mapping(mapping, tmp_path / "orders.parquet")
    assert result.column("ts_event", "price", "size", "order") == [(10**9, 1001, 25, 17)]


def test_arrays_are_addressed_by_place_and_numbers_keep_their_text(write: WriteText) -> None:
    mapping = write(
        "map.toml",
        """
        [[instrument]]
        symbol = "XRP-ETH"
        venue = "X"
        [[input]]
        [input.fields]
        time = { column = 1, unit = "ms" }
        kind = { constant = "trade" }
        trade = 2
        side = 4
        price = 5
        size = 6
        """,
    )
    rows = [
        [1570752011620, "13519807", None, "sell", 0.00141342, 23.0],
        "junk",
        [1570752011621, 8, None, "buy", 1e-05, 4],
    ]
    result = by_mapping(mapping, write("trades.json", json.dumps(rows)))
    assert result.rejected == [(2, "json")]
    assert result.column("trade", "side", "price", "size", "sequence") == [
        (13519807, Side.SELL, 141342, 23, 1),
        (8, Side.BUY, 1000, 4, 3),
    ]


def test_garbage_inside_a_json_array_costs_one_element(write: WriteText) -> None:
    row = SHAPES["jsonl"].strip()
    result = imported(write, f"[{row}, {{oops]}}, {row}, {row}]", name="orders.json")
    assert (len(result.rows), result.rejected) == (3, [(2, "json")])


def test_json_array_without_its_end_is_refused(write: WriteText) -> None:
    with pytest.raises(InputError, match="complete array"):
        imported(write, "[" + SHAPES["jsonl"] + ",", name="orders.json")
    with pytest.raises(InputError, match="an array of rows"):
        imported(write, SHAPES["jsonl"], name="orders.json")


def test_nested_json_is_reached_with_dots(write: WriteText) -> None:
    mapping = write(
        "map.toml", ORDERS.format(settings="", fields="").replace('price = "price"', 'price = "p.x"')
    )
    line = SHAPES["jsonl"].replace('"price": 100.50', '"p": {"x": "100.5"}')
    assert by_mapping(mapping, write("orders.jsonl", line)).column("price") == [1005]


@pytest.mark.parametrize(
    ("sort", "expected"), [("none", [1, 3, 2]), ("time", [2, 1, 3]), ("reversed", [2, 3, 1])]
)
def test_files_may_be_sorted_by_time(write: WriteText, sort: str, expected: list[int]) -> None:
    rows = "".join(f"{at},NEW,B,1,1,{number},ann\n" for at, number in ((5, 1), (5, 3), (1, 2)))
    result = imported(write, HEADER + rows, settings=f'sort = "{sort}"')
    assert result.column("order") == expected


def test_missing_column_is_refused_with_the_nearest_one(write: WriteText) -> None:
    with pytest.raises(InputError, match=r"a column 'price', received other columns.*nearest is 'prices'"):
        imported(write, HEADER.replace("price", "prices") + PLACE)


EXECUTIONS = """
[[instrument]]
symbol = "BTC-EUR"
venue = "X"
[[input]]
[input.fields]
time = { column = "at", unit = "s" }
kind = { constant = "trade" }
price = "p"
size = "q"
side = { column = "taker", values = { B = "buy", S = "sell" }, otherwise = "unknown" }
buy_order = "bo"
sell_order = "so"
buy_account = "ba"
sell_account = "sa"
"""


def test_buyer_and_seller_become_aggressor_and_other_side(write: WriteText) -> None:
    rows = "at,p,q,taker,bo,so,ba,sa\n" + "".join(f"1.5,10,1,{taker},7,8,ann,bob\n" for taker in "BSX")
    result = by_mapping(write("map.toml", EXECUTIONS), write("trades.csv", rows))
    assert result.column("side", "order", "counter_order", "account", "counter_account") == [
        (Side.BUY, 7, 8, 0, 1),
        (Side.SELL, 8, 7, 1, 0),
        (Side.UNKNOWN, 7, 8, 0, 1),
    ]
    assert [account.name for account in result.session.directory.accounts] == ["ann", "bob"]


def test_inputs_of_several_shapes_merge_by_time(write: WriteText) -> None:
    both = ORDERS.format(settings="", fields="") + EXECUTIONS.partition('venue = "X"')[2]
    orders = write("orders.csv", HEADER + PLACE + PLACE.replace("1000", "3000").replace("a-1", "a-2"))
    trades = write("trades.csv", "at,p,q,taker,bo,so,ba,sa\n2,10,1,B,7,8,ann,bob\n3,10,1,B,7,8,ann,bob\n")
    result = by_mapping(write("map.toml", both), orders, trades)
    assert result.column("kind") == [EventKind.PLACE, EventKind.TRADE, EventKind.PLACE, EventKind.TRADE]


BOOK = """
[[input]]
[input.fields]
time = { column = "at", unit = "s" }
kind = "kind"
instrument = "symbol"
venue = { constant = "X" }
side = "side"
price = "p"
size = "q"
reason = "why"
snapshot = "snap"
"""


def test_levels_clears_and_references_need_no_order(write: WriteText) -> None:
    rows = (
        "at,kind,symbol,side,p,q,why,snap\n1,clear,A,,,,,1\n1,level,A,buy,10.5,3,,yes\n"
        "2,level,A,buy,10.5,0,,0\n3,reference,B,,7.25,,mark,\n"
    )
    result = by_mapping(write("map.toml", BOOK), write("book.csv", rows))
    assert result.column("kind", "instrument", "price", "size", "reason", "flags") == [
        (EventKind.CLEAR, 0, -1, -1, 0, Flag.SNAPSHOT),
        (EventKind.LEVEL, 0, 105, 3, 0, Flag.SNAPSHOT),
        (EventKind.LEVEL, 0, 105, 0, 0, Flag.NONE),
        (EventKind.REFERENCE, 1, 725, -1, ReferenceKind.MARK, Flag.NONE),
    ]
    assert result.rejects == []


ACCOUNTS = """
[accounts]
account = "name"
owner = "owner"
{time}
[[accounts.links]]
column = "devices"
kind = "device"
confidence = "0.25"
"""
PEOPLE = "name,owner,devices,since\nann,Kay,,1\nbob,Kay,eve; flo,2\neve,,,3\n,Kay,,4\nann,Lee,,5\n"


def linked(write: WriteText, time: str) -> Imported:
    mapping = write("map.toml", ORDERS.format(settings="", fields="") + ACCOUNTS.format(time=time))
    orders = write("orders.csv", HEADER + PLACE + PLACE.replace("1000", "2500").replace("a-1", "a-2"))
    return by_mapping(mapping, orders, accounts=write("people.csv", PEOPLE))


def test_owners_and_listed_accounts_become_links_before_the_first_event(write: WriteText) -> None:
    result = linked(write, "")
    assert result.column("kind", "reason", "account", "counter_account", "size", "ts_event")[:3] == [
        (EventKind.LINK, LinkKind.SAME_OWNER, 0, 1, 1_000_000, 10**9),
        (EventKind.LINK, LinkKind.DEVICE, 1, 2, 250_000, 10**9),
        (EventKind.LINK, LinkKind.DEVICE, 1, 3, 250_000, 10**9),
    ]
    owners = {account.name: account.owner for account in result.session.directory.accounts}
    assert owners == {"ann": "Kay", "bob": "Kay", "eve": None, "flo": None}
    assert result.rejected == [(5, "account"), (6, "owner")]


def test_dated_links_stand_where_they_begin(write: WriteText) -> None:
    result = linked(write, 'time = { column = "since", unit = "s" }')
    link, place = EventKind.LINK, EventKind.PLACE
    assert result.column("kind", "ts_event") == [
        (place, 10**9),
        *[(link, 2 * 10**9)] * 3,
        (place, 25 * 10**8),
    ]
