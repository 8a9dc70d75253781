"""What every detector must pass, built-in or not: checks that return readable failures.

    failures = check_detector(detector)      # name of the check -> what is wrong, empty where all is well

Checks play the detector's own scenarios, as they are and changed in ways that must not matter. Those of an
``Invariant`` are left out for a detector that declares itself exempt from it, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tapewarden.engine.contract import Detector, Invariant
from tapewarden.runtime.conformance import describing, invariance, proving
from tapewarden.runtime.running import run_scenario

__all__ = ["CHECKS", "Check", "check_detector", "run_scenario"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; ``find`` gives a line for each way in which it does not."""

    name: str
    find: Callable[[Detector], Iterator[str]]
    invariant: Invariant | None = None

    def failures(self, detector: Detector) -> list[str]:
        """What is wrong with a detector; nothing for one that is exempt."""
        if self.invariant is not None and self.invariant.value in detector.exempt:
            return []
        return list(self.find(detector))


def check_detector(detector: Detector) -> dict[str, list[str]]:
    """Every check by its name, with what it found wrong. Takes seconds to a minute."""
    return {check.name: check.failures(detector) for check in CHECKS}


CHECKS: Final = (
    Check("metadata", describing.metadata),
    Check("documentation", describing.documentation),
    Check("scenarios", proving.scenarios),
    Check("silent on the ambient market", proving.ambient),
    Check("same tape twice", invariance.same_twice),
    Check("any batches", invariance.splits),
    Check("snapshot and restore", invariance.snapshots),
    Check("compiled and not", invariance.twin),
    Check("evidence inside the lookback", proving.lookback),
    Check("every condition matters", proving.conditions),
    Check("readiness", proving.readiness),
    Check("interleaving", invariance.interleaving, Invariant.INTERLEAVING),
    Check("renaming", invariance.renaming, Invariant.RENAMING),
    Check("shifting", invariance.shifting, Invariant.SHIFTING),
    Check("mirroring", invariance.mirroring, Invariant.MIRRORING),
    Check("scaling", invariance.scaling, Invariant.SCALING),
    Check("draining", proving.draining, Invariant.DRAINING),
)
"""All checks, in the order in which they are shown."""
