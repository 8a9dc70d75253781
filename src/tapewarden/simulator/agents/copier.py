"""Copy traders: they hold what the account they follow holds, scaled, a while later.

Character: number of the account they follow, scale, difference in usual sizes from which they act.
"""

from __future__ import annotations

from typing import Any

from tapewarden.compiled.compiling import integer, rule
from tapewarden.simulator.agents.hands import holding, is_busy, rush
from tapewarden.simulator.exchange.tables import BUY, SELL, position_of

LEADER, SCALE, LEAST = 0, 1, 2  # knobs


@rule
def look_copier(w: Any, number: int) -> None:
    """Trade toward what the leader holds."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    shown = position_of(w, integer(agent.knobs[LEADER]), agent.instrument).size
    wanted = int(agent.knobs[SCALE] * shown / market.lot) * market.lot
    gap = integer(wanted - holding(w, number, agent.instrument))
    if abs(gap) >= agent.knobs[LEAST] * market.size_scale or (wanted == 0 and gap != 0):
        rush(w, number, agent.instrument, BUY if gap > 0 else SELL, abs(gap))
