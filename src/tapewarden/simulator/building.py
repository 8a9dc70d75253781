"""Laying out a market's tables from a plan."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tapewarden.compiled.rows import Table
from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.exchange.ladder import LADDERS
from tapewarden.simulator.exchange.matching import CANCEL_NEWEST
from tapewarden.simulator.exchange.tables import (
    AccountRow,
    AgentRow,
    AssetRow,
    CountersRow,
    DueRow,
    InstrumentRow,
    LevelRow,
    MessageRow,
    OrderRow,
    PositionRow,
    ReportRow,
    World,
)
from tapewarden.simulator.plan import LADDER, Listing, MarketPlan
from tapewarden.simulator.population import Seat

FIRST_ROWS: Final = 1 << 15
REPORT_ROWS: Final = 1 << 16
DAILY_VOLATILITY: Final = 0.04
MAKER_FEE, TAKER_FEE = 200, 500  # millionths


def new_world(plan: MarketPlan, listed: list[Listing], taken: list[Seat]) -> World:
    """Tables of a market on which nothing has happened yet."""
    accounts = 1 + max((seat.account for seat in taken), default=0)
    world = World(
        orders=np.zeros(FIRST_ROWS, OrderRow.dtype),
        order_free=_free(FIRST_ROWS),
        levels=np.zeros(LADDER * LADDERS * len(listed), LevelRow.dtype),
        words=np.zeros(LADDER * LADDERS * len(listed) // 64, np.uint64),
        instruments=np.zeros(len(listed), InstrumentRow.dtype),
        assets=np.zeros(1 + max(listing.asset for listing in listed), AssetRow.dtype),
        accounts=np.zeros(accounts, AccountRow.dtype),
        positions=np.zeros(accounts * len(listed), PositionRow.dtype),
        agents=np.zeros(1 + len(taken), AgentRow.dtype),
        messages=np.zeros(FIRST_ROWS, MessageRow.dtype),
        message_free=_free(FIRST_ROWS),
        due=np.zeros(2 * FIRST_ROWS, DueRow.dtype),
        reports=np.zeros(REPORT_ROWS, ReportRow.dtype),
        counters=np.zeros(1, CountersRow.dtype),
    )
    counters = world.counters[0]
    counters["now"], counters["intensity"], counters["calm"] = plan.start, 1.0, 1.0
    counters["orders"] = counters["messages"] = FIRST_ROWS - 1
    for number, listing in enumerate(listed):
        _list(world.instruments[number], number, listing, plan)
    _value(world.assets, plan)
    for number, seat in enumerate(taken, 1):
        _seat(world, number, seat, plan)
    return world


def _list(market: Any, number: int, listing: Listing, plan: MarketPlan) -> None:
    instrument = listing.instrument
    market["tick"], market["lot"] = instrument.tick, instrument.lot
    market["least_notional"] = listing.least_notional
    market["maker_fee"], market["taker_fee"] = MAKER_FEE, TAKER_FEE
    market["ladder"], market["first"] = LADDER, number * LADDER * LADDERS
    market["best_bid"], market["best_ask"] = -1, LADDER
    market["last"] = listing.anchor // market["tick"]
    market["anchor"] = listing.anchor / market["tick"]
    market["funding_interval"] = plan.funding_interval
    market["size_scale"] = listing.usual_size
    market["asset"] = listing.asset
    market["spot"] = number if listing.spot is None else listing.spot
    market["perpetual"] = listing.spot is not None
    market["heat"], market["heated"] = 0.5, plan.start


def _value(assets: Table, plan: MarketPlan) -> None:
    assets["value"] = assets["regime"] = 1.0
    assets["volatility"] = DAILY_VOLATILITY / np.sqrt(86_400)
    assets["seen"] = plan.start
    assets["counter"] = np.random.default_rng([plan.seed, 2]).integers(1 << 63, size=len(assets))


def _seat(world: World, number: int, seat: Seat, plan: MarketPlan) -> None:
    agent, account = world.agents[number], world.accounts[seat.account]
    agent["counter"] = np.random.default_rng([plan.seed, 3, number]).integers(1 << 63)
    agent["interval"], agent["knobs"] = seat.interval, seat.knobs
    agent["kind"], agent["account"], agent["instrument"] = seat.kind.kind, seat.account, seat.instrument
    account["latency"], account["prevention"] = seat.latency, CANCEL_NEWEST


def grown(world: World) -> World:
    """The same market with twice the room for orders and messages."""
    counters = world.counters[0]
    orders, messages = _longer(world.orders), _longer(world.messages)
    order_free = _more_free(world.order_free, int(counters["orders"]), len(orders))
    message_free = _more_free(world.message_free, int(counters["messages"]), len(messages))
    counters["orders"] += len(world.orders)
    counters["messages"] += len(world.messages)
    return world._replace(
        orders=orders,
        order_free=order_free,
        messages=messages,
        message_free=message_free,
        due=_longer(world.due),
    )


def _free(rows: int) -> Table:
    """A stack of all rows but 0, the lowest on top; its place 0 is not used."""
    stack = np.arange(rows, 0, -1).astype(np.uint32)
    stack[0] = 0
    return stack


def _longer(table: Table) -> Table:
    longer = np.zeros(2 * len(table), table.dtype)
    longer[: len(table)] = table
    return longer


def _more_free(stack: Table, count: int, rows: int) -> Table:
    """The stack of free rows of a table that has ``rows`` now, twice as many as before."""
    more = np.zeros(rows, np.uint32)
    fresh = rows // 2
    more[1 : count + 1] = stack[1 : count + 1]
    more[count + 1 : count + 1 + fresh] = np.arange(rows - 1, fresh - 1, -1)
    return more


def first_looks(plan: MarketPlan, taken: list[Seat]) -> list[int]:
    """When each agent looks for the first time: makers at once, all others within a minute."""
    chance = np.random.default_rng([plan.seed, 4])
    spread = [SECOND if seat.kind.name.endswith("maker") else 60 * SECOND for seat in taken]
    return [plan.start + int(chance.random() * one) for one in spread]


def with_member(world: World, account: int, instrument: int, latency: int) -> tuple[World, int]:
    """The same market with one more agent, who is outside the kernel; gives his number too."""
    accounts, instruments = max(len(world.accounts), account + 1), len(world.instruments)
    if accounts > len(world.accounts):
        world = world._replace(
            accounts=_with_rows(world.accounts, accounts),
            positions=_with_rows(world.positions, accounts * instruments),
        )
    agents = _with_rows(world.agents, len(world.agents) + 1)
    agents[-1]["account"], agents[-1]["instrument"] = account, instrument
    world.accounts[account]["latency"] = latency
    return world._replace(agents=agents), len(agents) - 1


def _with_rows(table: Table, rows: int) -> Table:
    longer = np.zeros(rows, table.dtype)
    longer[: len(table)] = table
    return longer
