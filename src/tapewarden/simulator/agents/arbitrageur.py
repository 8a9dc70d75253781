"""Arbitrageurs: they buy where an asset is cheap and sell where it is dear, between two instruments of it.

Character: difference in ticks for which they trade, size factor, capacity in usual sizes. They trade back
more gladly than further on.
"""

from __future__ import annotations

from typing import Any

from tapewarden.compiled.compiling import integer, rule
from tapewarden.simulator.agents.hands import (
    best_of,
    holding,
    is_busy,
    is_enough,
    is_two_sided,
    lots,
    shown_within,
    take,
)
from tapewarden.simulator.exchange.tables import BUY, SELL

MARGIN, SIZE, CAPACITY = 0, 1, 2  # knobs


@rule
def look_arbitrageur(w: Any, number: int) -> None:
    """Even out what is held, then trade on a difference."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    here, there = integer(agent.instrument), integer(agent.other)
    if not (is_two_sided(w.instruments[here]) and is_two_sided(w.instruments[there])):
        return
    if even_out(w, number):
        return
    held = holding(w, number, here) / w.instruments[here].size_scale / agent.knobs[CAPACITY]
    size = lots(w.instruments[here], agent.knobs[SIZE])
    if held < 1.0 and edge(w, here, there) > agent.knobs[MARGIN] * (1.0 + min(held, 0.5)):
        exchange(w, number, here, there, size)
    elif held > -1.0 and edge(w, there, here) > agent.knobs[MARGIN] * (1.0 - max(held, -0.5)):
        exchange(w, number, there, here, size)


@rule
def edge(w: Any, cheap: int, dear: int) -> float:
    """What buying on one and selling on the other brings, in ticks of the first."""
    bought, sold = w.instruments[cheap], w.instruments[dear]
    return float(sold.best_bid * (bought.anchor / sold.anchor) - bought.best_ask)


@rule
def exchange(w: Any, number: int, cheap: int, dear: int, most: int) -> None:
    """Buy on one, sell on the other, as much as both show at their best prices, and at most so much."""
    shown = min(shown_within(w, cheap, SELL, 1), shown_within(w, dear, BUY, 1))
    size = min(shown, most)
    take(w, number, cheap, BUY, size)
    take(w, number, dear, SELL, size)


@rule
def even_out(w: Any, number: int) -> bool:
    """Trade away what one leg has more than the other because it found more; whether there is any."""
    agent = w.agents[number]
    here, there = integer(agent.instrument), integer(agent.other)
    excess = holding(w, number, here) + holding(w, number, there)
    near, far = w.instruments[here], w.instruments[there]
    if not is_enough(near, near.best_bid, abs(excess)):
        return False
    side = SELL if excess > 0 else BUY
    ratio = near.anchor / far.anchor
    gain = (best_of(far, 1 - side) * ratio - best_of(near, 1 - side)) * (1 if side == SELL else -1)
    take(w, number, there if gain > 0 else here, side, abs(excess))
    return True
