"""Running detectors, with their default parameters, over scenarios and tapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.signal import Signal
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import Scenario, play


class Tape(NamedTuple):
    """A whole tape in memory, and what its numbers stand for."""

    batch: EventBatch
    directory: Directory


@lru_cache(maxsize=64)
def tape_of(scenario: Scenario) -> Tape:
    """The tape of a scenario, kept because many checks play the same one. Nobody may change it."""
    return Tape(*play(scenario))


def run_scenario(detector: Detector, scenario: Scenario, *, compiled: bool = True) -> list[Signal]:
    """The signals of a detector on the tape of a scenario.

    Raises:
        InputError: For bad notation, naming the scenario and the line.
    """
    return run_tape([detector], tape_of(scenario), compiled=compiled)


def run_tape(
    detectors: Sequence[Detector],
    tape: Tape,
    *,
    batches: Iterable[EventBatch] | None = None,
    compiled: bool = True,
) -> list[Signal]:
    """The signals of detectors on a tape, whole or in the batches it was cut into."""
    engine = Engine(tape.directory, detectors, compiled=compiled)
    cut = [tape.batch] if batches is None else batches
    signals = [signal for batch in cut for signal in engine.process(batch)]
    return [*signals, *engine.finish()]
