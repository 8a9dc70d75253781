"""Rows that cannot be taken: named, counted and kept apart, so that no other row is lost with them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Final, TextIO

from tapewarden.domain.errors import InputError

_EXCERPT: Final = 200


class RowError(ValueError):
    """One field of one row is not what it must be."""

    def __init__(self, field: str, expected: str, received: str) -> None:
        super().__init__(f"{field}: expected {expected}, received {received}")
        self.field = field
        self.expected = expected
        self.received = received


class Rejects:
    """Writes rejected rows as JSON Lines to ``stream`` if there is one, and counts them by field.

    With ``strict`` the first of them raises ``InputError`` instead.
    """

    def __init__(self, stream: TextIO | None = None, *, strict: bool = False) -> None:
        self.by_field: Counter[str] = Counter()
        self.by_source: Counter[str] = Counter()
        self.first: dict[str, InputError] = {}
        self._stream = stream
        self._strict = strict

    def __len__(self) -> int:
        return self.by_field.total()

    def add(self, source: Path, row: int, error: RowError, raw: bytes | str) -> None:
        """Count and keep one row; ``row`` is its number from 1 in the file."""
        received = error.received[:_EXCERPT]
        problem = InputError(str(source), error.expected, received, row=row, field=error.field)
        if self._strict:
            raise problem
        self.by_field[error.field] += 1
        self.by_source[str(source)] += 1
        self.first.setdefault(str(source), problem)
        if self._stream is not None:
            text = raw.decode(errors="replace") if isinstance(raw, bytes) else raw
            line = {
                "source": str(source),
                "row": row,
                "field": error.field,
                "expected": error.expected,
                "received": received,
                "raw": text[:_EXCERPT],
            }
            self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
