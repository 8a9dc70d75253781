"""`EventBatch` as an Arrow record batch and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.identifiers import TEXT_ID, OrderNames
from tapewarden.tape.schema import ARROW_SCHEMA, NAME_COLUMNS, NUMBER_COLUMNS


def to_arrow(batch: EventBatch, names: OrderNames) -> pa.RecordBatch:
    """The batch in the tape's schema, each known text id named on its first row."""
    arrays = [_array(getattr(batch, column.name), column.null_value) for column in NUMBER_COLUMNS]
    arrays += [_first_names(getattr(batch, ids), names) for ids in NAME_COLUMNS.values()]
    return pa.record_batch(arrays, schema=ARROW_SCHEMA)


def from_arrow(stored: pa.RecordBatch, names: OrderNames) -> EventBatch:
    """The batch in writable columns; ``names`` learns the texts of its ids.

    Columns of ``stored`` must have the tape's types; others than the tape's are ignored.
    """
    columns = {
        column.name: _numbers(stored.column(column.name), column.null_value) for column in NUMBER_COLUMNS
    }
    for name, ids in NAME_COLUMNS.items():
        _learn(columns[ids], stored.column(name), names)
    return EventBatch(**columns)


def _array(values: npt.NDArray[Any], null_value: int | None) -> pa.Array:
    return pa.array(values, mask=None if null_value is None else values == null_value)


def _numbers(stored: pa.Array, null_value: int | None) -> npt.NDArray[Any]:
    """A copy, because compiled kernels want columns they may write to."""
    if stored.null_count:
        stored = stored.fill_null(null_value)
    numbers: npt.NDArray[Any] = stored.to_numpy(zero_copy_only=True).copy()
    return numbers


def _first_names(ids: npt.NDArray[np.uint64], names: OrderNames) -> pa.Array:
    texts: list[str | None] = [None] * len(ids)
    rows = np.flatnonzero(ids & np.uint64(TEXT_ID))
    distinct, first = np.unique(ids[rows], return_index=True)
    for number, row in zip(distinct.tolist(), rows[first].tolist(), strict=True):
        texts[row] = names.find(number)
    return pa.array(texts, pa.string())


def _learn(ids: npt.NDArray[np.uint64], stored: pa.Array, names: OrderNames) -> None:
    if stored.null_count == len(stored):
        return
    rows = stored.is_valid().to_numpy(zero_copy_only=False)
    for number, text in zip(ids[rows].tolist(), stored.drop_null().to_pylist(), strict=True):
        names.learn(number, text)
