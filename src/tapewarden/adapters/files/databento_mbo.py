"""`databento-mbo`: order-by-order records in Databento's DBN encoding (extra ``databento``).

What the records mean:

- ``A``: PLACE. Those with the snapshot flag restate the book at the start: flag SNAPSHOT, and the time of
  the snapshot instead of that of the original order, which may be days before.
- ``M``: AMEND. After a fill of the same order at the same time: reason FILLED, by the venue.
- ``C``: CANCEL of the stated size, likewise.
- ``R``: CLEAR.
- ``T`` and ``F``: a trade and the fills of its resting orders. Neither changes the book, the ``C`` or ``M``
  that follows does: each fill becomes one TRADE, report only, with the aggressor's side and both orders.

Prices come in billionths; the exponent is the coarsest at which all prices of the files are whole, found in
a first pass. Sizes are whole contracts. The sequence is the channel's; the snapshot has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from tapewarden.adapters.files.merging import merge_by_time
from tapewarden.adapters.files.opening import Advance, open_source
from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.rows import Row, check_units, in_batches
from tapewarden.adapters.files.session import Session
from tapewarden.adapters.files.survey import DecimalSurvey
from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import InputError
from tapewarden.domain.identifiers import TEXT_ID, order_id
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator, Side

_CHUNK: Final = 1 << 18
_PRICE_EXPONENT: Final = -9
_SNAPSHOT: Final = 32
_SIDES: Final = {"B": Side.BUY, "A": Side.SELL, "N": Side.UNKNOWN}


class _Record(Protocol):
    """The fields of an MBO record that count here."""

    instrument_id: int
    channel_id: int
    action: str
    side: str
    order_id: int
    price: int
    size: int
    flags: int
    ts_event: int
    ts_recv: int
    sequence: int


def read(paths: Sequence[Path], session: Session) -> Iterator[EventBatch]:
    """The events of the files."""
    instruments = _survey(paths, session.advance)
    return merge_by_time([in_batches(_read_one(path, session, instruments)) for path in paths])


def _read_one(path: Path, session: Session, instruments: dict[str, Instrument]) -> Iterator[Row]:
    feed = _Feed(session, instruments)
    for number, (name, record) in enumerate(_records(path, session.advance), 1):
        try:
            rows = feed.take(name, record)
        except RowError as error:
            session.rejects.add(path, number, error, repr(record))
            continue
        yield from rows
    yield from feed.finish()


def _survey(paths: Sequence[Path], advance: Advance) -> dict[str, Instrument]:
    """The instruments of all files by name, with the exponents they need."""
    surveys: dict[str, DecimalSurvey] = {}
    for path in paths:
        for name, record in _records(path, advance):
            survey = surveys.setdefault(name, DecimalSurvey())
            if record.action != "R":
                survey.see(f"{record.price}e{_PRICE_EXPONENT}")
    return {
        name: Instrument(
            symbol=name.rpartition("@")[0],
            venue=name.rpartition("@")[2],
            price_exponent=survey.exponent(),
            size_exponent=0,
        )
        for name, survey in surveys.items()
    }


def _records(path: Path, advance: Advance) -> Iterator[tuple[str, _Record]]:
    """Instrument names and MBO records; records of other kinds are passed over."""
    decoder, failure = _make_decoder()
    names: dict[int, str] = {}
    venue = ""
    with open_source(path, advance) as stream:
        while chunk := stream.read(_CHUNK):
            try:
                decoder.write(chunk)
                records = decoder.decode()
            except (failure, ValueError, RuntimeError) as error:
                raise InputError(str(path), "order-by-order records in DBN", str(error)) from None
            for record in records:
                if hasattr(record, "mappings"):
                    venue, names = record.dataset.partition(".")[0], _symbols(record.mappings)
                elif type(record).__name__ == "MBOMsg":
                    number = record.instrument_id
                    yield f"{names.get(number, number)}@{venue}", record
    if not venue:
        raise InputError(str(path), "order-by-order records in DBN", "a file without DBN metadata")
    if decoder.buffer():
        raise InputError(str(path), "a complete DBN file", "an incomplete record at its end")


def _make_decoder() -> tuple[Any, type[Exception]]:
    try:
        import databento_dbn
    except ImportError:
        raise InputError(
            "databento-mbo", "the package databento-dbn (extra tapewarden[databento])", "it is not installed"
        ) from None
    return databento_dbn.DBNDecoder(), databento_dbn.DBNError


def _symbols(mappings: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[int, str]:
    """Symbols by instrument number, where the file maps them."""
    return {
        int(interval["symbol"]): symbol
        for symbol, intervals in mappings.items()
        for interval in intervals
        if interval["symbol"].isdigit()
    }


class _Feed:
    """What must be remembered from record to record: a trade whose fills follow, and whom they filled."""

    def __init__(self, session: Session, instruments: dict[str, Instrument]) -> None:
        self._directory = session.directory
        self._instruments = instruments
        self._trade: Row = {}
        self._filled: set[int] = set()
        self._filled_at = 0

    def take(self, name: str, record: _Record) -> list[Row]:
        """The events that are complete with this record."""
        row = self._common(name, record)
        match str(record.action):
            case "F":
                return self._fill(row)
            case "T":
                finished = self.finish()
                self._trade = {**row, "kind": EventKind.TRADE, "flags": Flag.REPORT_ONLY}
                return finished
            case "R":
                return [*self.finish(), {**row, "kind": EventKind.CLEAR}]
            case "A":
                return [*self.finish(), {**row, "kind": EventKind.PLACE, "initiator": Initiator.MEMBER}]
            case "M":
                return [*self.finish(), {**row, "kind": EventKind.AMEND, **self._cause(row)}]
            case "C":
                return [*self.finish(), {**row, "kind": EventKind.CANCEL, **self._cause(row)}]
            case "N":
                return self.finish()
            case other:
                raise RowError("action", "A, C, F, M, N, R or T", other)

    def finish(self) -> list[Row]:
        """What the fills left of the last trade, for which no resting order is named."""
        trade, self._trade = self._trade, {}
        return [trade] if trade and trade["size"] > 0 else []

    def _fill(self, row: Row) -> list[Row]:
        """The trade a resting order was filled in."""
        if row["ts_event"] != self._filled_at:
            self._filled.clear()
            self._filled_at = row["ts_event"]
        self._filled.add(row["order"])
        trade = self._trade or {**row, "order": 0, "side": -row["side"], "flags": Flag.REPORT_ONLY}
        if row["side"] == trade["side"] != Side.UNKNOWN:
            return []  # the aggressor's own fill: the trade names it already
        trade["size"] -= row["size"]
        return [{**trade, "kind": EventKind.TRADE, "size": row["size"], "counter_order": row["order"]}]

    def _cause(self, row: Row) -> Row:
        if row["ts_event"] == self._filled_at and row["order"] in self._filled:
            return {"reason": EndReason.FILLED, "initiator": Initiator.VENUE}
        return {"reason": EndReason.USER, "initiator": Initiator.MEMBER}

    def _common(self, name: str, record: _Record) -> Row:
        """The columns every event of the feed has."""
        instrument = self._instruments[name]
        snapshot = bool(record.flags & _SNAPSHOT)
        row: Row = {
            "instrument": self._directory.add_instrument(instrument),
            "source": self._directory.sources.number(f"databento/{instrument.venue}/{record.channel_id}"),
            "flags": Flag.SNAPSHOT if snapshot else Flag.NONE,
            "side": _SIDES[str(record.side)],
            "ts_event": _time(record.ts_recv if snapshot else record.ts_event),
            "ts_receive": _time(record.ts_recv),
            "sequence": 0 if snapshot else record.sequence,
        }
        if record.action not in ("R", "N"):
            number = record.order_id
            row["order"] = number if number < TEXT_ID else order_id(str(number))
            row["price"] = _price(record.price, instrument.price_exponent)
            row["size"] = check_units(record.size, "size")
        return row


def _time(nanoseconds: int) -> int:
    """The format marks an unknown time with all bits set."""
    return nanoseconds if nanoseconds < 1 << 63 else UNKNOWN


def _price(billionths: int, exponent: int) -> int:
    price, rest = divmod(billionths, 10 ** (exponent - _PRICE_EXPONENT))
    if rest:
        raise RowError("price", f"a multiple of 1e{exponent}", f"{billionths}e{_PRICE_EXPONENT}")
    return check_units(price, "price")
