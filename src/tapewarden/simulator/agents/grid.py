"""Grid bots: a ladder of orders at even distances around a price; each is renewed once it was filled.

Character: ticks between orders, size factor, orders on each side.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.simulator.agents.hands import (
    cancel_slot,
    is_busy,
    is_two_sided,
    live,
    lots,
    middle_of,
    submit,
)
from tapewarden.simulator.exchange.tables import BUY, SELL, SLOTS

STEP, SIZE, EACH = 0, 1, 2  # knobs
CENTER: Final = 0  # memory, ticks
MOST_EACH: Final = SLOTS // 2


@rule
def look_grid(w: Any, number: int) -> None:
    """Place what is missing of the grid; begin anew around the price if that has left it."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    if not is_two_sided(market):
        return
    middle, each = middle_of(market), integer(min(int(agent.knobs[EACH]), MOST_EACH))
    step = float(max(int(agent.knobs[STEP]), 1))
    if abs(middle - agent.memory[CENTER]) > (each + 1) * step:
        agent.memory[CENTER] = float(int(middle))
        for slot in range(SLOTS):
            cancel_slot(w, number, slot)
        return
    size = lots(market, agent.knobs[SIZE])
    for slot in range(2 * each):
        price = agent.memory[CENTER] + (slot - each + 0.5) * step
        if live(w, number, slot) == 0 and abs(price - middle) > 0.5 * step:
            side = BUY if price < middle else SELL
            submit(w, number, agent.instrument, side, integer(price), size, 0, slot)
