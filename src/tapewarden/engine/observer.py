"""`Observer`: what sees every act beside the detectors, such as the windows of the anomaly model.

A detector remembers one row per key and is asked act by act; an observer sees the acts of a part of a batch
at once and keeps what it likes, as long as all of it belongs to some instrument.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.signal import Signal
from tapewarden.engine.tables import Tables


class Observer(Protocol):
    """Sees acts in tape order. What it says and keeps must not depend on how the tape is cut into parts."""

    @property
    def name(self) -> str:
        """What its state is called in snapshots, unlike that of any other observer of the engine."""

    @property
    def detectors(self) -> tuple[str, ...]:
        """Ids under which it brings signals; none if it brings none."""

    @property
    def layout(self) -> str:
        """Everything that decides how its bytes are read and what it does with them: version, parameters."""

    def observe(
        self, part: EventBatch, acts: Table, tables: Tables, directory: Directory
    ) -> Iterable[tuple[int, Signal]]:
        """See the acts of a part; bring signals, each with the row of the part that brought it.

        The tables are as of the part's end, and overwritten by the next one, as ``acts`` are. The engine
        adds to each signal the quality facts as known by its row; whether the data was blind the observer
        says, as acts tell it.
        """

    def take(self, instrument: int, directory: Directory) -> bytes:
        """What it keeps of an instrument (by number, from 1), canonical: names instead of numbers.

        It may tell of an actor only while the engine keeps the pair: it acted in the last day.
        """

    def put(self, instrument: int, data: bytes, tables: Tables, directory: Directory) -> None:
        """Go on from what ``take`` took; the engine's own tables and the directory are in place already."""
