"""Drawing the people of a market from its plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

import numpy as np

from tapewarden.simulator.agents.acting import COPIER, MAKER, MOMENTUM
from tapewarden.simulator.agents.copier import LEADER
from tapewarden.simulator.agents.kinds import KINDS, RETAIL, Kind, Place
from tapewarden.simulator.agents.maker import IMBALANCE
from tapewarden.simulator.exchange.matching import (
    CANCEL_BOTH,
    CANCEL_NEWEST,
    CANCEL_OLDEST,
    DECREMENT,
    PREVENT_NOTHING,
)
from tapewarden.simulator.exchange.tables import KNOBS
from tapewarden.simulator.plan import SECOND_VENUE, Listing, MarketPlan
from tapewarden.simulator.population import Holder, Population, Seat, busyness

MILLISECOND: Final = 1_000_000
PREVENTION: Final = ((CANCEL_NEWEST, 0.5), (CANCEL_OLDEST, 0.2), (CANCEL_BOTH, 0.15), (DECREMENT, 0.15))
"""How those who care have trades with themselves prevented, and which part of them each way."""

SECOND_PLACE, THIRD_PLACE = 0.3, 0.1  # chances that somebody trades on more than one instrument
USUAL_GROUP: Final = 2.5  # accounts of an owner who has several
STARS: Final = 20  # momentum traders for each one that is followed by copy traders


def populate(plan: MarketPlan, listed: Sequence[Listing]) -> Population:
    """Who is on the market of a plan."""
    return _Census(plan, listed).take()


class _Census:
    """The people of a market while they are drawn, kind by kind."""

    def __init__(self, plan: MarketPlan, listed: Sequence[Listing]) -> None:
        self.plan = plan
        self.listed = listed
        self.chance = np.random.default_rng([plan.seed, 1])
        self.busy = busyness(len(listed))
        self.holders: list[Holder] = []
        self.seats: list[Seat] = []

    def take(self) -> Population:
        """Draw everybody; agents of a crowd come one after another."""
        for kind in KINDS:
            if self.plan.book_readers or not kind.reads_book:
                self._draw(kind)
        order = {kind.name: place for place, kind in enumerate(KINDS)}
        self.seats.sort(key=lambda seat: (seat.instrument, order[seat.kind.name]))
        return Population(tuple(self.holders), tuple(self.seats))

    def _draw(self, kind: Kind) -> None:
        places = self._places(kind)
        leaders = self._leaders() if kind.kind == COPIER else []
        count = self._count(kind, len(places))
        for one, owner in enumerate(self._owners(kind, count)):
            if kind.kind == COPIER:
                leader = leaders[int(self.chance.integers(len(leaders)))]
                own = [seat.instrument for seat in self.seats if seat.account == leader]
            else:
                leader, own = 0, self._own_places(kind, one, count, places)
            self.seats += [self._seat(kind, place, leader) for place in own]
            self.holders.append(self._holder(kind, owner))

    def _places(self, kind: Kind) -> list[int]:
        """The instruments on which a kind may be found."""
        if kind.place is Place.PERPETUAL:
            return [number for number, one in enumerate(self.listed) if one.spot is not None]
        if kind.place is Place.SECOND_VENUE:
            return [number for number, one in enumerate(self.listed) if one.instrument.venue == SECOND_VENUE]
        return list(range(len(self.listed)))

    def _count(self, kind: Kind, places: int) -> int:
        """How many accounts of a kind there are; of those with seats no more than there are seats."""
        if kind is RETAIL:
            return max(self.plan.accounts - len(self.holders), 2)
        count = max(round(kind.share * self.plan.accounts), kind.least)
        if kind.kind == COPIER and not self._leaders():
            return 0
        return min(count, kind.seats * places) if kind.seats else count * min(places, 1)

    def _owners(self, kind: Kind, count: int) -> Iterator[str | None]:
        """The owner of each of so many accounts: of most nothing is known, some have two or three."""
        left, owner = 0, ""
        for one in range(count):
            if left == 0 and self.chance.random() < kind.owners / USUAL_GROUP:
                left = min(int(self.chance.integers(2, 4)), count - one)
                owner = f"holder-{len(self.holders)}"
            yield owner if left else None
            left = max(left - 1, 0)

    def _own_places(self, kind: Kind, one: int, count: int, places: list[int]) -> list[int]:
        """Where one of so many accounts trades: everywhere in turn, or on some of the busier instruments."""
        if kind.seats:
            several = min(ceil(kind.seats * len(places) / count), len(places))
            return [places[(one * several + step) % len(places)] for step in range(several)]
        several = 1 + int(self.chance.random() < SECOND_PLACE) + int(self.chance.random() < THIRD_PLACE)
        several = 1 if kind.leverage[1] else min(several, len(places))
        busy = self.busy[places]
        return sorted(self.chance.choice(places, several, replace=False, p=busy / busy.sum()).tolist())

    def _leaders(self) -> list[int]:
        """The accounts of momentum traders that others follow."""
        traders = sorted({seat.account for seat in self.seats if seat.kind.kind == MOMENTUM})
        return traders[: ceil(len(traders) / STARS)]

    def _seat(self, kind: Kind, place: int, leader: int) -> Seat:
        knobs = [float(self.chance.uniform(low, high)) for low, high in kind.knobs]
        if kind.kind == MAKER and not self.plan.book_readers:
            knobs[IMBALANCE] = 0.0
        if kind.kind == COPIER:
            knobs[LEADER] = float(leader)
        filled = (*knobs, *[0.0] * (KNOBS - len(knobs)))
        return Seat(kind, len(self.holders), place, self._other(place), filled)

    def _other(self, place: int) -> int:
        """The first spot market of an instrument's asset."""
        asset = self.listed[place].asset
        return next(number for number, one in enumerate(self.listed) if one.asset == asset)

    def _holder(self, kind: Kind, owner: str | None) -> Holder:
        chance = self.chance
        ways, parts = zip(*PREVENTION, strict=True)
        way = int(chance.choice(ways, p=parts))
        return Holder(
            name=f"{kind.name.replace(' ', '-')}-{len(self.holders)}",
            owner=owner,
            latency=int(MILLISECOND * chance.uniform(*kind.latency)),
            prevention=PREVENT_NOTHING if chance.random() < kind.careless else way,
            is_market_maker=bool(chance.random() < kind.roles),
            leverage=float(chance.uniform(*kind.leverage)),
            deposit=float(chance.uniform(*kind.deposit)),
        )
