"""The pass over a batch: each row moves the books and the activity, and writes its acts.

Row by row: judge whether it can be applied, write what was before into its acts, apply it, and let the
instrument learn from it. ``docs/reference/engine-semantics.md`` is the specification.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tapewarden.domain.kinds import SECOND, EventKind, QualityKind
from tapewarden.engine import acts as kinds
from tapewarden.engine.activity import count_second, couple_of, learn_move, watch_crossing
from tapewarden.engine.applying import apply
from tapewarden.engine.book import has_room, settle
from tapewarden.engine.borrowing import borrow
from tapewarden.engine.compiling import inline_rule, kernel
from tapewarden.engine.describing import describe, describe_level, mirror
from tapewarden.engine.indexes import find_order
from tapewarden.engine.judging import judge
from tapewarden.engine.tables import Events, Tables

FACTS_PER_ROW: Final = 4

_TRADE: Final = int(EventKind.TRADE)
_LATE: Final = int(QualityKind.LATE)
_CROSSED: Final = int(QualityKind.CROSSED)


@kernel
def advance(  # budget: the one loop over a batch; every step of a row is named and lies below
    events: Any, tables: Any, acts: Any, facts: Any, first: int, lateness: int, with_couples: bool
) -> tuple[int, int, int]:
    """Apply rows from ``first`` on; return the next row, and how many acts and facts were written.

    Stops before a row for which a table has no room; the caller grows it and calls again. ``acts`` needs
    two rows per event, ``facts`` ``FACTS_PER_ROW``.
    """
    t = lend(tables)
    e = lend_events(events)
    acts, facts = borrow(acts), borrow(facts)
    written = np.int64(0)
    found = np.int64(0)
    for i in range(first, len(e.kind)):
        kind = np.int64(e.kind[i])
        instrument = np.int64(e.instrument[i]) + 1
        if instrument < 0 or instrument >= len(t.markets):
            instrument = np.int64(0)
        market = t.markets[instrument]
        buy = t.sides[2 * instrument]
        sell = t.sides[2 * instrument + 1]
        if not room_for_row(t, buy, sell):
            return i, written, found
        late = is_late(t.sources, e.source[i], e.ts_event[i], lateness)
        ts = event_time(market, e.ts_event[i], instrument)
        row = known_order(t, instrument, kind, e.order[i])
        counter = known_order(t, instrument, kind, e.counter_order[i]) if kind == _TRADE else np.int64(0)
        fault = judge(t, e, i, kind, instrument, row, buy, sell)
        act = acts[written]
        describe(t, e, i, act, kind, instrument, ts, row, counter, fault)
        written += 1
        two_sided = fault == 0 and kind == _TRADE
        two_sided = two_sided and (e.counter_account[i] >= 0 or e.counter_order[i] != np.uint64(0))
        if two_sided:
            mirror(t, act, acts[written], row, counter)
            written += 1
        if with_couples and two_sided and act.actor != 0 and acts[written - 1].actor != 0:
            couple = couple_of(t, act.actor, acts[written - 1].actor, instrument, ts)
            act.couple = couple
            acts[written - 1].couple = couple
        lasting = (
            market.crossed_since >= 0 and ts - market.crossed_since > SECOND and market.crossed_told == 0
        )
        middle_bid, middle_ask = act.bid, act.ask
        also, more = np.int64(0), np.int64(0)
        if fault == 0:
            near_edge = sell.edge if act.side == kinds.SELL else buy.edge
            also, more = apply(t, e, i, kind, instrument, ts, row, counter, market, buy, sell)
            describe_level(t, market, act, acts[written - 1], buy, sell, near_edge)
        if late:
            found = note(facts, found, market, i, _LATE, instrument, ts)
        if lasting:
            market.crossed_told = 1
            found = note(facts, found, market, i, _CROSSED, instrument, ts)
        for fact in (fault, also, more):
            if fact != 0:
                found = note(facts, found, market, i, fact, instrument, ts)
        if instrument != 0:
            settle(buy, t.levels, t.orders, t.pairs, market.tick, False)
            settle(sell, t.levels, t.orders, t.pairs, market.tick, True)
            watch_crossing(market, buy, sell, t.levels, ts)
            learn_move(market, middle_bid, middle_ask, ts)
            count_second(market, ts)
    return len(e.kind), written, found


@inline_rule
def lend(tables: Any) -> Any:
    """The tables without reference counts, see ``borrow``."""
    return Tables(
        borrow(tables.orders),
        borrow(tables.order_index),
        borrow(tables.order_free),
        borrow(tables.levels),
        borrow(tables.sides),
        borrow(tables.markets),
        borrow(tables.pairs),
        borrow(tables.pair_index),
        borrow(tables.pair_free),
        borrow(tables.couples),
        borrow(tables.couple_index),
        borrow(tables.couple_free),
        borrow(tables.accounts),
        borrow(tables.sources),
        borrow(tables.counters),
    )


@inline_rule
def lend_events(events: Any) -> Any:
    """The columns without reference counts, see ``borrow``."""
    return Events(
        borrow(events.kind),
        borrow(events.reason),
        borrow(events.initiator),
        borrow(events.side),
        borrow(events.flags),
        borrow(events.source),
        borrow(events.instrument),
        borrow(events.account),
        borrow(events.counter_account),
        borrow(events.order),
        borrow(events.counter_order),
        borrow(events.trade),
        borrow(events.price),
        borrow(events.size),
        borrow(events.ts_event),
    )


@inline_rule
def room_for_row(t: Any, buy: Any, sell: Any) -> bool:
    """Whether any row could be applied: one order, two pairs, a couple, a level on either side."""
    counters = t.counters[0]
    if counters.order_room < 1 or counters.pair_room < 2 or counters.couple_room < 1:
        return False
    return has_room(t, buy) and has_room(t, sell)


@inline_rule
def is_late(sources: Any, source: int, ts_event: int, lateness: int) -> bool:
    """Whether the row lies behind its source's watermark; moves the source's clock."""
    number = source + 1
    if number < 0 or number >= len(sources):
        number = 0
    clock = sources[number].clock
    if ts_event > clock:
        sources[number].clock = ts_event
    return ts_event >= 0 and ts_event < clock - lateness


@inline_rule
def event_time(market: Any, ts_event: int, instrument: int) -> int:
    """Time of the row, which never runs backwards within an instrument."""
    if instrument == 0:
        return ts_event
    if ts_event > market.clock:
        market.clock = ts_event if ts_event >= 0 else np.int64(0)
    elif market.clock < 0:
        market.clock = 0
    return market.clock


@inline_rule
def known_order(t: Any, instrument: int, kind: int, number: int) -> int:
    """Row of the order that an event names, 0 if it is not live."""
    if number == np.uint64(0) or instrument == 0 or kind > _TRADE:
        return np.int64(0)
    return find_order(t.order_index, t.orders, instrument, number)


@inline_rule
def note(facts: Any, found: int, market: Any, event: int, kind: int, instrument: int, ts: int) -> int:
    """Write down a quality fact and count it; return how many there are now."""
    fact = facts[found]
    fact.event = event
    fact.kind = kind
    fact.instrument = instrument
    fact.ts = ts
    if instrument != 0:
        market.facts += 1
    return found + 1
