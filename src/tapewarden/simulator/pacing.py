"""Markets that have been running for a while when their tape begins."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.agents.tempo import season
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.simulation import Simulation

SETTLING: Final = 600.0  # seconds, on a market of usual tempo, until it has found itself
LEAST_SETTLING, MOST_SETTLING = 20.0, 86_400.0  # seconds


def paced(plan: MarketPlan) -> Simulation:
    """A market at the beginning of its plan, with books and habits, at the rate its plan asks for.

    What happens before ``plan.start`` is simulated too, at most a day of it, every hour like the first one of
    the tape; the tape begins with the book that it left. Costs as much as some 3000 orders per instrument.
    """
    lead = int(min(max(SETTLING * plan.calm, LEAST_SETTLING), MOST_SETTLING) * SECOND)
    simulation = Simulation(replace(plan, start=plan.start - lead))
    counters = simulation.world.counters[0]
    counters["season"] = 0.0
    for _ in simulation.run(plan.start):
        pass
    counters["season"] = season(plan.start)
    simulation.open()
    return simulation
