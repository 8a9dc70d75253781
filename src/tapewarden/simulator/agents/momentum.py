"""Momentum traders: they follow a move while it lasts, and leave when it is over.

Character: trend in ticks that they follow, size factor, capacity in usual sizes, how much of the news each
look brings enters their quick and their slow average of the price.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.simulator.agents.hands import (
    holding,
    human_size,
    is_two_sided,
    leave,
    middle_of,
    take,
)
from tapewarden.simulator.exchange.tables import BUY, SELL

THRESHOLD, SIZE, CAPACITY, QUICK, SLOW = 0, 1, 2, 3, 4  # knobs
QUICK_AVERAGE, SLOW_AVERAGE = 0, 1  # memory
OVER: Final = 0.3  # of the trend they follow is none any more


@rule
def look_momentum(w: Any, number: int) -> None:
    """Join a trend, or leave once it is over."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    if not is_two_sided(market):
        return
    trend = learn_trend(agent, middle_of(market))
    held = holding(w, number, agent.instrument) / market.size_scale
    size = human_size(agent, market, agent.knobs[SIZE])
    if trend > agent.knobs[THRESHOLD] and held < agent.knobs[CAPACITY]:
        take(w, number, agent.instrument, BUY, size)
    elif trend < -agent.knobs[THRESHOLD] and held > -agent.knobs[CAPACITY]:
        take(w, number, agent.instrument, SELL, size)
    elif abs(trend) < OVER * agent.knobs[THRESHOLD]:
        leave(w, number, agent.instrument, size)


@rule
def learn_trend(agent: Any, middle: float) -> float:
    """How far the quick average is above the slow one, with this price in both."""
    memory = agent.memory
    if memory[SLOW_AVERAGE] == 0:
        memory[QUICK_AVERAGE], memory[SLOW_AVERAGE] = middle, middle
    memory[QUICK_AVERAGE] += agent.knobs[QUICK] * (middle - memory[QUICK_AVERAGE])
    memory[SLOW_AVERAGE] += agent.knobs[SLOW] * (middle - memory[SLOW_AVERAGE])
    return float(memory[QUICK_AVERAGE] - memory[SLOW_AVERAGE])
