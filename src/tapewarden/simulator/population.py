"""Who is on a market: accounts, the agents that trade for them, and the crowds these make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from tapewarden.simulator.agents.kinds import Kind

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An account to be.

    Attributes:
        name: Of the account.
        owner: Of all its owner's accounts, ``None`` where nothing is known.
        latency: From decision to exchange, ns.
        prevention: How trades with itself are prevented, see ``exchange.matching``.
        is_market_maker: Whether the venue has given it that role.
        leverage: Of margined accounts, 0 for others.
        deposit: Of margined accounts, in usual orders.
    """

    name: str
    owner: str | None
    latency: int
    prevention: int
    is_market_maker: bool = False
    leverage: float = 0.0
    deposit: float = 0.0


@dataclass(frozen=True, slots=True)
class Seat:
    """One agent to be: kind, account (a number from 0), instrument, a second one, knobs."""

    kind: Kind
    account: int
    instrument: int
    other: int
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


def busyness(count: int) -> Weights:
    """How busy each of so many instruments is, with mean 1: the first most, as ever."""
    weights: Weights = 1.0 / np.sqrt(np.arange(1, count + 1))
    weights *= count / weights.sum()
    return weights
