"""Batches of events made into `EventBatch` messages, readable rows or raw columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.identifiers import TEXT_ID
from tapewarden.domain.kinds import Side
from tapewarden.wire.decoding import Position
from tapewarden.wire.layout import DEFAULTS, FIELDS, MAX_ID, NAME_FIELDS, NUMBERED, SIGNED, WIDTHS
from tapewarden.wire.parties import account_message, instrument_message
from tapewarden.wire.v1 import ingest_pb2, market_pb2

_IDS: Final = ("order", "counter_order", "trade")
_LARGEST: Final = 2**64 - 1
_WORTH_NARROWING: Final = 16  # rows; the widths and bases of fewer take more bytes than they save
_NARROW: Final = {np.dtype(f"<u{width}"): 2 ** (8 * width) - 1 for width in (1, 2, 4)}
_SELL: Final = np.int8(market_pb2.SIDE_SELL)

MOST_DEFINITIONS: Final = 700
"""In a message with rows, and of each kind in one without: 4 MiB hold them, whatever their names."""


class Encoder:
    """The messages of one source, one batch after another.

    A number on the wire is that of the directory plus 1, so the same directory gives the same numbers. Each
    message defines what the directory gave a number since the last one; an owner that becomes known later
    is for `Register` to tell. The texts of ids go with every batch that uses them, as far as the directory
    still knows them. The directory may grow meanwhile, in another thread too.
    """

    def __init__(self, directory: Directory, start: Position) -> None:
        self._directory = directory
        self._defined = (0, 0, 0)
        self.position = start
        """That of the next event."""

    @property
    def undefined(self) -> int:
        """How many numbers of the directory no message has defined yet."""
        return sum(self._known()) - sum(self._defined)

    def forget(self) -> None:
        """Define everything anew from the next message on: for a new connection."""
        self._defined = (0, 0, 0)

    def definitions(self, position: Position) -> Iterator[bytes]:
        """Messages without rows that define all that is not defined yet, each within the usual limits.

        ``position`` is that of the event that will follow them.
        """
        while self.undefined:
            yield bytes(self._define(position, MOST_DEFINITIONS).SerializeToString())

    def rows(self, batch: EventBatch) -> bytes:
        """The message with one `Event` per row: about 5 µs per row."""
        message = self._begin(batch)
        for row in _wire_rows(batch):
            self._name(message.events.add(**row))
        return bytes(message.SerializeToString())

    def columns(self, batch: EventBatch) -> bytes:
        """The message with raw columns: a few dozen µs, and nanoseconds per row."""
        message = self._begin(batch)
        narrow = len(batch) >= _WORTH_NARROWING
        widths, bases = dict.fromkeys(FIELDS, 1), dict.fromkeys(FIELDS, 0)
        for name, column in _wire_columns(batch):
            numbers = column.astype(WIDTHS[name], copy=False)
            if narrow:
                numbers, bases[name] = _narrowed(numbers)
                widths[name] = numbers.itemsize
            setattr(message.columns, FIELDS[name], numbers.tobytes())
        if narrow:
            message.columns.widths = bytes(widths.values())
            message.columns.bases = np.array([base & _LARGEST for base in bases.values()], "<u8").tobytes()
        for number in _text_ids(batch):
            text = self._text(number)
            if text is not None:
                message.names.add(id=number, name=text)
        return bytes(message.SerializeToString())

    def _begin(self, batch: EventBatch) -> ingest_pb2.EventBatch:
        """A message with the position and all that is not defined yet."""
        source, epoch, sequence = self.position
        message = self._define(self.position)
        self.position = Position(source, epoch, sequence + len(batch))
        return message

    def _define(self, position: Position, most: int | None = None) -> ingest_pb2.EventBatch:
        """A message with the position and what is not defined yet, of each kind ``most``."""
        source, epoch, sequence = position
        message = ingest_pb2.EventBatch(
            position=ingest_pb2.Position(source=source, epoch=epoch, sequence=sequence)
        )
        instruments, accounts, feeds = new = [
            range(first, end if most is None else min(end, first + most))
            for first, end in zip(self._defined, self._known(), strict=True)
        ]
        directory = self._directory
        for number in instruments:
            instrument = instrument_message(directory.instruments[number])
            message.instruments.add(number=number + 1, instrument=instrument)
        for number in accounts:
            message.accounts.add(number=number + 1, account=account_message(directory.accounts[number]))
        for number in feeds:
            message.feeds.add(number=number + 1, name=directory.sources.text(number))
        self._defined = (new[0].stop, new[1].stop, new[2].stop)
        return message

    def _known(self) -> tuple[int, int, int]:
        """How many instruments, accounts and feeds the directory has."""
        directory = self._directory
        return len(directory.instruments), len(directory.accounts), len(directory.sources)

    def _name(self, event: market_pb2.Event) -> None:
        """Replace the ids that stand for texts by these, where they are known."""
        for column, field in zip(_IDS, NAME_FIELDS, strict=True):
            text = self._text(getattr(event, column))
            if text is not None:
                setattr(event, field, text)
                event.ClearField(column)

    def _text(self, number: int) -> str | None:
        """The text of an id, if it is known and may be told."""
        text = self._directory.order_names.find(number)
        return text if text and len(text.encode()) <= MAX_ID else None


def _wire_columns(batch: EventBatch) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    """The columns that say something, with the numbers of the wire."""
    for (name, column), default in zip(batch.columns(), DEFAULTS.tolist(), strict=True):
        if name in NUMBERED:
            column = column + 1  # noqa: PLW2901
        elif name == "side":
            column = np.where(column == Side.SELL, _SELL, column)  # noqa: PLW2901
        if name == "kind" or (column if default == 0 else column != default).any():
            yield name, column


def _narrowed(column: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], int]:
    """A column's numbers in as few bytes as they are far apart, and what they count from."""
    if column.itemsize == 1:
        return column, 0
    least, largest = int(column.min()), int(column.max())
    for width, most in _NARROW.items():
        if width.itemsize == column.itemsize:
            break
        if least >= 0 and largest <= most:
            return column.astype(width), 0
        if largest - least <= most:
            return (column - least).astype(width), least
    return column, 0


def _wire_rows(batch: EventBatch) -> Iterator[dict[str, int]]:
    columns = dict(_wire_columns(batch))
    fields = [FIELDS[name] for name in columns]
    unknown = [UNKNOWN if name in SIGNED else 0 for name in columns]
    for row in zip(*(column.tolist() for column in columns.values()), strict=True):
        yield {
            field: value
            for field, value, default in zip(fields, row, unknown, strict=True)
            if value != default
        }


def _text_ids(batch: EventBatch) -> list[int]:
    """The ids that stand for texts, each once."""
    ids = np.concatenate([getattr(batch, name) for name in _IDS])
    numbers: list[int] = np.unique(ids[ids >= np.uint64(TEXT_ID)]).tolist()
    return numbers
