"""Which detectors can run on a tape, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tapewarden.domain.kinds import Tier
from tapewarden.engine.contract import Detector
from tapewarden.engine.registry import select
from tapewarden.runtime.configuration import Configuration, load_configuration


@dataclass(frozen=True, slots=True)
class Blind:
    """A detector that does not run on a tape, and why."""

    detector: Detector
    why: str


def configured(
    known: Iterable[Detector], path: Path | None = None, ids: Iterable[str] | None = None
) -> Configuration:
    """The configuration in a file, or the default one; ``ids`` name the detectors to run, whatever it says.

    Raises:
        ConfigurationError: For a wrong file, and for an id that no detector has.
    """
    known = tuple(known)
    configuration = Configuration(detectors=known) if path is None else load_configuration(path, known)
    return configuration if ids is None else replace(configuration, detectors=select(known, ids))


def split_by_tier(
    detectors: Iterable[Detector], tier: Tier | None
) -> tuple[tuple[Detector, ...], tuple[Blind, ...]]:
    """Those that a tape of this tier shows enough for, and those it does not.

    A tape that does not say its tier (``None``) keeps nobody from running.
    """
    able, blind = [], []
    for detector in detectors:
        if tier is None or detector.meta.tier <= tier:
            able.append(detector)
        else:
            blind.append(Blind(detector, f"needs {detector.meta.tier.name}, tape is {tier.name}"))
    return tuple(able), tuple(blind)
