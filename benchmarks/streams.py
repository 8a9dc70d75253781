"""A large stream of orders and trades as a venue sees them, the same for the same seed.

Each instrument has a fair price that wanders. Members quote around it, mostly close to the touch, and cancel
most of what they quote, mostly soon; takers hit the front of the queue at the best price, the more eagerly
the further it lies from fair. Every other instrument announces its takers as orders. Now and then somebody
spoofs, layers, trades with himself or stuffs the book with quotes. No row names an order that is not live.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import kernel, rule
from tapewarden.compiled.rows import Row, i64
from tapewarden.domain.batch import COLUMN_DEFAULTS, COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, EventKind, Flag, Initiator, Side

TICKS: Final = 4096
"""Prices an instrument can take; the fair price stays in the middle half of them."""

LOWEST_PRICE: Final = 20_000
START: Final = 1_700_000_000 * SECOND
MEAN_PAUSE: Final = SECOND // 2000
LIVE_PER_INSTRUMENT: Final = 1000
"""Live orders that an instrument of average activity settles at."""

EPISODE_EVERY: Final = 10_000
MANIPULATORS: Final = 8
"""So many accounts, the last ones, take part in episodes."""

LONGEST_EPISODE: Final = 400
BUY: Final = 0
SELL: Final = 1

_PLACE: Final = int(EventKind.PLACE)
_AMEND: Final = int(EventKind.AMEND)
_CANCEL: Final = int(EventKind.CANCEL)
_TRADE: Final = int(EventKind.TRADE)
_MEMBER: Final = int(Initiator.MEMBER)
_SYSTEM: Final = int(Initiator.SYSTEM)
_IMMEDIATE: Final = int(Flag.IMMEDIATE)
_BID: Final = int(Side.BUY)
_ASK: Final = int(Side.SELL)


class Stream(NamedTuple):
    """Events, and who and what their numbers stand for."""

    directory: Directory
    batch: EventBatch


class _Order(Row):
    """A live order: in the queue of its price, and in the list of its instrument's live orders."""

    number: i64
    instrument: i64
    side: i64
    tick: i64
    size: i64
    account: i64
    before: i64
    after: i64
    place: i64


class _Market(NamedTuple):
    """State of the venue as arrays, so that compiled code can change it. Order 0 is no order."""

    rows: Any
    orders: Any
    free: npt.NDArray[np.int64]  # stack of unused orders, its height first
    first: npt.NDArray[np.int64]  # front of the queue: instrument x side x tick
    last: npt.NDArray[np.int64]
    best: npt.NDArray[np.int64]  # instrument x side; -1 and TICKS where empty
    fair: npt.NDArray[np.float64]
    live: npt.NDArray[np.int64]  # instrument x place
    live_count: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    chance: npt.NDArray[np.uint64]
    clock: npt.NDArray[np.int64]
    used: npt.NDArray[np.int64]  # rows written, order ids given, trade ids given


def realistic_stream(events: int, instruments: int = 50, accounts: int = 5000, seed: int = 1) -> Stream:
    """About 50 % orders placed, 40 % canceled, 8 % trades, 2 % amended, after the books have filled.

    Activity is skewed: the busiest instruments and accounts make most of the events. It takes about a second
    per million events, and a few seconds once to compile.
    """
    market = _new_market(events, instruments, seed)
    _run(market, events, accounts)
    rows = market.rows[:events]
    batch = EventBatch(**{name: np.ascontiguousarray(rows[name]) for name in COLUMN_TYPES})
    return Stream(_directory(instruments, accounts), batch)


def _directory(instruments: int, accounts: int) -> Directory:
    directory = Directory()
    directory.sources.number("venue")
    for number in range(instruments):
        directory.add_instrument(
            Instrument(symbol=f"COIN{number}-USD", venue="SIM", price_exponent=-2, size_exponent=-3, tick=1)
        )
    for number in range(accounts):
        directory.add_account(f"account {number}")
    return directory


def _new_market(events: int, instruments: int, seed: int) -> _Market:
    share = np.diff(np.sqrt(np.linspace(0, 1, instruments + 1)))
    target = (20 + share * instruments * LIVE_PER_INSTRUMENT).astype(np.int64)
    places = 4 * int(target.max()) + LONGEST_EPISODE
    capacity = 4 * int(target.sum()) + LONGEST_EPISODE
    defaults = tuple(COLUMN_DEFAULTS.values())
    return _Market(
        rows=np.full(events + LONGEST_EPISODE, np.array(defaults, dtype=list(COLUMN_TYPES.items()))),
        orders=np.zeros(capacity + 1, _Order.dtype),
        free=np.append(capacity, np.arange(capacity, 0, -1)),
        first=np.zeros((instruments, 2, TICKS), np.int64),
        last=np.zeros((instruments, 2, TICKS), np.int64),
        best=np.tile(np.array([-1, TICKS]), (instruments, 1)),
        fair=np.full(instruments, TICKS / 2),
        live=np.zeros((instruments, places), np.int64),
        live_count=np.zeros(instruments, np.int64),
        target=target,
        chance=np.array([seed], np.uint64),
        clock=np.array([START]),
        used=np.zeros(3, np.int64),
    )


@kernel
def _run(market: _Market, events: int, accounts: int) -> None:
    instruments, episodes = len(market.fair), 0
    while market.used[0] < events:
        instrument = int(instruments * _uniform(market) ** 2)
        _wander(market, instrument)
        if market.used[0] // EPISODE_EVERY > episodes:
            episodes += 1
            _episode(market, instrument, accounts - 1 - episodes % MANIPULATORS, episodes % 4)
            continue
        account = int((accounts - MANIPULATORS) * _uniform(market) ** 3)
        missing = 1.0 - market.live_count[instrument] / market.target[instrument]
        # Thinner books draw more quotes; the opening is nothing but quotes.
        threshold = 0.48 + 0.5 * max(-0.5, missing)
        choice = _uniform(market)
        if choice < threshold or market.live_count[instrument] < 10:
            _quote(market, instrument, account)
        else:
            rest = (choice - threshold) / (1.0 - threshold)
            if rest < 0.865:
                _cancel(market, _young_order(market, instrument), False)
            elif rest < 0.9:
                _amend(market, _young_order(market, instrument))
            else:
                _take(market, instrument, account)


# --- what members do --------------------------------------------------------------------------------------


@rule
def _quote(market: _Market, instrument: int, account: int) -> None:
    """Place an order on a random side, close to fair more often than far from it."""
    side = BUY if _uniform(market) < 0.5 else SELL
    behind = int(80 * _uniform(market) ** 5)
    fair = market.fair[instrument]
    tick = int(fair - 0.5) - behind if side == BUY else int(fair + 1.5) + behind
    _place(market, instrument, side, tick, _some_size(market), account)


@rule
def _take(market: _Market, instrument: int, account: int) -> None:
    """Trade with the front of the queue, in as many fills as the size needs."""
    bid, ask, fair = market.best[instrument, BUY], market.best[instrument, SELL], market.fair[instrument]
    buys = ask < fair or (bid <= fair and _uniform(market) < 0.5)
    resting_side = SELL if buys else BUY
    best, size, taker = market.best[instrument, resting_side], _some_size(market), 0
    if best < 0 or best >= TICKS:
        return
    if instrument % 2 == 0:
        row = _emit(market, _PLACE, instrument, account, 1 - resting_side, best, size)
        row.flags = _IMMEDIATE
        taker = _next(market, 1)
        row.order = taker
    while size > 0 and market.best[instrument, resting_side] == best:
        size -= _fill(market, market.first[instrument, resting_side, best], size, account, taker)
    if size > 0 and taker:
        row = _emit(market, _CANCEL, instrument, account, 1 - resting_side, best, size)
        row.initiator = _SYSTEM
        row.order = taker


@rule
def _fill(market: _Market, slot: int, size: int, account: int, taker: int) -> int:
    """One trade with a resting order; gives its size."""
    order = market.orders[slot]
    filled = min(size, order.size)
    row = _emit(market, _TRADE, order.instrument, account, 1 - order.side, order.tick, filled)
    row.order = taker
    row.counter_order = order.number
    row.counter_account = order.account
    row.trade = _next(market, 2)
    order.size -= filled
    if order.size == 0:
        _remove(market, slot)
    return int(filled)


@rule
def _cancel(market: _Market, slot: int, wholly: bool) -> None:
    """Cancel an order, now and then in part."""
    order = market.orders[slot]
    size = order.size
    if not wholly and size > 1 and _uniform(market) < 0.03:
        size = size // 2
    row = _emit(market, _CANCEL, order.instrument, order.account, order.side, order.tick, size)
    row.order = order.number
    order.size -= size
    if order.size == 0:
        _remove(market, slot)


@rule
def _amend(market: _Market, slot: int) -> None:
    """Halve an order, or move it a few ticks back."""
    order = market.orders[slot]
    tick = order.tick
    size = order.size
    if _uniform(market) < 0.5:
        size = (size + 1) // 2
    else:
        step = 1 + int(4 * _uniform(market))
        tick = max(1, tick - step) if order.side == BUY else min(TICKS - 2, tick + step)
    row = _emit(market, _AMEND, order.instrument, order.account, order.side, tick, size)
    row.order = order.number
    order.size = size
    if tick != order.tick:
        _leave_queue(market, slot)
        order.tick = tick
        _join_queue(market, slot)


@rule
def _place(market: _Market, instrument: int, side: int, tick: int, size: int, account: int) -> int:
    """Place an order where it does not cross; gives its slot."""
    tick = min(max(tick, 1), TICKS - 2)
    tick = (
        min(tick, market.best[instrument, SELL] - 1)
        if side == BUY
        else max(tick, market.best[instrument, BUY] + 1)
    )
    row = _emit(market, _PLACE, instrument, account, side, tick, size)
    top = market.free[0]
    slot = market.free[top]
    market.free[0] = top - 1
    order = market.orders[slot]
    order.number = _next(market, 1)
    row.order = order.number
    order.instrument, order.side, order.tick = instrument, side, tick
    order.size, order.account, order.place = size, account, market.live_count[instrument]
    market.live[instrument, market.live_count[instrument]] = slot
    market.live_count[instrument] += 1
    _join_queue(market, slot)
    return int(slot)


# --- suspected misconduct ---------------------------------------------------------------------------------


@rule
def _episode(market: _Market, instrument: int, account: int, which: int) -> None:
    if which == 0:
        _spoof(market, instrument, account, 1)
    elif which == 1:
        _spoof(market, instrument, account, 5)
    elif which == 2:
        _match_oneself(market, instrument, account)
    else:
        _stuff(market, instrument, account)


@rule
def _spoof(market: _Market, instrument: int, account: int, baits: int) -> None:
    """A small bid, large asks behind the best one, a fill of the bid, the asks gone: with five, layering."""
    bid, ask = market.best[instrument, BUY], market.best[instrument, SELL]
    if bid < 0 or ask >= TICKS - 10:
        return
    small = _place(market, instrument, BUY, bid + 1, 10, account)
    large = np.zeros(8, np.int64)
    for bait in range(baits):
        large[bait] = _place(market, instrument, SELL, ask + 1 + bait, 20_000 // baits, account)
    if market.first[instrument, BUY, market.best[instrument, BUY]] == small:
        _fill(market, small, 10, 0, 0)
    for bait in range(baits):
        _cancel(market, large[bait], True)


@rule
def _match_oneself(market: _Market, instrument: int, account: int) -> None:
    """A bid ahead of all others, sold into by the same account."""
    slot = _place(market, instrument, BUY, TICKS - 2, 50, account)
    if market.first[instrument, BUY, market.best[instrument, BUY]] == slot:
        _fill(market, slot, 50, account, 0)


@rule
def _stuff(market: _Market, instrument: int, account: int) -> None:
    """Orders placed and canceled at once, over and over."""
    for _ in range(LONGEST_EPISODE // 2 - 10):
        slot = _place(market, instrument, BUY, int(market.fair[instrument]) - 20, 5, account)
        _cancel(market, slot, True)


# --- the machinery ----------------------------------------------------------------------------------------


@rule
def _emit(market: _Market, kind: int, instrument: int, account: int, side: int, tick: int, size: int) -> Any:  # noqa: ANN401
    """Write the columns every row has, some time after the row before; gives the row."""
    row = market.rows[market.used[0]]
    market.used[0] += 1
    # The fourth power of a uniform number has a mean of a fifth: bursts and lulls.
    market.clock[0] += 1 + int(5 * MEAN_PAUSE * _uniform(market) ** 4)
    row.kind = kind
    row.initiator = _MEMBER
    row.instrument = instrument
    row.account = account
    row.side = _BID if side == BUY else _ASK
    row.price = LOWEST_PRICE + tick
    row.size = size
    row.ts_event = market.clock[0]
    row.ts_receive = market.clock[0]
    row.sequence = market.used[0]
    return row


@rule
def _next(market: _Market, counter: int) -> int:
    """The next order id (counter 1) or trade id (counter 2)."""
    market.used[counter] += 1
    return int(market.used[counter])


@rule
def _wander(market: _Market, instrument: int) -> None:
    """Move the fair price a little, now and then by a jump, within the middle half of the prices."""
    jump = 6.0 if _uniform(market) < 0.001 else 0.06
    fair = market.fair[instrument] + jump * (_uniform(market) - 0.5)
    market.fair[instrument] = min(max(fair, 0.25 * TICKS), 0.75 * TICKS)


@rule
def _young_order(market: _Market, instrument: int) -> int:
    """A live order; the list's end, where the young ones are, more often than its beginning."""
    count = market.live_count[instrument]
    return int(market.live[instrument, count - 1 - int(count * _uniform(market) ** 3)])


@rule
def _some_size(market: _Market) -> int:
    return 1 + int(1000 * _uniform(market) ** 4)


@rule
def _join_queue(market: _Market, slot: int) -> None:
    order = market.orders[slot]
    instrument, side, tick = order.instrument, order.side, order.tick
    last = market.last[instrument, side, tick]
    order.before, order.after = last, 0
    if last:
        market.orders[last].after = slot
    else:
        market.first[instrument, side, tick] = slot
    market.last[instrument, side, tick] = slot
    best = market.best[instrument, side]
    market.best[instrument, side] = max(best, tick) if side == BUY else min(best, tick)


@rule
def _leave_queue(market: _Market, slot: int) -> None:
    order = market.orders[slot]
    instrument, side, tick = order.instrument, order.side, order.tick
    if order.before:
        market.orders[order.before].after = order.after
    else:
        market.first[instrument, side, tick] = order.after
    if order.after:
        market.orders[order.after].before = order.before
    else:
        market.last[instrument, side, tick] = order.before
    best, step = market.best[instrument, side], -1 if side == BUY else 1
    while 0 <= best < TICKS and market.first[instrument, side, best] == 0:
        best += step
    market.best[instrument, side] = best


@rule
def _remove(market: _Market, slot: int) -> None:
    order = market.orders[slot]
    _leave_queue(market, slot)
    market.live_count[order.instrument] -= 1
    moved = market.live[order.instrument, market.live_count[order.instrument]]
    market.live[order.instrument, order.place] = moved
    market.orders[moved].place = order.place
    market.free[0] += 1
    market.free[market.free[0]] = slot


@rule
def _uniform(market: _Market) -> float:
    """The next number of splitmix64 (Steele, Lea and Flood 2014), from 0 up to but not including 1."""
    market.chance[0] += np.uint64(0x9E3779B97F4A7C15)
    bits = market.chance[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = bits ^ (bits >> np.uint64(31))
    return float(bits >> np.uint64(11)) / 9007199254740992.0
