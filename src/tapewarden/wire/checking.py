"""The kernel that looks at the values of rows: what no event can say rejects the row, not the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from tapewarden.compiled.compiling import kernel
from tapewarden.domain.batch import COLUMN_TYPES, UNKNOWN
from tapewarden.domain.codes import KNOWN_FLAGS, REASON_ALLOWED, UNSCALED_SIZES
from tapewarden.domain.kinds import EventKind, Initiator, Side
from tapewarden.domain.numbers import MAX_UNITS
from tapewarden.wire.layout import FIELDS, MAX_ID, NAME_FIELDS
from tapewarden.wire.v1 import market_pb2

_COLUMNS: Final = {name: number for number, name in enumerate(COLUMN_TYPES)}
_LEAST: Final = -(2**63)
_LARGEST: Final = 2**63 - 1

_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "kind": (min(EventKind), max(EventKind)),
    "reason": (0, 255),  # those that belong to the kind stand in a table
    "initiator": (min(Initiator), max(Initiator)),
    "side": (market_pb2.SIDE_UNSPECIFIED, market_pb2.SIDE_SELL),
    "flags": (0, KNOWN_FLAGS),
    "epoch": (0, 2**32 - 1),
    "price": (-MAX_UNITS, MAX_UNITS),
    "size": (UNKNOWN, _LARGEST),  # of most kinds at most MAX_UNITS
    "ts_event": (UNKNOWN, _LARGEST),
    "ts_receive": (UNKNOWN, _LARGEST),
}
"""Least and largest value by column. Ids and sequences may be any number; the rest is numbered."""

EXPECTED: Final = (
    *("a code of EventKind", "a code that belongs to the kind", "a code of Initiator", "a code of Side"),
    *("bits of Flag", "a number of 32 bits"),
    *(f"a number of {table} defined before" for table in ("feeds", "instruments", "accounts", "accounts")),
    *("an id",) * 3,
    f"at most {MAX_UNITS} units either way",
    f"0 to {MAX_UNITS} units, or unknown",
    *("a time from 1970 on, or unknown",) * 2,
    "a number",
    *(f"at most {MAX_ID} bytes",) * len(NAME_FIELDS),
)
"""What is expected of each column and name, in words."""

FAULT_FIELDS: Final = (*FIELDS.values(), *NAME_FIELDS)
"""The fields that faults speak of: fault 1 is the first of them."""


_UNSCALED: Final = np.isin(np.arange(256), tuple(UNSCALED_SIZES))
_KIND, _REASON, _SIDE, _SIZE = (_COLUMNS[name] for name in ("kind", "reason", "side", "size"))
_SOURCE, _INSTRUMENT = _COLUMNS["source"], _COLUMNS["instrument"]
_ACCOUNT, _COUNTER_ACCOUNT = _COLUMNS["account"], _COLUMNS["counter_account"]
_FIRST_NAME, _LAST_COLUMN = len(COLUMN_TYPES), len(COLUMN_TYPES) - 1
_SELL, _SOLD = int(market_pb2.SIDE_SELL), int(Side.SELL)


class Rules(NamedTuple):
    """What values may be."""

    bounds: Any  # least and largest by column
    allowed: Any  # by kind and reason
    unscaled: Any  # by kind: whether its size is no amount of the instrument


class Meanings(NamedTuple):
    """What the numbers of a source stand for, by number."""

    feeds: Any
    instruments: Any
    accounts: Any


@cache
def checker(digest: str) -> Callable[[Any, Any, Rules, Meanings, Any], None]:
    """The kernel ``check(values, lengths, rules, meanings, faults)``; ``digest`` stands for its sources.

    It sets, for each row, ``faults`` to the number of the first field at fault, 0 for none; the values of
    rows without one it replaces by those of a batch. ``lengths`` are those of the rows' names, with no rows
    where there are none.
    """

    def check(values: Any, lengths: Any, rules: Rules, meanings: Meanings, faults: Any) -> None:
        version = digest  # noqa: F841  ties the machine code to the sources
        bounds, allowed, unscaled = rules
        feeds, instruments, accounts = meanings
        for row in range(len(lengths)):
            for name in range(lengths.shape[1] - 1, -1, -1):
                if lengths[row, name] > MAX_ID:
                    faults[row] = _FIRST_NAME + name + 1
        for column in range(_LAST_COLUMN, -1, -1):  # the first one at fault has the last word
            low, high, fault = bounds[column, 0], bounds[column, 1], np.uint8(column + 1)
            if low > _LEAST or high < _LARGEST:
                for row in range(values.shape[1]):
                    value = values[column, row]
                    faults[row] = fault if (value < low) | (value > high) else faults[row]
        for row in range(values.shape[1]):
            kind = values[_KIND, row]
            if faults[row] != 0:
                continue
            if not allowed[kind, values[_REASON, row]]:
                faults[row] = _REASON + 1
                continue
            if values[_SIZE, row] > MAX_UNITS and not unscaled[kind]:
                faults[row] = _SIZE + 1
                continue
            if values[_SIDE, row] == _SELL:
                values[_SIDE, row] = _SOLD
            values[_SOURCE, row] = feeds[values[_SOURCE, row]]
            values[_INSTRUMENT, row] = instruments[values[_INSTRUMENT, row]]
            values[_ACCOUNT, row] = accounts[values[_ACCOUNT, row]]
            values[_COUNTER_ACCOUNT, row] = accounts[values[_COUNTER_ACCOUNT, row]]

    return kernel(check)


@lru_cache(maxsize=64)
def rules_for(feeds: int, instruments: int, accounts: int) -> Rules:
    """The rules where numbers of feeds, instruments and accounts lie below these; not to be written to."""
    bounds = np.array([_BOUNDS.get(name, (_LEAST, _LARGEST)) for name in COLUMN_TYPES], np.int64)
    columns = (_SOURCE, _INSTRUMENT, _ACCOUNT, _COUNTER_ACCOUNT)
    bounds[columns, :] = [(0, count - 1) for count in (feeds, instruments, accounts, accounts)]
    return Rules(bounds, REASON_ALLOWED, _UNSCALED)
