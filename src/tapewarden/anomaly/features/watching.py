"""The pass over acts: each moves the clock of its instrument, ends windows, and adds to those that go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tapewarden.anomaly.features.closing import book_row, close_windows, enlist, roll, room_needed
from tapewarden.anomaly.features.entering import Context, enter, enter_trade, is_counted, is_message, since
from tapewarden.anomaly.features.state import (
    COUNT,
    SECONDS,
    UNKNOWN,
    State,
    Told,
    lend_state,
    lend_told,
    take_sums,
)
from tapewarden.compiled.borrowing import borrow
from tapewarden.compiled.compiling import inline_rule, integer, kernel, rule
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.acts import BUY, FILL, NO_SIDE, PRIMARY

SUMS_PER_ACT = 1 + COUNT
"""Free rows of sums that an act may need: its pair's, and an instrument's at its first act."""


@cache
def watcher(digest: str) -> Callable[..., tuple[int, int, int]]:
    """The compiled pass; ``digest`` stands for the sources of all rules it calls.

    ``watch(acts, first, state, told)`` reads acts from ``first`` on and returns the next one, and how many
    windows of actors and of instruments it told. It stops before an act for which a pool or ``told`` has no
    room; the caller makes some and calls again.
    """

    def watch(acts: Any, first: int, state: State, told: Told) -> tuple[int, int, int]:
        version = digest  # noqa: F841  ties the machine code to the sources
        t, out, seen = lend_state(state), lend_told(told), borrow(acts)
        accounts, instruments = 0, 0
        for i in range(first, len(seen)):
            act = seen[i]
            if act.instrument == 0:
                continue
            m = t.markets[act.instrument]
            pool = t.pool[0]
            if pool.sums < SUMS_PER_ACT or pool.pairs < 1:
                return i, accounts, instruments
            second = act.ts // SECOND
            if m.second == UNKNOWN:
                begin(t, m, second)
            see_book(t, m, act)
            if second != m.second:
                if (
                    len(out.account_keys) - accounts < room_needed(m)
                    or len(out.instrument_keys) - instruments < COUNT
                ):
                    return i, accounts, instruments
                accounts, instruments = close_windows(t, out, m, act, second, accounts, instruments)
                m.second = second
            if is_counted(act):
                take_act(t, m, act)
        return len(seen), accounts, instruments

    return kernel(watch)


@rule
def begin(t: Any, m: Any, second: int) -> None:
    """The first act of an instrument."""
    m.second = second
    for place in range(COUNT):
        m.starts[place] = second // SECONDS[place] * SECONDS[place]
        m.sums[place] = take_sums(t)


@inline_rule
def see_book(t: Any, m: Any, act: Any) -> None:
    """The book as of just before an event still belongs to the windows before it."""
    if act.marks & PRIMARY == 0:
        return
    if not 0 < act.bid < act.ask:
        return
    b = t.books[book_row(integer(act.instrument), 0)]
    price = 0.5 * float(act.bid + act.ask)
    if act.side != NO_SIDE:
        both = float(act.depth_own) + float(act.depth_opposite)
        b.books += 1.0
        b.spread += 1e4 * float(act.ask - act.bid) / price
        b.depth += both
        m.leaning = 0.0
        if both > 0.0:
            sign = 1.0 if act.side == BUY else -1.0
            m.leaning = sign * (float(act.depth_own) - float(act.depth_opposite)) / both
        b.leaning += abs(m.leaning)
    move_price(b, m, price)


@inline_rule
def move_price(b: Any, m: Any, price: float) -> None:
    """The price is now this."""
    if m.price > 0.0:
        step = price - m.price
        b.squares += step * step
        b.path += abs(step)
    else:
        m.anchor = price
        for place in range(COUNT):
            m.opened[place] = price
    m.price = price


@inline_rule
def take_act(t: Any, m: Any, act: Any) -> None:
    """Add an act to its actor's windows and, once per event, to those of the instrument."""
    ts, fills, sends = act.ts, act.kind == FILL, is_message(act)
    last_price = m.trade_price if m.fill != UNKNOWN else -1
    other_side = -1
    if act.pair != 0:
        row = pair_row(t, m, act)
        p = t.pairs[row]
        other_side = since(ts, p.sold if act.side == BUY else p.bought)
        gap, trade_gap = since(ts, p.message), since(ts, p.fill)
        context = Context(
            gap, trade_gap, other_side, m.price - m.anchor, last_price, integer(act.counter_actor)
        )
        enter(t.sums[p.sums[0]], act, context)
        if sends:
            p.message = ts
        if fills:
            p.fill = ts
            if act.side == BUY:
                p.bought = ts
            else:
                p.sold = ts
        if sends or fills:
            for place in range(COUNT):
                p.counts[place] += 1
                if p.counts[place] == t.least[place]:
                    enlist(m, t.pairs, row, place)
    if act.marks & PRIMARY != 0:
        take_event(t, m, act, other_side, last_price)


@inline_rule
def take_event(t: Any, m: Any, act: Any, other_side: int, last_price: int) -> None:
    """Add an event to the instrument's windows."""
    ts = act.ts
    gap, trade_gap = since(ts, m.message), since(ts, m.fill)
    context = Context(gap, trade_gap, other_side, m.price - m.anchor, last_price, 0)
    enter(t.sums[m.sums[0]], act, context)
    for place in range(COUNT):
        m.counts[place] += 1
    if is_message(act):
        m.message = ts
    if act.kind == FILL:
        b = t.books[book_row(integer(act.instrument), 0)]
        enter_trade(b, m, act)
        m.fill = ts
        if not 0 < act.bid < act.ask:
            move_price(b, m, float(act.price))


@inline_rule
def pair_row(t: Any, m: Any, act: Any) -> int:
    """The row of the act's pair, at the instrument's current windows."""
    row = integer(t.slots[act.pair])
    if row == 0:
        pool = t.pool[0]
        row = integer(t.pair_free[pool.pairs])
        pool.pairs -= 1
        t.slots[act.pair] = row
        p = t.pairs[row]
        p.actor, p.pair, p.instrument, p.after = act.actor, act.pair, act.instrument, m.pairs
        p.message = p.fill = p.bought = p.sold = p.second = UNKNOWN
        m.pairs = row
    p = t.pairs[row]
    if p.second < m.starts[0] or p.sums[0] == 0:
        roll(t, p, m)
    p.second = m.second
    return row
