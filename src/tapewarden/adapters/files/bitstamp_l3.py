"""`bitstamp-l3`: the order-by-order log of Bitstamp's first WebSocket feed, lines ``ms type {json}``.

What the feed means:

- ``order_created``: PLACE. An aggressive order is announced before it matches, so for a moment the book
  is crossed.
- ``order_changed`` with a smaller amount: AMEND, reason FILLED, by the venue, for the feed reports fills
  as changes and knows no amends by users. With the same amount: AMEND of unknown reason; some orders of
  the venue's market type walk through the book this way.
- ``order_deleted`` with amount 0: CANCEL, reason FILLED, of what remained (unknown for an order older than
  the log); with an amount: CANCEL of it by the member. Now and then the feed tells a deletion up to a few
  milliseconds before the creation, or twice: a creation within five seconds of its own deletion becomes
  PLACE and CANCEL at once, and a deletion of what is gone stays a CANCEL of an unknown order.
- ``trade``: TRADE, report only. The feed names no orders here. Two reductions of exactly its amount on
  opposite sides within the last five seconds, not used by another trade, are its orders; the aggressor is
  the younger of them. Otherwise the side is unknown and no order is named.
- ``order_book``: a checkpoint, not an event; see `read_checkpoints`.

Prices are whole cents and sizes whole satoshi, as the venue defines them. Trades carry binary floats
printed to 17 digits (``1.7885566900000001``): the size is the number of satoshi of which that is the print.
Both times are the line's: the log's own clock at receipt, in milliseconds; the exchange's ``datetime``
has seconds only. The sequence is the line number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from tapewarden.adapters.files.merging import merge_by_time
from tapewarden.adapters.files.opening import Advance, ignore_progress, read_lines
from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.rows import Row, decode_lines, in_batches, units
from tapewarden.adapters.files.session import Session
from tapewarden.adapters.files.times import counted_time
from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, EndReason, EventKind, Flag, Initiator, Side
from tapewarden.domain.numbers import MAX_UNITS

INSTRUMENT: Final = Instrument(symbol="BTC-USD", venue="BITSTAMP", price_exponent=-2, size_exponent=-8)
SOURCE: Final = "bitstamp/log/BTC-USD"

_MEMORY: Final = 5 * SECOND
_DIGITS: Final = 17
_TIME_DIGITS: Final = 13
_SIDES: Final = {0: Side.BUY, 1: Side.SELL}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The prices and sizes of an ``order_book`` line, the best first, twenty of each side.

    ``position`` is the number of tape rows before it.
    """

    position: int
    time: int
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]

    @property
    def bid(self) -> tuple[int, int] | None:
        """The best bid, ``None`` on an empty side."""
        return next(iter(self.bids), None)

    @property
    def ask(self) -> tuple[int, int] | None:
        """The best ask, ``None`` on an empty side."""
        return next(iter(self.asks), None)


def read(paths: Sequence[Path], session: Session) -> Iterator[EventBatch]:
    """The events of the logs."""
    return merge_by_time([_read_one(path, session) for path in paths])


def read_checkpoints(path: Path, advance: Advance = ignore_progress) -> Iterator[Checkpoint]:
    """The book as the venue itself had it, to compare a book built from the tape of this log with."""
    log = _Log(Directory())
    position = 0
    for number, line in read_lines(path, advance):
        try:
            if b" order_book " in line[:32]:
                stamp, _, payload = line.split(b" ", 2)
                book = _BOOK.decode(payload)
                yield Checkpoint(position, _time(stamp), _levels(book.bids), _levels(book.asks))
            else:
                position += len(log.decode(number, line))
        except (ValueError, msgspec.MsgspecError):
            continue


def _read_one(path: Path, session: Session) -> Iterator[EventBatch]:
    return in_batches(decode_lines(path, session, _Log(session.directory).decode))


class _Order(msgspec.Struct):
    id: int
    price: str
    amount: str
    order_type: int


class _Trade(msgspec.Struct):
    id: int
    price: msgspec.Raw
    amount: msgspec.Raw


class _Book(msgspec.Struct):
    bids: list[tuple[str, str]]
    asks: list[tuple[str, str]]


_ORDER: Final = msgspec.json.Decoder(_Order)
_TRADE: Final = msgspec.json.Decoder(_Trade)
_BOOK: Final = msgspec.json.Decoder(_Book)


@dataclass(slots=True)
class _Reduction:
    """An order lost size, presumably by a trade that is still to be told."""

    time: int
    order: int
    side: Side
    size: int


class _Log:
    """What must be remembered from line to line: what remains of live orders, and the last five seconds.

    Of these, reductions that a trade may explain, and deletions of orders that were never announced.
    """

    def __init__(self, directory: Directory) -> None:
        self._instrument = directory.add_instrument(INSTRUMENT)
        self._source = directory.sources.number(SOURCE)
        self._remaining: dict[int, int] = {}
        self._reductions: deque[_Reduction] = deque()
        self._early: dict[int, tuple[int, Row]] = {}

    def decode(self, number: int, line: bytes) -> list[Row]:
        """The events of one line; none for a checkpoint."""
        stamp, _, rest = line.partition(b" ")
        kind, _, payload = rest.partition(b" ")
        time = _time(stamp)
        self._forget(time - _MEMORY)
        try:
            match kind:
                case b"order_created" | b"order_changed" | b"order_deleted":
                    rows = self._order(kind, time, _ORDER.decode(payload))
                case b"trade":
                    rows = [self._trade(_TRADE.decode(payload))]
                case b"order_book":
                    return []
                case _:
                    raise RowError("type", "an event type of the feed", kind.decode(errors="replace"))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise RowError("json", "a message of the feed", str(error)) from None
        common = {"instrument": self._instrument, "source": self._source, "sequence": number}
        return [{**row, **common, "ts_event": time, "ts_receive": time} for row in rows]

    def _order(self, kind: bytes, time: int, order: _Order) -> list[Row]:
        if order.order_type not in _SIDES:
            raise RowError("order_type", "0 or 1", str(order.order_type))
        number, side = _identifier(order.id), _SIDES[order.order_type]
        price = units(order.price, INSTRUMENT.price_exponent, "price")
        size = units(order.amount, INSTRUMENT.size_exponent, "amount", zero=kind != b"order_created")
        row = {"side": side, "order": number, "price": price, "size": size}
        if kind == b"order_created":
            return self._placed(row)
        before = self._remaining.get(number)
        if kind == b"order_deleted":
            ended = self._deleted(row, before)
            if before is None:
                self._early[number] = time, ended
        if before is not None and size < before and (size == 0 or kind == b"order_changed"):
            self._reductions.append(_Reduction(time, number, side, before - size))
        return [ended if kind == b"order_deleted" else self._changed(row, before)]

    def _placed(self, row: Row) -> list[Row]:
        number = row["order"]
        placed = {"kind": EventKind.PLACE, "initiator": Initiator.MEMBER, **row}
        if number in self._remaining:
            raise RowError("id", "an order that is not live", str(number))
        if number in self._early:
            _, ended = self._early.pop(number)
            return [placed, {**ended, "size": row["size"]}]
        self._remaining[number] = row["size"]
        return [placed]

    def _changed(self, row: Row, before: int | None) -> Row:
        self._remaining[row["order"]] = row["size"]
        amended = {"kind": EventKind.AMEND, **row}
        if before is None or row["size"] < before:
            return {**amended, "reason": EndReason.FILLED, "initiator": Initiator.VENUE}
        return amended

    def _deleted(self, row: Row, before: int | None) -> Row:
        self._remaining.pop(row["order"], None)
        ended = {"kind": EventKind.CANCEL, **row}
        if row["size"]:
            return {**ended, "reason": EndReason.USER, "initiator": Initiator.MEMBER}
        size = before or UNKNOWN
        return {**ended, "size": size, "reason": EndReason.FILLED, "initiator": Initiator.VENUE}

    def _trade(self, trade: _Trade) -> Row:
        price = _units_of_print(trade.price, INSTRUMENT.price_exponent, "price")
        size = _units_of_print(trade.amount, INSTRUMENT.size_exponent, "amount")
        row: Row = {"kind": EventKind.TRADE, "flags": Flag.REPORT_ONLY, "trade": _identifier(trade.id)}
        row.update(price=price, size=size)
        bought, sold = self._newest(Side.BUY, size), self._newest(Side.SELL, size)
        if bought is None or sold is None:
            return row
        self._reductions.remove(bought)
        self._reductions.remove(sold)
        # Ids rise with the time of placing, so the greater id is the younger order.
        aggressor, resting = (bought, sold) if bought.order > sold.order else (sold, bought)
        return {**row, "side": aggressor.side, "order": aggressor.order, "counter_order": resting.order}

    def _newest(self, side: Side, size: int) -> _Reduction | None:
        matching = (one for one in reversed(self._reductions) if one.side is side and one.size == size)
        return next(matching, None)

    def _forget(self, horizon: int) -> None:
        while self._reductions and self._reductions[0].time < horizon:
            self._reductions.popleft()
        while self._early and next(iter(self._early.values()))[0] < horizon:
            del self._early[next(iter(self._early))]


def _time(stamp: bytes) -> int:
    text = stamp.decode(errors="replace")
    if len(text) != _TIME_DIGITS:
        raise RowError("time", "milliseconds since 1970", text)
    return counted_time(text, "ms")


def _identifier(number: int) -> int:
    if not 0 < number < 1 << 63:
        raise RowError("id", "a positive number", str(number))
    return number


def _units_of_print(raw: msgspec.Raw, exponent: int, field: str) -> int:
    """Units whose binary float prints as this JSON number, or that it states exactly."""
    text = bytes(raw).decode(errors="replace").strip('"')
    try:
        value = Decimal(text).scaleb(-exponent)
        nearest = int(value.to_integral_value()) if value.adjusted() < _DIGITS else 0
        # The float serves as identity only: two amounts of units below 2**53 never share one.
        same = nearest <= MAX_UNITS and float(text) == float(Decimal(nearest).scaleb(exponent))
    except (ArithmeticError, ValueError):
        raise RowError(field, "a decimal number", text) from None
    if nearest <= 0 or not same:
        raise RowError(field, "a positive whole number of units", text)
    return nearest


def _levels(levels: list[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    price_exponent, size_exponent = INSTRUMENT.price_exponent, INSTRUMENT.size_exponent
    return tuple(
        (units(price, price_exponent, "price"), units(size, size_exponent, "amount"))
        for price, size in levels
    )
