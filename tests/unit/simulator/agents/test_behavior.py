"""What kinds of agents do on a running market."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from tapewarden.domain.kinds import MINUTE, SECOND, EventKind, Flag, Initiator
from tapewarden.simulator.agents import acting, copier, grid
from tapewarden.simulator.exchange.tables import BUY
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.simulation import Simulation
from tests.samples.markets import Run, tape_of

PLAN = MarketPlan(seed=11, instruments=3, accounts=400, rate=60, news_per_day=0)


@cache
def market() -> Run:
    """Forty minutes; after half of them the asset loses three percent."""
    simulation = paced(PLAN)
    simulation.announce(PLAN.start + 20 * MINUTE, 0, -0.03)
    return Run(simulation, tape_of(simulation, PLAN.start + 40 * MINUTE))


def agents(kind: int) -> npt.NDArray[np.void]:
    world = market().simulation.world
    chosen: npt.NDArray[np.void] = world.agents[world.agents["kind"] == kind]
    return chosen


def accounts(name: str) -> list[int]:
    holders = market().simulation.people.holders
    return [number for number, holder in enumerate(holders) if holder.name.rsplit("-", 1)[0] == name]


def held(simulation: Simulation, account: int, instrument: int) -> int:
    return int(simulation.world.positions[account * PLAN.instruments + instrument]["size"])


def order_to_trade(name: str) -> float:
    tape, own = market().tape, accounts(name)
    places = tape[(tape.kind == EventKind.PLACE) & ((tape.flags & Flag.SNAPSHOT) == 0)]
    trades = tape[tape.kind == EventKind.TRADE]
    traded = np.isin(trades.account, own).sum() + np.isin(trades.counter_account, own).sum()
    return float(np.isin(places.account, own).sum() / max(traded, 1))


def test_makers_send_far_more_orders_per_trade_than_people() -> None:
    assert order_to_trade("maker") > 4 * order_to_trade("retail")
    assert order_to_trade("fast-maker") > 2 * order_to_trade("retail")


def test_most_orders_are_canceled() -> None:
    tape = market().tape
    count = {kind: int((tape.kind == kind).sum()) for kind in (EventKind.PLACE, EventKind.CANCEL)}
    assert count[EventKind.CANCEL] > 0.8 * count[EventKind.PLACE]


def test_grid_bots_have_orders_at_even_distances() -> None:
    world, seen = market().simulation.world, 0
    for agent in agents(acting.GRID):
        tick = int(world.instruments[agent["instrument"]]["tick"])
        rows = [
            row
            for row, number in zip(agent["rows"], agent["numbers"], strict=True)
            if row and world.orders[row]["number"] == number
        ]
        prices = sorted(int(world.orders[row]["price"]) // tick for row in rows)
        steps = {round(step / int(agent["knobs"][grid.STEP]), 1) for step in np.diff(prices)}
        assert all(abs(step - round(step)) < 0.3 for step in steps)
        seen += len(prices)
    assert seen > 20


def test_arbitrageurs_hold_on_one_instrument_what_they_owe_on_the_other() -> None:
    simulation, turned = market().simulation, 0
    for agent in agents(acting.ARBITRAGEUR):
        account, legs = int(agent["account"]), (int(agent["instrument"]), int(agent["other"]))
        positions = [held(simulation, account, leg) for leg in legs]
        usual = float(simulation.world.instruments[legs[0]]["size_scale"])
        assert abs(sum(positions)) < 10 * usual
        turned += abs(positions[0])
    assert turned > 0


def test_instruments_of_one_asset_have_one_price() -> None:
    markets = market().simulation.world.instruments
    middles = (markets["best_bid"] + markets["best_ask"]) / 2
    assert np.ptp(middles) < 25


def test_copy_traders_hold_what_their_leader_held_a_little_before() -> None:
    leader = int(agents(acting.COPIER)[0]["knobs"][copier.LEADER])
    leading, following = positions([leader]), positions(accounts("copy-trader"))
    later = following[1:]
    assert np.corrcoef(leading[:-1], later)[0, 1] > 0.5


def positions(own: list[int]) -> npt.NDArray[np.int64]:
    """What these accounts bought of the perpetual since the beginning, every ten seconds."""
    tape = market().tape
    trades = tape[(tape.kind == EventKind.TRADE) & (tape.instrument == 1)]
    bought = trades.side.astype(np.int64) * trades.size
    change = bought * np.isin(trades.account, own) - bought * np.isin(trades.counter_account, own)
    times = np.arange(PLAN.start, PLAN.start + 40 * MINUTE, 10 * SECOND)
    total: npt.NDArray[np.int64] = np.r_[0, np.cumsum(change)][np.searchsorted(trades.ts_event, times)]
    return total


def test_holders_of_positions_have_stop_orders_on_the_losing_side() -> None:
    world = market().simulation.world
    stops = world.orders[(world.orders["number"] > 0) & (world.orders["trigger"] > 0)]
    assert len(stops) > 3
    for stop in stops:
        last = world.instruments[stop["instrument"]]["last"] * world.instruments[stop["instrument"]]["tick"]
        assert (stop["trigger"] >= last) == (stop["side"] == BUY)


def test_icebergs_show_slice_after_slice() -> None:
    tape = market().tape
    slices = tape[(tape.kind == EventKind.PLACE) & (tape.initiator == Initiator.SYSTEM)]
    hidden = slices[(slices.flags & Flag.LIQUIDATION) == 0]
    assert len(hidden) > 20
    assert set(hidden.account.tolist()) <= set(accounts("executor"))


def test_the_price_follows_news() -> None:
    tape = market().tape
    trades = tape[(tape.kind == EventKind.TRADE) & (tape.instrument == 0)]
    before, after = (
        trades.price[(trades.ts_event >= start) & (trades.ts_event < start + MINUTE)].mean()
        for start in (PLAN.start + 19 * MINUTE, PLAN.start + 22 * MINUTE)
    )
    assert after / before - 1 == pytest.approx(-0.03, abs=0.008)


def test_news_traders_sell_on_bad_news_and_go_home() -> None:
    tape, own = market().tape, accounts("news-trader")
    trades = tape[(tape.kind == EventKind.TRADE) & np.isin(tape.account, own)]
    fresh = trades[trades.ts_event < PLAN.start + 21 * MINUTE]
    assert len(fresh) > 3
    assert (fresh.side == -1).all()
    assert fresh.ts_event.min() >= PLAN.start + 20 * MINUTE
    later = trades[trades.ts_event > PLAN.start + 25 * MINUTE]
    assert (later.side == 1).any()


def test_borrowed_money_is_liquidated_when_the_price_falls() -> None:
    tape = market().tape
    forced = tape[(tape.flags & Flag.LIQUIDATION) > 0]
    places = forced[forced.kind == EventKind.PLACE]
    assert len(places) >= 1
    assert set(places.account.tolist()) <= set(accounts("leveraged-trader"))
    assert (places.ts_event > PLAN.start + 20 * MINUTE).mean() > 0.5
    assert (places.ts_event % SECOND == 0).all()
