"""CSV and its kin as tables of text, a block of lines at a time.

A line is a row: line ends inside quotes are not supported, so that a stray quote costs one row and not the
rest of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from tapewarden.adapters.files.cells import Table, text_column
from tapewarden.adapters.files.opening import Advance, open_text, read_blocks
from tapewarden.adapters.files.rejects import Rejects, RowError
from tapewarden.domain.errors import InputError


def first_fields(path: Path, delimiter: str = ",") -> list[str]:
    """The fields of the first line: a header, or the first row of a file without one.

    Raises ``InputError`` if it is no text or its quotes do not match.
    """
    with open_text(path) as stream:
        line = stream.readline(1 << 20).rstrip(b"\r\n")
    try:
        return [field.strip() for field in split_line(line, delimiter)]
    except RowError as error:
        raise InputError(str(path), error.expected, error.received, row=1) from None


def split_line(line: bytes, delimiter: str) -> list[str]:
    """The fields of one line; ``RowError`` if it is no text or its quotes do not match."""
    try:
        text = line.decode()
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        expected = "text in UTF-8" if isinstance(error, UnicodeDecodeError) else "fields with matching quotes"
        raise RowError("row", expected, str(error)) from None


def read_delimited(
    path: Path,
    rejects: Rejects,
    advance: Advance,
    names: Sequence[str],
    *,
    header: bool,
    delimiter: str = ",",
) -> Iterator[Table]:
    """The rows of a file whose columns are called ``names``; rows of another width are rejected."""
    for number, block in read_blocks(path, advance, skip=int(header)):
        table = _read_quickly(block, number, names, delimiter)
        yield table or _read_carefully(block, number, names, delimiter, partial(rejects.add, path))


def _read_quickly(block: bytes, number: int, names: Sequence[str], delimiter: str) -> Table | None:
    """A block without surprises as a table: no quotes, no blank lines, one width, all of it UTF-8."""
    if b'"' in block:
        return None
    places = [str(place) for place in range(len(names))]
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(block),
            pyarrow.csv.ReadOptions(use_threads=False, column_names=places, block_size=len(block) + 1),
            pyarrow.csv.ParseOptions(delimiter=delimiter, quote_char=False),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    if len(table) != lines:
        return None
    columns = [column.combine_chunks() for column in table.columns]
    return Table(dict(zip(names, columns, strict=True)), np.arange(number, number + lines))


def _read_carefully(
    block: bytes,
    number: int,
    names: Sequence[str],
    delimiter: str,
    reject: Callable[[int, RowError, bytes], None],
) -> Table:
    """The same line by line, which says what is wrong with which."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    lines = (line.removesuffix(b"\r") for line in block.split(b"\n"))
    for row, line in enumerate(lines, number):
        if not line:
            continue
        try:
            fields = split_line(line, delimiter)
            if len(fields) != len(names):
                raise RowError("row", f"{len(names)} fields", f"{len(fields)}")
        except RowError as error:
            reject(row, error, line)
            continue
        rows.append(fields)
        numbers.append(row)
    columns = zip(*rows, strict=True) if rows else [[] for _ in names]
    texts = [text_column([value or None for value in column]) for column in columns]
    return Table(dict(zip(names, texts, strict=True)), np.array(numbers, np.int64))
