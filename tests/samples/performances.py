"""Scenarios performed on a small market, once per test run, with what they left behind."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import MINUTE, EventKind
from tapewarden.domain.typology import Typology
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios, find_scenario
from tapewarden.simulator.scenarios.scenario import Ranges, Scenario
from tapewarden.simulator.staging import Casting, Production

SEVERITIES = (0.0, 0.5, 1.0)


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


def perform(names: tuple[str, ...], severity: float, minutes: int = 12, instruments: int = 3) -> Performed:
    """One performance of each scenario, all on one market, from its second minute on."""
    plan = MarketPlan(seed=3, instruments=instruments, accounts=50 * instruments, rate=10 * instruments)
    simulation = paced(plan)
    castings = [Casting(find_scenario(name), severity, start=plan.start + MINUTE) for name in names]
    until = plan.start + minutes * MINUTE
    production = Production(simulation, castings, until, seed=3, ranges=Ranges.TUNING)
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


class Cast:
    """The scenarios of some typologies, manipulators and twins, performed together."""

    def __init__(self, *typologies: Typology, minutes: int = 12, instruments: int = 3) -> None:
        self.scenarios: dict[str, Scenario] = {
            name: one for name, one in all_scenarios().items() if not {*typologies}.isdisjoint(one.typologies)
        }
        self.names = tuple(self.scenarios)
        self.manipulators = [name for name, one in self.scenarios.items() if one.twin_of is None]
        self.minutes, self.instruments = minutes, instruments

    def seen(self, name: str, severity: float) -> tuple[Performed, Episode]:
        """The market on which they all performed, and one episode of it."""
        market = performed(self.names, severity, self.minutes, self.instruments)
        return market, market.episodes[name]

    @property
    def forms(self) -> list[tuple[str, float]]:
        """Each scenario in its faintest, usual and most brazen form."""
        return [(name, severity) for name in self.names for severity in SEVERITIES]


ORDER_BOOK = Cast(
    Typology.SPOOFING,
    Typology.LAYERING,
    Typology.PULLED_WALL,
    Typology.QUOTE_STUFFING,
    Typology.NO_INTENT,
)
WASH = Cast(Typology.SELF_MATCH, Typology.SAME_OWNER, Typology.PREARRANGED, Typology.CIRCULAR)
PRICE = Cast(
    Typology.PUMP_AND_DUMP,
    Typology.MOMENTUM_IGNITION,
    Typology.RAMPING,
    Typology.MARKING_THE_CLOSE,
    minutes=30,
    instruments=10,
)
INFORMATION = Cast(Typology.FRONT_RUNNING, minutes=30)
