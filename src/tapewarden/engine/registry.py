"""Finding detectors: the built-in ones, and those of third parties by entry point."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from typing import Final

from tapewarden.domain.errors import ConfigurationError
from tapewarden.engine.contract import Detector, DetectorError, check_contract
from tapewarden.engine.parameters import nearest

BUILT_IN: Final = "tapewarden.detectors"
"""Package whose modules each hold a ``DETECTOR``; also the entry-point group of third parties."""


def find_detectors() -> tuple[Detector, ...]:
    """All detectors there are, in the order of their ids. Cost: imports the module of each.

    Raises:
        DetectorError: For one that does not keep the contract, one that cannot be imported, and two of
            the same id.
    """
    return ordered([*built_in_detectors(), *_announced_detectors()])


def built_in_detectors() -> tuple[Detector, ...]:
    """The detectors that come with tapewarden, in the order of their ids."""
    return ordered(_from_package(BUILT_IN))


def ordered(detectors: Iterable[Detector]) -> tuple[Detector, ...]:
    """Detectors in the order of their ids, each held to the contract.

    Raises:
        DetectorError: For one that breaks the contract, and for two of the same id.
    """
    found: dict[str, Detector] = {}
    for detector in detectors:
        check_contract(detector)
        other = found.setdefault(detector.id, detector)
        if other is not detector:
            raise DetectorError(
                f"{detector.id}: expected one detector of this id, received two, "
                f"of {other.step.__module__} and {detector.step.__module__}"
            )
    return tuple(found[name] for name in sorted(found))


def select(detectors: Iterable[Detector], ids: Iterable[str]) -> tuple[Detector, ...]:
    """The detectors of these ids, in the order of their ids.

    Raises:
        ConfigurationError: For an id that no detector has, with the nearest that one has.
    """
    known = {detector.id: detector for detector in detectors}
    chosen = set()
    for name in ids:
        if name not in known:
            raise ConfigurationError(f"no detector {name!r}{nearest(name, known)}")
        chosen.add(name)
    return tuple(known[name] for name in sorted(chosen))


def _from_package(package: str) -> Iterator[Detector]:
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        detector = getattr(importlib.import_module(module.name), "DETECTOR", None)
        if not isinstance(detector, Detector):
            raise DetectorError(f"{module.name}: expected a module-level DETECTOR, received {detector!r}")
        yield detector


def _announced_detectors() -> Iterator[Detector]:
    for point in entry_points(group=BUILT_IN):
        try:
            detector = point.load()
        except Exception as error:
            # Whatever a stranger's module raises, its name is what the user needs.
            raise DetectorError(f"entry point {point.name} = {point.value}: {error}") from error
        if not isinstance(detector, Detector):
            raise DetectorError(
                f"entry point {point.name} = {point.value}: expected a Detector, received {detector!r}"
            )
        yield detector
