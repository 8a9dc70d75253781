"""Finding the tempo at which a market sees as many orders as its plan asks for."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.agents.tempo import EXCITED
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.simulation import Simulation

ROUNDS: Final = 4
PILOT_ORDERS: Final = 4_000
LEAST_PILOT: Final = 30.0  # seconds
CAUSED: Final = 0.5  # of usual activity is excited by earlier trades
_MEMORY: Final = EXCITED / SECOND / 0.6931471805599453  # seconds of trades that a half-life remembers


class Tempo(NamedTuple):
    """How busy everybody is, and how much each trade excites, per instrument."""

    intensity: float
    excitement: npt.NDArray[np.float64]


def paced(plan: MarketPlan) -> Simulation:
    """A market at the beginning of its plan, at a tempo that pilot runs of the same plan found."""
    simulation = Simulation(plan)
    simulation.set_tempo(*_find(plan))
    return simulation


def _find(plan: MarketPlan) -> Tempo:
    """Let the market run for a while, compare with the plan, correct the tempo, and again."""
    seconds = max(LEAST_PILOT, PILOT_ORDERS / plan.rate)
    tempo = Tempo(plan.rate / plan.accounts * 10, np.zeros(plan.instruments))
    for _ in range(ROUNDS):
        pilot = Simulation(plan)
        pilot.set_tempo(*tempo)
        settled, before = int(seconds * SECOND / 3), _counts(pilot)
        for part in (settled, int(seconds * SECOND)):
            before, after = _after(pilot, plan.start + part), before
        placed, trades = before[0] - after[0], before[1] - after[1]
        span = seconds * 2 / 3
        intensity = tempo.intensity * min(max(plan.rate * span / max(placed, 1), 0.1), 10.0)
        rates = np.maximum(trades / span * intensity / tempo.intensity, 1 / span)
        tempo = Tempo(intensity, CAUSED / (rates * _MEMORY))
    return tempo


def _after(simulation: Simulation, until: int) -> tuple[int, Any]:
    for _ in simulation.run(until):
        pass
    return _counts(simulation)


def _counts(simulation: Simulation) -> tuple[int, Any]:
    return simulation.placed, simulation.world.instruments["trades"].copy()
