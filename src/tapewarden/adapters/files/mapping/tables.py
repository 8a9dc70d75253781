"""The rows of an input file, whatever its format, as tables of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tapewarden.adapters.files.cells import Table, text_column
from tapewarden.adapters.files.delimited import first_fields, read_delimited
from tapewarden.adapters.files.mapping.elements import cell, parse_json, read_elements
from tapewarden.adapters.files.mapping.schema import Column, Format
from tapewarden.adapters.files.mapping.section import nearest
from tapewarden.adapters.files.opening import Advance, open_source, read_lines
from tapewarden.adapters.files.rejects import Rejects, RowError
from tapewarden.domain.errors import InputError

_ROWS: Final = 16_384


def read_tables(
    path: Path, shape: Format, columns: Sequence[Column], rejects: Rejects, advance: Advance
) -> Iterator[Table]:
    """Tables whose columns are called by the text of what ``columns`` asks for.

    Raises ``InputError`` if the file is not of its format or lacks a column.
    """
    match shape.of(path):
        case "csv":
            return _read_csv(path, shape, columns, rejects, advance)
        case "parquet":
            return _read_parquet(path, columns, advance)
        case name:
            return _read_json(path, name, columns, rejects, advance)


def _read_csv(
    path: Path, shape: Format, columns: Sequence[Column], rejects: Rejects, advance: Advance
) -> Iterator[Table]:
    first = first_fields(path, shape.delimiter)
    names = first if shape.header else []
    chosen = {str(column): _place(path, column, names, len(first)) for column in columns}
    places = [str(place) for place in range(len(first))]
    tables = read_delimited(path, rejects, advance, places, header=shape.header, delimiter=shape.delimiter)
    for table in tables:
        selected = {name: table.columns[str(place)] for name, place in chosen.items()}
        yield Table(selected, table.numbers, table.columns)


def _place(path: Path, column: Column, names: Sequence[str], width: int) -> int:
    """Where a column stands, from 0."""
    if isinstance(column, int) and column <= width:
        return column - 1
    if isinstance(column, str) and column in names:
        return names.index(column)
    if names and isinstance(column, str):
        raise InputError(str(path), f"a column {column!r}", f"other columns, {nearest(column, names)}", row=1)
    raise InputError(str(path), f"a column {column!r}", f"{width} columns without such a name", row=1)


def _read_parquet(path: Path, columns: Sequence[Column], advance: Advance) -> Iterator[Table]:
    open_source(path).close()
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            chosen = {str(column): names[_place(path, column, names, len(names))] for column in columns}
            number = 1
            for batch in file.iter_batches(_ROWS, columns=list(dict.fromkeys(chosen.values()))):
                texts = {name: _as_text(path, name, batch.column(source)) for name, source in chosen.items()}
                yield Table(texts, np.arange(number, number + len(batch)))
                number += len(batch)
                advance(path.stat().st_size * len(batch) // file.metadata.num_rows)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InputError(str(path), "a Parquet file", str(error).partition("\n")[0]) from None


def _as_text(path: Path, name: str, values: pa.Array) -> pa.Array:
    """A column of any simple type as text; floats as the shortest text that reads back as the same."""
    if pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        raise InputError(str(path), "a column of texts, numbers or times", str(values.type), field=name)
    texts = values.cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _read_json(
    path: Path, name: str, columns: Sequence[Column], rejects: Rejects, advance: Advance
) -> Iterator[Table]:
    cells: dict[str, list[str | None]] = {str(column): [] for column in columns}
    numbers: list[int] = []
    rows = read_elements(path, rejects, advance) if name == "json" else _json_lines(path, rejects, advance)
    for number, row in rows:
        numbers.append(number)
        for column in columns:
            cells[str(column)].append(cell(row, column))
        if len(numbers) == _ROWS:
            yield _table(cells, numbers)
            cells, numbers = {name: [] for name in cells}, []
    yield _table(cells, numbers)


def _json_lines(path: Path, rejects: Rejects, advance: Advance) -> Iterator[tuple[int, Any]]:
    for number, line in read_lines(path, advance):
        try:
            yield number, parse_json(line)
        except RowError as error:
            rejects.add(path, number, error, line)


def _table(cells: Mapping[str, list[str | None]], numbers: list[int]) -> Table:
    columns = {name: text_column(values) for name, values in cells.items()}
    return Table(columns, np.array(numbers, np.int64))
