"""Rows in JSON, with numbers kept as the text they were written in."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tapewarden.adapters.files.mapping.schema import Column
from tapewarden.adapters.files.opening import Advance, open_text
from tapewarden.adapters.files.rejects import Rejects, RowError
from tapewarden.domain.errors import InputError

_LOOKAHEAD: Final = 1 << 20
"""Longest element, in characters, that is surely read whole."""

_ROW: Final = "an object or an array"
_DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_BETWEEN: Final = re.compile(r"[\s,]*")
_NEXT: Final = re.compile(r"[\]}]\s*,\s*(?=[\[{])")


def parse_json(line: bytes) -> Any:  # noqa: ANN401 - any JSON
    """One row: an object or an array; ``RowError`` for anything else."""
    try:
        row = _DECODER.decode(line.decode())
    except (ValueError, RecursionError) as error:
        raise RowError("json", _ROW, str(error)) from None
    if not isinstance(row, dict | list):
        raise RowError("json", _ROW, str(row))
    return row


def read_elements(path: Path, rejects: Rejects, advance: Advance) -> Iterator[tuple[int, Any]]:
    """Numbers (from 1) and values of the elements of one array that is the whole file.

    What cannot be parsed is rejected up to where the next element seems to begin. Raises ``InputError`` if
    the file is no array, or ends before the array does. Memory: about two megabytes.
    """
    text = _Window(path, advance)
    if text.skip(re.compile(r"\s*")) != "[":
        raise InputError(str(path), "an array of rows in JSON", "something else")
    text.place += 1
    number = 0
    while (letter := text.skip(_BETWEEN)) != "]":
        if not letter:
            raise InputError(str(path), "a complete array of rows in JSON", "the end of the file inside it")
        number += 1
        start = text.place
        try:
            row, text.place = _DECODER.raw_decode(text.buffer, start)
        except (ValueError, RecursionError) as error:
            _reject(rejects, path, number, str(error), text.buffer[start : start + 1000])
            text.resume(path)
            continue
        if isinstance(row, dict | list):
            yield number, row
        else:
            _reject(rejects, path, number, str(row), str(row))


def cell(row: Any, column: Column) -> str | None:  # noqa: ANN401 - any JSON
    """The text of one cell, ``None`` where there is nothing; dots in a name go down into objects."""
    value = row
    if isinstance(row, list):
        value = row[int(column) - 1] if str(column).isdigit() and 0 < int(column) <= len(row) else None
    elif column in row:
        value = row[column]
    else:
        for part in str(column).split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _reject(rejects: Rejects, path: Path, number: int, received: str, raw: str) -> None:
    rejects.add(path, number, RowError("json", _ROW, received), raw)


class _Window:
    """A moving piece of a long text, with at least ``_LOOKAHEAD`` characters ahead unless the end is near."""

    def __init__(self, path: Path, advance: Advance) -> None:
        self._stream = open_text(path, advance)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._ended = False
        self.buffer = ""
        self.place = 0

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Go beyond a match of ``pattern`` and return the character there, empty at the end."""
        self._fill()
        while (match := pattern.match(self.buffer, self.place)) and match.end() > self.place:
            self.place = match.end()
            self._fill()
        return self.buffer[self.place : self.place + 1]

    def resume(self, path: Path) -> None:
        """Go where the next element seems to begin."""
        match = _NEXT.search(self.buffer, self.place)
        if match is not None:
            self.place = match.end()
        elif self._ended:
            closing = self.buffer.rstrip().endswith("]")
            self.place = len(self.buffer.rstrip()) - 1 if closing else len(self.buffer)
        else:
            raise InputError(str(path), f"elements of at most {_LOOKAHEAD} characters", "a longer one")

    def _fill(self) -> None:
        while not self._ended and len(self.buffer) - self.place < _LOOKAHEAD:
            data = self._stream.read(_LOOKAHEAD)
            self._ended = not data
            self.buffer = self.buffer[self.place :] + self._decode(data, self._ended)
            self.place = 0
