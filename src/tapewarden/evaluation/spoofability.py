"""Can this market be spoofed? What a wall does to the price where agents read the book, and where none do.

The same market is run with a wall and without, and the middle of its best prices is compared second by
second: whatever differs, the wall has caused. Agents draw their randomness each from a stream of their own,
so both runs are the same market until the wall is there. The effect is the mean difference in the direction
in which the wall presses; its interval comes from resampling the pairs (Efron 1979). Spoofing is labelled
misconduct in the simulator only because this effect is there with readers and not without (Wang and Wellman
2017).

What a performance of the scenario ``spoofing`` earns is measured likewise, beside one by the same rules
without walls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.kinds import MINUTE, SECOND, Flag, Side
from tapewarden.simulator.agents.acting import LEARNER
from tapewarden.simulator.agents.learner import BELIEF, SLOPE
from tapewarden.simulator.members.desk import Desk, ExchangeDesk, Ticket
from tapewarden.simulator.members.script import Script
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.pressure import Manner, deceive
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.scenarios.scenario import Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import behind, depth_near, distance
from tapewarden.simulator.simulation import Simulation
from tapewarden.simulator.staging import Casting

BEFORE: Final = 10
"""Seconds of the market before the wall."""
STANDS: Final = 60
"""Seconds that it stands."""
AFTER: Final = 60
"""Seconds after it was pulled."""
BEHIND: Final = 4
"""Ticks from the best price to the wall, at least."""
LOOKS: Final = 5
"""At the wall in a second."""
LATENCY: Final = SECOND // 1000
"""Of whoever shows the wall, ns."""
PLAN: Final = MarketPlan(seed=0, instruments=1, accounts=200, rate=10.0)
"""The market, but for its seed and its readers."""
MINUTES: Final = 20.0
"""Of the market on which the scenario is performed once."""
RESAMPLES: Final = 2_000

Floats = npt.NDArray[np.float64]
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Effect:
    """A mean with the interval of its bootstrap at 95 %."""

    mean: float
    low: float
    high: float


def pushes(
    seeds: range, shares: Sequence[float], *, readers: bool, told: Told = lambda words: None
) -> Mapping[float, Floats]:
    """What walls of each of ``shares`` of the depth do, by share: one row for each seed.

    A row holds basis points of the price in the direction of the pressure, one for each second from the last
    one before the wall on. Cost: about a tenth of a second for each wall.
    """
    rows = []
    for plan in _plans(seeds, readers, told):
        side = Side.BUY if plan.seed % 2 else Side.SELL
        alone = np.array(list(middles(plan, side, 0.0)))
        pushed = np.array([list(middles(plan, side, share)) for share in shares])
        rows.append(int(side) * 1e4 * (pushed - alone) / alone[0])
    return dict(zip(shares, np.array(rows).swapaxes(0, 1), strict=True))


def middles(plan: MarketPlan, side: Side, share: float) -> Iterator[float]:
    """The middle of the best prices once a second, with a wall for a while if ``share`` is not 0."""
    simulation = paced(plan)
    desk = ExchangeDesk(simulation, "experimenter", 0, latency=LATENCY)
    _pass(simulation, plan.start + BEFORE * SECOND)
    yield desk.mid
    wall = show(desk, side, share) if share else None
    for look in range(1, LOOKS * (STANDS + AFTER) + 1):
        _pass(simulation, plan.start + BEFORE * SECOND + look * SECOND // LOOKS)
        if wall is not None:
            keep_away(desk, wall, pull=look >= LOOKS * STANDS)
        if look % LOOKS == 0:
            yield desk.mid


def show(desk: Desk, side: Side, share: float) -> Ticket:
    """Place a wall of so much of the depth near the price."""
    size = desk.lots(share * depth_near(desk, side))
    return desk.place(side, size, behind(desk, side, BEHIND), flags=Flag.POST_ONLY)


def keep_away(desk: Desk, wall: Ticket, *, pull: bool) -> None:
    """Move the wall back when the price comes near, as spoofers do: it must press, not trade; or pull it."""
    if pull:
        desk.cancel(wall)
    elif wall.is_open and distance(desk, wall) < BEHIND:
        desk.amend(wall, price=behind(desk, wall.side, BEHIND))


def _pass(simulation: Simulation, until: int) -> None:
    for _ in simulation.run(until):
        pass


def gains(
    seeds: range, severity: float, *, readers: bool, told: Told = lambda words: None
) -> Mapping[str, Floats]:
    """What one performance of ``spoofing`` earns on each market, ``with walls`` and ``without walls``.

    In the quote currency, without fees, the rest of the position valued at the middle. Cost: about a fifth of
    a second for each seed.
    """
    spoofing = find_scenario("spoofing")
    scenarios = {"with walls": spoofing, "without walls": replace(spoofing, script=without_walls)}
    rows = [
        [_gain(plan, one, severity) for one in scenarios.values()] for plan in _plans(seeds, readers, told)
    ]
    return dict(zip(scenarios, np.array(rows).T, strict=True))


def beliefs(seeds: range, told: Told = lambda words: None) -> Mapping[str, Floats]:
    """What book readers expect of a book with all size on one side: mean ticks by market, nobody spoofing.

    ``at first`` is what they brought along, ``learned`` what is left of it ``MINUTES`` after the beginning.
    Cost: about a tenth of a second for each seed.
    """
    rows = []
    for plan in _plans(seeds, True, told):
        simulation = paced(plan)
        _pass(simulation, plan.start + int(MINUTES * MINUTE))
        agents = simulation.world.agents
        readers = agents[agents["kind"] == LEARNER]
        rows.append([readers["knobs"][:, BELIEF].mean(), readers["memory"][:, SLOPE].mean()])
    return dict(zip(("at first", "learned"), np.array(rows).T, strict=True))


def without_walls(stage: Stage) -> Script:
    """Spoofing by the same rules, but no wall is shown."""
    yield from deceive(stage, stage.desk, stage.desk, (Manner(0, 1, 0),))


def _gain(plan: MarketPlan, scenario: Scenario, severity: float) -> float:
    production = ProductionPlan(
        market=plan, minutes=MINUTES, castings=(Casting(scenario, severity),)
    ).produce()
    for _ in production.run():
        pass
    return sum(production.gains().values())


def _plans(seeds: range, readers: bool, told: Told) -> Iterator[MarketPlan]:
    for seed in seeds:
        crowd = "with readers" if readers else "without readers"
        told(f"{crowd}, market {seed - seeds.start + 1} of {len(seeds)}")
        yield replace(PLAN, seed=seed, book_readers=readers)


def effect(paths: Floats, first: int = 1, last: int = STANDS) -> Effect:
    """The mean effect over all pairs from one second after the wall was shown to another, both included."""
    return mean_of(paths[:, first : last + 1].mean(axis=1))


def mean_of(values: Floats) -> Effect:
    """A mean and its interval."""
    chance = np.random.default_rng(len(values))
    means = values[chance.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Effect(float(values.mean()), float(low), float(high))


def band(paths: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, low and high of the pairs, second by second."""
    each = [mean_of(column) for column in paths.T]
    return (
        np.array([one.mean for one in each]),
        np.array([one.low for one in each]),
        np.array([one.high for one in each]),
    )
