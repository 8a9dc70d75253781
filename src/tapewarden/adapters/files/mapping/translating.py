"""From a table of text to events, as a mapping says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tapewarden.adapters.files.cells import Conversion, Table, text_column, whole_number
from tapewarden.adapters.files.mapping import vocabulary
from tapewarden.adapters.files.mapping.schema import Field, Input, Key
from tapewarden.adapters.files.mapping.section import nearest
from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.rows import Integers
from tapewarden.adapters.files.times import time_reader
from tapewarden.domain.batch import NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EventKind, Flag, Initiator, Side

_NAME_SEPARATOR: Final = "\x1f"

_NAMES_AN_ORDER: Final = (
    EventKind.PLACE,
    EventKind.AMEND,
    EventKind.CANCEL,
    EventKind.REJECT,
    EventKind.EXPIRE,
)
_NEEDS_PRICE: Final = (EventKind.PLACE, EventKind.TRADE, EventKind.LEVEL, EventKind.REFERENCE)
_NEEDS_SIZE: Final = (EventKind.PLACE, EventKind.TRADE, EventKind.AMEND, EventKind.LEVEL)
_MAY_BE_EMPTY: Final = (EventKind.AMEND, EventKind.LEVEL)
_NEEDS_SIDE: Final = (EventKind.PLACE, EventKind.LEVEL)


def instrument_names(table: Table, fields: Mapping[str, Field]) -> pa.Array:
    """Symbol and venue of each row as one text; null where either is missing."""
    return pc.binary_join_element_wise(
        texts_of(table, fields["instrument"]), texts_of(table, fields["venue"]), _NAME_SEPARATOR
    )


def split_name(name: str) -> tuple[str, str]:
    """Symbol and venue of a text of ``instrument_names``."""
    symbol, _, venue = name.partition(_NAME_SEPARATOR)
    return symbol, venue


def texts_of(table: Table, field: Field | None) -> pa.Array:
    """The cells of a field: of its column, or its constant; null where the mapping does not name it."""
    if field is not None and field.column is not None:
        return table.columns[str(field.column)]
    return text_column([None if field is None else field.constant] * len(table))


class Translation:
    """Translates the tables of one file. Names get their numbers from ``directory``."""

    def __init__(
        self,
        shape: Input,
        source: str,
        directory: Directory,
        instruments: Mapping[Key, Instrument],
    ) -> None:
        self._fields = shape.fields
        self._source = source
        self._directory = directory
        self._instruments = instruments

    def translate(self, table: Table) -> tuple[EventBatch, Conversion]:
        """One event for each row, rows in error and rows to skip (of kind 0) included."""
        conversion = Conversion(table)
        known = self._directory.instruments
        kind = self._words(conversion, "kind", None)
        instrument = conversion.column(instrument_names(table, self._fields), self._instrument, "instrument")
        flags = self._flags(conversion)
        side = self._words(conversion, "side", Side.UNKNOWN)
        price = self._units(conversion, "price", instrument, [one.price_exponent for one in known])
        size = self._units(conversion, "size", instrument, [one.size_exponent for one in known])
        reason = self._reason(conversion, kind)
        columns = {
            **self._parties(conversion, side, "order", self._identifier, NO_ORDER),
            **self._parties(conversion, side, "account", self._account, UNKNOWN),
        }
        _check_values(conversion, kind, price, size, flags)
        known_side = side != Side.UNKNOWN
        conversion.require(~np.isin(kind, _NEEDS_SIDE) | known_side, "side", "buy or sell")
        named = columns["order"] != NO_ORDER
        conversion.require(~np.isin(kind, _NAMES_AN_ORDER) | named, "order", "the order's id")
        batch = EventBatch.of(
            len(table),
            kind=kind,
            reason=reason,
            initiator=self._initiator(conversion, kind, reason),
            side=side,
            flags=flags,
            source=self._directory.sources.number(self._source),
            instrument=instrument,
            trade=self._column(conversion, "trade", self._identifier, NO_ORDER),
            price=np.where(price == 0, UNKNOWN, price),
            size=np.where((size == 0) & ~np.isin(kind, _MAY_BE_EMPTY), UNKNOWN, size),
            ts_event=self._times(conversion, "time", None),
            ts_receive=self._times(conversion, "receive_time", UNKNOWN),
            sequence=self._sequence(conversion),
            **columns,
        )
        _pass_over_skipped(conversion, kind)
        return batch, conversion

    def _column(
        self, conversion: Conversion, name: str, function: Callable[[str], int], missing: int | None
    ) -> Integers:
        field = self._fields.get(name)
        if field is None and missing is not None:
            return np.full(len(conversion.table), missing, np.int64)
        return conversion.column(texts_of(conversion.table, field), function, name, missing)

    def _words(self, conversion: Conversion, name: str, missing: int | None) -> Integers:
        field = self._fields.get(name, Field(name=name))
        return self._column(conversion, name, partial(_look_up, field, vocabulary.WORDS[name]), missing)

    def _times(self, conversion: Conversion, name: str, missing: int | None) -> Integers:
        field = self._fields.get(name, Field(name=name))
        return self._column(conversion, name, time_reader(field.unit, field.zone, name), missing)

    def _units(
        self, conversion: Conversion, name: str, instrument: Integers, exponents: list[int]
    ) -> Integers:
        texts = texts_of(conversion.table, self._fields.get(name))
        return conversion.units(texts, instrument, exponents, name, zero=True)

    def _parties(
        self, conversion: Conversion, side: Integers, name: str, function: Callable[[str], int], missing: int
    ) -> dict[str, Integers]:
        """Of the aggressor and of the other side; files may tell buyer and seller instead."""
        counter = f"counter_{name}"
        own, other, bought, sold = (
            self._column(conversion, field, function, missing)
            for field in (name, counter, f"buy_{name}", f"sell_{name}")
        )
        sells = side == Side.SELL
        return {
            name: np.where(own == missing, np.where(sells, sold, bought), own),
            counter: np.where(other == missing, np.where(sells, bought, sold), other),
        }

    def _reason(self, conversion: Conversion, kind: Integers) -> Integers:
        places = self._words(conversion, "reason", 0)
        reason = np.zeros(len(kind), np.int64)
        for one in np.unique(kind[kind > 0]).tolist():
            rows = kind == one
            reason[rows] = np.take(vocabulary.reason_codes(one), places[rows])
            reason[rows & (places == 0)] = vocabulary.DEFAULT_REASONS.get(one, 0)
        conversion.require(reason >= 0, "reason", "a reason of this kind of event", "a reason of another")
        return reason

    def _initiator(self, conversion: Conversion, kind: Integers, reason: Integers) -> Integers:
        initiator = self._words(conversion, "initiator", UNKNOWN)
        for one, default in vocabulary.INITIATORS_OF_REASONS.items():
            ended = np.isin(kind, (EventKind.AMEND, EventKind.CANCEL, EventKind.REJECT, EventKind.EXPIRE))
            initiator[(initiator == UNKNOWN) & ended & (reason == one)] = default
        initiator[(initiator == UNKNOWN) & (kind == EventKind.PLACE)] = Initiator.MEMBER
        return np.maximum(initiator, 0)

    def _flags(self, conversion: Conversion) -> Integers:
        flags = np.zeros(len(conversion.table), np.int64)
        for name, value in vocabulary.FLAGS.items():
            if name in self._fields:
                flags |= value * self._words(conversion, name, 0)
        return flags

    def _sequence(self, conversion: Conversion) -> Integers:
        if "sequence" not in self._fields:
            return conversion.table.numbers
        return self._column(conversion, "sequence", partial(whole_number, name="sequence"), 0)

    def _instrument(self, name: str) -> int:
        return self._directory.add_instrument(self._instruments[split_name(name)])

    def _account(self, text: str) -> int:
        return self._directory.add_account(text.strip())

    def _identifier(self, text: str) -> int:
        number = order_id(text.strip())
        self._directory.order_names.learn(number, text.strip())
        return number


def _look_up(field: Field, words: Mapping[str, int], text: str) -> int:
    """The code of a cell: by the mapping's words, by our own, or by what it says of all others."""
    word = field.words.get(text, field.words.get(text.strip()))
    if word is None:
        own = text.strip().lower()
        word = own if own in words and not field.words else field.otherwise
    if word is None:
        raise RowError(field.name, nearest(text, field.words or words).removeprefix("expected "), text)
    return words[word]


def _check_values(
    conversion: Conversion, kind: Integers, price: Integers, size: Integers, flags: Integers
) -> None:
    """Price and size must be known where the event cannot do without; orders at market need no price."""
    market = (kind == EventKind.PLACE) & ((flags & Flag.MARKET) != 0)
    priced = ~np.isin(kind, _NEEDS_PRICE) | market | (price > 0)
    conversion.require(priced, "price", "a positive number", "zero or nothing")
    least = np.where(np.isin(kind, _MAY_BE_EMPTY), 0, 1)
    sized = ~np.isin(kind, _NEEDS_SIZE) | (size >= least)
    conversion.require(sized, "size", "a positive number", "zero or nothing")


def _pass_over_skipped(conversion: Conversion, kind: Integers) -> None:
    """Whatever else is wrong with a row that is skipped does not matter."""
    for row in list(conversion.errors):
        if kind[row] == vocabulary.SKIP:
            del conversion.errors[row]
