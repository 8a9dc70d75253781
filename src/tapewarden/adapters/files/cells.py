"""Tables as columns of text, and their conversion to the integers of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tapewarden.adapters.files.decimals import plain_units
from tapewarden.adapters.files.rejects import Rejects, RowError
from tapewarden.adapters.files.rows import Integers, units
from tapewarden.domain.batch import UNKNOWN

MISSING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive rows of a file: columns of text by name, null where empty, and the row numbers from 1.

    ``raw`` are all columns, to show a row with, where ``columns`` are chosen ones.
    """

    columns: Mapping[str, pa.Array]
    numbers: Integers
    raw: Mapping[str, pa.Array] | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    def excerpt(self, row: int) -> str:
        """One row, readable."""
        return ",".join(str(column[row].as_py() or "") for column in (self.raw or self.columns).values())


@dataclass(slots=True)
class Conversion:
    """Turns columns of one table into integers and remembers the first error of each row.

    A function is called once for each distinct text, for texts repeat a lot.
    """

    table: Table
    errors: dict[int, RowError] = field(default_factory=dict)

    def column(
        self, texts: pa.Array, function: Callable[[str], int], name: str, missing: int | None = None
    ) -> Integers:
        """What ``function`` makes of each text, or raises ``RowError`` for.

        Null is ``missing``, or an error if that is not given.
        """
        encoded = texts.dictionary_encode()
        values: list[int] = []
        failures: dict[int, RowError] = {}
        for place, text in enumerate(encoded.dictionary.to_pylist()):
            try:
                values.append(function(text))
            except RowError as error:
                failures[place] = error
                values.append(UNKNOWN)
        if missing is None:
            failures[len(values)] = RowError(name, "a value", MISSING)
        values.append(UNKNOWN if missing is None else missing)
        places: Integers = pc.fill_null(encoded.indices, len(values) - 1).to_numpy(zero_copy_only=False)
        self._fail(places, failures)
        return np.take(_integers(values), places)

    def units(
        self, texts: pa.Array, groups: Integers, exponents: Sequence[int], name: str, *, zero: bool = False
    ) -> Integers:
        """Exact units of prices or sizes; row ``i`` is at ``exponents[groups[i]]``.

        Null is -1, and so is all of a group below 0, which is of no known instrument.
        """
        result = np.full(len(texts), UNKNOWN, np.int64)
        for group in np.unique(groups[groups >= 0]).tolist():
            rows = np.flatnonzero(groups == group)
            chosen = texts if len(rows) == len(texts) else texts.take(rows)
            quick = plain_units(chosen, exponents[group])
            if quick is not None and (zero or quick.all()):
                result[rows] = quick
                continue
            to_units = partial(units, exponent=exponents[group], field=name, zero=zero)
            part = Conversion(self.table)
            result[rows] = part.column(chosen, to_units, name, UNKNOWN)
            for place, error in part.errors.items():
                self.errors.setdefault(int(rows[place]), error)
        return result

    def require(self, met: npt.NDArray[np.bool_], name: str, expected: str, received: str = MISSING) -> None:
        """Every row for which a condition is not met is in error."""
        for row in np.flatnonzero(~met).tolist():
            self.errors.setdefault(row, RowError(name, expected, received))

    def clean(self) -> npt.NDArray[np.bool_]:
        """Mask of the rows without errors so far."""
        mask = np.ones(len(self.table), bool)
        mask[list(self.errors)] = False
        return mask

    def good(self, rejects: Rejects, path: Path) -> npt.NDArray[np.bool_]:
        """Mask of the rows without errors; the others go to the rejects."""
        for row in sorted(self.errors):
            rejects.add(path, int(self.table.numbers[row]), self.errors[row], self.table.excerpt(row))
        return self.clean()

    def _fail(self, places: Integers, failures: Mapping[int, RowError]) -> None:
        if failures:
            for row in np.flatnonzero(np.isin(places, list(failures))).tolist():
                self.errors.setdefault(row, failures[int(places[row])])


def whole_number(text: str, name: str) -> int:
    """The value of up to 19 decimal digits; ``RowError`` beyond 63 bits or for anything else."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and int(digits) < 1 << 63):
        raise RowError(name, "a whole number", text)
    return int(digits)


def _integers(values: list[int]) -> Integers:
    """As 64 bits; ids that use the highest one wrap to negative and back."""
    try:
        return np.array(values, np.int64)
    except OverflowError:
        return np.array([value & (1 << 64) - 1 for value in values], np.uint64).view(np.int64)


def text_column(values: Sequence[str | None]) -> pa.Array:
    """A column of texts and nulls. Halves of surrogate pairs, which JSON lets pass, become question marks."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        whole = [None if value is None else value.encode(errors="replace").decode() for value in values]
        return pa.array(whole, pa.string())
