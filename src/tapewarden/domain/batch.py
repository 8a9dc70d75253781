"""`EventBatch`: events as columns, one row per event, in tape order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

UNKNOWN: Final = -1  # of an account, instrument, price, size or time
NO_ORDER: Final = 0

COLUMN_TYPES: Final[Mapping[str, np.dtype[Any]]] = {
    "kind": np.dtype(np.uint8),
    "reason": np.dtype(np.uint8),
    "initiator": np.dtype(np.uint8),
    "side": np.dtype(np.int8),
    "flags": np.dtype(np.uint16),
    "epoch": np.dtype(np.uint32),
    "source": np.dtype(np.int32),
    "instrument": np.dtype(np.int32),
    "account": np.dtype(np.int32),
    "counter_account": np.dtype(np.int32),
    "order": np.dtype(np.uint64),
    "counter_order": np.dtype(np.uint64),
    "trade": np.dtype(np.uint64),
    "price": np.dtype(np.int64),
    "size": np.dtype(np.int64),
    "ts_event": np.dtype(np.int64),
    "ts_receive": np.dtype(np.int64),
    "sequence": np.dtype(np.uint64),
}

COLUMN_DEFAULTS: Final[Mapping[str, int]] = {
    name: UNKNOWN
    if name in {"instrument", "account", "counter_account", "price", "size", "ts_event", "ts_receive"}
    else 0
    for name in COLUMN_TYPES
}

Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Events as equally long one-dimensional columns, of the types in ``COLUMN_TYPES``.

    ``instrument``, ``account`` and ``source`` are dense numbers of a ``Directory``, local to one process.
    ``price`` and ``size`` are integers at the instrument's decimal exponents; times are nanoseconds UTC.
    """

    kind: Column
    reason: Column
    initiator: Column
    side: Column
    flags: Column
    epoch: Column
    source: Column
    instrument: Column
    account: Column
    counter_account: Column
    order: Column
    counter_order: Column
    trade: Column
    price: Column
    size: Column
    ts_event: Column
    ts_receive: Column
    sequence: Column

    def __post_init__(self) -> None:
        for name, dtype in COLUMN_TYPES.items():
            column = getattr(self, name)
            if column.dtype != dtype or column.ndim != 1 or len(column) != len(self.kind):
                raise ValueError(
                    f"column {name}: expected {dtype} of shape ({len(self.kind)},), "
                    f"received {column.dtype} of shape {column.shape}"
                )

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, rows: slice | npt.NDArray[Any]) -> EventBatch:
        """Some rows: views for a slice, copies for an index or mask array."""
        return EventBatch(**{name: column[rows] for name, column in self.columns()})

    def columns(self) -> Iterator[tuple[str, Column]]:
        """Names and arrays in the order of ``COLUMN_TYPES``."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)

    @staticmethod
    def of(length: int, **columns: npt.ArrayLike) -> EventBatch:
        """A batch of ``length`` rows from the columns given; the rest get their defaults."""
        unknown = set(columns) - set(COLUMN_TYPES)
        if unknown:
            raise ValueError(f"no such columns: {sorted(unknown)}")
        return EventBatch(
            **{
                name: np.array(np.broadcast_to(np.asarray(columns[name], dtype), (length,)))
                if name in columns
                else np.full(length, COLUMN_DEFAULTS[name], dtype)
                for name, dtype in COLUMN_TYPES.items()
            }
        )

    @staticmethod
    def of_rows(rows: Sequence[Mapping[str, int]]) -> EventBatch:
        """A batch from one mapping per event; for tests, tutorials and slow sources."""
        return EventBatch.of(
            len(rows),
            **{name: [row.get(name, COLUMN_DEFAULTS[name]) for row in rows] for name in COLUMN_TYPES},
        )

    @staticmethod
    def concatenate(batches: Sequence[EventBatch]) -> EventBatch:
        """One batch with the rows of all, in their order."""
        if not batches:
            return EventBatch.of(0)
        return EventBatch(
            **{name: np.concatenate([getattr(batch, name) for batch in batches]) for name in COLUMN_TYPES}
        )

    def split(self, size: int) -> Iterator[EventBatch]:
        """Consecutive batches of at most ``size`` rows."""
        for start in range(0, len(self), size):
            yield self[start : start + size]
