"""Funding arbitrageurs: before a funding they take the side that is paid, hedged on spot, and close after it.

Character: least premium in millionths, size factor, capacity in usual sizes, seconds before the funding when
they come.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.agents.arbitrageur import even_out, exchange
from tapewarden.simulator.agents.hands import holding, is_busy, is_two_sided, lots
from tapewarden.simulator.exchange.accounts import MILLION

PREMIUM, SIZE, CAPACITY, EARLY = 0, 1, 2, 3  # knobs
CLOSING: Final = 1800 * SECOND  # after a funding


@rule
def look_funding(w: Any, number: int) -> None:
    """Build the position up before a funding, take it down after it."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    here, there = integer(agent.instrument), integer(agent.other)
    market = w.instruments[here]
    if not (is_two_sided(market) and is_two_sided(w.instruments[there])) or even_out(w, number):
        return
    since = w.counters[0].now % market.funding_interval
    held, size = holding(w, number, here), lots(market, agent.knobs[SIZE])
    if since < CLOSING and held != 0:
        trade(w, number, held < 0, min(abs(held), size))
    elif market.funding_interval - since < agent.knobs[EARLY] * SECOND:
        room = agent.knobs[CAPACITY] * market.size_scale - abs(held)
        if room > 0 and abs(market.premium) * MILLION > agent.knobs[PREMIUM]:
            trade(w, number, market.premium < 0, size)


@rule
def trade(w: Any, number: int, buys: bool, size: int) -> None:
    """Buy the perpetual and sell spot, or the other way round."""
    agent = w.agents[number]
    here, there = integer(agent.instrument), integer(agent.other)
    if buys:
        exchange(w, number, here, there, size)
    else:
        exchange(w, number, there, here, size)
