"""Perpetuals: margins, liquidation and funding, on a market of a maker and of one who borrows."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import MINUTE, SECOND, EventKind, Flag, Initiator, ReferenceKind, Side
from tapewarden.simulator.members.desk import ExchangeDesk, State, Ticket
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.population import Population
from tapewarden.simulator.simulation import Simulation

SPOT, PERPETUAL = 0, 1
LEVERAGE = 10
SMALL_LOSS, LARGE_LOSS = -0.03, -0.1  # of the price, of which a tenth is put up


@dataclass
class Market:
    """A maker quotes spot and perpetual at the same price; the trader may hold ``size``, with leverage."""

    simulation: Simulation
    makers: tuple[ExchangeDesk, ...]
    trader: ExchangeDesk
    size: int
    quotes: list[tuple[ExchangeDesk, Ticket]] = field(default_factory=list)
    batches: list[EventBatch] = field(default_factory=list)

    @property
    def tape(self) -> EventBatch:
        return EventBatch.concatenate(self.batches)

    @property
    def account(self) -> int:
        return self.simulation.directory.account_number("trader")

    def quote(self, change: float, size: int | None = None) -> None:
        """All quotes anew, changed by a part of the first price; the mark follows within a second."""
        for desk, ticket in self.quotes:
            desk.cancel(ticket)
        self.wait(0.5)
        price = self.price(change)
        self.quotes = [
            (desk, desk.place(side, size or self.size, price - int(side) * desk.tick))
            for desk in self.makers
            for side in (Side.BUY, Side.SELL)
        ]
        self.wait(0.1)

    def price(self, change: float) -> int:
        return (
            round(self.simulation.listings[SPOT].anchor * (1 + change) / self.trader.tick) * self.trader.tick
        )

    def wait(self, seconds: float) -> None:
        self.batches += self.simulation.run(self.simulation.now + int(seconds * SECOND))

    def buy(self, part: float) -> Ticket:
        ticket = self.trader.place(Side.BUY, self.trader.lots(part * self.size))
        self.wait(1)
        return ticket


@pytest.fixture
def market() -> Market:
    plan = MarketPlan(seed=1, instruments=2, news_per_day=0, funding_interval=10 * MINUTE)
    simulation = Simulation(plan, Population((), ()))
    makers = tuple(ExchangeDesk(simulation, "maker", leg, latency=1000) for leg in (SPOT, PERPETUAL))
    trader = ExchangeDesk(simulation, "trader", PERPETUAL, latency=1000)
    opened = Market(simulation, makers, trader, 100 * trader.usual_size)
    account = simulation.world.accounts[opened.account]
    account["leverage"] = LEVERAGE
    account["cash"] = opened.size * simulation.listings[PERPETUAL].anchor // LEVERAGE
    opened.quote(0)
    opened.wait(2)
    return opened


def liquidations(market: Market, kind: EventKind) -> EventBatch:
    tape = market.tape
    return tape[(tape.kind == kind) & ((tape.flags & Flag.LIQUIDATION) > 0)]


def test_an_order_beyond_the_leverage_is_refused(market: Market) -> None:
    assert market.buy(1.1).state is State.REJECTED
    assert market.buy(0.5).state is State.FILLED
    assert market.buy(0.6).state is State.REJECTED


def test_what_only_closes_needs_no_margin(market: Market) -> None:
    market.buy(0.5)
    market.quote(SMALL_LOSS)
    ticket = market.trader.place(Side.SELL, market.trader.position)
    market.wait(1)
    assert ticket.state is State.FILLED


def test_who_has_lost_half_of_the_margin_is_liquidated(market: Market) -> None:
    market.buy(0.9)
    held = market.trader.position
    market.quote(SMALL_LOSS)
    market.wait(2)
    assert market.trader.position == held
    market.quote(LARGE_LOSS)
    market.wait(2)
    assert market.trader.position == 0
    orders, trades = (liquidations(market, kind) for kind in (EventKind.PLACE, EventKind.TRADE))
    assert orders.account.tolist() == [market.account]
    assert orders.initiator.tolist() == [Initiator.SYSTEM]
    assert orders.size.tolist() == [held]
    assert trades.side.tolist() == [Side.SELL]


def test_a_liquidation_takes_what_the_book_has_and_goes_on_a_second_later(market: Market) -> None:
    market.buy(0.9)
    held, part = market.trader.position, market.trader.lots(0.2 * market.size)
    market.quote(LARGE_LOSS, part)
    market.wait(1)
    assert market.trader.position == held - part
    assert market.quotes[2][1].state is State.FILLED
    market.quote(LARGE_LOSS, part)
    market.wait(3)
    assert market.trader.position == held - 2 * part
    sizes = liquidations(market, EventKind.PLACE).size.tolist()
    assert sizes[0] == held
    assert set(sizes) == {held, held - part, held - 2 * part}
    times = liquidations(market, EventKind.PLACE).ts_event
    assert (np.diff(times) == SECOND).all()


def test_stop_orders_that_reduce_become_no_larger_than_what_is_held(market: Market) -> None:
    market.buy(0.5)
    stop = market.trader.place(
        Side.SELL,
        market.size,
        flags=Flag.REDUCE_ONLY,
        trigger=market.price(SMALL_LOSS / 2),
    )
    market.quote(SMALL_LOSS)
    other = ExchangeDesk(market.simulation, "other", PERPETUAL, latency=1000)
    other.place(Side.SELL, market.trader.usual_size)
    market.wait(1)
    assert stop.state is State.FILLED
    assert market.trader.position == 0


def test_funding_moves_money_from_longs_to_shorts_and_makes_none(market: Market) -> None:
    market.buy(0.5)
    market.simulation.world.instruments[PERPETUAL]["premium"] = 0.001
    world = market.simulation.world
    before = world.accounts["cash"].copy()
    to_come = -market.simulation.now % (10 * MINUTE)
    market.simulation.world.instruments[PERPETUAL]["premium"] = 0.001
    market.wait(to_come / SECOND + 1)
    funding = market.tape[market.tape.reason == ReferenceKind.FUNDING]
    paid = world.accounts["cash"] - before
    assert funding.price[-1] > 0
    assert paid[market.account] < 0
    assert paid.sum() == 0
