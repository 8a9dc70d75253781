"""Signals on disk: JSON Lines, one signal per line, in the canonical bytes of ``Signal.to_json``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tapewarden.domain.errors import FieldError, InputError
from tapewarden.domain.signal import Signal
from tapewarden.tape.partial import PartialFile


class SignalFile:
    """Where signals are written to, one line each."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, signal: Signal) -> None:
        """Append one signal."""
        self._stream.write(signal.to_json() + "\n")

    def passing(self, signals: Iterable[Signal]) -> Iterator[Signal]:
        """The signals unchanged, each written on its way."""
        for signal in signals:
            self.write(signal)
            yield signal


@contextmanager
def write_signals(path: Path) -> Iterator[SignalFile]:
    """A file of signals that appears only when all of them are in it; ``InputError`` for a bad place."""
    partial = PartialFile(path)
    try:
        with _opened(partial.path) as stream:
            yield SignalFile(stream)
        partial.commit()
    finally:
        partial.discard()


def read_signals(path: Path) -> Iterator[Signal]:
    """The signals of a file, one after the other.

    Raises:
        InputError: Naming file, line and field, for anything that is not a signal.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            for row, line in enumerate(stream, start=1):
                yield _signal(line, str(path), row)
    except OSError as error:
        raise InputError(str(path), "a file of signals", f"{error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(str(path), "a file of signals", "bytes that are no text") from error


def _signal(line: str, source: str, row: int) -> Signal:
    try:
        return Signal.from_json(line)
    except FieldError as error:
        raise InputError(source, error.expected, error.received, row=row, field=error.field) from error


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(str(path), "a place to write", f"{error.strerror or error}") from error
