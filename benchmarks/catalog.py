"""All benchmarks by name, run one after another."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from benchmarks.figures import NotMeasuredError, Report
from benchmarks.scale import Scale
from tapewarden.domain.errors import ConfigurationError

MODULES: Final[Mapping[str, str]] = {
    "books": "books",
    "engine": "engine",
    "detectors": "detectors",
    "features": "features",
    "pathway": "pathway_comparison",
    "forest": "forest",
    "memory": "memory",
    "start": "start",
    "tape": "tape",
    "replay": "replay",
    "simulator": "simulator",
    "journal": "journal",
    "wire": "wire",
    "ingest": "ingest",
    "pipeline": "pipeline",
    "cases": "cases",
    "desktop": "desktop",
    "console": "console",
}
"""Modules of this package, each with a function ``measure``, by the name of the benchmark."""


def choose(name: str | None) -> tuple[str, ...]:
    """One benchmark, or all; ``ConfigurationError`` for a name that none has."""
    if name is None:
        return tuple(MODULES)
    if name not in MODULES:
        raise ConfigurationError(f"no benchmark {name!r}; there are {', '.join(MODULES)}")
    return (name,)


def run(names: Iterable[str], scale: Scale) -> Iterator[Report]:
    """The reports of benchmarks as they are done; one that cannot be measured says why.

    Raises:
        DisagreementError: If the two sides of one give different outputs.
    """
    for name in names:
        try:
            measure = importlib.import_module(f"benchmarks.{MODULES[name]}").measure
            yield measure(scale)
        except (NotMeasuredError, ModuleNotFoundError) as error:
            yield Report(name=name, method="", notes=(f"not measured: {error}",))
