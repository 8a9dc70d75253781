"""The scenarios of a detector, played."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tapewarden.domain.signal import Signal
from tapewarden.engine.contract import Detector
from tapewarden.engine.scenarios import Scenario
from tapewarden.runtime.running import Tape, run_scenario, tape_of


def played(detector: Detector) -> Iterator[tuple[Scenario, Tape, list[Signal]]]:
    """The detector's scenarios, their tapes and the signals on them."""
    for scenario in detector.scenarios:
        yield scenario, tape_of(scenario), list(signals_on(detector, scenario))


@lru_cache(maxsize=256)
def signals_on(detector: Detector, scenario: Scenario) -> tuple[Signal, ...]:
    """The signals of a detector on a scenario, kept because many checks compare with them."""
    return tuple(run_scenario(detector, scenario))
