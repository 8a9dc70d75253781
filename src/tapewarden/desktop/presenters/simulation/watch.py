"""`SimulationWatch`: the simulated market of a server and what was true on it, once for the whole window."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from tapewarden.desktop.presenters.facts import Fact
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.transport.link import Server
from tapewarden.desktop.transport.polling import every
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.errors import ServerError, TapewardenError
from tapewarden.domain.simulation import (
    Performed,
    Phase,
    Result,
    ScenarioFacts,
    SimulationState,
    Truth,
)

LOOK_S: Final = 1.0
"""Seconds between two looks at the server."""

_READINESS_EVERY: Final = 5  # looks


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the market.

    Attributes:
        state: How it stands.
        truth: What was true on it.
        scenarios: All that can be let loose, by id.
        unready: The markets that each running detector cannot judge yet.
    """

    state: SimulationState
    truth: Truth = field(default_factory=lambda: Truth(0))
    scenarios: Mapping[str, ScenarioFacts] = field(default_factory=dict)
    unready: Mapping[str, Collection[str]] = field(default_factory=dict)


class SimulationWatch:
    """The market, looked at each second.

    Attributes:
        latest: The last look; ``None`` before the first, or where the server simulates nothing.
        error: Why there is none.
    """

    def __init__(self, server: Server) -> None:
        self.latest: Look | None = None
        self.error: str | None = None
        server.watch(looks, self._take, failed=self._refused)

    @property
    def state(self) -> SimulationState | None:
        """How the market stands."""
        return None if self.latest is None else self.latest.state

    @property
    def is_running(self) -> bool:
        """Whether a market runs."""
        return self.state is not None and self.state.phase is Phase.RUNNING

    @property
    def performed(self) -> tuple[Performed, ...]:
        """What was put on, in this order."""
        return () if self.latest is None else self.latest.truth.performances

    def mark(self, *, seen: bool) -> Fact | None:
        """What the top bar says of it: simulated data are always called so.

        ``seen``: simulated trades came, whatever the market is now; a tape may have them, too.
        """
        state = self.state
        if state is None or state.phase is Phase.IDLE:
            return Fact("SIM", Tone.DOUBTFUL) if seen else None
        speed = "" if state.wish is None or state.phase is not Phase.RUNNING else _speed(state.wish.speed)
        return Fact(f"SIM {state.phase}{speed}", Tone.DOUBTFUL)

    def _take(self, look: Look) -> None:
        self.latest, self.error = look, None

    def _refused(self, error: TapewardenError) -> None:
        if isinstance(error, ServerError):  # it has no such service
            self.error = "This server simulates nothing: its configuration does not say simulation = true."
        else:
            self.error = f"No look at the simulation: {error}"
        self.latest = None


async def looks(server: Services) -> AsyncIterator[Look]:
    """A look each second; what was true is asked where it may have changed, who can judge now and then."""
    look, number = Look(await server.simulation.state()), 0
    scenarios = {one.id: one for one in await server.simulation.scenarios()}
    async for state in every(LOOK_S, server.simulation.state):
        unready = await _unready(server) if number % _READINESS_EVERY == 0 else look.unready
        changed = number == 0 or _may_have_changed(look, state)
        truth = await server.simulation.truth() if changed else look.truth
        look, number = Look(state, truth, scenarios, unready), number + 1
        yield look


async def _unready(server: Services) -> Mapping[str, Collection[str]]:
    health = await server.surveillance.health()
    return {one.detector: one.unready_on for one in health.detectors}


def _may_have_changed(look: Look, state: SimulationState) -> bool:
    before = look.state
    return (
        (state.run, state.phase) != (before.run, before.phase)
        or state.performances != len(look.truth.performances)
        or any(one.result is Result.PENDING for one in look.truth.performances)
    )


def _speed(speed: float) -> str:
    return f" {speed:g}×" if speed else " at full speed"
