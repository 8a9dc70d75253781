"""Tapes that are in memory: read as those on disk are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import Flag, Tier
from tapewarden.engine.contract import Detector
from tapewarden.engine.parameters import nearest
from tapewarden.engine.scenarios import Scenario, play
from tapewarden.tape.header import Provenance, TapeHeader
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.tally import Tally


class MemoryTape(TapeReader):
    """A tape that is one batch. Its directory is a copy: reading may add to it."""

    def __init__(
        self,
        source: str,
        batch: EventBatch,
        directory: Directory,
        *,
        tier: Tier | None = None,
        provenance: Provenance | None = None,
    ) -> None:
        tally = Tally()
        tally.add(batch)
        super().__init__(source, TapeHeader.of(directory, tier, provenance or Provenance(), tally.counts()))
        self.directory.order_names = directory.order_names
        self._batch = batch

    def stored_batches(self) -> Iterator[EventBatch]:
        """The batch."""
        yield self._batch


class MemorySink:
    """A sink that keeps what it is given."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._batches: list[EventBatch] = []

    def write(self, batch: EventBatch) -> None:
        """Take the next events of the tape."""
        self._batches.append(batch)

    def batch(self) -> EventBatch:
        """Everything written so far."""
        return EventBatch.concatenate(self._batches)


def scenario_tape(detector: Detector, scenario: Scenario) -> MemoryTape:
    """The tape of a detector's scenario. Every event is flagged SIMULATED; the tier is the detector's.

    Raises:
        InputError: For bad notation, naming the scenario and the line.
    """
    batch, directory = play(scenario)
    marked = EventBatch(**{**dict(batch.columns()), "flags": batch.flags | np.uint16(Flag.SIMULATED)})
    provenance = Provenance(
        origin=f"synthetic: scenario of {detector.id}", parameters={"scenario": scenario.name}
    )
    source = f"{detector.id}, {scenario.name} (synthetic)"
    return MemoryTape(source, marked, directory, tier=detector.meta.tier, provenance=provenance)


def choose_scenario(detector: Detector, name: str | None) -> Scenario:
    """The scenario of this name, or the detector's first that fires; ``ConfigurationError`` if none."""
    known = {scenario.name: scenario for scenario in detector.scenarios}
    if name is None:
        firing = [scenario for scenario in detector.scenarios if scenario.count]
        if firing:
            return firing[0]
        raise ConfigurationError(f"{detector.id}: expected a scenario that fires, there is none")
    if name not in known:
        raise ConfigurationError(f"{detector.id}: no scenario {name!r}{nearest(name, known)}")
    return known[name]
