"""The kinds of agents: how many of each there are, how often they look, and their characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tapewarden.simulator.agents.acting import LEARNER, MAKER, NOISE, VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of agent.

    Attributes:
        name: In the names of its accounts.
        kind: What it does, see ``acting``.
        share: Of all accounts.
        looks: Per second and instrument, of all agents of the kind together, on a market of usual tempo,
            which sees about five orders per second and instrument.
        latency: Milliseconds from decision to exchange, of the quickest and of the slowest.
        knobs: Its character: each is drawn uniformly between two bounds; the kind's file says what they are.
        seats: Accounts per instrument, of kinds that must be everywhere; 0 for others.
        reads_book: Whether it learns from displayed sizes, and can so be deceived.
    """

    name: str
    kind: int
    share: float
    looks: float
    latency: tuple[float, float]
    knobs: tuple[tuple[float, float], ...]
    seats: int = 0
    reads_book: bool = False


KINDS: Final = (
    Kind(
        name="retail",
        kind=NOISE,
        share=0.83,
        looks=0.6,
        latency=(20, 120),
        knobs=((0.05, 0.25), (3, 15), (10, 60), (0.4, 1.5)),
    ),
    Kind(
        name="value",
        kind=VALUE,
        share=0.08,
        looks=0.2,
        latency=(5, 40),
        knobs=((0.0001, 0.0006), (2, 6), (1, 3)),
    ),
    Kind(
        name="book reader",
        kind=LEARNER,
        share=0.06,
        looks=0.6,
        latency=(2, 30),
        knobs=((0.01, 0.04), (0.8, 2.5), (0.8, 2.0), (10, 30), (1, 4)),
        seats=6,
        reads_book=True,
    ),
    Kind(
        name="maker",
        kind=MAKER,
        share=0.02,
        looks=1.2,
        latency=(1, 5),
        knobs=((2, 6), (1.5, 4), (1, 3), (1, 4), (20, 60), (0.5, 2), (0.2, 0.6), (10, 14)),
        seats=5,
    ),
    Kind(
        name="fast maker",
        kind=MAKER,
        share=0.01,
        looks=1.8,
        latency=(0.2, 1),
        knobs=((1, 4), (0.6, 1.2), (1, 2), (0.5, 1.5), (10, 20), (1, 3), (0.1, 0.4), (2, 3)),
        seats=3,
    ),
)
