"""The columns of a Parquet tape: one per column of `EventBatch`, and the names of text ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from tapewarden.domain.batch import COLUMN_DEFAULTS, COLUMN_TYPES

FORMAT: Final = 1
"""Version of the tape format. A reader refuses any other."""

GROUP_ROWS: Final = 65_536
"""Rows of a row group: what a reader holds in memory at once."""

MAX_HEADER: Final = 2**31 - 1
"""Bytes of a header: as many as Parquet's own metadata can hold."""

METADATA_KEY: Final = "tapewarden"
"""Key of the file's metadata under which the header stands as JSON."""

NAME_COLUMNS: Final[Mapping[str, str]] = {
    "order_name": "order",
    "counter_order_name": "counter_order",
    "trade_name": "trade",
}
"""Columns that carry the texts of ids with `TEXT_ID`, and the id columns they belong to."""

_MEANINGS: Final[Mapping[str, str]] = {
    "kind": "code of `EventKind`",
    "reason": "code of the enumeration that belongs to the kind",
    "initiator": "code of `Initiator`",
    "side": "code of `Side`; the aggressor's for a trade",
    "flags": "bits of `Flag`",
    "epoch": "rises when the source's sequence starts anew",
    "source": "number in `sources`",
    "instrument": "number in `instruments`",
    "account": "number in `accounts`",
    "counter_account": "number in `accounts`",
    "order": "id of the order",
    "counter_order": "id of the resting order of a trade",
    "trade": "id of the trade",
    "price": "units of 10^`price_exponent` of the instrument, in quote currency",
    "size": "units of 10^`size_exponent` of the instrument; `LINK`: millionths; `WINDOW`: nanoseconds",
    "ts_event": "nanoseconds since 1970-01-01 UTC",
    "ts_receive": "nanoseconds since 1970-01-01 UTC",
    "sequence": "the source's number, never falling within source and epoch; 0 = not numbered",
    "order_name": "text of `order`",
    "counter_order_name": "text of `counter_order`",
    "trade_name": "text of `trade`",
}


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """A column on disk. ``null_value`` is what null stands for in memory, ``None`` where null is refused."""

    name: str
    type: pa.DataType
    null_value: int | None
    meaning: str

    @property
    def nullable(self) -> bool:
        """Whether null is allowed: a number nobody knows, or no name to tell."""
        return self.null_value is not None or self.name in NAME_COLUMNS


def _null_value(name: str) -> int | None:
    """Unknown numbers and absent ids are null on disk; of codes and counters 0 is a value of its own."""
    if COLUMN_DEFAULTS[name] != 0 or name in NAME_COLUMNS.values():
        return COLUMN_DEFAULTS[name]
    return None


NUMBER_COLUMNS: Final[tuple[ColumnFormat, ...]] = tuple(
    ColumnFormat(name, pa.from_numpy_dtype(dtype), _null_value(name), _MEANINGS[name])
    for name, dtype in COLUMN_TYPES.items()
)
"""The columns of `EventBatch`, in its order."""

COLUMNS: Final[tuple[ColumnFormat, ...]] = (
    *NUMBER_COLUMNS,
    *(ColumnFormat(name, pa.string(), None, _MEANINGS[name]) for name in NAME_COLUMNS),
)

ARROW_SCHEMA: Final = pa.schema(
    [pa.field(column.name, column.type, nullable=column.nullable) for column in COLUMNS]
)
