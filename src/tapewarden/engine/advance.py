"""The pass over a batch: each row moves the books and the activity, and writes its acts.

Row by row: judge whether it can be applied, write what was before into its acts, apply it, and let the
instrument learn from it. ``docs/reference/engine-semantics.md`` is the specification.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from tapewarden.compiled.borrowing import borrow
from tapewarden.compiled.compiling import inline_rule, integer, kernel, unsigned
from tapewarden.domain.kinds import SECOND, EventKind, QualityKind
from tapewarden.engine import acts as kinds
from tapewarden.engine.activity import MOVE_SECONDS, couple_of, learn_move, watch_crossing
from tapewarden.engine.ahead import FAR, RING, clear_ring, look_ahead
from tapewarden.engine.applying import apply
from tapewarden.engine.book import has_room, settle
from tapewarden.engine.describing import describe, describe_level, mirror
from tapewarden.engine.indexes import find_order
from tapewarden.engine.judging import judge
from tapewarden.engine.tables import MOST_TOLD, Events, Step, Tables
from tapewarden.engine.telling import tell_others

FACTS_PER_ROW: Final = 4
MOST_ACTS: Final = 4 + MOST_TOLD  # of one row

_TRADE: Final = int(EventKind.TRADE)
_CLIENT_ORDER: Final = int(EventKind.CLIENT_ORDER)
_QUALITY: Final = int(EventKind.QUALITY)
_LAST_FACT: Final = max(int(kind) for kind in QualityKind)
_LATE: Final = int(QualityKind.LATE)
_CROSSED: Final = int(QualityKind.CROSSED)


@cache
def advancer(digest: str) -> Callable[..., tuple[int, int, int]]:
    """The compiled pass over a batch; ``digest`` stands for the sources of all rules it calls.

    ``advance(events, tables, ring, acts, facts, first, lateness, with_couples)`` applies rows from ``first``
    on and returns the next row, and how many acts and facts were written. It stops before a row for which a
    table or ``acts`` has no room; the caller makes some and calls again. ``acts`` needs ``MOST_ACTS`` rows at
    least, ``facts`` ``FACTS_PER_ROW`` per event, the table of the informed one per event.
    """

    def advance(
        events: Events,
        tables: Tables,
        ring: Any,
        acts: Any,
        facts: Any,
        first: int,
        lateness: int,
        with_couples: bool,
    ) -> tuple[int, int, int]:
        version = digest  # noqa: F841  ties the machine code to the sources
        t, e = lend(tables), lend_events(events)
        ring, acts, facts = borrow(ring), borrow(acts), borrow(facts)
        clear_ring(ring)
        written, found = 0, 0
        for i in range(first - FAR, len(e.kind)):
            look_ahead(t, e, ring, i)
            if i < first:
                continue
            instrument = integer(e.instrument[i]) + 1
            if instrument < 0 or instrument >= len(t.markets):
                instrument = 0
            if len(acts) - written < MOST_ACTS or not room_for_row(t, instrument):
                return i, written, found
            late = is_late(t.markets[instrument], e.ts_event[i], instrument, lateness)
            step = begin(t, e, i, instrument, ring[i & (RING - 1)])
            written, found = take_row(t, e, step, late, with_couples, acts, facts, written, found)
        return len(e.kind), written, found

    return kernel(advance)


@inline_rule
def begin(t: Any, e: Any, i: int, instrument: int, ahead: Any) -> Step:
    """Time and live orders of a row."""
    kind = integer(e.kind[i])
    ts = event_time(t.markets[instrument], e.ts_event[i], instrument)
    order, counter = 0, 0
    if instrument != 0 and kind <= _TRADE:
        order = known_order(t, instrument, e.order[i], ahead.order_tag, ahead.order)
        if kind == _TRADE:
            counter = known_order(t, instrument, e.counter_order[i], ahead.counter_tag, ahead.counter)
    return Step(
        integer(i),
        kind,
        instrument,
        ts,
        ts // SECOND,
        order,
        counter,
        integer(ahead.account),
        integer(ahead.counter_account),
        integer(ahead.pair),
        integer(ahead.order_tag),
    )


@inline_rule
def take_row(  # noqa: PLR0917
    t: Any,
    e: Any,
    step: Step,
    late: bool,
    with_couples: bool,
    acts: Any,
    facts: Any,
    written: int,
    found: int,
) -> tuple[int, int]:
    """Judge, describe and apply a row; return how many acts and facts there are now."""
    instrument = step.instrument
    market = t.markets[instrument]
    fault = judge(t, e, step)
    first = written
    act = acts[first]
    describe(t, e, step, act, fault)
    written += 1
    if fault == 0 and step.kind == _TRADE and names_counterparty(e, step.event):
        mirror(t, step, act, acts[written])
        written += 1
        if with_couples:
            join(t, step, act, acts[written - 1])
    lasting = (
        market.crossed_since >= 0 and market.crossed_told == 0 and step.ts - market.crossed_since > SECOND
    )
    bid, ask = act.bid, act.ask
    also, more = 0, 0
    if fault == 0:
        edge = t.sides[2 * instrument + (1 if act.side == kinds.SELL else 0)].edge
        also, more = apply(t, e, step, act.pair)
        describe_level(t, step, act, acts[written - 1], edge)
        if act.window != 0 or step.kind == _CLIENT_ORDER:
            written = tell_others(t, step, acts, first, written)
    if late:
        found = note(facts, found, market, step, _LATE)
    if lasting:
        market.crossed_told = 1
        found = note(facts, found, market, step, _CROSSED)
    for fact in (fault, also, more):
        if fact != 0:
            found = note(facts, found, market, step, fact)
    if fault == 0 and step.kind == _QUALITY:
        reason = integer(e.reason[step.event])
        found = note(facts, found, market, step, reason if reason <= _LAST_FACT else 0)
    if instrument != 0:
        close_row(t, step, market, bid, ask)
    return written, found


@inline_rule
def names_counterparty(e: Any, i: int) -> bool:
    """Whether a trade says anything of its resting side."""
    return e.counter_account[i] >= 0 or e.counter_order[i] != unsigned(0)


@inline_rule
def join(t: Any, step: Step, act: Any, other: Any) -> None:
    """Write the couple of a trade between two known actors."""
    couple = couple_of(t, act.actor, other.actor, step.instrument, step.ts)
    act.couple = couple
    other.couple = couple


@inline_rule
def close_row(t: Any, step: Step, market: Any, bid: int, ask: int) -> None:
    """Bring the near bands and the instrument's baselines up to date."""
    buy, sell = t.sides[2 * step.instrument], t.sides[2 * step.instrument + 1]
    settle(t, buy, market.tick, False)
    settle(t, sell, market.tick, True)
    watch_crossing(market, buy, sell, step.ts)
    if step.second != market.second:
        market.second = step.second
        market.seconds += 1
        learn_move(market, bid, ask, step.second // MOVE_SECONDS)


@inline_rule
def lend(tables: Any) -> Any:
    """The tables without reference counts, see ``borrow``."""
    return Tables(
        borrow(tables.orders),
        borrow(tables.order_index),
        borrow(tables.order_free),
        borrow(tables.ranks),
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
        borrow(tables.informed),
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
def room_for_row(t: Any, instrument: int) -> bool:
    """Whether any row could be applied: an order, its pairs, a couple, a level on either side."""
    buy, sell = t.sides[2 * instrument], t.sides[2 * instrument + 1]
    counters = t.counters[0]
    if counters.order_room < 1 or counters.pair_room < counters.pairs_at_once or counters.couple_room < 1:
        return False
    return has_room(t, buy) and has_room(t, sell)


@inline_rule
def is_late(market: Any, ts_event: int, instrument: int, lateness: int) -> bool:
    """Whether the row lies too far behind its instrument's clock."""
    return instrument != 0 and ts_event >= 0 and ts_event < market.clock - lateness


@inline_rule
def event_time(market: Any, ts_event: int, instrument: int) -> int:
    """Time of the row, which never runs backwards within an instrument."""
    if instrument == 0:
        return ts_event
    if ts_event > market.clock:
        market.clock = ts_event if ts_event >= 0 else 0
    elif market.clock < 0:
        market.clock = 0
    return market.clock


@inline_rule
def known_order(t: Any, instrument: int, number: int, tag: int, guessed: int) -> int:
    """Row of the order that an event names, 0 if it is not live."""
    if number == unsigned(0):
        return 0
    order = t.orders[guessed]
    if order.number == number and order.instrument == instrument:
        return integer(guessed)
    return find_order(t.order_index, t.orders, tag, instrument, number)


@inline_rule
def note(facts: Any, found: int, market: Any, step: Step, kind: int) -> int:
    """Write down a quality fact and count it; return how many there are now."""
    fact = facts[found]
    fact.event = step.event
    fact.kind = kind
    fact.instrument = step.instrument
    fact.ts = step.ts
    if step.instrument != 0:
        market.facts += 1
    return found + 1
