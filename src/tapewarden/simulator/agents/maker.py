"""Market makers: they quote both sides, lean against what they hold, and follow the price.

Character: number of levels, half spread in ticks, ticks between levels, size factor, inventory at which they
lean fully (in usual sizes), how far they follow the imbalance of the book in ticks. A fast maker is one that
looks often and quotes little.
"""

from __future__ import annotations

from math import floor
from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import Flag
from tapewarden.simulator.agents.hands import (
    cancel_slot,
    holding,
    is_busy,
    is_two_sided,
    live,
    shown_within,
    submit,
)
from tapewarden.simulator.agents.tempo import value
from tapewarden.simulator.exchange.tables import BUY, SELL, SLOTS

LEVELS, HALF_SPREAD, STEP, SIZE, CAPACITY, IMBALANCE = 0, 1, 2, 3, 4, 5  # knobs
SIDES: Final = 2
NEAR: Final = 5  # ticks
TRUST: Final = 0.1  # in what the asset is worth, beside the price
_POST_ONLY: Final = int(Flag.POST_ONLY)


@rule
def look_maker(w: Any, number: int) -> None:
    """Move each quote that is not where it should be."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    levels = min(int(agent.knobs[LEVELS]), SLOTS // SIDES)
    fair = fair_price(w, number)
    for level in range(levels):
        away = agent.knobs[HALF_SPREAD] + level * agent.knobs[STEP]
        quote(w, number, 2 * level, BUY, integer(floor(fair - away)))
        quote(w, number, 2 * level + 1, SELL, integer(floor(fair + away)) + 1)


@rule
def fair_price(w: Any, number: int) -> float:
    """Where the maker centers its quotes, in ticks."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    worth = value(w, agent.instrument)
    fair = worth
    if is_two_sided(market):
        middle = 0.5 * float(market.best_bid + market.best_ask)
        bids = shown_within(w, agent.instrument, BUY, NEAR)
        asks = shown_within(w, agent.instrument, SELL, NEAR)
        tilt = float(bids - asks) / float(bids + asks)
        fair = middle + TRUST * (worth - middle) + agent.knobs[IMBALANCE] * tilt
    lots = holding(w, number, agent.instrument) / market.size_scale
    lean = min(max(lots / agent.knobs[CAPACITY], -1.0), 1.0)
    return float(fair - lean * 2.0 * agent.knobs[HALF_SPREAD])


@rule
def quote(w: Any, number: int, slot: int, side: int, price: int) -> None:
    """Have an order at this price, and none on a side that would go beyond capacity."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    held = holding(w, number, agent.instrument) / market.size_scale
    full = held >= agent.knobs[CAPACITY] if side == BUY else held <= -agent.knobs[CAPACITY]
    row = live(w, number, slot)
    if row != 0 and (full or w.orders[row].price != price * market.tick):
        cancel_slot(w, number, slot)
        row = 0
    if row == 0 and not full and price > 0:
        lots = max(int(market.size_scale * agent.knobs[SIZE] / market.lot), 1)
        submit(w, number, agent.instrument, side, price, integer(lots * market.lot), _POST_ONLY, slot)
