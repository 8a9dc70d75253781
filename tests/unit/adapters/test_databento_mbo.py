import sys
from pathlib import Path
from typing import Any

import databento_dbn as dbn
import pytest

from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator, Side
from tests.unit.adapters.importing import Imported, by_preset

LAST = 128
SNAPSHOT = 32


PRICE = 5_214_250_000_000


def record(action: str, side: str, order: int, size: int, price: int = PRICE, **more: Any) -> bytes:
    values = {"flags": LAST, "ts_event": 1_000, "ts_recv": 2_000, "sequence": 7, "channel_id": 3} | more
    message = dbn.MBOMsg(
        publisher_id=1,
        instrument_id=5602,
        order_id=order,
        price=price,
        size=size,
        action=dbn.Action(action),
        side=dbn.Side(side),
        ts_in_delta=0,
        **values,
    )
    return bytes(message)


def metadata() -> bytes:
    return dbn.Metadata(
        dataset="GLBX.MDP3",
        start=0,
        stype_in=dbn.SType("raw_symbol"),
        stype_out=dbn.SType("instrument_id"),
        schema=dbn.Schema("mbo"),
        symbols=["ESM4"],
        partial=[],
        not_found=[],
        mappings=[],
    ).encode()


def imported(folder: Path, *records: bytes) -> Imported:
    path = folder / "es.dbn"
    path.write_bytes(metadata() + b"".join(records))
    return by_preset("databento-mbo", path)


def test_orders_have_exact_prices_at_the_coarsest_exponent(tmp_path: Path) -> None:
    result = imported(tmp_path, record("A", "B", 7, 5), record("A", "A", 8, 2, 5_214_500_000_000))
    (instrument,) = result.session.directory.instruments
    assert (instrument.venue, instrument.price_exponent, instrument.size_exponent) == ("GLBX", -2, 0)
    assert result.column("kind", "side", "order", "price", "size", "ts_event", "ts_receive", "sequence") == [
        (EventKind.PLACE, Side.BUY, 7, 521425, 5, 1_000, 2_000, 7),
        (EventKind.PLACE, Side.SELL, 8, 521450, 2, 1_000, 2_000, 7),
    ]


def test_snapshot_restates_orders_at_the_time_of_the_snapshot(tmp_path: Path) -> None:
    cleared, placed = record("R", "N", 0, 0, flags=SNAPSHOT), record("A", "B", 7, 5, flags=SNAPSHOT)
    result = imported(tmp_path, cleared, placed)
    assert result.column("kind", "flags", "ts_event", "sequence") == [
        (EventKind.CLEAR, Flag.SNAPSHOT, 2_000, 0),
        (EventKind.PLACE, Flag.SNAPSHOT, 2_000, 0),
    ]


def test_each_fill_becomes_one_trade_naming_both_orders(tmp_path: Path) -> None:
    result = imported(
        tmp_path,
        record("T", "B", 9, 5),
        record("F", "A", 7, 2),
        record("F", "A", 8, 3),
        record("C", "A", 7, 2),
        record("M", "A", 8, 4),
        record("C", "A", 11, 1),
    )
    assert result.column("kind", "side", "order", "counter_order", "size", "flags")[:2] == [
        (EventKind.TRADE, Side.BUY, 9, 7, 2, Flag.REPORT_ONLY),
        (EventKind.TRADE, Side.BUY, 9, 8, 3, Flag.REPORT_ONLY),
    ]
    assert result.column("kind", "reason", "initiator")[2:] == [
        (EventKind.CANCEL, EndReason.FILLED, Initiator.VENUE),
        (EventKind.AMEND, EndReason.FILLED, Initiator.VENUE),
        (EventKind.CANCEL, EndReason.USER, Initiator.MEMBER),
    ]


def test_trade_beyond_its_fills_keeps_the_rest_without_a_resting_order(tmp_path: Path) -> None:
    result = imported(tmp_path, record("T", "B", 9, 5), record("F", "A", 7, 2), record("T", "A", 0, 4))
    assert result.column("side", "counter_order", "size") == [
        (Side.BUY, 7, 2),
        (Side.BUY, 0, 3),
        (Side.SELL, 0, 4),
    ]


def test_unknown_time_stays_unknown(tmp_path: Path) -> None:
    result = imported(tmp_path, record("A", "B", 7, 5, ts_event=2**64 - 1))
    assert result.column("ts_event", "ts_receive") == [(-1, 2_000)]


def test_bad_record_costs_no_other(tmp_path: Path) -> None:
    result = imported(
        tmp_path,
        record("T", "B", 9, 5),
        record("A", "B", 7, 0),
        record("F", "A", 8, 5),
        record("A", "B", 7, 1),
    )
    assert result.rejected == [(2, "size")]
    assert result.column("kind", "counter_order") == [(EventKind.TRADE, 8), (EventKind.PLACE, 0)]


@pytest.mark.parametrize("cut", [5, 60, -10])
def test_incomplete_file_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "es.dbn"
    path.write_bytes((metadata() + record("A", "B", 7, 5))[:cut])
    with pytest.raises(InputError, match="DBN"):
        by_preset("databento-mbo", path)


def test_missing_package_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "databento_dbn", None)
    with pytest.raises(InputError, match=r"tapewarden\[databento\]"):
        imported(tmp_path, record("A", "B", 7, 5))
