"""Noise: people who trade for reasons of their own, whatever the book shows.

Character: share of market orders, mean distance of limit orders from the touch in ticks, mean life of a limit
order in seconds, size factor. Memory: which way they lean.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.simulator.agents.hands import coin, human_size, is_two_sided, offer, rush
from tapewarden.simulator.exchange.tables import BUY
from tapewarden.simulator.randomness import exponential, uniform

MARKET_SHARE, DISTANCE, LIFE, SIZE = 0, 1, 2, 3  # knobs
LEANING: Final = 0  # of memory: side + 1 of the last order
STUBBORN: Final = 0.75  # chance to stay on that side
INSIDE: Final = 0.15  # of limit orders go between the best prices


@rule
def look_noise(w: Any, number: int) -> None:
    """Send a market order, or a limit order with a life of its own."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    side = lean(agent)
    size = human_size(agent, market, agent.knobs[SIZE])
    if not is_two_sided(market):
        return
    if uniform(agent) < agent.knobs[MARKET_SHARE]:
        rush(w, number, agent.instrument, side, size)
        return
    offer(w, number, agent.instrument, side, limit(agent, market, side), size, agent.knobs[LIFE])


@rule
def lean(agent: Any) -> int:
    """A side: mostly that of the last order, because people work through what they mean to trade."""
    if agent.memory[LEANING] == 0 or uniform(agent) >= STUBBORN:
        agent.memory[LEANING] = coin(agent) + 1
    return int(agent.memory[LEANING]) - 1


@rule
def limit(agent: Any, market: Any, side: int) -> int:
    """A price in ticks: now and then inside the spread, mostly exponentially far behind the touch."""
    spread = market.best_ask - market.best_bid
    if spread > 1 and uniform(agent) < INSIDE:
        inside = 1 + int(uniform(agent) * (spread - 1))
        return int(market.best_bid + inside if side == BUY else market.best_ask - inside)
    away = int(agent.knobs[DISTANCE] * exponential(agent))
    return int(max(market.best_bid - away if side == BUY else market.best_ask + away, 1))
