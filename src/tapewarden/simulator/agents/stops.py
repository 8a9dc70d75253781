"""Holders with a stop loss: they take a position, and an order waits where they would give it up.

Stops gather at round prices, where one sets off the next (Osler 2003). Character: distance of the stop in
ticks, size factor, chance per look to take a position, gain at which they leave in times of the distance.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import Flag
from tapewarden.simulator.agents.hands import (
    cancel_slot,
    coin,
    holding,
    human_size,
    is_busy,
    is_two_sided,
    leave,
    live,
    middle_of,
    rush,
    submit,
)
from tapewarden.simulator.exchange.tables import BUY, SELL
from tapewarden.simulator.randomness import uniform

DISTANCE, SIZE, CHANCE, GAIN = 0, 1, 2, 3  # knobs
ENTRY: Final = 0  # memory, ticks
STOP: Final = 0  # slot
ROUND_TICKS: Final = 10
_STOP: Final = int(Flag.MARKET | Flag.IMMEDIATE | Flag.REDUCE_ONLY)


@rule
def look_stops(w: Any, number: int) -> None:
    """Take a position, protect it, or leave it with a gain."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    if not is_two_sided(market):
        return
    held = holding(w, number, agent.instrument)
    gain = (middle_of(market) - agent.memory[ENTRY]) * (1 if held > 0 else -1)
    if held == 0:
        cancel_slot(w, number, STOP)
        if uniform(agent) < agent.knobs[CHANCE]:
            agent.memory[ENTRY] = middle_of(market)
            rush(w, number, agent.instrument, coin(agent), human_size(agent, market, agent.knobs[SIZE]))
    elif gain > agent.knobs[GAIN] * agent.knobs[DISTANCE]:
        cancel_slot(w, number, STOP)
        leave(w, number, agent.instrument, abs(held))
    elif live(w, number, STOP) == 0:
        protect(w, number, held)


@rule
def protect(w: Any, number: int, held: int) -> None:
    """Place the stop, at the next round price beyond the distance, further off if that is too late."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    if held > 0:
        from_price = min(agent.memory[ENTRY], float(market.last))
        trigger = int((from_price - agent.knobs[DISTANCE]) / ROUND_TICKS) * ROUND_TICKS
    else:
        from_price = max(agent.memory[ENTRY], float(market.last))
        trigger = (int((from_price + agent.knobs[DISTANCE]) / ROUND_TICKS) + 1) * ROUND_TICKS
    side = SELL if held > 0 else BUY
    message = submit(w, number, agent.instrument, side, 0, abs(held), _STOP, STOP)
    w.messages[message].trigger = integer(max(trigger, 1) * market.tick)
