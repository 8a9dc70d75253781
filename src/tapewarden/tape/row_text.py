"""Events as rows of readable text: what a line of JSON and a row on the screen show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.codes import UNSCALED_SIZES
from tapewarden.domain.directory import Directory
from tapewarden.domain.identifiers import TEXT_ID, OrderNames
from tapewarden.domain.numbers import MAX_UNITS, from_units
from tapewarden.tape.codes import INITIATORS, KINDS, SIDES, Code, flag_names, reasons_of

Value = str | int | list[Code]
Texts = list[Value | None]

UNNAMED = "~"
"""Starts the hexadecimal number of a text id whose text is not known; a text that starts so has it twice."""

_NO_TIME = np.iinfo(np.int64).min  # numpy's word for no time at all


def row_texts(batch: EventBatch, directory: Directory) -> Iterator[dict[str, Value]]:
    """One mapping per event, of column to text; what is unknown or 0 is left out.

    A value that has no text, such as a code without a name, is given as its integer. About 5 µs per row.
    """
    columns: dict[str, Texts] = {
        "kind": [KINDS.name(kind) for kind in batch.kind.tolist()],
        "ts_event": _times(batch.ts_event),
        "ts_receive": _times(batch.ts_receive),
        "source": _names(batch.source, list(directory.sources)),
        "epoch": _nonzero(batch.epoch),
        "sequence": _nonzero(batch.sequence),
        "instrument": _names(batch.instrument, [one.name for one in directory.instruments]),
        "side": _nonzero(batch.side, SIDES.name),
        "price": _prices(batch, directory),
        "size": _sizes(batch, directory),
        "account": _names(batch.account, [one.name for one in directory.accounts]),
        "order": _ids(batch.order, directory.order_names),
        "counter_account": _names(batch.counter_account, [one.name for one in directory.accounts]),
        "counter_order": _ids(batch.counter_order, directory.order_names),
        "trade": _ids(batch.trade, directory.order_names),
        "reason": _reasons(batch),
        "initiator": _nonzero(batch.initiator, INITIATORS.name),
        "flags": [flag_names(flags) if flags else None for flags in batch.flags.tolist()],
    }
    names = list(columns)
    for values in zip(*columns.values(), strict=True):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


def time_text(time: int) -> str:
    """ISO 8601 with nine decimals and ``Z`` of a time in nanoseconds UTC."""
    return f"{np.datetime64(time, 'ns')}Z"


def id_text(number: int, names: OrderNames) -> str:
    """The text of an order's or trade's id, such that ``parse_id`` finds the number again."""
    if not number & TEXT_ID:
        return str(number)
    text = names.find(number)
    if text is None:
        return f"{UNNAMED}{number:016x}"
    return UNNAMED + text if text.startswith(UNNAMED) else text


def _times(times: npt.NDArray[np.int64]) -> Texts:
    texts = np.datetime_as_string(times.view("datetime64[ns]"), unit="ns").tolist()
    return [
        None if time == UNKNOWN else time if time == _NO_TIME else f"{text}Z"
        for time, text in zip(times.tolist(), texts, strict=True)
    ]


def _names(numbers: npt.NDArray[np.int32], table: list[str]) -> Texts:
    return [None if number == UNKNOWN else table[number] for number in numbers.tolist()]


def _nonzero(values: npt.NDArray[Any], text: Callable[[int], Value] = int) -> Texts:
    return [text(value) if value else None for value in values.tolist()]


def _ids(numbers: npt.NDArray[np.uint64], names: OrderNames) -> Texts:
    return [None if number == NO_ORDER else id_text(number, names) for number in numbers.tolist()]


def _reasons(batch: EventBatch) -> Texts:
    return [
        reasons_of(kind).name(reason) if reason else None
        for kind, reason in zip(batch.kind.tolist(), batch.reason.tolist(), strict=True)
    ]


def _prices(batch: EventBatch, directory: Directory) -> Texts:
    exponents = [one.price_exponent for one in directory.instruments]
    return [
        _amount(units, exponents[number] if number >= 0 else None)
        for units, number in zip(batch.price.tolist(), batch.instrument.tolist(), strict=True)
    ]


def _sizes(batch: EventBatch, directory: Directory) -> Texts:
    exponents = [one.size_exponent for one in directory.instruments]
    return [
        _amount(units, exponents[number] if number >= 0 and kind not in UNSCALED_SIZES else None)
        for units, number, kind in zip(
            batch.size.tolist(), batch.instrument.tolist(), batch.kind.tolist(), strict=True
        )
    ]


def _amount(units: int, exponent: int | None) -> Value | None:
    """A decimal text, or plain units where no exponent applies or they are out of bounds."""
    if units == UNKNOWN:
        return None
    return units if exponent is None or abs(units) > MAX_UNITS else from_units(units, exponent)
