"""`Partition`: the view of an engine that is one instrument."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import SnapshotError
from tapewarden.engine.container import unpack
from tapewarden.engine.restoring import account_numbers, put_health, put_instrument
from tapewarden.engine.snapshot import View, state_kind, take_instrument
from tapewarden.engine.tables import UNSET

if TYPE_CHECKING:
    from tapewarden.engine.engine import Engine


class Partition:
    """One instrument of an engine: which rows are its own, and its state as bytes."""

    def __init__(self, engine: Engine, instrument: str) -> None:
        """``instrument`` is its name; ``KeyError`` if the engine's directory has none of that name."""
        number = engine.directory.find_instrument(instrument)
        if number is None:
            raise KeyError(instrument)
        self.engine = engine
        self.instrument = instrument
        self._number = number + 1

    def route(self, batch: EventBatch) -> EventBatch:
        """The rows that concern this instrument: its own, and those that name none."""
        number = self._number - 1
        return batch[np.flatnonzero((batch.instrument == number) | (batch.instrument < 0))]

    def snapshot(self) -> bytes:
        """The instrument's state as canonical bytes: its part of the engine's snapshot."""
        engine = self.engine
        engine.catch_up()
        engine.fit()
        health = engine.ledger.of(self._number)
        view = View(engine.tables, engine.by_instrument, engine.observers, engine.directory, health)
        return take_instrument(view, self._number)

    def restore(self, data: bytes) -> None:
        """Put the state of this instrument back; it must be untouched so far.

        Raises:
            SnapshotError: If it is not, if the bytes are damaged, or if they come from other detectors.
        """
        engine = self.engine
        engine.catch_up()
        if engine.tables.markets[self._number]["clock"] != UNSET:
            raise SnapshotError(
                f"{self.instrument}: expected an untouched instrument, received one with a history"
            )
        sections = unpack(state_kind(engine.by_instrument, engine.observers), data)
        numbers = account_numbers(engine.directory, sections)
        engine.catch_up()
        engine.fit()
        engine.tables = put_instrument(engine.tables, engine.by_instrument, self._number, sections, numbers)
        put_health(engine.ledger.of(self._number), sections)
        for observer in engine.observers:
            part = sections[f"observer/{observer.name}"]
            observer.put(self._number, part, engine.tables, engine.directory)
