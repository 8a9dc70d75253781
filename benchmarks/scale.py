"""How much work a benchmark does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sizes of all benchmarks: events of generated tapes, and how often each side runs.

    ``start`` counts detectors, ``copies`` those that are added to them, at most so many of those there are:
    compiling one takes seconds. ``cold`` empties the cache of compiled code before what is to start cold;
    otherwise that starts warm. ``desktop`` is for how many seconds each rate is measured.
    """

    rounds: int
    instruments: int
    accounts: int
    books: int
    engine: int
    copies: int
    detectors: int
    comparison: int
    memory: int
    tape: int
    replay: int
    start: int
    cold: bool
    simulator: int
    commits: int
    wire: int
    publish: int
    signals: int
    forest: int
    desktop: float


FULL: Final = Scale(
    rounds=5,
    instruments=50,
    accounts=5_000,
    books=1_000_000,
    engine=1_000_000,
    copies=20,
    detectors=500_000,
    comparison=500_000,
    memory=2_000_000,
    tape=2_000_000,
    replay=2_000_000,
    start=1_000,
    cold=True,
    simulator=2_000_000,
    commits=150,
    wire=200_000,
    publish=4_200_000,
    signals=100_000,
    forest=20_000,
    desktop=60.0,
)

QUICK: Final = Scale(
    rounds=1,
    instruments=5,
    accounts=200,
    books=5_000,
    engine=5_000,
    copies=1,
    detectors=5_000,
    comparison=5_000,
    memory=20_000,
    tape=20_000,
    replay=20_000,
    start=1,
    cold=False,
    simulator=20_000,
    commits=5,
    wire=5_000,
    publish=6_000,
    signals=2_000,
    forest=500,
    desktop=2.0,
)
"""Enough to see that the sides of each comparison agree; its figures mean nothing."""
