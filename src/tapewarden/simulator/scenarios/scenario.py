"""`Scenario`: something a cast of members does on a market, misconduct or its legitimate look-alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from tapewarden.domain.kinds import MINUTE, LinkKind
from tapewarden.domain.typology import Typology

if TYPE_CHECKING:
    from tapewarden.simulator.members.script import Script
    from tapewarden.simulator.scenarios.stage import Stage


class Ranges(StrEnum):
    """From which ranges a scenario's knobs are drawn: rules are tuned on one, published on the other."""

    TUNING = "tuning"
    PUBLISHED = "published"


_SPREADS: Final = {Ranges.TUNING: (0.9, 1.2), Ranges.PUBLISHED: (0.75, 1.3)}


@dataclass(frozen=True, slots=True)
class Knob:
    """One thing that severity changes: its value in the faintest and in the most brazen form, its unit.

    Between the two it goes geometrically where both are positive; each performance draws its own value around
    that.
    """

    faint: float
    brazen: float
    unit: str
    meaning: str

    def at(self, severity: float, chance: np.random.Generator, ranges: Ranges) -> float:
        """A value for one performance."""
        low, high = _SPREADS[ranges]
        factor = float(chance.uniform(low, high))
        if self.faint > 0 and self.brazen > 0:
            return float(factor * self.faint ** (1 - severity) * self.brazen**severity)
        return factor * (self.faint + severity * (self.brazen - self.faint))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is done, by how many, and what should be seen of it.

    Attributes:
        name: As in ``tapewarden simulate NAME@severity``.
        summary: One sentence for people who choose it.
        typologies: The abuse; of a twin, the abuse it looks like.
        expected_detectors: Ids of those that should see it; none for twins.
        twin_of: Name of the misconduct it looks like, ``None`` for misconduct itself.
        accounts: Roles of its accounts, the first one's desk is the script's clock.
        owners: Whether all accounts belong to one owner known to the venue.
        insight: Links of which the venue knows one, by which the first account knows of orders of those whose
            role is victim; none for scenarios without clients.
        legs: Instruments it needs: 1, or 2 for a spot and its perpetual or twin venue.
        latency: Of its accounts, ns.
        length: Usual duration of an episode, ns; the script ends by itself.
        knobs: What severity changes.
        script: What its members do.
    """

    name: str
    summary: str
    typologies: tuple[Typology, ...]
    expected_detectors: tuple[str, ...] = ()
    twin_of: str | None = None
    accounts: tuple[str, ...] = ("manipulator",)
    owners: bool = False
    insight: tuple[LinkKind, ...] = ()
    legs: int = 1
    latency: int = 5_000_000
    length: int = 20 * MINUTE
    knobs: Mapping[str, Knob] = field(default_factory=dict)
    script: Callable[[Stage], Script]
