"""Records whose facts are known, because the process that made them is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.evaluation.realism.fact import Fact, Result
from tapewarden.evaluation.realism.measuring import FACTS
from tapewarden.evaluation.realism.record import Depth, Lives, Record, Touches, Trades

START = 1_700_000_000 * SECOND


def fact(name: str) -> Fact:
    (found,) = (one for facts in FACTS.values() for one in facts if one.name == name)
    return found


def measured(name: str, record: Record, *others: Record) -> Result:
    return fact(name).on(record, others)


def value(name: str, record: Record, *others: Record) -> float:
    result = measured(name, record, *others)
    assert result.measured is not None, result.why
    return result.measured.value


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def record(trades: Trades, **parts: Any) -> Record:
    first, last = int(trades.ts[0]), int(trades.ts[-1])
    known: Mapping[str, Any] = {"first": first, "last": last, "tier": 1, **parts}
    return Record(name="made", instrument="A@B", simulated=True, trades=trades, **known)


def trades(
    ts: Any = None, *, size: Any = None, price: Any = None, sign: Any = None, count: int = 1000
) -> Trades:
    """Trades that are one market order each, a second apart if no times are given."""
    for known in (ts, size, price, sign):
        count = count if known is None else len(known)
    columns = [
        START + SECOND * np.arange(count) if ts is None else ts,
        np.full(count, 10_000) if price is None else price,
        np.full(count, 100) if size is None else size,
        np.ones(count) if sign is None else sign,
        np.arange(count),
    ]
    return Trades(*(np.asarray(column).astype(np.int64) for column in columns))


def minutes(returns: Any, volumes: Any = None) -> Record:
    """A tape with one trade a minute, whose price moves as the returns say; prices in fine units."""
    price = 1e12 * np.exp(np.concatenate([[0.0], np.cumsum(returns)]))
    ts = START + MINUTE * np.arange(len(price))
    size = None if volumes is None else np.concatenate([[1.0], volumes])
    return record(trades(ts, price=np.round(price), size=size), tier=0)


def sized(sizes: Any) -> Record:
    return record(trades(size=sizes))


def quotes(ts: Any, mid: Any) -> Touches:
    """Touches around mid prices in fine units."""
    half = np.full(len(mid), 1_000, np.int64)
    middle = np.round(mid).astype(np.int64)
    return Touches(np.asarray(ts, np.int64), middle - half, middle + half)


def lives(seconds: Any, *, canceled: float = 1.0, account: Any = None, traded: Any = None) -> Lives:
    """Orders that lived so long, the first part of them canceled and the rest filled."""
    count = len(seconds)
    gone = np.arange(count) < canceled * count
    return Lives(
        duration=(np.asarray(seconds) * SECOND).astype(np.int64),
        canceled=gone,
        filled=~gone,
        account=np.full(count, -1) if account is None else np.asarray(account),
        ordered=np.full(count, 100),
        traded=np.zeros(count, np.int64) if traded is None else np.asarray(traded),
    )


def with_book(shares: Any, *, moments: int = 240) -> Record:
    """A book that shows these sizes at each step of a basis point, under a spread of one."""
    ts = START + SECOND * np.arange(200)
    bid = 1_000_000 + (np.arange(200) % 2)
    size = np.repeat(np.asarray(shares, np.float64), 10)
    return record(trades(ts), touches=Touches(ts, bid, bid + 100), depth=Depth(size, moments), lives=None)


def scaled(one: Record, *, price: int, size: int) -> Record:
    """The same market with prices and sizes counted in smaller units."""
    trade, touches, depth = one.trades, one.touches, one.depth
    return replace(
        one,
        trades=replace(trade, price=trade.price * price, size=trade.size * size),
        touches=touches and replace(touches, bid=touches.bid * price, ask=touches.ask * price),
        depth=depth and replace(depth, size=depth.size * size),
        lives=one.lives
        and replace(one.lives, ordered=one.lives.ordered * size, traded=one.lives.traded * size),
    )
