"""Value traders: they know, roughly, what the asset is worth, and trade when the price is off.

Character: relative error of what they know, margin they want in ticks, size factor.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.simulator.agents.hands import human_size, middle_of, offer, take
from tapewarden.simulator.agents.tempo import value
from tapewarden.simulator.exchange.tables import BUY, SELL
from tapewarden.simulator.randomness import normal

ERROR, MARGIN, SIZE = 0, 1, 2  # knobs
PATIENCE: Final = 20.0  # seconds a limit order stays


@rule
def look_value(w: Any, number: int) -> None:
    """Offer where nobody does; take what is too cheap or too dear; otherwise offer to, at the margin."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    worth = value(w, agent.instrument) * (1.0 + agent.knobs[ERROR] * normal(agent))
    margin = agent.knobs[MARGIN]
    size = human_size(agent, market, agent.knobs[SIZE])
    if market.best_bid < 0:
        offer(w, number, agent.instrument, BUY, int(worth - margin), size, PATIENCE)
    elif market.best_ask >= market.ladder:
        offer(w, number, agent.instrument, SELL, int(worth + margin) + 1, size, PATIENCE)
    elif market.best_ask < worth - margin:
        take(w, number, agent.instrument, BUY, size)
    elif market.best_bid > worth + margin:
        take(w, number, agent.instrument, SELL, size)
    elif middle_of(market) < worth:
        offer(w, number, agent.instrument, BUY, int(worth - margin), size, PATIENCE)
    else:
        offer(w, number, agent.instrument, SELL, int(worth + margin) + 1, size, PATIENCE)
