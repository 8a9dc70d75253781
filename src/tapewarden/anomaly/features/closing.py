"""Windows end: by the clock of their instrument, at its first act beyond, shortest lengths first.

The sums of an instrument are differences as those of a busy pair are: once the shorter windows have ended and
are added, they are those of the whole window.
"""

from __future__ import annotations

import math
from typing import Any

from tapewarden.anomaly.features.digest import is_activity, second_of
from tapewarden.anomaly.features.entering import enter
from tapewarden.anomaly.features.formulas import account_values, instrument_values, write_key
from tapewarden.anomaly.features.state import (
    COUNT,
    FEW,
    LENGTHS,
    LONGEST,
    OWN,
    PAIR_LINES,
    SECONDS,
    STAYING,
    add_sums,
    ask_for_sums,
    give_sums,
    kept_act,
    move_act,
    take_sums,
)
from tapewarden.anomaly.features.sums import MISSING, merge_books
from tapewarden.compiled.borrowing import prefetch
from tapewarden.compiled.compiling import inline_rule, integer, rule


@inline_rule
def room_needed(m: Any) -> int:
    """How many windows of actors may be told at most if all windows of the instrument ended."""
    needed = 0
    for place in range(COUNT):
        needed += integer(m.due[place])
    return needed


@rule
def close_windows(t: Any, told: Any, m: Any, act: Any, second: int, accounts: int, instruments: int) -> Any:
    """End the instrument's windows that are over by ``second``; return how many were told by now."""
    number = integer(act.instrument)
    place = 0
    while place < COUNT and second >= m.starts[place] + SECONDS[place]:
        everybody, book = integer(m.sums[place]), book_row(number, place)
        accounts, busiest = tell_accounts(t, told, m, act, place, accounts)
        instruments = tell_instrument(t, told, m, act, place, busiest, instruments)
        if place < LONGEST:
            add_sums(t, integer(m.sums[place + 1]), everybody)
            m.counts[place + 1] += m.counts[place]
            merge_books(t.book_numbers, book + 1, book)
        t.sums[everybody] = t.sums[0]
        t.books[book] = t.books[0]
        m.counts[place] = 0
        m.opened[place] = m.price
        m.leaned[place] = m.leaning
        m.starts[place] = second // SECONDS[place] * SECONDS[place]
        place += 1
    if place == COUNT:
        m.anchor = m.price
        forget(t, m)
    return accounts, instruments


@inline_rule
def book_row(number: int, place: int) -> int:
    """The row of an instrument's book sums and of what is usual; row 0 stays empty."""
    return number * COUNT + place


@rule
def tell_accounts(t: Any, told: Any, m: Any, act: Any, place: int, written: int) -> tuple[int, float]:
    """Write the windows of the actors that were active enough, in the order in which they became so.

    Returns how many there are now, and the largest share of messages of one of them.
    """
    row = integer(m.first[place])
    m.first[place] = m.last[place] = m.due[place] = 0
    busiest = MISSING
    while row != 0:
        y = t.busy[row]
        if t.pairs[y.home].acts != 0:
            flush(t, integer(y.home), m, 0)
        t.sums[OWN], acts = t.sums[0], 0
        for shorter in range(place + 1):
            acts += integer(y.counts[shorter])
            if y.sums[shorter] != 0:
                add_sums(t, OWN, integer(y.sums[shorter]))
        k, v = told.account_keys[written], told.account_values[written]
        write_key(k, m, act, place)
        k.pair, k.actor, k.acts = y.home // PAIR_LINES, t.pairs[y.home].actor, acts
        everybody, book = t.sums[m.sums[place]], book_row(integer(act.instrument), place)
        account_values(v, t.sums[OWN], everybody, t.books[book], m, t.usual[book], act)
        part = v.message_share
        busiest = part if part > busiest or math.isnan(busiest) else busiest
        written += 1
        row = integer(y.later[place])
        y.later[place] = 0
    return written, busiest


@rule
def tell_instrument(t: Any, told: Any, m: Any, act: Any, place: int, busiest: float, written: int) -> int:
    """Write the instrument's window if there was enough in it; return how many there are now."""
    if m.counts[place] < t.least[COUNT + place]:
        return written
    k, v = told.instrument_keys[written], told.instrument_values[written]
    write_key(k, m, act, place)
    everybody, book = t.sums[m.sums[place]], book_row(integer(act.instrument), place)
    instrument_values(v, everybody, t.books[book], m, t.usual[book], act, place, LENGTHS[place])
    v.top_actor = busiest
    return written + 1


@rule
def roll(t: Any, y: Any, m: Any, second: int) -> None:
    """Bring a busy pair's sums, as of this second, to the current windows of its instrument.

    What belonged to windows that ended since belongs to the shortest that has not.
    """
    place = place_of(m, second)
    for shorter in range(place):
        row = integer(y.sums[shorter])
        y.counts[place] += y.counts[shorter]
        y.sums[shorter] = y.counts[shorter] = 0
        if row != 0 and y.sums[place] == 0:
            y.sums[place] = row
        elif row != 0:
            add_sums(t, integer(y.sums[place]), row)
            give_sums(t, row)


@inline_rule
def shortest_to_enter(t: Any, row: int, m: Any) -> int:
    """From which length on acts that a pair keeps should enter its sums.

    Acts of shorter windows that go on may wait if they are few: rows of sums for them would soon be merged.
    """
    last = integer(t.pairs[row].acts) - STAYING
    if last <= 0:
        return 0
    return place_of(m, m.starts[LONGEST] + second_of(kept_act(t, row, last - 1)))


@rule
def flush(t: Any, row: int, m: Any, shortest: int) -> None:
    """Let acts that a pair keeps enter its sums, but for those of current windows shorter than this length.

    It is a busy pair from now on, until the hour is over.
    """
    p = t.pairs[row]
    if p.busy == 0:
        make_busy(t, row)
    y = t.busy[p.busy]
    look_ahead(t, y)
    roll(t, y, m, m.starts[LONGEST] + integer(p.entered))
    known = due(t, y)
    at, end = 0, integer(p.acts)
    while at < end:
        d = kept_act(t, row, at)
        place = place_of(m, m.starts[LONGEST] + second_of(d))
        if place < shortest:
            break
        if y.sums[place] == 0:
            y.sums[place] = take_sums(t)
        enter(t.sums[y.sums[place]], d)
        y.counts[place] += 1 if is_activity(d) else 0
        p.entered = second_of(d)
        at += 1
    p.acts = end - at
    for place in range(end - at):
        move_act(t, row, place, at)
        at += 1
    p.most = acts_to_keep(t, y)
    enlist(t, m, integer(p.busy), due(t, y) & ~known)


@inline_rule
def look_ahead(t: Any, y: Any) -> None:
    """Ask for all sums of a busy pair at once; changes nothing else."""
    for place in range(COUNT):
        if y.sums[place] != 0:
            ask_for_sums(t, integer(y.sums[place]))


@inline_rule
def place_of(m: Any, second: int) -> int:
    """The length of the shortest window that goes on and holds a second of this hour."""
    place = 0
    for shorter in range(LONGEST):
        place += 1 if second < m.starts[shorter] else 0
    return place


@inline_rule
def due(t: Any, y: Any) -> int:
    """The lengths, a bit each, of the windows of a busy pair that have acts enough to be told."""
    lengths, acts = 0, 0
    for place in range(COUNT):
        acts += integer(y.counts[place])
        lengths |= 1 << place if acts >= t.least[place] else 0
    return lengths


@inline_rule
def acts_to_keep(t: Any, y: Any) -> int:
    """How many acts of a busy pair are kept at most: with fewer no window comes to be one to tell."""
    most, acts = integer(t.least[2 * COUNT]), 0
    for place in range(COUNT):
        acts += integer(y.counts[place])
        missing = integer(t.least[place]) - acts
        most = min(most, missing if missing > 0 else FEW)
    return most


@inline_rule
def make_busy(t: Any, row: int) -> None:
    """Give a pair a row as a busy one."""
    pool = t.pool[0]
    place = integer(t.busy_free[pool.busy])
    pool.busy -= 1
    prefetch(t.busy, integer(t.busy_free[pool.busy]))
    t.busy[place] = t.busy[0]
    t.busy[place].home = row
    t.pairs[row].busy = place


@rule
def enlist(t: Any, m: Any, row: int, lengths: int) -> None:
    """Let a busy pair's current windows of these lengths, a bit each, be told when they end."""
    for place in range(COUNT):
        if lengths >> place & 1 != 0:
            if m.first[place] == 0:
                m.first[place] = row
            else:
                t.busy[m.last[place]].later[place] = row
            m.last[place] = row
            m.due[place] += 1


@rule
def forget(t: Any, m: Any) -> None:
    """The longest windows are over: give back what they needed, and pairs that did nothing in them."""
    before, row = 0, integer(m.pairs)
    begun = m.starts[LONGEST] - SECONDS[LONGEST]
    while row != 0:
        p = t.pairs[row]
        following = integer(p.after)
        forget_acts(t, p)
        if p.second < begun:
            p.instrument = 0
            if before == 0:
                m.pairs = following
            else:
                t.pairs[before].after = following
        else:
            before = row
        row = following


@inline_rule
def forget_acts(t: Any, p: Any) -> None:
    """Give back what a pair's acts are kept in."""
    pool = t.pool[0]
    p.acts, p.most = 0, t.least[2 * COUNT]
    if p.far != 0:
        pool.far += 1
        t.far_free[pool.far] = p.far
        p.far = 0
    if p.busy != 0:
        y = t.busy[p.busy]
        for place in range(COUNT):
            if y.sums[place] != 0:
                give_sums(t, integer(y.sums[place]))
        t.busy[p.busy] = t.busy[0]
        pool.busy += 1
        t.busy_free[pool.busy] = p.busy
        p.busy = 0
