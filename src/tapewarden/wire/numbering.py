"""`Numbering`: the numbers of one source and epoch turned into those of a directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.digests import packages_digest
from tapewarden.domain.batch import COLUMN_TYPES, UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.wire.checking import EXPECTED, FAULT_FIELDS, Meanings, checker, rules_for
from tapewarden.wire.decoding import COMPILED, WireBatch
from tapewarden.wire.definitions import Definitions, Numbered, read_definitions, refused
from tapewarden.wire.scanning import FIRST_NAMED

Numbers = npt.NDArray[np.int32]

MOST: Final = 2**20
"""Instruments, accounts and feeds that a source may number unless more are asked for."""


class Reject(NamedTuple):
    """A row, counted from 0, that says what no event can say."""

    row: int
    field: str
    expected: str
    received: str


class Taken(NamedTuple):
    """The rows of a batch that are events, in their order, and those that are none."""

    events: EventBatch
    rejects: tuple[Reject, ...]


class Numbering:
    """What the numbers of one source and epoch stand for, and how its batches become events.

    Memory: 4 bytes per definition, beside what the directory keeps; of each kind ``most`` are taken.
    """

    def __init__(self, directory: Directory, source: str, most: int = MOST) -> None:
        self._directory = directory
        self._check = checker(packages_digest(*COMPILED))
        self._feeds = _Table(directory.sources.number(source), directory.sources.find, most)
        self._instruments = _Table(UNKNOWN, directory.find_instrument, most)
        self._accounts = _Table(UNKNOWN, directory.find_account, most)

    @property
    def tables(self) -> tuple[Numbers, Numbers, Numbers]:
        """What the numbers of feeds, instruments and accounts stand for: numbers of the directory. Copies."""
        return self._feeds.meanings.copy(), self._instruments.meanings.copy(), self._accounts.meanings.copy()

    def restore(self, tables: tuple[Numbers, Numbers, Numbers]) -> None:
        """Go on where another one with these ``tables`` and an equal directory was."""
        for table, meanings in zip((self._feeds, self._instruments, self._accounts), tables, strict=True):
            table.restore(meanings)

    @property
    def count(self) -> int:
        """How many numbers are defined."""
        return len(self._feeds.meanings) + len(self._instruments.meanings) + len(self._accounts.meanings) - 3

    def take(self, batch: WireBatch) -> Taken:
        """The events of a batch of the source; call once per batch, in their order. Uses up the batch.

        Raises:
            InputError: If a definition is none, or says something else than before; nothing was taken.
        """
        definitions = read_definitions(batch.definitions, self._directory)
        if any(definitions):
            self._learn(definitions)
        faults = np.zeros(len(batch), np.uint8)
        meanings = Meanings(self._feeds.meanings, self._instruments.meanings, self._accounts.meanings)
        lengths = batch.ends - batch.starts
        self._check(batch.values, lengths, rules_for(*map(len, meanings)), meanings, faults)
        if lengths.any():
            self._learn_names(batch, faults)
        events = _events(batch)
        if not faults.any():
            return Taken(events, ())
        return Taken(
            events[faults == 0], tuple(_reject(batch, faults, row) for row in np.flatnonzero(faults).tolist())
        )

    def _learn(self, definitions: Definitions) -> None:
        """Check that numbers follow one another and keep their meaning, then learn all of them."""
        directory = self._directory
        said = (
            (self._instruments, definitions.instruments),
            (self._accounts, definitions.accounts),
            (self._feeds, definitions.feeds),
        )
        for table, numbered in said:
            table.check(numbered)
        for one in definitions.instruments:
            directory.add_instrument(one.noun)
        for one in definitions.accounts:
            directory.add_account(one.name, one.noun.owner)
        for one in definitions.feeds:
            directory.sources.number(one.name)
        for one in definitions.names:
            directory.order_names.learn(one.number, one.name)
        for table, numbered in said:
            table.learn(numbered)

    def _learn_names(self, batch: WireBatch, faults: npt.NDArray[np.uint8]) -> None:
        for row, name in np.argwhere(batch.ends > batch.starts).tolist():
            if not faults[row]:
                text = batch.data[batch.starts[row, name] : batch.ends[row, name]].decode()
                number = int(batch.values[FIRST_NAMED + name, row]) & 0xFFFF_FFFF_FFFF_FFFF
                self._directory.order_names.learn(number, text)


class _Table:
    """Numbers of the directory by numbers of the source; ``find`` gives the former by name."""

    def __init__(self, nobody: int, find: Callable[[str], int | None], most: int) -> None:
        self._meanings = np.full(16, nobody, np.int32)
        self._count = 1
        self._find = find
        self._most = most

    @property
    def meanings(self) -> Numbers:
        return self._meanings[: self._count]

    def restore(self, meanings: Numbers) -> None:
        self._count = len(meanings)
        self._meanings = np.array([*meanings.tolist(), UNKNOWN], np.int32)

    def check(self, definitions: list[Numbered]) -> None:
        """Refuse a number that leaves some out, or that stands for something else already."""
        fresh: dict[int, str] = {}
        for one in definitions:
            next_one = min(self._count + len(fresh), self._most)
            if not 0 < one.number <= next_one:
                raise refused(f"{one.field}: number", f"1 to {next_one}", str(one.number))
            if one.number < self._count:
                same = self._find(one.name) == self._meanings[one.number]
            else:
                same = fresh.setdefault(one.number, one.name) == one.name
            if not same:
                expected = f"what number {one.number} stood for before"
                raise refused(f"{one.field}: number", expected, repr(one.name))

    def learn(self, definitions: list[Numbered]) -> None:
        """Learn what was checked and is in the directory."""
        for one in definitions:
            if one.number == len(self._meanings):
                self._meanings = np.concatenate([self._meanings, np.empty_like(self._meanings)])
            meaning = self._find(one.name)
            assert meaning is not None
            self._meanings[one.number] = meaning
            self._count = max(self._count, one.number + 1)


def _events(batch: WireBatch) -> EventBatch:
    """The checked numbers as columns of their types."""
    return EventBatch(
        **{
            name: column.view(dtype) if dtype.itemsize == 8 else column.astype(dtype)
            for (name, dtype), column in zip(COLUMN_TYPES.items(), batch.values, strict=True)
        }
    )


def _reject(batch: WireBatch, faults: npt.NDArray[np.uint8], row: int) -> Reject:
    fault = int(faults[row]) - 1
    if fault < len(COLUMN_TYPES):
        received = str(batch.values[fault, row])
    else:
        name = fault - len(COLUMN_TYPES)
        received = f"{batch.ends[row, name] - batch.starts[row, name]} bytes"
    return Reject(row, FAULT_FIELDS[fault], EXPECTED[fault], received)
