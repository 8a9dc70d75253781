"""`Row`: a class of typed numbers that is a record in compiled code and an object in Python.

A subclass lists its fields as annotations. From them come the numpy record type, which compiled code
reads and writes in place, and properties, so that the same rule runs uncompiled on the same memory.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar, get_args, get_origin

import numpy as np
import numpy.typing as npt

u8 = Annotated[int, np.uint8]
u16 = Annotated[int, np.uint16]
u32 = Annotated[int, np.uint32]
u64 = Annotated[int, np.uint64]
i64 = Annotated[int, np.int64]
f32 = Annotated[float, np.float32]
f64 = Annotated[float, np.float64]

ACCOUNT: Final = "account"
AccountNumber = Annotated[int, np.uint32, ACCOUNT]
"""An account or actor as numbered in acts. State that keeps one, or a vector of them, says so, because
snapshots keep names instead."""

Table = npt.NDArray[Any]
"""An array of records, one per row."""

_NUMBERS = (np.uint8, np.uint16, np.uint32, np.uint64, np.int64, np.float32, np.float64)


class Row:
    """A record of numbers: annotate fields with ``u8, u16, u32, u64, i64, f32, f64``, vectors or rows.

    Fields must leave no holes (widest first), because holes would enter snapshots. Reading gives Python
    numbers. Raises ``TypeError`` at class creation, naming the field, for anything else.
    """

    dtype: ClassVar[np.dtype[Any]] = np.dtype([])
    accounts: ClassVar[tuple[str, ...]] = ()  # fields that hold account numbers, of nested rows: "row.field"
    __slots__ = ("_record",)

    def __init__(self, record: Any = None) -> None:
        """Keep numbers in a record of a table, or in one of its own.

        Fields of ``table[i, ...]`` are read ten times as fast as those of ``table[i]``.
        """
        self._record: Any = np.zeros((), self.dtype) if record is None else record

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        hints = inspect.get_annotations(cls, eval_str=True)
        cls.dtype = np.dtype([(name, *_field(cls, name, hint)) for name, hint in hints.items()])
        _refuse_holes(cls)

    def copy(self) -> Any:
        """A row of its own with the same values."""
        return type(self)(self._record.copy())

    def as_dict(self) -> dict[str, Any]:
        """Field names and values, for debugging and tests."""
        return {name: getattr(self, name) for name in self.dtype.names or ()}

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value}" for name, value in self.as_dict().items())
        return f"{type(self).__name__}({fields})"


def _field(cls: type[Row], name: str, hint: Any) -> tuple[Any, ...]:
    """Type and shape of one field; installs its property."""
    if isinstance(hint, type) and issubclass(hint, Row):
        setattr(cls, name, _nested(name, hint))
        cls.accounts = (*cls.accounts, *(f"{name}.{field}" for field in hint.accounts))
        return (hint.dtype,)
    if get_origin(hint) is Annotated:
        number, *shape = get_args(hint)[1:]
        if ACCOUNT in shape:
            cls.accounts = (*cls.accounts, name)
            shape.remove(ACCOUNT)
        if number in _NUMBERS:
            setattr(cls, name, _vector(name) if shape else _number(name))
            return (number, *shape)
    expected = "u8, u16, u32, u64, i64, f32, f64, a vector of one or a Row"
    raise TypeError(f"{cls.__name__}.{name}: expected {expected}, received {hint}")


def _refuse_holes(cls: type[Row]) -> None:
    aligned = np.dtype([cls.dtype.descr[i] for i in range(len(cls.dtype.descr))], align=True)
    for name in cls.dtype.names or ():
        offset, natural = cls.dtype.fields[name][1], aligned.fields[name][1]  # type: ignore[index]
        if offset != natural:
            hole = natural - offset
            raise TypeError(f"{cls.__name__}.{name}: would leave a hole of {hole} bytes before it")
    if aligned.itemsize != cls.dtype.itemsize:
        hole = aligned.itemsize - cls.dtype.itemsize
        raise TypeError(f"{cls.__name__}: leaves a hole of {hole} bytes at its end")


def column_of(table: Table, path: str) -> Table:
    """One column of a table, as a view: a field's name, or several joined by dots for a nested row."""
    for name in path.split("."):
        table = table[name]
    return table


def _number(name: str) -> property:
    def get(self: Row) -> Any:
        return self._record[name].item()

    def put(self: Row, value: float) -> None:
        self._record[name] = value

    return property(get, put)


def _vector(name: str) -> property:
    def get(self: Row) -> Any:
        return self._record[name]

    return property(get)


def _nested(name: str, row: type[Row]) -> property:
    def get(self: Row) -> Any:
        return row(self._record[name])

    return property(get)


AnyRow = TypeVar("AnyRow", bound=Row)


class RowTable(Generic[AnyRow]):
    """A table whose rows are ``Row`` objects over the array's memory: compiled code's table, uncompiled."""

    def __init__(self, row: Callable[[Any], AnyRow], table: Table) -> None:
        self._row = row
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, index: int) -> AnyRow:
        return self._row(self._table[index, ...])

    def __setitem__(self, index: int, row: AnyRow) -> None:
        self._table[index] = row._record
