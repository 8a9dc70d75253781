"""Who is on a market: how many of each kind of agent, and their characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tapewarden.simulator.agents.acting import LEARNER, MAKER, NOISE, VALUE
from tapewarden.simulator.exchange.tables import KNOBS
from tapewarden.simulator.plan import Listing, MarketPlan

MILLISECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of agent: its share of the accounts, how often it looks, and its character.

    ``interval`` in seconds at usual activity; each knob is drawn uniformly between its two bounds.
    ``latency`` in milliseconds, from the quickest to the slowest.
    """

    name: str
    kind: int
    share: float
    interval: float
    latency: tuple[float, float]
    knobs: tuple[tuple[float, float], ...]


KINDS: Final = (
    Kind(
        name="retail",
        kind=NOISE,
        share=0.72,
        interval=60.0,
        latency=(20, 120),
        knobs=((0.15, 0.35), (3, 15), (20, 90), (0.4, 1.5)),
    ),
    Kind(
        name="value",
        kind=VALUE,
        share=0.08,
        interval=20.0,
        latency=(5, 40),
        knobs=((0.0002, 0.0008), (2, 6), (1, 3)),
    ),
    Kind(
        name="book reader",
        kind=LEARNER,
        share=0.14,
        interval=20.0,
        latency=(2, 30),
        knobs=((0.005, 0.02), (1.5, 4.0), (0.5, 1.5), (5, 20)),
    ),
    Kind(
        name="maker",
        kind=MAKER,
        share=0.04,
        interval=6.0,
        latency=(1, 5),
        knobs=((3, 6), (1.5, 4), (1, 3), (2, 6), (20, 60), (0.5, 2)),
    ),
    Kind(
        name="fast maker",
        kind=MAKER,
        share=0.02,
        interval=2.0,
        latency=(0.2, 1),
        knobs=((1, 2), (0.6, 1.2), (1, 2), (0.5, 1.5), (10, 20), (1, 3)),
    ),
)
"""All kinds; makers of either sort are on every instrument."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One agent to be: kind, account (a number from 0), instrument, look interval (ns), delay (ns), knobs."""

    kind: Kind
    account: int
    instrument: int
    interval: float
    latency: int
    knobs: tuple[float, ...]


def seats(plan: MarketPlan, listed: list[Listing]) -> Iterator[Seat]:
    """The agents of a market. Instruments differ in how busy they are, people in which they trade."""
    chance = np.random.default_rng([plan.seed, 1])
    busy = 1.0 / np.sqrt(np.arange(1, len(listed) + 1))
    busy *= len(listed) / busy.sum()
    account = 0
    for kind in KINDS:
        count = max(round(kind.share * plan.accounts), 2)
        for _ in range(count):
            for instrument in _instruments(chance, kind, busy, account):
                yield _seat(chance, kind, account, instrument, busy[instrument])
            account += 1


def _instruments(
    chance: np.random.Generator, kind: Kind, busy: np.ndarray[tuple[int], np.dtype[np.float64]], account: int
) -> list[int]:
    """Where an account trades: makers everywhere in turn, others on one to three instruments."""
    count = len(busy)
    if kind.kind == MAKER:
        return list(range(count)) if count <= 4 else [(account + step) % count for step in range(0, count, 2)]
    several = min(count, 1 + int(chance.random() < 0.3) + int(chance.random() < 0.1))
    return sorted(int(one) for one in chance.choice(count, several, replace=False, p=busy / count))


def _seat(chance: np.random.Generator, kind: Kind, account: int, instrument: int, busy: float) -> Seat:
    knobs = [float(chance.uniform(low, high)) for low, high in kind.knobs]
    patience = float(chance.uniform(0.5, 2.0))
    return Seat(
        kind,
        account,
        instrument,
        1e9 * kind.interval * patience / busy,
        int(MILLISECOND * chance.uniform(*kind.latency)),
        (*knobs, *[0.0] * (KNOBS - len(knobs))),
    )
