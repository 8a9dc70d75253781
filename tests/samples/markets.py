"""Simulated markets for tests, each run once per process, and rows of them to call rules on uncompiled."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tapewarden.compiled.rows import Row, RowTable
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.exchange.tables import (
    AccountRow,
    AgentRow,
    AssetRow,
    CountersRow,
    CrowdRow,
    DueRow,
    InstrumentRow,
    LevelRow,
    MessageRow,
    OrderRow,
    PositionRow,
    ReportRow,
    World,
)
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.simulation import Simulation

SMALL = MarketPlan(seed=5, instruments=3, accounts=200, rate=30, funding_interval=120 * SECOND)


@dataclass(frozen=True)
class Run:
    """A market that has run for a while, and its tape."""

    simulation: Simulation
    tape: EventBatch


def run(plan: MarketPlan, seconds: float) -> Run:
    simulation = paced(plan)
    return Run(simulation, tape_of(simulation, simulation.now + int(seconds * SECOND)))


def tape_of(simulation: Simulation, until: int) -> EventBatch:
    """What happens until then, as one batch."""
    return EventBatch.concatenate(list(simulation.run(until)))


@cache
def small_run() -> Run:
    """Five minutes of a market with a perpetual and a second venue."""
    return run(SMALL, 300)


@cache
def busy_run() -> Run:
    """Three minutes of the same market with six times as many orders."""
    return run(replace(SMALL, rate=180), 180)


_ROWS: dict[str, type[Row]] = {
    "orders": OrderRow,
    "levels": LevelRow,
    "instruments": InstrumentRow,
    "assets": AssetRow,
    "accounts": AccountRow,
    "positions": PositionRow,
    "agents": AgentRow,
    "crowds": CrowdRow,
    "messages": MessageRow,
    "due": DueRow,
    "reports": ReportRow,
    "counters": CountersRow,
}


def uncompiled(world: World) -> Any:
    """The same memory for rules called as plain Python: rows in place of records."""
    return world._replace(
        **{name: RowTable(row, getattr(world, name)) for name, row in _ROWS.items()}  # type: ignore[arg-type]
    )
