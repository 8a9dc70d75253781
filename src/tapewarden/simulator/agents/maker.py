"""Market makers: they quote both sides, lean against what they hold, and follow the price.

Character: most levels, half spread in ticks, ticks between levels, size factor, inventory at which they lean
fully (in usual sizes), how far they follow the imbalance of the book (ticks), how far what the asset is worth
elsewhere, seconds until they look again at usual tempo. A fast maker looks often and quotes little.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import Flag
from tapewarden.simulator.agents.hands import (
    cancel_slot,
    holding,
    is_busy,
    is_two_sided,
    leave,
    live,
    lots,
    middle_of,
    shown_within,
    submit,
    take,
)
from tapewarden.simulator.agents.tempo import value, volatility
from tapewarden.simulator.exchange.tables import BUY, SELL, SLOTS
from tapewarden.simulator.randomness import uniform

LEVELS, HALF_SPREAD, STEP, SIZE, CAPACITY, IMBALANCE, TRUST, INTERVAL = 0, 1, 2, 3, 4, 5, 6, 7  # knobs
MOST_LEVELS: Final = SLOTS // 2
NEAR: Final = 5  # ticks
RENEWED: Final = 0.85  # of quotes looked at that are where they should be, to change their size
UNLOADING: Final = 0.1  # of their looks, once they are full
DEEPER: Final = 0.7  # of the size at the best level is added with every level behind it
STALE: Final = 4.5  # times their caution, how wrong a price must be to be taken
RISK: Final = 0.25  # of a deviation of the worth, within which they do not want to be
_POST_ONLY: Final = int(Flag.POST_ONLY)


@rule
def look_maker(w: Any, number: int) -> None:
    """Take what is stale, then see to the quotes of one level, mostly of the best."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    caution = agent.knobs[HALF_SPREAD] + drift(w, number)
    snipe(w, number, STALE * caution)
    unload(w, number)
    fair = fair_price(w, number)
    pull(w, number, fair)
    chance = uniform(agent)
    level = int(min(agent.knobs[LEVELS], MOST_LEVELS) * chance * chance)
    away = caution + level * agent.knobs[STEP]
    bid, ask = integer(floor(fair - away)), integer(floor(fair + away)) + 1
    quote(w, number, 2 * level, BUY, min(bid, market.best_ask - 1 - level))
    quote(w, number, 2 * level + 1, SELL, max(ask, market.best_bid + 1 + level))


@rule
def pull(w: Any, number: int, fair: float) -> None:
    """Cancel every quote that would trade at a loss."""
    agent = w.agents[number]
    limit = fair * w.instruments[agent.instrument].tick
    for slot in range(SLOTS):
        row = live(w, number, slot)
        if row != 0 and (w.orders[row].price > limit if slot % 2 == 0 else w.orders[row].price < limit):
            cancel_slot(w, number, slot)


@rule
def drift(w: Any, number: int) -> float:
    """How far, in ticks, the asset's worth may go before the maker looks again: a part of its deviation."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    per_second = volatility(w.assets[market.asset]) * market.anchor
    return float(RISK * per_second * sqrt(agent.knobs[INTERVAL] / w.counters[0].intensity))


@rule
def snipe(w: Any, number: int, margin: float) -> None:
    """Take the best price of a side if the asset is clearly worth more, or less."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    worth, size = value(w, agent.instrument), lots(market, agent.knobs[SIZE])
    held = holding(w, number, agent.instrument) / market.size_scale / agent.knobs[CAPACITY]
    if market.best_ask < worth - margin and held < 1.0:
        take(w, number, agent.instrument, BUY, size)
    elif market.best_bid > worth + margin and held > -1.0:
        take(w, number, agent.instrument, SELL, size)


@rule
def unload(w: Any, number: int) -> None:
    """Now and then, a maker that holds as much as it may trades some of it away at once."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    held = abs(holding(w, number, agent.instrument)) / market.size_scale
    if held >= agent.knobs[CAPACITY] and uniform(agent) < UNLOADING:
        leave(w, number, agent.instrument, lots(market, agent.knobs[SIZE]))


@rule
def fair_price(w: Any, number: int) -> float:
    """Where the maker centers its quotes, in ticks."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    worth = value(w, agent.instrument)
    fair = worth
    if is_two_sided(market):
        middle = middle_of(market)
        bids = shown_within(w, agent.instrument, BUY, NEAR)
        asks = shown_within(w, agent.instrument, SELL, NEAR)
        tilt = float(bids - asks) / float(bids + asks)
        fair = middle + agent.knobs[TRUST] * (worth - middle) + agent.knobs[IMBALANCE] * tilt
    held = holding(w, number, agent.instrument) / market.size_scale
    lean = min(max(held / agent.knobs[CAPACITY], -1.0), 1.0)
    return float(fair - lean * 2.0 * agent.knobs[HALF_SPREAD])


@rule
def quote(w: Any, number: int, slot: int, side: int, price: int) -> None:
    """Have an order at this price, renewed now and then, and none where it would go beyond capacity."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    held = holding(w, number, agent.instrument) / market.size_scale
    full = held >= agent.knobs[CAPACITY] if side == BUY else held <= -agent.knobs[CAPACITY]
    row = live(w, number, slot)
    if row != 0 and (full or w.orders[row].price != price * market.tick or uniform(agent) < RENEWED):
        cancel_slot(w, number, slot)
        row = 0
    if row == 0 and not full and price > 0:
        level = slot // 2
        size = lots(market, agent.knobs[SIZE] * (1.0 + DEEPER * level) * (0.5 + uniform(agent)))
        submit(w, number, agent.instrument, side, price, size, _POST_ONLY, slot)
