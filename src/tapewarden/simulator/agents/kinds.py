"""The kinds of agents: how many of each there are, how often they look, and their characters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from tapewarden.simulator.agents import acting

Range = tuple[float, float]


class Place(Enum):
    """On which instruments a kind of agent is found."""

    ANY = "any"
    PERPETUAL = "perpetual"
    SECOND_VENUE = "second venue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of agent.

    Attributes:
        name: In the names of its accounts.
        kind: What it does, see ``acting``.
        share: Of all accounts; 0 for those who take what the others leave.
        looks: Per second and instrument, of all agents of the kind together, on a market of usual tempo,
            which sees about five orders per second and instrument.
        latency: Milliseconds from decision to exchange, of the quickest and of the slowest.
        knobs: Its character: each is drawn uniformly between two bounds; the kind's file says what they are.
        place: Where it is found. Those on perpetuals and second venues trade the first spot market too.
        seats: Accounts per instrument, of kinds that must be everywhere; 0 for others.
        least: Accounts there are at least.
        reads_book: Whether it learns from displayed sizes, and can so be deceived.
        leverage: Of margined accounts; 0 for others.
        deposit: Of margined accounts, in usual orders.
        careless: Part of the accounts that do not have trades with themselves prevented.
        owners: Part of the accounts whose owner has two or three of them.
        roles: Part of the accounts that the venue has named market makers.
    """

    name: str
    kind: int
    share: float
    looks: float
    latency: Range
    knobs: tuple[Range, ...]
    place: Place = Place.ANY
    seats: int = 0
    least: int = 0
    reads_book: bool = False
    leverage: Range = (0.0, 0.0)
    deposit: Range = (0.0, 0.0)
    careless: float = 0.0
    owners: float = 0.0
    roles: float = 0.0


RETAIL: Final = Kind(
    name="retail",
    kind=acting.NOISE,
    share=0.0,
    looks=0.3,
    latency=(20, 120),
    knobs=((0.25, 0.5), (3, 20), (10, 60), (0.4, 1.5)),
    careless=0.1,
    owners=0.06,
)

KINDS: Final = (
    Kind(
        name="value",
        kind=acting.VALUE,
        share=0.06,
        looks=0.2,
        latency=(5, 40),
        knobs=((0.0001, 0.0006), (2, 6), (1, 3)),
        least=2,
    ),
    Kind(
        name="momentum",
        kind=acting.MOMENTUM,
        share=0.04,
        looks=0.2,
        latency=(5, 60),
        knobs=((4, 15), (0.5, 1.5), (5, 20), (0.3, 0.6), (0.03, 0.1)),
    ),
    Kind(
        name="book reader",
        kind=acting.LEARNER,
        share=0.06,
        looks=0.6,
        latency=(2, 30),
        knobs=((0.01, 0.04), (0.8, 2.5), (0.8, 2.0), (10, 30), (1, 4)),
        seats=6,
        least=2,
        reads_book=True,
    ),
    Kind(
        name="maker",
        kind=acting.MAKER,
        share=0.02,
        looks=3.6,
        latency=(1, 5),
        knobs=((2, 6), (1.5, 4), (1, 3), (1, 4), (60, 150), (1, 4), (0.4, 0.8), (3.5, 4.5)),
        seats=5,
        least=2,
        owners=0.3,
        roles=0.5,
    ),
    Kind(
        name="fast maker",
        kind=acting.MAKER,
        share=0.01,
        looks=6.0,
        latency=(0.2, 1),
        knobs=((1, 4), (0.6, 1.2), (1, 2), (0.5, 1.5), (30, 60), (2, 5), (0.4, 0.7), (0.7, 1.0)),
        seats=3,
        least=2,
        owners=0.2,
        roles=0.5,
    ),
    Kind(
        name="executor",
        kind=acting.EXECUTOR,
        share=0.04,
        looks=0.8,
        latency=(2, 20),
        knobs=((3, 12), (0, 3), (0.2, 0.8), (0.05, 0.2), (0.02, 0.1)),
    ),
    Kind(
        name="grid bot",
        kind=acting.GRID,
        share=0.03,
        looks=0.1,
        latency=(5, 60),
        knobs=((4, 15), (0.3, 1.0), (2, 6)),
    ),
    Kind(
        name="basis trader",
        kind=acting.ARBITRAGEUR,
        share=0.01,
        looks=0.5,
        latency=(1, 5),
        knobs=((4, 10), (2, 6), (20, 60)),
        place=Place.PERPETUAL,
        seats=2,
    ),
    Kind(
        name="venue arbitrageur",
        kind=acting.ARBITRAGEUR,
        share=0.01,
        looks=0.5,
        latency=(0.5, 3),
        knobs=((2, 6), (2, 6), (20, 60)),
        place=Place.SECOND_VENUE,
        seats=2,
    ),
    Kind(
        name="stop holder",
        kind=acting.STOPS,
        share=0.05,
        looks=0.15,
        latency=(20, 120),
        knobs=((15, 80), (0.5, 2.0), (0.05, 0.2), (1.0, 3.0)),
    ),
    Kind(
        name="news trader",
        kind=acting.NEWS_TRADER,
        share=0.02,
        looks=0.3,
        latency=(5, 50),
        knobs=((1, 4), (1, 4), (300, 1800)),
    ),
    Kind(
        name="leveraged trader",
        kind=acting.LEVERAGED,
        share=0.04,
        looks=0.2,
        latency=(20, 120),
        knobs=((0.3, 0.9), (0.02, 0.1), (0.2, 1.0)),
        place=Place.PERPETUAL,
        leverage=(10.0, 75.0),
        deposit=(0.1, 1.0),
    ),
    Kind(
        name="funding arbitrageur",
        kind=acting.FUNDING,
        share=0.01,
        looks=0.1,
        latency=(5, 30),
        knobs=((20, 100), (2, 6), (20, 60), (300, 1200)),
        place=Place.PERPETUAL,
        seats=2,
    ),
    Kind(
        name="copy trader",
        kind=acting.COPIER,
        share=0.02,
        looks=1.0,
        latency=(50, 200),
        knobs=((0, 0), (0.05, 0.5), (0.05, 0.2)),
        careless=0.1,
    ),
    RETAIL,
)
"""All kinds. Copy traders follow momentum traders, who come before them here."""
