"""Reading back the rows that `row_text` writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec
import numpy as np

from tapewarden.domain.batch import COLUMN_TYPES, NO_ORDER, UNKNOWN
from tapewarden.domain.codes import UNSCALED_SIZES
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import FieldError
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.numbers import to_units
from tapewarden.tape.codes import (
    INITIATORS,
    KINDS,
    SIDES,
    Code,
    CodeNames,
    flag_value,
    reasons_of,
)
from tapewarden.tape.row_text import UNNAMED

_RANGES = {name: (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)) for name, dtype in COLUMN_TYPES.items()}
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_UNNAMED_ID = re.compile(UNNAMED + "([89a-f][0-9a-f]{15})")
_COMPLAINT = re.compile(r"Expected (.*), got (.*) - at `\$\.(\w+)")


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    """A line as it stands; every column may be left out but the two without which nothing can be said."""

    kind: Code
    source: str
    reason: Code = 0
    initiator: Code = 0
    side: Code = 0
    flags: list[Code] = []
    epoch: int = 0
    instrument: str | None = None
    account: str | None = None
    counter_account: str | None = None
    order: str | None = None
    counter_order: str | None = None
    trade: str | None = None
    price: Code | None = None
    size: Code | None = None
    ts_event: Code | None = None
    ts_receive: Code | None = None
    sequence: int = 0


_DECODER = msgspec.json.Decoder(_Row)


class RowParser:
    """Turns lines into rows of an ``EventBatch``; ``directory`` learns the texts of order ids."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def values(self, line: bytes) -> tuple[int, ...]:
        """The integers of one event in the order of ``COLUMN_TYPES``; ``FieldError`` where one is wrong.

        Cost: about 8 µs.
        """
        row = _decoded(line)
        kind = _code("kind", KINDS, row.kind)
        known = self._directory
        instrument = _looked_up("instrument", known.find_instrument, row.instrument)
        price_exponent, size_exponent = self._exponents(kind, instrument)
        columns = {
            "kind": kind,
            "reason": _code("reason", reasons_of(kind), row.reason),
            "initiator": _code("initiator", INITIATORS, row.initiator),
            "side": _code("side", SIDES, row.side),
            "flags": _flags(row.flags),
            "epoch": row.epoch,
            "source": _looked_up("source", known.sources.find, row.source),
            "instrument": instrument,
            "account": _looked_up("account", known.find_account, row.account),
            "counter_account": _looked_up("counter_account", known.find_account, row.counter_account),
            "order": self._id("order", row.order),
            "counter_order": self._id("counter_order", row.counter_order),
            "trade": self._id("trade", row.trade),
            "price": _units("price", row.price, price_exponent),
            "size": _units("size", row.size, size_exponent),
            "ts_event": _nanoseconds("ts_event", row.ts_event),
            "ts_receive": _nanoseconds("ts_receive", row.ts_receive),
            "sequence": row.sequence,
        }
        for name, value in columns.items():
            low, high = _RANGES[name]
            if not low <= value <= high:
                raise FieldError(name, f"a number from {low} to {high}", str(value))
        return tuple(columns.values())

    def _exponents(self, kind: int, instrument: int) -> tuple[int | None, int | None]:
        """What the row's price and size are scaled by, ``None`` for plain integers."""
        if instrument == UNKNOWN:
            return None, None
        known = self._directory.instruments[instrument]
        return known.price_exponent, None if kind in UNSCALED_SIZES else known.size_exponent

    def _id(self, field: str, text: str | None) -> int:
        if text is None:
            return NO_ORDER
        if text.startswith(UNNAMED):
            unnamed = _UNNAMED_ID.fullmatch(text)
            if unnamed is not None:
                return int(unnamed[1], 16)
            text = text.removeprefix(UNNAMED)
            if not text.startswith(UNNAMED):
                raise FieldError(field, f"{UNNAMED} twice, or the 16 digits of an id", repr(UNNAMED + text))
        number = _order_id(text)
        self._directory.order_names.learn(number, text)
        return number


_order_id = lru_cache(1 << 16)(order_id)


def _decoded(line: bytes) -> _Row:
    try:
        return _DECODER.decode(line)
    except msgspec.ValidationError as error:
        complaint = _COMPLAINT.match(str(error))
        if complaint is None:
            raise FieldError(None, "an event", str(error)) from None
        expected, received, field = complaint.groups()
        raise FieldError(field, expected, received) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FieldError(None, "an event as JSON", str(error)) from None


def _looked_up(field: str, find: Callable[[str], int | None], text: str | None) -> int:
    if text is None:
        return UNKNOWN
    number = find(text)
    if number is None:
        raise FieldError(field, f"one of the header's {field.removeprefix('counter_')}s", repr(text))
    return number


def _code(field: str, names: CodeNames, code: Code) -> int:
    try:
        return names.value(code)
    except KeyError:
        raise FieldError(field, names.expected, repr(code)) from None


def _flags(names: list[Code]) -> int:
    try:
        return flag_value(names)
    except KeyError as error:
        raise FieldError("flags", "names of flags, or a number", str(error)) from None


def _units(field: str, amount: Code | None, exponent: int | None) -> int:
    if amount is None:
        return UNKNOWN
    units = amount if isinstance(amount, int) else _scaled(field, amount, exponent)
    if units == UNKNOWN:
        raise FieldError(field, "any value but −1 unit, which would mean unknown", repr(amount))
    return units


def _scaled(field: str, amount: str, exponent: int | None) -> int:
    if exponent is None:
        raise FieldError(field, "an integer, as no instrument scales it", repr(amount))
    try:
        return to_units(amount, exponent)
    except ValueError as error:
        raise FieldError(field, str(error), repr(amount)) from None


def _nanoseconds(field: str, time: Code | None) -> int:
    if time is None:
        return UNKNOWN
    if isinstance(time, int):
        return time
    match = _TIME.fullmatch(time)
    try:
        if match is None:
            raise ValueError
        seconds = (datetime.fromisoformat(f"{match[1]}+00:00") - _EPOCH) // _SECOND
    except ValueError:
        raise FieldError(field, "a time such as 2026-01-31T09:30:00.000000001Z", repr(time)) from None
    return seconds * 1_000_000_000 + int((match[2] or "").ljust(9, "0"))
