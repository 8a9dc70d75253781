"""The market that is sent: simulated, full of misconduct, written as a tape."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind, Tier
from tapewarden.engine.stage import PATIENCE
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.staging import Casting
from tapewarden.tape import Provenance, read_tape, write_tape

MINUTES: Final = 40.0
SEVERITY: Final = 0.7

_EVENTS_PER_ORDER: Final = 2.7
"""About; what a plan can be asked for is orders."""


class Market(NamedTuple):
    """A tape, its events, and what they refer to."""

    tape: Path
    events: EventBatch
    directory: Directory


def market(tape: Path, events: int, seed: int, *, ordinary: bool = False) -> Market:
    """About so many events in which every scenario is performed once, written as a tape.

    On an ordinary market none is.

    The tape ends with a clock that is late enough for every rule to have waited for all it waits for: a
    server never learns that a tape is over.
    """
    plan = ProductionPlan(
        market=MarketPlan(
            seed=seed, instruments=6, accounts=800, rate=events / (MINUTES * 60 * _EVENTS_PER_ORDER)
        ),
        minutes=MINUTES,
        castings=tuple(Casting(scenario, SEVERITY) for scenario in all_scenarios().values() if not ordinary),
    )
    production = plan.produce()
    provenance = Provenance(origin="simulator", parameters={"seed": str(seed)})
    with write_tape(tape, production.simulation.directory, tier=Tier.T4, provenance=provenance) as writer:
        for batch in production.run():
            writer.write(batch)
        writer.write(_end(production.simulation.source, production.simulation.told, production.until))
    reader = read_tape(tape)
    return Market(tape, EventBatch.concatenate(list(reader.batches())), reader.directory)


def parameters() -> str:
    """Parameters with which slow rules have something to say within the market's length, as TOML."""
    return (files("tapewarden.evaluation") / "short_windows.toml").read_text("utf-8")


def _end(source: int, told: int, until: int) -> EventBatch:
    return EventBatch.of(
        1, kind=EventKind.CLOCK, source=source, sequence=told + 1, ts_event=until + 2 * PATIENCE
    )
