"""`binance-raw`: recorded streams of Binance spot, USD-margined and COIN-margined markets.

Lines are ``ns {"stream": ..., "data": ...}``; a line without ``stream`` is a depth snapshot.

- ``depth``: LEVEL rows once the book is in step with a snapshot (`depth_sync`): CLEAR and LEVEL rows with
  flag SNAPSHOT, then the updates. A hole becomes QUALITY GAP, the snapshot that mends it QUALITY RESYNC
  and a new epoch. An update that comes again is QUALITY DUPLICATE; updates that no snapshot ever reached
  are QUALITY DROPPED at the end, their number as the size.
- ``trade``: TRADE, report only, for the depth stream tells its effect. If the buyer was the maker, the
  aggressor sold. Futures trades of another type than MARKET are off the book.
- ``bookTicker``: REFERENCE BEST_BID and BEST_ASK, a check on the book and not a change of it.

Each stream is a source of its own, such as ``binance/usdm/depth/BTCUSDT``; the sequence is its update or
trade number. The time of an event is the matching engine's where it is told, else the message's; spot
tickers and snapshots carry none and get the newest exchange time seen for their instrument. The receive
time is the recorder's clock, whatever its error. Exponents are found in a first pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tapewarden.adapters.files.binance_messages import Depth, Levels, Snapshot, Ticker, Trade, market, parse
from tapewarden.adapters.files.depth_sync import DepthSync, Step, Update
from tapewarden.adapters.files.merging import merge_by_time
from tapewarden.adapters.files.opening import read_lines
from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.rows import Row, decode_lines, in_batches, units
from tapewarden.adapters.files.session import Session
from tapewarden.adapters.files.survey import InstrumentSurvey
from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import EventKind, Flag, QualityKind, ReferenceKind, Side

_MILLISECOND: Final = 1_000_000
_VENUES: Final = {"spot": "BINANCE", "usdm": "BINANCE-USDM", "coinm": "BINANCE-COINM"}

Key = tuple[str, str]
"""Market and symbol."""


def read(paths: Sequence[Path], session: Session) -> Iterator[EventBatch]:
    """The events of the recordings."""
    instruments, books = _survey(paths, session)
    return merge_by_time([in_batches(_read_one(path, session, instruments, books[path])) for path in paths])


def _read_one(
    path: Path, session: Session, instruments: dict[Key, Instrument], books: list[Key]
) -> Iterator[Row]:
    recording = _Recording(session.directory, instruments, books)
    yield from decode_lines(path, session, recording.decode)
    yield from recording.finish()


def _survey(paths: Sequence[Path], session: Session) -> tuple[dict[Key, Instrument], dict[Path, list[Key]]]:
    """The instruments of all files with the exponents they need, and whose books each file has."""
    surveys: dict[Key, InstrumentSurvey] = {}
    books: dict[Path, list[Key]] = {}
    for path in paths:
        books[path] = []
        snapshots: dict[str | None, InstrumentSurvey] = {}
        for _, line in read_lines(path, session.advance):
            try:
                _, message = parse(line)
            except RowError:
                continue
            if isinstance(message, Snapshot):
                snapshots.setdefault(message.symbol, InstrumentSurvey()).see(message.decimals())
                continue
            key = market(message), message.symbol
            if isinstance(message, Depth) and key not in books[path]:
                books[path].append(key)
            surveys.setdefault(key, InstrumentSurvey()).see(message.decimals())
        for symbol, survey in snapshots.items():
            if owner := _owner(symbol, books[path]):
                surveys[owner].absorb(survey)
    return {key: survey.instrument(key[1], _VENUES[key[0]]) for key, survey in surveys.items()}, books


def _owner(symbol: str | None, books: list[Key]) -> Key | None:
    """Whose book a snapshot shows: the one it names, or the only one of the file."""
    named = [key for key in books if symbol in (None, key[1])]
    return named[0] if len(named) == 1 else None


class _Recording:
    """What must be remembered from line to line: where each book stands, and each instrument's clock."""

    def __init__(self, directory: Directory, instruments: dict[Key, Instrument], books: list[Key]) -> None:
        self._directory = directory
        self._instruments = instruments
        self._books = {key: DepthSync() for key in books}
        self._epochs = dict.fromkeys(books, -1)
        self._clocks: dict[Key, int] = {}
        self._received = UNKNOWN

    def decode(self, _: int, line: bytes) -> Iterable[Row]:
        """The events of one line."""
        self._received, message = parse(line)
        match message:
            case Trade():
                return [self._trade(message)]
            case Ticker():
                return self._ticker(message)
            case Depth():
                key = market(message), message.symbol
                common = self._common(key, "depth", message.time, message.last)
                rows = self._levels(key, common, message.bids, message.asks)
                update = Update(message.continues, message.last, rows)
                return self._follow(key, self._books[key].update(update))
            case Snapshot():
                return self._snapshot(message)

    def finish(self) -> Iterator[Row]:
        """What must be said of updates that never became part of a book."""
        for key, book in self._books.items():
            if book.unused:
                fact = {**self._common(key, "depth", None, 0), "kind": EventKind.QUALITY}
                yield {**fact, "reason": QualityKind.DROPPED, "size": book.unused}

    def _common(self, key: Key, channel: str, time: int | None, sequence: int) -> Row:
        """The columns every event has; ``time`` in milliseconds."""
        if time is not None:
            self._clocks[key] = max(self._clocks.get(key, 0), time * _MILLISECOND)
        return {
            "instrument": self._directory.add_instrument(self._instruments[key]),
            "source": self._directory.sources.number(f"binance/{key[0]}/{channel}/{key[1]}"),
            "ts_event": self._clocks.get(key, self._received) if time is None else time * _MILLISECOND,
            "ts_receive": self._received,
            "sequence": sequence,
        }

    def _trade(self, trade: Trade) -> Row:
        key = market(trade), trade.symbol
        instrument = self._instruments[key]
        return {
            **self._common(key, "trade", trade.time, trade.number),
            "kind": EventKind.TRADE,
            "side": Side.SELL if trade.buyer_is_maker else Side.BUY,
            "flags": Flag.REPORT_ONLY | (Flag.NONE if trade.order_type == "MARKET" else Flag.OFF_BOOK),
            "trade": trade.number,
            "price": units(trade.price, instrument.price_exponent, "price"),
            "size": units(trade.size, instrument.size_exponent, "size"),
        }

    def _ticker(self, ticker: Ticker) -> list[Row]:
        key = market(ticker), ticker.symbol
        instrument = self._instruments[key]
        common = self._common(key, "bookTicker", ticker.time, ticker.update)
        return [
            {
                **common,
                "kind": EventKind.REFERENCE,
                "reason": reason,
                "price": units(price, instrument.price_exponent, "price"),
                "size": units(size, instrument.size_exponent, "size", zero=True),
            }
            for reason, price, size in (
                (ReferenceKind.BEST_BID, ticker.bid, ticker.bid_size),
                (ReferenceKind.BEST_ASK, ticker.ask, ticker.ask_size),
            )
        ]

    def _levels(self, key: Key, common: Row, bids: Levels, asks: Levels) -> list[Row]:
        instrument = self._instruments[key]
        return [
            {
                **common,
                "kind": EventKind.LEVEL,
                "side": side,
                "price": units(price, instrument.price_exponent, "price"),
                "size": units(size, instrument.size_exponent, "size", zero=True),
            }
            for side, levels in ((Side.BUY, bids), (Side.SELL, asks))
            for price, size in levels
        ]

    def _snapshot(self, snapshot: Snapshot) -> Iterable[Row]:
        key = _owner(snapshot.symbol, list(self._books))
        if key is None:
            raise RowError("symbol", "a snapshot of a book in this file", str(snapshot.symbol))
        common = {**self._common(key, "depth", snapshot.time, snapshot.update), "flags": Flag.SNAPSHOT}
        rows = [{**common, "kind": EventKind.CLEAR}, *self._levels(key, common, snapshot.bids, snapshot.asks)]
        return self._follow(key, self._books[key].snapshot(Update(0, snapshot.update, rows)))

    def _follow(self, key: Key, steps: Iterator[tuple[Step, Update]]) -> Iterator[Row]:
        """The events of what the procedure says is to be done."""
        for step, update in steps:
            fact = {**self._common(key, "depth", None, update.last), "kind": EventKind.QUALITY}
            if step is Step.START:
                self._epochs[key] += 1
                if self._epochs[key]:
                    yield {**fact, "reason": QualityKind.RESYNC, "epoch": self._epochs[key]}
            elif step is not Step.APPLY:
                reason = QualityKind.GAP if step is Step.GAP else QualityKind.DUPLICATE
                yield {**fact, "reason": reason, "epoch": self._epochs[key]}
                continue
            for row in update.rows:
                yield {**row, "epoch": self._epochs[key]}
