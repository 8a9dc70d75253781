"""`lobster`: message files of LOBSTER, ``time,type,order id,size,price,direction`` without a header.

Files are called ``SYMBOL_DATE_..._message_....csv``; the day may also be given apart. The ``_orderbook_``
files beside them say the same and are passed over. Times are seconds after midnight in New York; prices are
whole ten-thousandths. ``direction`` is the resting order's side.

1. Submission: PLACE.
2. Partial cancelation and 3. deletion: CANCEL of that size by the member.
4. Execution of a visible order: TRADE, which takes the size off the resting order; the aggressor's order has
   no id, its side is the other one.
5. Execution of a hidden order: TRADE with flag HIDDEN, report only.
6. Cross: TRADE of unknown side, report only.
7. Halt: WINDOW from a halt (price -1) until trading resumes (price 1) or the file ends, found in a first
   pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from tapewarden.adapters.files.cells import Conversion, Table, whole_number
from tapewarden.adapters.files.delimited import first_fields, read_delimited
from tapewarden.adapters.files.merging import merge_by_time
from tapewarden.adapters.files.opening import Advance
from tapewarden.adapters.files.rejects import Rejects, RowError
from tapewarden.adapters.files.rows import Integers, units
from tapewarden.adapters.files.session import Session
from tapewarden.adapters.files.times import counted_time
from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import DAY, EndReason, EventKind, Flag, Initiator, Side, WindowKind

_COLUMNS: Final = ("time", "type", "order", "size", "price", "direction")
_KINDS: Final = np.array(
    [
        0,
        EventKind.PLACE,
        EventKind.CANCEL,
        EventKind.CANCEL,
        EventKind.TRADE,
        EventKind.TRADE,
        EventKind.TRADE,
        EventKind.WINDOW,
    ]
)
_FLAGS: Final = np.array([0, 0, 0, 0, 0, Flag.HIDDEN | Flag.REPORT_ONLY, Flag.REPORT_ONLY, 0])
_VISIBLE_FILL: Final = 4
_CROSS: Final = 6
_HALT: Final = 7
_DIRECTIONS: Final = {"1": Side.BUY, "-1": Side.SELL}
_HALT_PRICES: Final = {"-1": "halted", "0": "quoting", "1": "trading"}


def read(paths: Sequence[Path], session: Session) -> Iterator[EventBatch]:
    """The events of the message files."""
    messages = [path for path in paths if "_orderbook_" not in path.name]
    if not messages:
        raise InputError(str(paths[0]), "a message file", "order book files only")
    return merge_by_time([_read_one(path, session) for path in messages])


def _read_one(path: Path, session: Session) -> Iterator[EventBatch]:
    fields = first_fields(path)
    if len(fields) != len(_COLUMNS):
        raise InputError(str(path), f"the columns {', '.join(_COLUMNS)}", f"{len(fields)} columns", row=1)
    symbol, _, rest = path.name.partition("_")
    midnight = _midnight(path, session.day, rest[:10])
    instrument = session.directory.add_instrument(
        Instrument(symbol=symbol, venue="NASDAQ", price_exponent=-4, size_exponent=0)
    )
    source = session.directory.sources.number(f"lobster/{symbol}")
    halts = _find_halts(path, session.advance)
    for table in _tables(path, session.rejects, session.advance):
        conversion = Conversion(table)
        batch = _events(table, conversion, midnight, halts, {"instrument": instrument, "source": source})
        good = conversion.good(session.rejects, path)
        yield batch[good & (batch.kind != 0)]


def _tables(path: Path, rejects: Rejects, advance: Advance) -> Iterator[Table]:
    return read_delimited(path, rejects, advance, _COLUMNS, header=False)


def _midnight(path: Path, day: date | None, text: str) -> int:
    """Nanoseconds since 1970 UTC at which the trading day began."""
    try:
        day = day or date.fromisoformat(text)
    except ValueError:
        raise InputError(
            str(path), "a name SYMBOL_YYYY-MM-DD_..., or the day given by --date", repr(path.name)
        ) from None
    return int(datetime.combine(day, time(), ZoneInfo("America/New_York")).timestamp()) * 10**9


def _find_halts(path: Path, advance: Advance) -> dict[int, int]:
    """Beginnings of halts and their lengths, in nanoseconds after midnight."""
    halts: dict[int, int] = {}
    start: int | None = None
    last = 0
    for table in _tables(path, Rejects(), advance):
        conversion = Conversion(table)
        times = conversion.column(table.columns["time"], _time_of_day, "time")
        kinds = conversion.column(table.columns["type"], _type, "type")
        good = conversion.good(Rejects(), path)
        for row in np.flatnonzero(good & (kinds == _HALT)).tolist():
            state = _HALT_PRICES.get(table.columns["price"][row].as_py())
            if state == "halted" and start is None:
                start = int(times[row])
            elif state == "trading" and start is not None:
                halts[start] = int(times[row]) - start
                start = None
        last = int(times[good].max(initial=last))
    if start is not None:
        halts[start] = last - start
    return halts


def _events(
    table: Table, conversion: Conversion, midnight: int, halts: dict[int, int], common: dict[str, int]
) -> EventBatch:
    """One event for each row, rows in error included; rows that only end a halt are of kind 0."""
    columns = table.columns
    kinds = conversion.column(columns["type"], _type, "type")
    orders = conversion.column(columns["order"], partial(whole_number, name="order"), "order")
    times = conversion.column(columns["time"], _time_of_day, "time")
    sizes = conversion.column(columns["size"], partial(units, exponent=0, field="size", zero=True), "size")
    prices = conversion.column(columns["price"], _price, "price")
    direction = conversion.column(columns["direction"], _direction, "direction")
    halted = kinds == _HALT
    conversion.require(halted | (sizes > 0), "size", "a positive number", "0")
    conversion.require(halted | (prices > 0), "price", "a positive number", "zero or less")
    conversion.require((kinds > _VISIBLE_FILL) | (orders > 0), "order", "a positive number", "0")
    kinds = np.where(conversion.clean(), kinds, 0)
    trade = (kinds >= _VISIBLE_FILL) & (kinds <= _CROSS)
    starts = halted & np.isin(times, list(halts)) & (prices == UNKNOWN)
    ended = (kinds == 2) | (kinds == 3)
    return EventBatch.of(
        len(table),
        kind=np.where(halted & ~starts, 0, _KINDS[kinds]),
        reason=np.where(halted, WindowKind.HALT, np.where(ended, EndReason.USER, EndReason.UNKNOWN)),
        initiator=np.where(kinds < _VISIBLE_FILL, Initiator.MEMBER, Initiator.UNKNOWN),
        side=np.where(halted | (kinds == _CROSS), 0, np.where(trade, -direction, direction)),
        flags=_FLAGS[kinds],
        order=np.where(kinds < _VISIBLE_FILL, orders, 0),
        counter_order=np.where(kinds == _VISIBLE_FILL, orders, 0),
        price=np.where(halted, UNKNOWN, prices),
        size=np.where(starts, _lengths(times, halts), sizes),
        ts_event=midnight + times,
        sequence=table.numbers,
        **common,
    )


def _lengths(times: Integers, halts: dict[int, int]) -> Integers:
    return np.array([halts.get(time, 0) for time in times.tolist()] if halts else [0] * len(times))


def _time_of_day(text: str) -> int:
    value = counted_time(text, "s")
    if value >= DAY:
        raise RowError("time", "seconds after midnight", text)
    return value


def _type(text: str) -> int:
    if text not in ("1", "2", "3", "4", "5", "6", "7"):
        raise RowError("type", "1 to 7", text)
    return int(text)


def _direction(text: str) -> int:
    if text not in _DIRECTIONS:
        raise RowError("direction", "1 or -1", text)
    return _DIRECTIONS[text]


def _price(text: str) -> int:
    """Ten-thousandths; -1 stands in the rows of halts only."""
    return UNKNOWN if text == "-1" else units(text, 0, "price", zero=True)
