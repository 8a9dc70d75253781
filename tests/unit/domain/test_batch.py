from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.batch import COLUMN_DEFAULTS, COLUMN_TYPES, EventBatch
from tests.strategies import hostile_tapes, splits


def same(one: EventBatch, other: EventBatch) -> bool:
    return all(np.array_equal(column, getattr(other, name)) for name, column in one.columns())


@given(hostile_tapes())
def test_rows_make_the_batch_they_came_from(tape: EventBatch) -> None:
    rows = [{name: int(column[row]) for name, column in tape.columns()} for row in range(len(tape))]
    assert same(EventBatch.of_rows(rows), tape)


@given(st.data())
def test_pieces_put_together_are_the_batch(data: st.DataObject) -> None:
    tape = data.draw(hostile_tapes())
    assert same(EventBatch.concatenate(data.draw(splits(tape))), tape)
    assert same(EventBatch.concatenate(list(tape.split(7))), tape)


@given(hostile_tapes(), st.integers(1, 100))
def test_a_split_gives_full_batches_and_a_rest(tape: EventBatch, size: int) -> None:
    lengths = [len(part) for part in tape.split(size)]
    assert sum(lengths) == len(tape)
    assert all(length == size for length in lengths[:-1])


def test_columns_left_out_are_unknown_or_none() -> None:
    batch = EventBatch.of(2, price=[3, 4], kind=1)
    assert batch.price.tolist() == [3, 4]
    assert batch.kind.tolist() == [1, 1]
    assert (batch.account[0], batch.order[0], batch.ts_event[0], batch.size[0]) == (-1, 0, -1, -1)
    assert [name for name, _ in batch.columns()] == list(COLUMN_TYPES) == list(COLUMN_DEFAULTS)


def test_no_batches_make_an_empty_one() -> None:
    assert len(EventBatch.concatenate([])) == 0


def test_a_slice_shares_memory_and_a_mask_copies() -> None:
    batch = EventBatch.of(3, price=[1, 2, 3])
    assert np.shares_memory(batch[1:].price, batch.price)
    assert batch[batch.price > 1].price.tolist() == [2, 3]
    assert not np.shares_memory(batch[batch.price > 1].price, batch.price)


def test_unknown_columns_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no such columns: \['amount'\]"):
        EventBatch.of(1, amount=3)


@pytest.mark.parametrize("column", [np.zeros(2, np.int64), np.zeros(1, np.int32), np.zeros((1, 1), np.int64)])
def test_a_column_of_another_length_type_or_shape_is_refused(
    column: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> None:
    columns = dict(EventBatch.of(1).columns()) | {"price": column}
    with pytest.raises(ValueError, match=r"column price: expected int64 of shape \(1,\), received"):
        EventBatch(**columns)


def test_a_batch_cannot_be_given_other_columns() -> None:
    batch = EventBatch.of(1)
    with pytest.raises(FrozenInstanceError):
        batch.price = np.zeros(1, np.int64)  # type: ignore[misc]
