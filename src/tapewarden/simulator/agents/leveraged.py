"""Leveraged traders of perpetuals: a small deposit, a large position, and sometimes a liquidation.

Character: part of the leverage they use, chance per look to take a position, gain at which they leave as a
part of what they put up. Those who lost most of their deposit pay in again.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.simulator.agents.hands import coin, holding, is_busy, is_two_sided, leave, rush
from tapewarden.simulator.exchange.accounts import deposit
from tapewarden.simulator.exchange.margin import equity
from tapewarden.simulator.randomness import uniform

USE, CHANCE, GAIN = 0, 1, 2  # knobs
DEPOSIT, STAKE = 0, 1  # memory: what they paid in at first, and what they had when they took the position
RUINED: Final = 0.2  # of the deposit


@rule
def look_leveraged(w: Any, number: int) -> None:
    """Take a position with borrowed money, or leave it with a gain; the exchange sees to losses."""
    if is_busy(w, number):
        return
    agent = w.agents[number]
    market, money = w.instruments[agent.instrument], w.accounts[agent.account]
    if market.mark == 0 or not is_two_sided(market):
        return
    held, worth = holding(w, number, agent.instrument), equity(w, agent.account, agent.instrument)
    if agent.memory[DEPOSIT] == 0:
        agent.memory[DEPOSIT] = worth
    if held != 0:
        if worth > (1.0 + agent.knobs[GAIN]) * agent.memory[STAKE]:
            leave(w, number, agent.instrument, abs(held))
    elif worth < RUINED * agent.memory[DEPOSIT]:
        deposit(w, agent.account, integer(agent.memory[DEPOSIT] - worth))
    elif uniform(agent) < agent.knobs[CHANCE]:
        agent.memory[STAKE] = worth
        size = int(worth * money.leverage * agent.knobs[USE] / market.mark / market.lot) * market.lot
        rush(w, number, agent.instrument, coin(agent), integer(size))
