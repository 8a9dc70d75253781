"""Executors: they work off orders too large for the book, in slices.

Sizes of such parent orders have a heavy tail, and so the side of trades stays the same for long (Lillo, Mike
and Farmer 2005). Character: usual parent in usual sizes, style, slice in usual sizes, part of the traded
volume that a follower of volume takes, chance per look to begin when there is nothing to do.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.simulator.agents.hands import (
    best_of,
    cancel_slot,
    coin,
    holding,
    is_busy,
    is_enough,
    is_two_sided,
    live,
    lots,
    submit,
    take,
)
from tapewarden.simulator.exchange.tables import BUY, SELL
from tapewarden.simulator.randomness import exponential, power_of_two, uniform

PARENT, STYLE, SLICE, PARTICIPATION, CHANCE = 0, 1, 2, 3, 4  # knobs
TARGET, SEEN_VOLUME = 0, 1  # memory: what to hold in the end
BY_TIME: Final = 1.0  # styles: below it slices by the clock,
BY_VOLUME: Final = 2.0  # below it a part of what is traded, above it an iceberg
CHILD: Final = 0  # slot
TAIL: Final = 0.97  # log2 sizes are exponential with this mean: a Pareto tail of index 1.5
MOST: Final = 100.0  # usual parents
RETURNING: Final = 0.5  # of parent orders undo what earlier ones left
FAR: Final = 1  # ticks from the best price, where an iceberg is left behind
PASSIVE: Final = 0.9  # of the slices wait first


@rule
def look_executor(w: Any, number: int) -> None:
    """Work on the parent order, or begin one."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    if not is_two_sided(market):
        return
    gap = integer(agent.memory[TARGET]) - holding(w, number, agent.instrument)
    if not is_enough(market, market.best_bid, abs(gap)):
        cancel_slot(w, number, CHILD)
        begin(agent, market, holding(w, number, agent.instrument))
        return
    side = BUY if gap > 0 else SELL
    if agent.knobs[STYLE] < BY_TIME:
        slice_by_time(w, number, side, abs(gap))
    elif agent.knobs[STYLE] < BY_VOLUME:
        slice_by_volume(w, number, side, abs(gap))
    else:
        hide(w, number, side, abs(gap))


@rule
def begin(agent: Any, market: Any, held: int) -> None:
    """Now and then, a new parent order."""
    if uniform(agent) < agent.knobs[CHANCE]:
        times = min(power_of_two(TAIL * exponential(agent)), MOST)
        size = lots(market, agent.knobs[PARENT] * times)
        back = SELL if held > 0 else BUY
        side = back if uniform(agent) < RETURNING else coin(agent)
        agent.memory[TARGET] = held + (size if side == BUY else -size)
    agent.memory[SEEN_VOLUME] = float(market.volume)


@rule
def slice_by_time(w: Any, number: int, side: int, left: int) -> None:
    """The next slice is about as large as the last."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    work(w, number, side, min(lots(market, agent.knobs[SLICE] * (0.5 + uniform(agent))), left))


@rule
def slice_by_volume(w: Any, number: int, side: int, left: int) -> None:
    """The next slice is a part of what was traded since the last."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    traded = float(market.volume) - agent.memory[SEEN_VOLUME]
    size = min(integer(agent.knobs[PARTICIPATION] * traded / market.lot) * market.lot, left)
    if live(w, number, CHILD) != 0 or is_enough(market, market.best_bid, size):
        agent.memory[SEEN_VOLUME] = float(market.volume)
        work(w, number, side, size)


@rule
def work(w: Any, number: int, side: int, size: int) -> None:
    """A slice at the best price if there is time, otherwise at once; first one that still waits goes."""
    agent = w.agents[number]
    if live(w, number, CHILD) != 0:
        cancel_slot(w, number, CHILD)
    elif uniform(agent) < PASSIVE:
        submit(
            w, number, agent.instrument, side, best_of(w.instruments[agent.instrument], side), size, 0, CHILD
        )
    else:
        take(w, number, agent.instrument, side, size)


@rule
def hide(w: Any, number: int, side: int, left: int) -> None:
    """An iceberg of all that is left, at the best price; moved when the price has gone."""
    agent = w.agents[number]
    market = w.instruments[agent.instrument]
    best, row = best_of(market, side), live(w, number, CHILD)
    if row == 0:
        message = submit(w, number, agent.instrument, side, best, left, 0, CHILD)
        w.messages[message].peak = min(lots(market, agent.knobs[SLICE]), left)
    elif abs(w.orders[row].price // market.tick - best) > FAR:
        cancel_slot(w, number, CHILD)
