from pathlib import Path

import pytest

from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import EventKind, Side
from tests.unit.adapters.importing import WriteText, by_preset

LIBRARY = "symbol,timestamp,datetime,side,price,amount,btc_volume\n"
LIBRARY_ROW = "AST/BTC,1535297434173,2018-08-26T15:30:34.173Z,{},{},{},5.74e-05\n"
DUMP = "id,price,qty,quoteQty,time,isBuyerMaker,isBestMatch\n"
DUMP_ROW = "{},30000.10000000,0.00150000,45.00015000,{},{},True\n"


def test_numbers_in_scientific_notation_are_exact(write: WriteText) -> None:
    exact = LIBRARY_ROW.format("buy", "1.435e-05", "4.0")
    rows = exact + LIBRARY_ROW.format("sell", "5.0060199999999995", "2")
    result = by_preset("binance-trades", write("AST.csv", LIBRARY + rows))
    (instrument,) = result.session.directory.instruments
    assert instrument.name == "AST/BTC@BINANCE"
    assert (instrument.price_exponent, instrument.size_exponent) == (-8, 0)
    assert result.rows[0] == {
        "kind": EventKind.TRADE,
        "side": Side.BUY,
        "instrument": 0,
        "price": 1435,
        "size": 4,
        "ts_event": 1535297434173000000,
        "sequence": 2,
    }
    assert result.rejected == [(3, "price")]


def test_equal_rows_without_an_id_are_all_kept(write: WriteText) -> None:
    path = write("AST.csv", LIBRARY + 3 * LIBRARY_ROW.format("buy", "1e-5", "7"))
    assert len(by_preset("binance-trades", path).rows) == 3


@pytest.mark.parametrize("header", ["", DUMP])
@pytest.mark.parametrize("time", ["1672531200001", "1672531200001000"])
def test_dumps_with_and_without_header_in_either_unit_of_time_are_the_same(
    write: WriteText, header: str, time: str
) -> None:
    rows = DUMP_ROW.format(11, time, "True") + DUMP_ROW.format(12, time, "false")
    result = by_preset("binance-trades", write("BTCUSDT-trades-2023-01.csv", header + rows))
    assert result.column("side", "trade", "sequence") == [(Side.SELL, 11, 11), (Side.BUY, 12, 12)]
    assert result.column("price", "size", "ts_event")[0] == (300001, 15, 1672531200001000000)
    assert result.session.directory.instruments[0].name == "BTCUSDT@BINANCE"


@pytest.mark.parametrize(
    ("name", "instrument"),
    [
        ("BTCUSDT-trades-2023-01-01.csv", "BTCUSDT@BINANCE-USDM"),
        ("BTCUSD_PERP-trades-2023-01-01.csv", "BTCUSD_PERP@BINANCE-COINM"),
    ],
)
def test_dumps_of_futures_have_no_last_column(write: WriteText, name: str, instrument: str) -> None:
    path = write(name, "id,price,qty,quote_qty,time,is_buyer_maker\n5,100.5,2,201,1672531200001,true\n")
    assert by_preset("binance-trades", path).session.directory.instruments[0].name == instrument


def test_files_of_one_instrument_share_its_exponents_and_merge_by_time(write: WriteText) -> None:
    early = write("BTCUSDT-trades-1.csv", DUMP_ROW.format(1, "1672531200001", "True"))
    late = write("BTCUSDT-trades-2.csv", "2,0.00001,1,1,1672531200002,True,True\n")
    result = by_preset("binance-trades", late, early)
    assert result.column("trade", "price") == [(1, 3_000_010_000), (2, 1)]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (LIBRARY_ROW.format("hold", "1", "1"), "side"),
        (LIBRARY_ROW.format("", "1", "1"), "side"),
        (LIBRARY_ROW.format("buy", "-1", "1"), "price"),
        (LIBRARY_ROW.format("buy", "", "1"), "price"),
        (LIBRARY_ROW.format("buy", "nan", "1"), "price"),
        (LIBRARY_ROW.format("buy", "1", "0"), "size"),
        (LIBRARY_ROW.format("buy", "1", "1e30"), "size"),
        (LIBRARY_ROW.format("buy", "1", "1").replace("1535297434173", "yesterday"), "time"),
        (LIBRARY_ROW.format("buy", "1", "1").replace("AST/BTC", ""), "symbol"),
        (LIBRARY_ROW.format("buy", "1", "1").replace("1535297434173", "9" * 13), "time"),
        ("AST/BTC,1535297434173,buy\n", "row"),
        ('"AST/BTC,1535297434173,x,buy,1,1,1\n', "row"),
    ],
)
def test_bad_row_is_named_and_costs_no_other(write: WriteText, row: str, field: str) -> None:
    good = LIBRARY_ROW.format("buy", "3", "5")
    result = by_preset("binance-trades", write("AST.csv", LIBRARY + good + row + good))
    assert result.rejected == [(3, field)]
    assert result.column("sequence", "price") == [(2, 3), (4, 3)]


def test_row_that_is_no_text_costs_no_other(tmp_path: Path) -> None:
    good = LIBRARY_ROW.format("buy", "3", "5").encode()
    path = tmp_path / "AST.csv"
    path.write_bytes(LIBRARY.encode() + good + b"\xff\xfe,1,2\n" + good)
    result = by_preset("binance-trades", path)
    assert result.rejected == [(3, "row")]
    assert len(result.rows) == 2


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", "timestamp,side,price,amount\n1,buy,1,1\n", "1,2,3\n"])
def test_file_without_the_columns_is_refused(write: WriteText, text: str) -> None:
    with pytest.raises(InputError, match=r"row 1: expected columns symbol, timestamp"):
        by_preset("binance-trades", write("AST.csv", text))
