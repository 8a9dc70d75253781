"""From lines to batches, for formats that are read one line at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.adapters.files.opening import read_lines
from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.session import Session
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.numbers import MAX_UNITS, to_units

Row = dict[str, int]
"""Some columns of one event, by name; the rest have their defaults."""

Integers = npt.NDArray[np.int64]

Decode = Callable[[int, bytes], Iterable[Row]]
"""The events of one line of this number; ``RowError`` if it is not what it must be."""

BATCH_ROWS: Final = 16_384


def decode_lines(path: Path, session: Session, decode: Decode) -> Iterator[Row]:
    """The events of all lines; what ``decode`` refuses goes to the rejects and stops nothing."""
    for number, line in read_lines(path, session.advance):
        try:
            rows = decode(number, line)
        except RowError as error:
            session.rejects.add(path, number, error, line)
            continue
        yield from rows


def in_batches(rows: Iterable[Row], size: int = BATCH_ROWS) -> Iterator[EventBatch]:
    """The same events as batches of at most ``size`` rows."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield EventBatch.of_rows(chunk)


def units(text: str, exponent: int, field: str, *, zero: bool = False) -> int:
    """Exact units of a price or size; ``RowError`` unless positive, or zero where that is allowed."""
    try:
        value = to_units(text, exponent)
    except ValueError as error:
        raise RowError(field, str(error), text or "nothing") from None
    if value < 0 or (value == 0 and not zero):
        raise RowError(field, "zero or a positive number" if zero else "a positive number", text)
    return value


def check_units(value: int, field: str) -> int:
    """``value`` if it is a positive number of units within bounds; ``RowError`` otherwise."""
    if not 0 < value <= MAX_UNITS:
        raise RowError(field, f"a number from 1 to {MAX_UNITS} units", str(value))
    return value
