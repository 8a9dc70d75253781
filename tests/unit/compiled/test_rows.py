from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
import pytest

from tapewarden.compiled.compiling import kernel, real, rule
from tapewarden.compiled.rows import (
    ACCOUNT,
    AccountNumber,
    Row,
    RowTable,
    Table,
    column_of,
    f32,
    f64,
    i64,
    u8,
    u16,
    u32,
    u64,
)


class Inner(Row):
    """A row inside another."""

    total: f64
    count: i64


class Outer(Row):
    """A row of every kind of field."""

    inner: Inner
    ids: Annotated[npt.NDArray[np.uint64], np.uint64, (3,)]
    number: u64
    price: i64
    actor: u32
    mean: f32
    flags: u16
    side: u8
    marks: u8
    spare: u32


@rule
def change(row: Outer, price: int) -> float:
    """Touch every kind of field."""
    row.price = price
    row.side = 1
    row.mean = real(row.mean) + price / 3.0
    row.inner.count += 1
    row.inner.total = row.inner.total + 0.5 * price
    row.ids[row.inner.count % 3] = row.number
    return row.inner.total + real(row.mean) * 0.1


@kernel
def change_all(table: Table, prices: npt.NDArray[np.int64]) -> float:
    """Change each record of a table in machine code."""
    total = 0.0
    for i in range(len(table)):
        total += change(table[i], prices[i])
    return total


def numbered(length: int) -> Table:
    table = np.zeros(length, Outer.dtype)
    table["number"] = np.arange(1, length + 1)
    return table


def test_compiled_and_uncompiled_rules_agree_on_the_same_memory() -> None:
    prices = np.array([3, -5, 2**53 - 1, 0], np.int64)
    compiled, plain = numbered(4), numbered(4)
    for _ in range(4):
        total = change_all(compiled, prices)
        rows = RowTable(Outer, plain)
        assert sum(change(rows[i], int(prices[i])) for i in range(4)) == total
        assert compiled.tobytes() == plain.tobytes()


def test_reading_a_field_gives_a_python_number() -> None:
    row = Outer()
    row.number = 2**64 - 1
    row.inner.total = 0.5
    assert (type(row.number), row.number) == (int, 2**64 - 1)
    assert type(row.inner.total) is float


def test_a_copy_keeps_its_values_when_the_row_changes() -> None:
    row = Outer()
    kept = row.copy()
    row.price = 7
    row.inner.count = 2
    assert (kept.price, kept.inner.count) == (0, 0)


def test_a_row_of_a_table_changes_the_table() -> None:
    table = numbered(2)
    rows = RowTable(Outer, table)
    rows[1].price = 9
    rows[0] = rows[1]
    assert table["price"].tolist() == [9, 9]
    assert len(rows) == 2


def test_a_row_shows_its_fields_by_name() -> None:
    inner = Inner()
    inner.count = 3
    assert repr(inner) == "Inner(total=0.0, count=3)"
    assert inner.as_dict() == {"total": 0.0, "count": 3}


def test_fields_have_the_offsets_that_machine_code_expects() -> None:
    aligned = np.dtype(Outer.dtype.descr, align=True)
    assert aligned.itemsize == Outer.dtype.itemsize == 16 + 24 + 16 + 16


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"side": u8, "price": i64}, "Faulty.price: would leave a hole of 7 bytes"),
        ({"price": i64, "side": u8}, "Faulty: leaves a hole of 7 bytes at its end"),
        ({"flags": u16, "actor": u32}, "Faulty.actor: would leave a hole of 2 bytes"),
    ],
)
def test_holes_are_refused_by_the_field_before_which_they_lie(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(TypeError, match=fault):
        type("Faulty", (Row,), {"__annotations__": fields})


@pytest.mark.parametrize("kind", [int, str, float, Annotated[float, np.float16], Annotated[int, np.int32]])
def test_other_types_are_refused_with_the_name_of_the_field(kind: object) -> None:
    with pytest.raises(TypeError, match=r"Faulty\.price: expected u8, u16, u32, u64, i64, f32, f64"):
        type("Faulty", (Row,), {"__annotations__": {"price": kind}})


class Group(Row):
    members: Annotated[npt.NDArray[np.uint32], np.uint32, (2,), ACCOUNT]


class WithAccounts(Row):
    group: Group
    suspect: AccountNumber
    number: u32


def test_fields_with_accounts_are_known_those_of_nested_rows_too() -> None:
    assert WithAccounts.accounts == ("group.members", "suspect")


def test_a_column_of_a_nested_row_can_be_written() -> None:
    table = np.zeros(3, WithAccounts.dtype)
    column_of(table, "group.members")[...] = [7, 8]
    column_of(table, "suspect")[...] = 9
    assert WithAccounts(table[2]).group.members.tolist() == [7, 8]
    assert WithAccounts(table[2]).suspect == 9
