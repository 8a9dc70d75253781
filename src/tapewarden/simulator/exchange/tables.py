"""The market's memory: pooled tables of records, as the kernel takes them.

Row 0 of orders, messages and agents stands for nobody or none. Tables grow between calls of the kernel.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.borrowing import borrow
from tapewarden.compiled.compiling import inline_rule
from tapewarden.compiled.rows import Row, Table, f64, i64, u32, u64

BUY: Final = 0
SELL: Final = 1

SLOTS: Final = 12
NO_SLOT: Final = SLOTS
KNOBS: Final = 8

Slots = Annotated[npt.NDArray[np.uint32], np.uint32, (SLOTS,)]
SlotNumbers = Annotated[npt.NDArray[np.uint64], np.uint64, (SLOTS,)]
Numbers = Annotated[npt.NDArray[np.float64], np.float64, (KNOBS,)]


class OrderRow(Row):
    """A live order. Prices in units, 0 for market orders; times in ns."""

    number: u64  # of the order for its owner, for life
    told: u64  # its number on the tape: an iceberg gets a new one with every slice
    price: i64
    size: i64  # remaining, what is hidden included
    shown: i64  # remaining of what is displayed
    peak: i64  # of an iceberg: how much is displayed at a time; 0 for others
    trigger: i64  # of a stop order; 0 for others
    instrument: u32
    account: u32
    agent: u32
    before: u32  # toward the front of its queue
    after: u32
    side: u32
    flags: u32
    slot: u32


class LevelRow(Row):
    """One price of a ladder: its queue, and what is displayed there."""

    size: i64
    front: u32
    back: u32


class InstrumentRow(Row):
    """An instrument: its rules, its touch, what it last did. Ladder positions are prices in ticks."""

    tick: i64  # units
    lot: i64  # units
    least_notional: i64  # price units times size units
    maker_fee: i64  # millionths of the notional
    taker_fee: i64
    ladder: i64  # positions of a ladder
    first: i64  # where its book begins in the table of levels; stops to buy and to sell follow
    best_bid: i64  # position, -1 for an empty side
    best_ask: i64  # position, `ladder` for an empty side
    last: i64  # position of the last trade, 0 before the first
    volume: i64
    mark: i64  # price in units; 0 for spot
    index: i64
    premium: f64  # running mean of (mid - index) / index between fundings
    anchor: f64  # price in ticks at which the asset's value of 1 is traded
    funding_interval: i64  # ns
    trades: i64  # so far
    heat: f64  # trades of late, fading, see `agents.tempo`
    heated: i64  # as of when
    excited: i64  # so many of the trades are in it
    usual: f64  # trades per second in the longer run
    size_scale: f64  # usual size of an order, units
    asset: u32
    spot: u32  # of a perpetual: the instrument that its index follows; of others itself
    perpetual: u32
    spare: u32


class AssetRow(Row):
    """What an asset is worth, as those know who look beyond the market: a factor on the anchors."""

    value: f64
    volatility: f64  # relative, per square root of a second
    regime: f64  # factor on it, changing within minutes
    climate: f64  # another, changing within hours
    seen: i64
    counter: u64  # of its random stream
    news_interval: f64  # mean ns between news that nobody announced; 0: there are none
    shock: f64  # relative, of the last news
    shocked: i64  # when they came


class AccountRow(Row):
    """An account: money, delays and rules."""

    cash: i64  # price units times size units, all instruments of one quote currency and scale
    fees: i64  # paid so far
    deposited: i64  # so far
    latency: i64  # ns from decision to exchange, and back
    leverage: f64  # of margined accounts, 0 for others
    owner: u32
    prevention: u32  # how trades with oneself are prevented


class PositionRow(Row):
    """An account on an instrument; ``cost`` is what it paid for it, without fees."""

    size: i64
    cost: i64


class AgentRow(Row):
    """Who trades for an account on an instrument: kind, character, memory, live orders."""

    counter: u64  # of its random stream
    busy: i64  # until when its last messages are under way
    numbers: SlotNumbers
    rows: Slots
    knobs: Numbers  # its character; the kind's file says which is what
    memory: Numbers
    kind: u32
    account: u32
    instrument: u32
    other: u32  # second instrument of those who trade two


class CrowdRow(Row):
    """All agents of one kind on one instrument: when its clock strikes, one of them looks at the market."""

    counter: u64  # of its random stream
    interval: f64  # mean ns between looks, at usual activity
    first: u32  # its agents are numbered from here
    size: u32
    instrument: u32
    kind: u32


class MessageRow(Row):
    """Something under way: a request to the exchange, a look at the market, news for its members."""

    number: u64  # order concerned
    price: i64
    size: i64
    peak: i64
    trigger: i64
    life: i64  # the member cancels it so long after it was accepted; 0 never
    order: u32  # row of the order concerned
    kind: u32
    agent: u32
    account: u32
    instrument: u32
    side: u32
    flags: u32
    slot: u32


class DueRow(Row):
    """An entry of the heap of what is to come."""

    time: i64
    serial: u64  # equals come in the order they were sent
    message: u32
    spare: u32


class ReportRow(Row):
    """A row of the tape, with the columns of an ``EventBatch`` that a market knows."""

    order: u64
    counter_order: u64
    trade: u64
    price: i64
    size: i64
    ts_event: i64
    instrument: u32
    account: u32
    counter_account: u32
    kind: u32
    reason: u32
    initiator: u32
    side: u32
    flags: u32


class CountersRow(Row):
    """How much of each pool is free or used, and the last numbers given out."""

    now: i64
    orders: i64  # free rows
    messages: i64  # free rows
    due: i64  # entries of the heap
    reports: i64
    serial: u64
    number: u64
    trade: u64
    placed: i64  # orders accepted so far
    background: i64  # of these, orders of the plan's agents
    planned: f64  # how many those should be by now
    rate: f64  # planned per second
    patience: f64  # seconds within which the market comes back to its plan
    season: f64  # activity of the hour of the week to which the rate refers; 0: all hours are alike
    calm: f64  # seconds that take as long as one on a market of usual tempo
    intensity: f64  # factor on everybody's tempo


class World(NamedTuple):
    """All tables of a market."""

    orders: Table
    order_free: Table
    levels: Table
    words: Table
    instruments: Table
    assets: Table
    accounts: Table
    positions: Table
    agents: Table
    crowds: Table
    messages: Table
    message_free: Table
    due: Table
    reports: Table
    counters: Table


@inline_rule
def lend(world: Any) -> Any:
    """The tables without reference counts, see ``borrow``."""
    return World(
        borrow(world.orders),
        borrow(world.order_free),
        borrow(world.levels),
        borrow(world.words),
        borrow(world.instruments),
        borrow(world.assets),
        borrow(world.accounts),
        borrow(world.positions),
        borrow(world.agents),
        borrow(world.crowds),
        borrow(world.messages),
        borrow(world.message_free),
        borrow(world.due),
        borrow(world.reports),
        borrow(world.counters),
    )


@inline_rule
def position_of(w: Any, account: int, instrument: int) -> Any:
    """What an account holds of an instrument."""
    return w.positions[account * len(w.instruments) + instrument]
