import json
from pathlib import Path
from typing import Any

import pytest

from tapewarden.domain.kinds import EventKind, Flag, QualityKind, ReferenceKind, Side
from tests.reference.simple_book import LevelBook
from tests.unit.adapters.importing import Imported, WriteText, by_preset

RECEIVED = 1_723_161_253_000_000_000
EXCHANGE = 1_723_161_254_300
SAMPLES = Path(__file__).parents[3] / "samples" / "binance"


def line(at: int, message: dict[str, Any]) -> str:
    return f"{RECEIVED + at} {json.dumps(message)}\n"


def depth(
    at: int, first: int, last: int, previous: int | None = None, bid: str = "100.10", size: str = "1.50"
) -> str:
    data = {"e": "depthUpdate", "E": EXCHANGE + at, "s": "BTCUSDT", "U": first, "u": last}
    if previous is not None:
        data |= {"pu": previous, "T": EXCHANGE + at - 1}
    return line(at, {"stream": "btcusdt@depth", "data": {**data, "b": [[bid, size]], "a": []}})


def snapshot(at: int, last: int) -> str:
    return line(at, {"lastUpdateId": last, "bids": [["100.00", "2.00"]], "asks": [["101.00", "3.00"]]})


def trade(at: int, buyer_is_maker: bool, **extra: Any) -> str:
    data = {"s": "BTCUSDT", "t": 77, "p": "100.50", "q": "0.25", "T": EXCHANGE, "M": True}
    return line(at, {"stream": "btcusdt@trade", "data": {**data, "m": buyer_is_maker, **extra}})


def imported(write: WriteText, *lines: str) -> Imported:
    return by_preset("binance-raw", write("feed", "".join(lines)))


def steps(result: Imported) -> list[tuple[int, int, int]]:
    """Kind, reason and sequence of what concerns the book, each update once."""
    return list(dict.fromkeys(result.column("kind", "reason", "sequence")))


LEVEL, QUALITY, CLEAR = (int(kind) for kind in (EventKind.LEVEL, EventKind.QUALITY, EventKind.CLEAR))


def test_updates_wait_for_the_snapshot_and_the_first_bridges_it(write: WriteText) -> None:
    lines = depth(1, 5, 9), depth(2, 10, 14), depth(3, 15, 19), snapshot(4, 12), depth(5, 20, 22)
    result = imported(write, *lines)
    expected = [(CLEAR, 0, 12), (LEVEL, 0, 12), (LEVEL, 0, 14), (LEVEL, 0, 19), (LEVEL, 0, 22)]
    assert steps(result) == expected
    assert [flags for kind, flags in result.column("kind", "flags")[:3]] == [Flag.SNAPSHOT] * 3


def test_snapshot_older_than_the_first_update_is_of_no_use(write: WriteText) -> None:
    result = imported(write, depth(1, 5, 9), snapshot(2, 3), depth(3, 10, 14), snapshot(4, 9))
    assert steps(result) == [(CLEAR, 0, 9), (LEVEL, 0, 9), (LEVEL, 0, 14)]


def test_futures_chain_on_the_update_before(write: WriteText) -> None:
    result = imported(write, depth(1, 5, 9, 4), snapshot(2, 9), depth(3, 40, 45, 9), depth(4, 60, 61, 45))
    assert [step[2] for step in steps(result)] == [9, 9, 45, 61]
    assert QUALITY not in result.column("kind")


@pytest.mark.parametrize("futures", [False, True])
def test_hole_is_a_gap_and_the_next_snapshot_mends_it(write: WriteText, futures: bool) -> None:
    result = imported(
        write,
        snapshot(1, 9),
        depth(2, 10, 14, 9 if futures else None),
        depth(3, 20, 24, 19 if futures else None),
        snapshot(4, 22),
        depth(5, 25, 29, 24 if futures else None),
    )
    assert list(dict.fromkeys(result.column("epoch", "kind", "reason", "sequence"))) == [
        (0, CLEAR, 0, 9),
        (0, LEVEL, 0, 9),
        (0, LEVEL, 0, 14),
        (0, QUALITY, QualityKind.GAP, 24),
        (0, LEVEL, 0, 24),
        (1, QUALITY, QualityKind.RESYNC, 22),
        (1, CLEAR, 0, 22),
        (1, LEVEL, 0, 22),
        (1, LEVEL, 0, 24),
        (1, LEVEL, 0, 29),
    ]


def test_repeated_update_is_a_duplicate_and_changes_nothing(write: WriteText) -> None:
    result = imported(write, snapshot(1, 9), depth(2, 10, 14), depth(3, 10, 14, bid="99.00"))
    assert steps(result)[-1] == (QUALITY, QualityKind.DUPLICATE, 14)


def test_updates_without_any_snapshot_are_told_as_dropped(write: WriteText) -> None:
    result = imported(write, depth(1, 5, 9), depth(2, 10, 14))
    assert result.column("kind", "reason", "size") == [(QUALITY, QualityKind.DROPPED, 2)]


def test_rejected_update_is_a_gap_too(write: WriteText) -> None:
    result = imported(write, snapshot(1, 9), depth(2, 10, 14, size="-1"), depth(3, 15, 19))
    assert result.rejected == [(2, "size")]
    assert steps(result)[2:] == [(QUALITY, QualityKind.GAP, 19), (LEVEL, 0, 19)]


@pytest.mark.parametrize(("buyer_is_maker", "side"), [(True, Side.SELL), (False, Side.BUY)])
def test_aggressor_is_who_was_not_the_maker(write: WriteText, buyer_is_maker: bool, side: Side) -> None:
    (row,) = imported(write, trade(1, buyer_is_maker)).rows
    assert row == {
        "kind": EventKind.TRADE,
        "side": side,
        "flags": Flag.REPORT_ONLY,
        "trade": 77,
        "price": 1005,
        "size": 25,
        "instrument": 0,
        "sequence": 77,
        "ts_event": EXCHANGE * 10**6,
        "ts_receive": RECEIVED + 1,
    }


def test_ticker_is_a_check_of_the_book_on_both_sides(write: WriteText) -> None:
    data = {"s": "BTCUSDT", "u": 50, "b": "100.10", "B": "4", "a": "100.20", "A": "5"}
    result = imported(write, trade(1, True), line(2, {"stream": "btcusdt@bookTicker", "data": data}))
    assert result.column("kind", "reason", "price", "size", "sequence", "ts_event")[1:] == [
        (EventKind.REFERENCE, ReferenceKind.BEST_BID, 1001, 400, 50, EXCHANGE * 10**6),
        (EventKind.REFERENCE, ReferenceKind.BEST_ASK, 1002, 500, 50, EXCHANGE * 10**6),
    ]


def test_each_stream_of_each_market_is_a_source_of_its_own(write: WriteText) -> None:
    coin = {"s": "BTCUSD_PERP", "t": 1, "p": "100", "q": "1", "T": EXCHANGE, "m": True, "X": "MARKET"}
    result = imported(
        write,
        trade(1, True),
        trade(2, True, M=None),
        line(3, {"stream": "btcusd_perp@trade", "data": coin}),
        snapshot(4, 9),
        depth(5, 10, 11),
    )
    assert list(result.session.directory.sources) == [
        "binance/spot/trade/BTCUSDT",
        "binance/usdm/trade/BTCUSDT",
        "binance/coinm/trade/BTCUSD_PERP",
        "binance/spot/depth/BTCUSDT",
    ]
    names = [instrument.name for instrument in result.session.directory.instruments]
    assert names == ["BTCUSDT@BINANCE", "BTCUSDT@BINANCE-USDM", "BTCUSD_PERP@BINANCE-COINM"]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ("garbage\n", "time"),
        (f"{RECEIVED} [1, 2]\n", "json"),
        (line(1, {"stream": "btcusdt@kline_1m", "data": {}}), "stream"),
        (line(1, {"stream": "btcusdt@trade", "data": {"s": "BTCUSDT"}}), "json"),
        (trade(1, True, p="0"), "price"),
        (trade(1, True, q="NaN"), "size"),
        (trade(1, True, q="1e30"), "size"),
    ],
)
def test_bad_line_is_named_and_costs_no_other(write: WriteText, bad: str, field: str) -> None:
    result = imported(write, trade(0, True), bad, trade(2, False))
    assert result.rejected == [(2, field)]
    assert result.column("kind") == [EventKind.TRADE, EventKind.TRADE]


def test_snapshot_of_no_book_in_the_file_is_rejected(write: WriteText) -> None:
    assert imported(write, trade(0, True), snapshot(1, 9)).rejected == [(2, "symbol")]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.gz")), ids=lambda path: path.name)
def test_book_of_the_sample_agrees_with_its_ticker(path: Path) -> None:
    result = by_preset("binance-raw", path)
    book = LevelBook()
    for row in result.all:
        book.apply(row)
    touch = [(row["price"], row["size"]) for row in result.all if row["kind"] == EventKind.REFERENCE][-2:]
    bid, ask = book.best_bid(), book.best_ask()
    assert bid is not None
    assert ask is not None
    assert abs(bid[0] - touch[0][0]) + abs(ask[0] - touch[1][0]) < 100
    assert bid[0] < ask[0]
    assert result.rejects == []
    assert EventKind.QUALITY not in result.column("kind")
