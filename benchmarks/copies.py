"""Twenty detectors, whatever number there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from benchmarks.figures import NotMeasuredError
from tapewarden.engine.contract import Detector

COUNT: Final = 20


def twenty(detectors: Sequence[Detector], most_copies: int = COUNT) -> list[Detector]:
    """All detectors, and copies of them in turn until there are twenty; of more, all.

    A copy has an id, state and machine code of its own, and fires as often as its original. There are at most
    ``most_copies``: compiling one takes seconds.

    Raises:
        NotMeasuredError: If there is no detector at all.
    """
    if not detectors:
        raise NotMeasuredError("there are no detectors")
    numbers = range(len(detectors), min(COUNT, len(detectors) + most_copies))
    return [*detectors, *(renamed(detectors[number % len(detectors)], number) for number in numbers)]


def renamed(detector: Detector, number: int) -> Detector:
    """The same rule under an id that no built-in detector has, such as ``C-SPF-01-07``."""
    return replace(detector, meta=replace(detector.meta, id=f"C-{detector.id}-{number:02}"))
