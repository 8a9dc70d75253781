"""Scenarios performed on a small market, once per test run, with what they left behind."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import MINUTE, EventKind
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.scenarios.scenario import Ranges
from tapewarden.simulator.staging import Casting, Production

LENGTH = 12 * MINUTE


@dataclass(frozen=True)
class Performed:
    """The tape and the truth of scenarios on a market, and who had orders when it ended."""

    tape: EventBatch
    episodes: dict[str, Episode]
    accounts: dict[str, int]
    have_orders: frozenset[int]

    def placed(self) -> dict[str, tuple[int, int]]:
        """Account and size of each order sent, refused ones too, by the order's id."""
        places = self.tape[np.isin(self.tape.kind, (EventKind.PLACE, EventKind.REJECT))]
        return dict(
            zip(
                map(str, places.order.tolist()),
                zip(places.account.tolist(), places.size.tolist(), strict=True),
                strict=True,
            )
        )


def perform(names: tuple[str, ...], severity: float) -> Performed:
    """One performance of each scenario, all on one market, from its second minute on."""
    plan = MarketPlan(seed=3, instruments=3, accounts=150, rate=30)
    simulation = paced(plan)
    castings = [Casting(find_scenario(name), severity, start=plan.start + MINUTE) for name in names]
    production = Production(simulation, castings, plan.start + LENGTH, seed=3, ranges=Ranges.TUNING)
    tape = EventBatch.concatenate(list(production.run()))
    episodes = {episode.scenario: episode for episode in production.episodes()}
    accounts = {
        one.id: simulation.directory.account_number(one.id)
        for episode in episodes.values()
        for one in episode.accounts
    }
    orders = simulation.world.orders
    return Performed(tape, episodes, accounts, frozenset(orders["account"][orders["number"] > 0].tolist()))


performed = cache(perform)
"""The same, kept for all tests that look at it."""
