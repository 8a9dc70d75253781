"""What the demonstration plays: a part of a recorded tape, and each detector's own proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.engine.contract import Detector
from tapewarden.engine.scenarios import Scenario
from tapewarden.runtime.configuration import Configuration
from tapewarden.runtime.memory_tapes import scenario_tape
from tapewarden.runtime.replay import Replay


@dataclass(frozen=True, slots=True)
class Proof:
    """A scenario on which a detector must fire and a near-miss on which it must not, both played."""

    detector: Detector
    scenario: Scenario
    signals: Sequence[Signal]
    near_miss: Scenario
    false_alarms: int


def prove(detectors: Iterable[Detector], seed: int) -> Iterator[Proof]:
    """Play one scenario of each kind for each detector; ``seed`` chooses which. 0: the first ones."""
    for detector in detectors:
        firing = [scenario for scenario in detector.scenarios if scenario.count]
        quiet = [scenario for scenario in detector.scenarios if not scenario.count]
        if firing and quiet:
            scenario, near_miss = firing[seed % len(firing)], quiet[seed % len(quiet)]
            false_alarms = len(_played(detector, near_miss))
            yield Proof(detector, scenario, _played(detector, scenario), near_miss, false_alarms)


def first_seconds(batch: EventBatch, seconds: float | None) -> EventBatch:
    """The rows up to so many seconds of event time after the first; all of them for ``None``."""
    known = batch.ts_event[batch.ts_event != UNKNOWN]
    if seconds is None or not len(known):
        return batch
    late = batch.ts_event > known[0] + int(seconds * SECOND)
    return batch[: int(np.argmax(late))] if late.any() else batch


def _played(detector: Detector, scenario: Scenario) -> list[Signal]:
    """The signals of one detector alone, so that a scenario shows what it is meant to show."""
    return list(Replay(scenario_tape(detector, scenario), Configuration(detectors=(detector,))))
