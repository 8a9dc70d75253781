"""What a person asks the simulator for: `spoofing@0.3*2`, minutes, a rate, a seed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import MINUTE
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.scenarios.scenario import Ranges
from tapewarden.simulator.staging import Casting, Production

USUAL_SEVERITY: Final = 0.5
_WISH: Final = re.compile(r"(?P<name>[a-z0-9-]+)(@(?P<severity>[0-9.]+))?(\*(?P<count>[0-9]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionPlan:
    """A market, how long it is watched, and who is let loose on it. Equal plans give equal bytes."""

    market: MarketPlan
    minutes: float
    castings: tuple[Casting, ...] = ()
    ranges: Ranges = Ranges.PUBLISHED

    def produce(self) -> Production:
        """The market at its beginning; run it, then ask for the episodes."""
        simulation = paced(self.market)
        until = self.market.start + int(self.minutes * MINUTE)
        return Production(simulation, self.castings, until, seed=self.market.seed, ranges=self.ranges)


def wishes(texts: Sequence[str]) -> tuple[Casting, ...]:
    """Castings for texts such as ``spoofing``, ``spoofing@0.3`` and ``spoofing@0.3*4``.

    Raises:
        ConfigurationError: For another form, an unknown scenario, or a severity beyond 0 to 1.
    """
    return tuple(casting for text in texts for casting in _wish(text))


def _wish(text: str) -> list[Casting]:
    match = _WISH.fullmatch(text)
    if match is None:
        raise ConfigurationError(
            f"scenario: expected NAME, NAME@severity or NAME@severity*count, received {text!r}"
        )
    scenario = find_scenario(match["name"])
    severity = _severity(match["severity"], text)
    return [Casting(scenario, severity)] * int(match["count"] or 1)


def _severity(text: str | None, wish: str) -> float:
    try:
        severity = USUAL_SEVERITY if text is None else float(text)
    except ValueError:
        severity = -1.0
    if not 0 <= severity <= 1:
        raise ConfigurationError(f"{wish}: expected a severity from 0 to 1, received {text}")
    return severity
