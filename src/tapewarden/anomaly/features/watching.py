"""The pass over acts: each moves the clock of its instrument, ends windows, and adds to those that go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tapewarden.anomaly.features.closing import book_row, close_windows, flush, room_needed, shortest_to_enter
from tapewarden.anomaly.features.digest import digest_act, is_counted, is_message, trade_gap
from tapewarden.anomaly.features.entering import enter_event, enter_trade
from tapewarden.anomaly.features.state import (
    ACTS_PER_LINE,
    COUNT,
    FAR_ACTS,
    NEAR_ACTS,
    NOBODY,
    PAIR_LINES,
    SECONDS,
    UNKNOWN,
    State,
    Told,
    have_room,
    kept_act,
    lend_state,
    lend_told,
    near_row,
    take_sums,
)
from tapewarden.compiled.borrowing import borrow, prefetch
from tapewarden.compiled.compiling import inline_rule, integer, kernel, rule
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.acts import BLIND, BUY, FILL, NO_SIDE, PRIMARY

SUMS_PER_ACT = 1 + 2 * COUNT
"""Free rows of sums that an act may need: its pair's, and an instrument's at its first act."""

FAR_AHEAD = 16
NEAR_AHEAD = 8


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
            look_ahead(t, seen, i)
            act = seen[i]
            if act.instrument == 0:
                continue
            m = t.markets[act.instrument]
            pool = t.pool[0]
            if pool.sums < SUMS_PER_ACT or pool.far < 1 or pool.busy < 1:
                return i, accounts, instruments
            second = act.ts // SECOND
            if m.second == UNKNOWN:
                begin(t, m, second)
            ends = second != m.second
            if ends and (
                pool.sums < SUMS_PER_ACT + COUNT * room_needed(m)
                or len(out.account_keys) - accounts < room_needed(m)
                or len(out.instrument_keys) - instruments < COUNT
            ):
                return i, accounts, instruments
            see_book(t, m, act)
            if ends:
                accounts, instruments = close_windows(t, out, m, act, second, accounts, instruments)
                m.second = second
            if is_counted(act):
                take_act(t, m, act)
        return len(seen), accounts, instruments

    return kernel(watch)


@inline_rule
def look_ahead(t: Any, acts: Any, i: int) -> None:
    """Ask for the rows that the next acts will need; changes nothing else."""
    last = len(acts) - 1
    row = pair_row(acts[min(i + FAR_AHEAD, last)])
    prefetch(t.pairs, row)
    prefetch(t.near, near_row(row))
    p = t.pairs[pair_row(acts[min(i + NEAR_AHEAD, last)])]
    prefetch(t.far, integer(p.far) + max(integer(p.acts) - NEAR_ACTS, 0))
    if p.acts + 1 >= p.most:
        prefetch(t.busy, integer(p.busy))
        for at in range(0, FAR_ACTS, ACTS_PER_LINE):
            prefetch(t.far, integer(p.far) + at)


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
    if act.marks & BLIND != 0:
        m.blind = act.ts
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
    row = pair_row(act)
    p = t.pairs[row]
    if p.instrument == 0 and row != NOBODY:
        begin_pair(t, m, row, act)
    have_room(t, row)
    d = kept_act(t, row, integer(p.acts))
    digest_act(d, p, m, act)
    if act.marks & PRIMARY != 0:
        take_event(t, m, act, d)
    if row != NOBODY:
        keep(t, m, row, act, d)


@inline_rule
def keep(t: Any, m: Any, row: int, act: Any, d: Any) -> None:
    """Keep an act of a pair as it is for now, unless a window might be one to tell by it."""
    p = t.pairs[row]
    p.second = m.second
    if is_message(d):
        p.message = act.ts
    if act.kind == FILL:
        if act.side == BUY:
            p.bought = act.ts
        else:
            p.sold = act.ts
    p.acts += 1
    if p.acts >= p.most:
        flush(t, row, m, shortest_to_enter(t, row, m))
        if p.acts >= p.most:
            flush(t, row, m, 0)


@inline_rule
def take_event(t: Any, m: Any, act: Any, d: Any) -> None:
    """Add an event to the instrument's windows."""
    enter_event(t.sums[m.sums[0]], d, trade_gap(act.ts, m.fill))
    m.counts[0] += 1
    if act.kind == FILL:
        b = t.books[book_row(integer(act.instrument), 0)]
        enter_trade(b, m, act)
        m.fill = act.ts
        if not 0 < act.bid < act.ask:
            move_price(b, m, float(act.price))


@inline_rule
def pair_row(act: Any) -> int:
    """The row of the act's pair."""
    return PAIR_LINES * integer(act.pair)


@inline_rule
def begin_pair(t: Any, m: Any, row: int, act: Any) -> None:
    """The first act of a pair, or the first since it was forgotten."""
    t.pairs[row] = t.pairs[NOBODY]
    p = t.pairs[row]
    p.actor, p.instrument, p.after = act.actor, act.instrument, m.pairs
    m.pairs = row
