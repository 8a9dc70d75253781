"""`simulator`: events per second of a simulated market, and what a look costs each kind of agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from benchmarks.figures import Figure, Report, middle
from benchmarks.rounds import timed
from benchmarks.scale import Scale
from tapewarden.compiled.compiling import kernel
from tapewarden.compiled.digests import packages_digest
from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.agents.acting import look
from tapewarden.simulator.exchange.tables import lend
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.population import busyness
from tapewarden.simulator.simulation import COMPILED, Simulation

METHOD: Final = (
    "A market of 15 instruments and 2,000 accounts with all kinds of agents, at 250 orders per second, run "
    "on one core; what it does before its tape begins is timed apart. Then, on that market as it stands, "
    "looks of one kind of agent after another: deciding and sending, without what the exchange does with it. "
    "Compiled beforehand."
)
PLAN: Final = MarketPlan(seed=1, instruments=15, accounts=2000, rate=250)
LEAST: Final = 0.1
LOOKS_PER_EVENT: Final = 0.1
"""Looks of each kind beside the events of the run, over all its instruments."""


class Crowd(NamedTuple):
    """Agents of a kind on an instrument: number of the first, how many, which kind."""

    first: int
    size: int
    kind: int


def measure(scale: Scale) -> Report:
    """Millions of events per CPU second, seconds until the tape begins, nanoseconds per look."""
    advance(paced(PLAN), 1)
    settled = timed(lambda: paced(PLAN))
    run = timed(lambda: advance(settled.output, scale.simulator))
    costs = costs_of_looks(settled.output, round(LOOKS_PER_EVENT * scale.simulator), scale.rounds)
    looks = (Figure(what=f"look, {name}", measured=cost, unit="ns") for name, cost in costs.items())
    return Report(
        name="simulator",
        method=METHOD,
        figures=(
            Figure(what="market", measured=run.output / 1e6 / run.seconds, unit="M events/s", least=LEAST),
            Figure(what="before the tape", measured=settled.seconds, unit="s", most=2),
            *looks,
        ),
    )


def advance(simulation: Simulation, events: int) -> int:
    """Let the market run until it has told so many events; gives how many it told."""
    while simulation.told < events:
        for _ in simulation.run(simulation.now + SECOND):
            pass
    return simulation.told


def costs_of_looks(simulation: Simulation, count: int, rounds: int) -> Mapping[str, float]:
    """CPU nanoseconds per look of each kind, over all its crowds; the market is of no use afterwards."""
    kinds: dict[str, list[Crowd]] = {}
    for crowd in simulation.people.crowds(busyness(len(simulation.listings))):
        kinds.setdefault(crowd.kind.name, []).append(Crowd(crowd.first, crowd.size, crowd.kind.kind))
    repeat_looks = looker(packages_digest(*COMPILED))
    repeat_looks(simulation.world, *next(iter(kinds.values()))[0], 1)
    return {name: _cost(simulation, repeat_looks, crowds, count, rounds) for name, crowds in kinds.items()}


def _cost(
    simulation: Simulation, repeat_looks: Callable[..., None], crowds: list[Crowd], count: int, rounds: int
) -> float:
    each = max(count // len(crowds), 1)

    def work() -> None:
        for crowd in crowds:
            repeat_looks(simulation.world, *crowd, each)

    return middle([timed(work).seconds / (each * len(crowds)) * 1e9 for _ in range(rounds)])


@cache
def looker(digest: str) -> Callable[..., None]:
    """The compiled loop; ``digest`` stands for the sources of all rules it calls.

    ``repeat_looks(world, first, size, kind, count)`` lets agents of a crowd look in turn. What they send is
    forgotten, so that each finds the same market.
    """

    def repeat_looks(world: Any, first: int, size: int, kind: int, count: int) -> None:  # noqa: ANN401
        version = digest  # noqa: F841  ties the machine code to the sources
        w = lend(world)
        counters = w.counters[0]
        due, messages = counters.due, counters.messages
        for number in range(count):
            agent = first + number % size
            w.agents[agent].busy = 0
            look(w, agent, kind)
            counters.due, counters.messages = due, messages

    return kernel(repeat_looks)
