"""Book readers: they learn from experience how the displayed sizes foretell the price, and act on it.

Without them a market cannot be spoofed: a wall would tell nobody anything (Wang and Wellman 2017). Each
regresses the move of the middle since its last look on the imbalance it saw then.
Character: how fast they learn, expected move in ticks at which they take, size factor, capacity in usual
sizes, what they believe at first (ticks that the price moves if all of the book is on one side).
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.simulator.agents.hands import (
    best_of,
    holding,
    human_size,
    is_two_sided,
    middle_of,
    offer,
    shown_within,
    take,
)
from tapewarden.simulator.exchange.tables import BUY, SELL

RATE, BOLDNESS, SIZE, CAPACITY, BELIEF = 0, 1, 2, 3, 4  # knobs
SLOPE, SEEN_IMBALANCE, SEEN_MIDDLE = 0, 1, 2  # memory
DEPTH: Final = 10  # ticks
TYPICAL: Final = 0.1  # square of an imbalance
LONGEST_SLOPE: Final = 20.0
PATIENCE: Final = 10.0  # seconds a limit order stays


@rule
def look_learner(w: Any, number: int) -> None:
    """Learn from the last look, then take the side the book leans to, or close what is held."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    if not is_two_sided(market):
        return
    middle = middle_of(market)
    bids = shown_within(w, agent.instrument, BUY, DEPTH)
    asks = shown_within(w, agent.instrument, SELL, DEPTH)
    imbalance = float(bids - asks) / float(bids + asks)
    learn(agent, middle)
    agent.memory[SEEN_IMBALANCE], agent.memory[SEEN_MIDDLE] = imbalance, middle
    act(w, number, agent.memory[SLOPE] * imbalance)


@rule
def learn(agent: Any, middle: float) -> None:
    """One step of normalized least squares toward the move that followed the imbalance seen last."""
    if agent.memory[SEEN_MIDDLE] == 0:
        agent.memory[SLOPE] = agent.knobs[BELIEF]
        return
    seen, move = agent.memory[SEEN_IMBALANCE], middle - agent.memory[SEEN_MIDDLE]
    gain = agent.knobs[RATE] * seen / (TYPICAL + seen * seen)
    slope = agent.memory[SLOPE] + gain * (move - agent.memory[SLOPE] * seen)
    agent.memory[SLOPE] = min(max(slope, -LONGEST_SLOPE), LONGEST_SLOPE)


@rule
def act(w: Any, number: int, expected: float) -> None:
    """Trade on an expected move in ticks: take if it is worth it, wait in the queue otherwise."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    side = BUY if expected > 0 else SELL
    held = holding(w, number, agent.instrument) / market.size_scale
    if (held if side == BUY else -held) >= agent.knobs[CAPACITY]:
        return
    size = human_size(agent, market, agent.knobs[SIZE])
    if abs(expected) >= agent.knobs[BOLDNESS]:
        take(w, number, agent.instrument, side, size)
    else:
        offer(w, number, agent.instrument, side, best_of(market, side), size, PATIENCE)
