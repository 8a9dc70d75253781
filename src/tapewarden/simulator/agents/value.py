"""Value traders: they know, roughly, what the asset is worth, and trade when the price is off.

Character: relative error of what they know, margin they want in ticks, size factor.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.domain.kinds import SECOND, Flag
from tapewarden.simulator.agents.hands import human_size, is_two_sided, submit
from tapewarden.simulator.agents.tempo import value
from tapewarden.simulator.exchange.tables import BUY, NO_SLOT, SELL
from tapewarden.simulator.randomness import exponential, normal

ERROR, MARGIN, SIZE = 0, 1, 2  # knobs
PATIENCE: Final = 20.0  # seconds a limit order stays
_IMMEDIATE: Final = int(Flag.IMMEDIATE)


@rule
def look_value(w: Any, number: int) -> None:
    """Take what is too cheap or too dear; otherwise offer to, at the margin."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    worth = value(w, agent.instrument) * (1.0 + agent.knobs[ERROR] * normal(agent))
    if not is_two_sided(market):
        return
    margin = agent.knobs[MARGIN]
    size = human_size(agent, market, agent.knobs[SIZE])
    if market.best_ask < worth - margin:
        submit(w, number, agent.instrument, BUY, int(market.best_ask), size, _IMMEDIATE, NO_SLOT)
    elif market.best_bid > worth + margin:
        submit(w, number, agent.instrument, SELL, int(market.best_bid), size, _IMMEDIATE, NO_SLOT)
    else:
        side = BUY if 0.5 * (market.best_bid + market.best_ask) < worth else SELL
        price = int(worth - margin) if side == BUY else int(worth + margin) + 1
        message = submit(w, number, agent.instrument, side, max(price, 1), size, 0, NO_SLOT)
        life = PATIENCE * SECOND * w.counters[0].calm * exponential(agent)
        w.messages[message].life = max(int(life), 1_000_000)
