"""`binance-trades`: trades of Binance as CSV, in the two shapes they circulate in.

- Columns ``symbol,timestamp,datetime,side,price,amount,...``: as exchange libraries write them; times in
  milliseconds, numbers perhaps in scientific notation, no trade ids. A few rows are exact repetitions of
  others; without an id nobody can tell whether they are two trades, so they stay.
- The venue's public dumps ``id,price,qty,quoteQty,time,isBuyerMaker[,isBestMatch]``, with or without a
  header, times in milliseconds or microseconds. The symbol is the file name up to ``-trades``. Dumps of
  spot have the last column, those of futures have not.

If the buyer was the maker, the aggressor sold. Events are TRADE, T0: nothing is known of the book. Prices and
amounts are read as decimal text; exponents are found in a first pass. The sequence is the trade id where
there is one, otherwise the row number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tapewarden.adapters.files.cells import Conversion, Table, text_column, whole_number
from tapewarden.adapters.files.delimited import first_fields, read_delimited
from tapewarden.adapters.files.merging import merge_by_time
from tapewarden.adapters.files.opening import Advance
from tapewarden.adapters.files.rejects import Rejects, RowError
from tapewarden.adapters.files.rows import Integers
from tapewarden.adapters.files.session import Session
from tapewarden.adapters.files.survey import InstrumentSurvey
from tapewarden.adapters.files.times import counted_time
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import EventKind, Side

_LIBRARY: Final = {
    "symbol": "symbol",
    "timestamp": "time",
    "side": "side",
    "price": "price",
    "amount": "size",
}
_DUMP: Final = ("trade", "price", "size", "quote_size", "time", "maker", "best_match")
_DUMP_HEADERS: Final = (
    ["id", "price", "qty", "quoteQty", "time", "isBuyerMaker", "isBestMatch"],
    ["id", "price", "qty", "quote_qty", "time", "is_buyer_maker"],
    ["id", "price", "qty", "base_qty", "time", "is_buyer_maker"],
    ["id", "price", "qty", "quoteQty", "time", "isBuyerMaker"],
)
_SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL}
_AGGRESSORS: Final = {"true": Side.SELL, "false": Side.BUY}
_TIME_UNITS: Final = {13: "ms", 16: "us"}

Key = tuple[str, str]
"""Symbol and venue."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """What one file's columns are, and what its name says."""

    path: Path
    columns: tuple[str, ...]
    header: bool
    symbol: str | None
    venue: str

    def tables(self, rejects: Rejects, advance: Advance) -> Iterator[Table]:
        """The rows of the file."""
        return read_delimited(self.path, rejects, advance, self.columns, header=self.header)

    def symbols(self, table: Table) -> pa.Array:
        """The symbol of each row."""
        return table.columns["symbol"] if self.symbol is None else text_column([self.symbol] * len(table))


def read(paths: Sequence[Path], session: Session) -> Iterator[EventBatch]:
    """The trades of the files."""
    layouts = [_layout(path) for path in paths]
    instruments = _survey(layouts, session.advance)
    return merge_by_time([_read_one(layout, session, instruments) for layout in layouts])


def _layout(path: Path) -> _Layout:
    fields = first_fields(path)
    if set(_LIBRARY) <= set(fields):
        return _Layout(path, tuple(_LIBRARY.get(name, name) for name in fields), True, None, "BINANCE")
    header = fields in _DUMP_HEADERS
    if not header and not (len(fields) in (6, 7) and fields[0].isdigit()):
        expected = f"columns {', '.join(_LIBRARY)} or {', '.join(_DUMP_HEADERS[0][:6])}"
        raise InputError(str(path), expected, ", ".join(fields)[:100] or "none", row=1)
    symbol = path.name.partition("-trades")[0].partition(".")[0]
    futures = "BINANCE-COINM" if "USD_" in symbol else "BINANCE-USDM"
    return _Layout(path, _DUMP[: len(fields)], header, symbol, "BINANCE" if len(fields) == 7 else futures)


def _survey(layouts: Sequence[_Layout], advance: Advance) -> dict[Key, Instrument]:
    """The instruments of all files, with the exponents they need."""
    surveys: dict[Key, InstrumentSurvey] = {}
    for layout in layouts:
        for table in layout.tables(Rejects(), advance):
            symbols = layout.symbols(table)
            for symbol in symbols.drop_null().unique().to_pylist():
                rows = pc.equal(symbols, symbol)
                survey = surveys.setdefault((symbol, layout.venue), InstrumentSurvey())
                prices, sizes = table.columns["price"].filter(rows), table.columns["size"].filter(rows)
                survey.see_columns(prices, sizes)
    return {key: survey.instrument(*key) for key, survey in surveys.items()}


def _read_one(layout: _Layout, session: Session, instruments: dict[Key, Instrument]) -> Iterator[EventBatch]:
    directory = session.directory

    def number_instrument(symbol: str) -> int:
        return directory.add_instrument(instruments[symbol, layout.venue])

    def number_source(symbol: str) -> int:
        return directory.sources.number(f"{layout.venue.lower()}/trades/{symbol}")

    for table in layout.tables(session.rejects, session.advance):
        conversion, symbols = Conversion(table), layout.symbols(table)
        instrument = conversion.column(symbols, number_instrument, "symbol")
        source = conversion.column(symbols, number_source, "symbol")
        batch = _trades(table, conversion, instrument, source, directory.instruments)
        yield batch[conversion.good(session.rejects, layout.path)]


def _trades(
    table: Table, conversion: Conversion, instrument: Integers, source: Integers, known: Sequence[Instrument]
) -> EventBatch:
    """One TRADE for each row, rows in error included."""
    columns = table.columns
    words, sides = ("side", _SIDES) if "side" in columns else ("maker", _AGGRESSORS)
    sequence = table.numbers
    if "trade" in columns:
        sequence = conversion.column(columns["trade"], partial(whole_number, name="id"), "id")
    price = conversion.units(columns["price"], instrument, [one.price_exponent for one in known], "price")
    size = conversion.units(columns["size"], instrument, [one.size_exponent for one in known], "size")
    conversion.require(price > 0, "price", "a positive number")
    conversion.require(size > 0, "size", "a positive number")
    return EventBatch.of(
        len(table),
        kind=EventKind.TRADE,
        instrument=instrument,
        source=source,
        ts_event=conversion.column(columns["time"], _nanoseconds, "time"),
        side=conversion.column(columns[words], partial(_look_up, sides, words), words),
        price=price,
        size=size,
        trade=sequence if "trade" in columns else 0,
        sequence=sequence,
    )


def _look_up(words: Mapping[str, int], name: str, text: str) -> int:
    value = words.get(text.strip().lower())
    if value is None:
        raise RowError(name, " or ".join(words), text)
    return value


def _nanoseconds(text: str) -> int:
    unit = _TIME_UNITS.get(len(text.strip()))
    if unit is None:
        raise RowError("time", "milliseconds or microseconds since 1970", text)
    return counted_time(text, unit)
