"""Order lives on disk: JSON Lines to read, Parquet to calculate with. ``docs/reference/order-lives.md``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import InputError
from tapewarden.domain.numbers import from_units
from tapewarden.runtime.lives import OrderLife
from tapewarden.tape import time_text
from tapewarden.tape.partial import PartialFile
from tapewarden.tape.row_text import id_text

_TEXT: Final = pa.dictionary(pa.int32(), pa.string())
_TIME: Final = pa.timestamp("ns", "UTC")
SCHEMA: Final = pa.schema(
    [
        pa.field("instrument", _TEXT, nullable=False),
        pa.field("order", pa.string(), nullable=False),
        pa.field("account", _TEXT),
        pa.field("side", _TEXT, nullable=False),
        pa.field("entered", _TIME),
        pa.field("ended", _TIME),
        pa.field("ending", _TEXT, nullable=False),
        pa.field("price", pa.int64()),
        pa.field("last_price", pa.int64()),
        *(pa.field(name, pa.int64(), nullable=False) for name in ("size", "increased", "filled", "canceled")),
        *(pa.field(name, pa.int64(), nullable=False) for name in ("remaining", "amends", "reprices")),
        pa.field("entry_distance", pa.int64()),
        pa.field("end_distance", pa.int64()),
        pa.field("flashed", pa.bool_(), nullable=False),
        pa.field("price_exponent", pa.int8(), nullable=False),
        pa.field("size_exponent", pa.int8(), nullable=False),
    ]
)
"""Columns of the Parquet file; prices and sizes are integers at the exponents beside them."""

_TIMES: Final = ("entered", "ended")
_PRICES: Final = ("price", "last_price", "entry_distance", "end_distance")
_SIZES: Final = ("size", "increased", "filled", "canceled", "remaining")
_GROUP: Final = 65_536


class _Writer(Protocol):
    def write(self, facts: dict[str, Any]) -> None: ...

    def close(self) -> None: ...


class LifeFile:
    """Where lives are written to."""

    def __init__(self, directory: Directory, writer: _Writer) -> None:
        self._directory = directory
        self._writer = writer

    def passing(self, lives: Iterable[OrderLife]) -> Iterator[OrderLife]:
        """The lives unchanged, each written on its way."""
        for life in lives:
            self._writer.write(_facts(life, self._directory))
            yield life


@contextmanager
def write_lives(path: Path, directory: Directory) -> Iterator[LifeFile]:
    """A file that appears only when all lives are in it: ``.jsonl`` or ``.parquet``.

    Raises:
        InputError: For another suffix, or where no file can be written.
    """
    writers: dict[str, Callable[[Path], _Writer]] = {".jsonl": _JsonLines, ".parquet": _Parquet}
    if path.suffix not in writers:
        raise InputError(str(path), "a name ending in .jsonl or .parquet", path.suffix or "none")
    partial = PartialFile(path)
    try:
        try:
            writer = writers[path.suffix](partial.path)
        except OSError as error:
            raise InputError(str(path), "a place to write", f"{error.strerror or error}") from error
        try:
            yield LifeFile(directory, writer)
        finally:
            writer.close()
        partial.commit()
    finally:
        partial.discard()


class _JsonLines:
    """One object per line: decimals and times as text, what is unknown left out."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb")

    def write(self, facts: dict[str, Any]) -> None:
        price, size = facts.pop("price_exponent"), facts.pop("size_exponent")
        known = {name: value for name, value in facts.items() if value is not None}
        for names, text in (
            (_TIMES, time_text),
            (_PRICES, lambda units: from_units(units, price)),
            (_SIZES, lambda units: from_units(units, size)),
        ):
            known.update({name: text(known[name]) for name in names if name in known})
        self._stream.write(msgspec.json.encode(known) + b"\n")

    def close(self) -> None:
        self._stream.close()


class _Parquet:
    """Row groups of ``_GROUP`` lives."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetWriter(path, SCHEMA, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def write(self, facts: dict[str, Any]) -> None:
        self._rows.append(facts)
        if len(self._rows) == _GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        self._file.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
        self._rows.clear()


def _facts(life: OrderLife, directory: Directory) -> dict[str, Any]:
    """The columns of a life: names and texts for numbers of the directory, units for prices and sizes."""
    instrument = directory.instruments[life.instrument]
    account = None if life.account is None else directory.accounts[life.account].name
    facts: dict[str, Any] = {
        "instrument": instrument.name,
        "order": id_text(life.order, directory.order_names),
        "account": account,
        "side": life.side.name,
        "price_exponent": instrument.price_exponent,
        "size_exponent": instrument.size_exponent,
    }
    facts |= {field: getattr(life, field) for field in (*_TIMES, *_PRICES, *_SIZES)}
    facts |= {"ending": life.ending.value, "amends": life.amends, "reprices": life.reprices}
    facts["flashed"] = life.flashed
    return facts
