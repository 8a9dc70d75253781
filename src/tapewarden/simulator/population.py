"""Who is on a market: whose accounts trade where, and in which crowds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.simulator.agents.acting import MAKER
from tapewarden.simulator.agents.kinds import KINDS, Kind
from tapewarden.simulator.agents.maker import IMBALANCE
from tapewarden.simulator.exchange.matching import (
    CANCEL_BOTH,
    CANCEL_NEWEST,
    CANCEL_OLDEST,
    DECREMENT,
    PREVENT_NOTHING,
)
from tapewarden.simulator.exchange.tables import KNOBS
from tapewarden.simulator.plan import Listing, MarketPlan

MILLISECOND: Final = 1_000_000
PREVENTION: Final = (
    (CANCEL_NEWEST, 0.5),
    (CANCEL_OLDEST, 0.2),
    (CANCEL_BOTH, 0.1),
    (DECREMENT, 0.1),
    (PREVENT_NOTHING, 0.1),
)
"""How accounts have trades with themselves prevented, and which part of them each way."""

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Holder:
    """An account to be: its name, its owner's, delay (ns), how it prevents trades with itself."""

    name: str
    owner: str | None
    latency: int
    prevention: int
    is_market_maker: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """One agent to be: kind, account (a number from 0), instrument, knobs."""

    kind: Kind
    account: int
    instrument: int
    knobs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """All agents of one kind on one instrument, numbered from ``first``; ``interval`` between looks, ns."""

    kind: Kind
    instrument: int
    first: int
    size: int
    interval: float


@dataclass(frozen=True, slots=True)
class Population:
    """All accounts, by number, and all agents, those of a crowd one after another."""

    holders: tuple[Holder, ...]
    seats: tuple[Seat, ...]

    def crowds(self, busy: Weights) -> Iterator[Crowd]:
        """The crowds; agents are numbered from 1."""
        first = 1
        for (instrument, _), group in groupby(self.seats, lambda seat: (seat.instrument, seat.kind.name)):
            members = list(group)
            interval = 1e9 / members[0].kind.looks / busy[instrument]
            yield Crowd(members[0].kind, instrument, first, len(members), interval)
            first += len(members)


def populate(plan: MarketPlan, listed: Sequence[Listing]) -> Population:
    """Who is on the market of a plan."""
    chance = np.random.default_rng([plan.seed, 1])
    busy = busyness(len(listed))
    holders: list[Holder] = []
    seats: list[Seat] = []
    for kind in KINDS:
        if not plan.book_readers and kind.reads_book:
            continue
        count = _count(kind, plan, len(listed))
        for one in range(count):
            places = _everywhere(kind, one, count, len(busy)) if kind.seats else _some(chance, busy)
            seats += [Seat(kind, len(holders), place, _character(chance, kind, plan)) for place in places]
            holders.append(_holder(chance, kind, len(holders)))
    order = {kind.name: place for place, kind in enumerate(KINDS)}
    seats.sort(key=lambda seat: (seat.instrument, order[seat.kind.name]))
    return Population(tuple(holders), tuple(seats))


def busyness(count: int) -> Weights:
    """How busy each of so many instruments is, with mean 1: the first most, as ever."""
    weights: Weights = 1.0 / np.sqrt(np.arange(1, count + 1))
    weights *= count / weights.sum()
    return weights


def _count(kind: Kind, plan: MarketPlan, instruments: int) -> int:
    """How many accounts of a kind there are; of makers no more than there are seats."""
    count = max(round(kind.share * plan.accounts), 2)
    return min(count, kind.seats * instruments) if kind.seats else count


def _everywhere(kind: Kind, one: int, count: int, instruments: int) -> list[int]:
    """Where one of so many accounts trades, such that every instrument has its seats taken."""
    several = min(ceil(kind.seats * instruments / count), instruments)
    return [(one * several + step) % instruments for step in range(several)]


def _some(chance: np.random.Generator, busy: Weights) -> list[int]:
    """One to three instruments, rather the busy ones."""
    several = min(len(busy), 1 + int(chance.random() < 0.3) + int(chance.random() < 0.1))
    return sorted(int(one) for one in chance.choice(len(busy), several, replace=False, p=busy / len(busy)))


def _character(chance: np.random.Generator, kind: Kind, plan: MarketPlan) -> tuple[float, ...]:
    knobs = [float(chance.uniform(low, high)) for low, high in kind.knobs]
    if kind.kind == MAKER and not plan.book_readers:
        knobs[IMBALANCE] = 0.0
    return (*knobs, *[0.0] * (KNOBS - len(knobs)))


def _holder(chance: np.random.Generator, kind: Kind, number: int) -> Holder:
    ways, parts = zip(*PREVENTION, strict=True)
    return Holder(
        name=f"{kind.name.replace(' ', '-')}-{number}",
        owner=None,
        latency=int(MILLISECOND * chance.uniform(*kind.latency)),
        prevention=int(chance.choice(ways, p=parts)),
    )
