"""What every agent can do: send orders and cancels, know its own orders, draw sizes as people do."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import SECOND, Flag
from tapewarden.simulator.exchange.agenda import CANCEL, NEW, compose, send
from tapewarden.simulator.exchange.ladder import BOOK, level_of
from tapewarden.simulator.exchange.tables import BUY, NO_SLOT, SELL, position_of
from tapewarden.simulator.randomness import below, exponential, normal, power_of_two, uniform

ROUND: Final = 0.3  # of sizes are round numbers
LEAST_LIFE: Final = 1_000_000  # ns
_IMMEDIATE: Final = int(Flag.IMMEDIATE)
_MARKET: Final = int(Flag.MARKET | Flag.IMMEDIATE)


@rule
def submit(
    w: Any, number: int, instrument: int, side: int, price: int, size: int, flags: int, slot: int
) -> int:
    """Send an order at a price in ticks (any for a market order); gives the message's row to add to."""
    message = compose(w, NEW, number)
    order = w.messages[message]
    order.instrument = instrument
    order.side = side
    order.price = price * w.instruments[instrument].tick
    order.size = size
    order.flags = flags
    order.slot = slot
    agent = w.agents[number]
    arrival = w.counters[0].now + w.accounts[agent.account].latency
    agent.busy = arrival
    send(w, message, arrival)
    return message


@rule
def take(w: Any, number: int, instrument: int, side: int, size: int) -> None:
    """Trade at once with what the best price of the other side has, if the exchange takes the size."""
    market = w.instruments[instrument]
    price = best_of(market, 1 - side)
    if 0 <= price < market.ladder and is_enough(market, price, size):
        submit(w, number, instrument, side, price, size, _IMMEDIATE, NO_SLOT)


@rule
def rush(w: Any, number: int, instrument: int, side: int, size: int) -> None:
    """Trade at once at whatever prices there are, if the exchange takes the size."""
    market = w.instruments[instrument]
    if is_enough(market, integer(market.last), size):
        submit(w, number, instrument, side, 0, size, _MARKET, NO_SLOT)


@rule
def offer(w: Any, number: int, instrument: int, side: int, price: int, size: int, patience: float) -> None:
    """Let an order rest at a price in ticks, for about so many seconds on a market of usual tempo."""
    message = submit(w, number, instrument, side, max(price, 1), size, 0, NO_SLOT)
    life = patience * SECOND * w.counters[0].calm * exponential(w.agents[number])
    w.messages[message].life = max(int(life), LEAST_LIFE)


@rule
def is_enough(market: Any, price: int, size: int) -> bool:
    """Whether the exchange takes an order of this size at a price in ticks."""
    return bool(size > 0 and price * market.tick * size >= market.least_notional)


@rule
def leave(w: Any, number: int, instrument: int, most: int) -> None:
    """Trade toward holding nothing, at once, no more than so much."""
    held = holding(w, number, instrument)
    rush(w, number, instrument, SELL if held > 0 else BUY, min(abs(held), most))


@rule
def cancel_slot(w: Any, number: int, slot: int) -> None:
    """Send a cancel for the order of a slot, if it is live."""
    row = live(w, number, slot)
    if row != 0:
        message = compose(w, CANCEL, number)
        w.messages[message].order = row
        w.messages[message].number = w.orders[row].number
        agent = w.agents[number]
        arrival = w.counters[0].now + w.accounts[agent.account].latency
        agent.busy = arrival
        send(w, message, arrival)


@rule
def live(w: Any, number: int, slot: int) -> int:
    """Row of the order of a slot, 0 when it has ended."""
    agent = w.agents[number]
    row = integer(agent.rows[slot])
    return row if row != 0 and w.orders[row].number == agent.numbers[slot] else 0


@rule
def is_busy(w: Any, number: int) -> bool:
    """Whether messages of the agent are still under way."""
    return bool(w.agents[number].busy > w.counters[0].now)


@rule
def holding(w: Any, number: int, instrument: int) -> int:
    """What the agent's account holds of an instrument."""
    return integer(position_of(w, w.agents[number].account, instrument).size)


@rule
def middle_of(market: Any) -> float:
    """Between the best prices, in ticks; for markets that have both."""
    return 0.5 * float(market.best_bid + market.best_ask)


@rule
def best_of(market: Any, side: int) -> int:
    """The best price of a side, in ticks; off the ladder where it is empty."""
    return integer(market.best_bid if side == BUY else market.best_ask)


@rule
def is_two_sided(market: Any) -> bool:
    """Whether there is a best bid and a best ask."""
    return bool(market.best_bid >= 0 and market.best_ask < market.ladder)


@rule
def human_size(agent: Any, market: Any, factor: float) -> int:
    """A size around the instrument's usual one: log-normal, and often a round number.

    A log-deviation of 1.2, as in the reference market of ABIDES, spreads leading digits as Benford has it.
    """
    size = market.size_scale * factor * power_of_two(1.73 * normal(agent))
    lots = max(int(size / market.lot), 1)
    if uniform(agent) < ROUND:
        lots = round_number(lots)
    return integer(lots * market.lot)


@rule
def lots(market: Any, factor: float) -> int:
    """So many times the instrument's usual size, in whole lots, at least one."""
    return integer(max(int(market.size_scale * factor / market.lot), 1) * market.lot)


@rule
def round_number(lots: int) -> int:
    """The nearest of 1, 2, 5 and their tenfolds below."""
    unit = 1
    while unit * 10 <= lots:
        unit *= 10
    if lots >= 5 * unit:
        return 5 * unit
    return 2 * unit if lots >= 2 * unit else unit


@rule
def coin(agent: Any) -> int:
    """Buy or sell."""
    return BUY if below(agent, 2) == 0 else SELL


@rule
def shown_within(w: Any, instrument: int, side: int, ticks: int) -> int:
    """Size displayed on a side within so many ticks of its best price."""
    market = w.instruments[instrument]
    best = best_of(market, side)
    total, step = 0, -1 if side == BUY else 1
    for away in range(ticks):
        position = best + step * away
        if position < 0 or position >= market.ladder:
            break
        total += level_of(w, instrument, BOOK, position).size
    return integer(total)
