"""All scenarios, found by themselves: every module here with ``SCENARIOS``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from tapewarden.domain.errors import ConfigurationError
from tapewarden.simulator import scenarios
from tapewarden.simulator.scenarios.scenario import Scenario


@cache
def all_scenarios() -> Mapping[str, Scenario]:
    """Scenarios by name; twins stand behind what they look like."""
    found: list[Scenario] = []
    for module in pkgutil.iter_modules(scenarios.__path__):
        loaded = importlib.import_module(f"{scenarios.__name__}.{module.name}")
        found += getattr(loaded, "SCENARIOS", ())
    found.sort(key=lambda one: (one.twin_of or one.name, one.twin_of is not None, one.name))
    return {one.name: one for one in found}


def find_scenario(name: str) -> Scenario:
    """The scenario of this name; ``ConfigurationError`` with the nearest name if there is none."""
    known = all_scenarios()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f": {', '.join(known)}"
        raise ConfigurationError(f"scenario: expected one that exists, received {name!r}{hint}")
    return known[name]
