"""Laying out a market's tables from a plan."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tapewarden.compiled.rows import Table
from tapewarden.domain.kinds import DAY
from tapewarden.simulator.agents.tempo import season
from tapewarden.simulator.exchange.ladder import LADDERS
from tapewarden.simulator.exchange.tables import (
    AccountRow,
    AgentRow,
    AssetRow,
    CountersRow,
    CrowdRow,
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
from tapewarden.simulator.population import Crowd, Holder, Population, Seat, busyness

FIRST_ROWS: Final = 1 << 15
REPORT_ROWS: Final = 1 << 16
DAILY_VOLATILITY: Final = 0.04
SPELLS: Final = 1.7  # root mean square of the factors that spells of volatility are
USUAL_TRADES: Final = 0.1  # per order, about, until the market knows better
PATIENCE: Final = 60.0  # usual seconds within which a market comes back to the rate of its plan,
LEAST_PATIENCE, MOST_PATIENCE = 4.0, 300.0  # and seconds between which that must be
MAKER_FEE, TAKER_FEE = 200, 500  # millionths


def new_world(plan: MarketPlan, listed: list[Listing], people: Population) -> World:
    """Tables of a market on which nothing has happened yet."""
    accounts, agents = len(people.holders), 1 + len(people.seats)
    crowds = list(people.crowds(busyness(len(listed))))
    world = World(
        orders=np.zeros(FIRST_ROWS, OrderRow.dtype),
        order_free=_free(FIRST_ROWS),
        levels=np.zeros(LADDER * LADDERS * len(listed), LevelRow.dtype),
        words=np.zeros(LADDER * LADDERS * len(listed) // 64, np.uint64),
        instruments=np.zeros(len(listed), InstrumentRow.dtype),
        assets=np.zeros(1 + max(listing.asset for listing in listed), AssetRow.dtype),
        accounts=np.zeros(accounts, AccountRow.dtype),
        positions=np.zeros(accounts * len(listed), PositionRow.dtype),
        agents=np.zeros(agents, AgentRow.dtype),
        crowds=np.zeros(len(crowds), CrowdRow.dtype),
        messages=np.zeros(FIRST_ROWS, MessageRow.dtype),
        message_free=_free(FIRST_ROWS),
        due=np.zeros(2 * FIRST_ROWS, DueRow.dtype),
        reports=np.zeros(REPORT_ROWS, ReportRow.dtype),
        counters=np.zeros(1, CountersRow.dtype),
    )
    counters = world.counters[0]
    counters["now"] = plan.start
    counters["orders"] = counters["messages"] = FIRST_ROWS - 1
    _set_pace(counters, plan)
    for number, listing in enumerate(listed):
        _list(world.instruments[number], number, listing, plan)
    _value(world.assets, plan)
    for number, holder in enumerate(people.holders):
        _open_account(world.accounts[number], holder)
    for number, seat in enumerate(people.seats, 1):
        _seat(world.agents[number], seat)
        _pay_in(world, seat, people.holders[seat.account])
    for number, crowd in enumerate(crowds):
        _gather(world.crowds[number], crowd)
    world.agents["counter"][1:] = _streams(plan, 3, len(people.seats))
    world.crowds["counter"] = _streams(plan, 4, len(crowds))
    return world


def _set_pace(counters: Any, plan: MarketPlan) -> None:
    counters["rate"], counters["calm"], counters["intensity"] = plan.rate, plan.calm, 1 / plan.calm
    counters["patience"] = min(max(PATIENCE * plan.calm, LEAST_PATIENCE), MOST_PATIENCE)
    counters["season"] = season(plan.start)


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
    market["heated"] = plan.start
    market["usual"] = USUAL_TRADES * plan.rate / plan.instruments


def _value(assets: Table, plan: MarketPlan) -> None:
    assets["value"] = assets["regime"] = assets["climate"] = 1.0
    assets["volatility"] = DAILY_VOLATILITY / SPELLS / np.sqrt(86_400)
    assets["seen"] = plan.start
    assets["news_interval"] = DAY / plan.news_per_day if plan.news_per_day else 0.0
    assets["counter"] = _streams(plan, 2, len(assets))


def _streams(plan: MarketPlan, purpose: int, count: int) -> Any:
    """Where the random streams of so many rows begin."""
    return np.random.default_rng([plan.seed, purpose]).integers(1 << 63, size=count)


def _open_account(row: Any, holder: Holder) -> None:
    row["latency"], row["prevention"], row["leverage"] = holder.latency, holder.prevention, holder.leverage


def _seat(row: Any, seat: Seat) -> None:
    row["kind"], row["account"] = seat.kind.kind, seat.account
    row["instrument"], row["other"] = seat.instrument, seat.other
    row["knobs"] = seat.knobs


def _pay_in(world: World, seat: Seat, holder: Holder) -> None:
    """The deposit of a margined account, which trades one instrument."""
    market, money = world.instruments[seat.instrument], world.accounts[seat.account]
    amount = int(holder.deposit * float(market["size_scale"]) * float(market["anchor"]) * int(market["tick"]))
    money["cash"] += amount
    money["deposited"] += amount


def _gather(row: Any, crowd: Crowd) -> None:
    row["first"], row["size"], row["interval"] = crowd.first, crowd.size, crowd.interval
    row["instrument"], row["kind"] = crowd.instrument, crowd.kind.kind


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
