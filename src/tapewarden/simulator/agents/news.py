"""News traders: when something happens to an asset they trade at once that way, and go home later.

Character: size factor, how many times they trade on a piece of news, seconds until they go home.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.agents.hands import human_size, is_busy, leave, take
from tapewarden.simulator.exchange.tables import BUY, SELL

SIZE, TIMES, STAY = 0, 1, 2  # knobs
ACTED_ON, COUNT = 0, 1  # memory: when the news came, and how often it was traded on
FRESH: Final = 60.0  # seconds


@rule
def look_news(w: Any, number: int) -> None:
    """Trade on fresh news; leave when they are old."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    asset = w.assets[market.asset]
    age = float(w.counters[0].now - asset.shocked) / SECOND
    size = human_size(agent, market, agent.knobs[SIZE])
    if agent.memory[ACTED_ON] != float(asset.shocked):
        agent.memory[ACTED_ON], agent.memory[COUNT] = float(asset.shocked), 0.0
    if age < FRESH and agent.memory[COUNT] < agent.knobs[TIMES]:
        agent.memory[COUNT] += 1.0
        take(w, number, agent.instrument, BUY if asset.shock > 0 else SELL, size)
    elif age > agent.knobs[STAY]:
        leave(w, number, agent.instrument, size)
