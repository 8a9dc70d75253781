"""Windows end: by the clock of their instrument, at its first act beyond, shortest lengths first."""

from __future__ import annotations

import math
from typing import Any

from tapewarden.anomaly.features.formulas import account_values, instrument_values, write_key
from tapewarden.anomaly.features.state import (
    ALL,
    COUNT,
    LENGTHS,
    LONGEST,
    OWN,
    SECONDS,
    add_sums,
    give_sums,
    take_sums,
)
from tapewarden.anomaly.features.sums import MISSING, merge_books
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
    t.sums[ALL] = t.sums[0]
    t.books[0] = t.books[1]
    place = 0
    while place < COUNT and second >= m.starts[place] + SECONDS[place]:
        add_sums(t, ALL, m.sums[place])
        merge_books(t.book_numbers, 0, book_row(number, place))
        accounts, busiest = tell_accounts(t, told, m, act, place, accounts)
        instruments = tell_instrument(t, told, m, act, place, busiest, instruments)
        t.sums[m.sums[place]] = t.sums[0]
        t.books[book_row(number, place)] = t.books[1]
        m.counts[place] = 0
        m.opened[place] = m.price
        m.leaned[place] = m.leaning
        m.starts[place] = second // SECONDS[place] * SECONDS[place]
        place += 1
    if place < COUNT:
        add_sums(t, m.sums[place], ALL)
        merge_books(t.book_numbers, book_row(number, place), 0)
    else:
        m.anchor = m.price
        forget(t, m)
    return accounts, instruments


@inline_rule
def book_row(number: int, place: int) -> int:
    """The row of an instrument's book sums; 0 puts them together, 1 stays empty."""
    return number * COUNT + place


@rule
def tell_accounts(t: Any, told: Any, m: Any, act: Any, place: int, written: int) -> tuple[int, float]:
    """Write the windows of the actors that were active enough, in the order in which they became so.

    Returns how many there are now, and the largest share of messages of one of them.
    """
    pair = integer(m.first[place])
    m.first[place] = m.last[place] = m.due[place] = 0
    busiest = MISSING
    while pair != 0:
        p = t.pairs[pair]
        t.sums[OWN] = t.sums[0]
        for shorter in range(place + 1):
            if p.sums[shorter] != 0:
                add_sums(t, OWN, integer(p.sums[shorter]))
        k, v = told.account_keys[written], told.account_values[written]
        write_key(k, m, act, place)
        k.pair, k.actor, k.acts = p.pair, p.actor, p.counts[place]
        usual = t.usual[book_row(integer(act.instrument), place)]
        account_values(v, t.sums[OWN], t.sums[ALL], t.books[0], m, usual, act)
        part = v.message_share
        busiest = part if part > busiest or math.isnan(busiest) else busiest
        written += 1
        pair = integer(p.later[place])
        p.later[place] = 0
    return written, busiest


@rule
def tell_instrument(t: Any, told: Any, m: Any, act: Any, place: int, busiest: float, written: int) -> int:
    """Write the instrument's window if there was enough in it; return how many there are now."""
    if m.counts[place] < t.least[COUNT + place]:
        return written
    k, v = told.instrument_keys[written], told.instrument_values[written]
    write_key(k, m, act, place)
    usual = t.usual[book_row(integer(act.instrument), place)]
    instrument_values(v, t.sums[ALL], t.books[0], m, usual, act, place, LENGTHS[place])
    v.top_actor = busiest
    return written + 1


@rule
def roll(t: Any, p: Any, m: Any) -> None:
    """Bring a pair to the instrument's current windows: what ended belongs to the shortest that has not."""
    place = 0
    while place < COUNT and p.second < m.starts[place]:
        p.counts[place] = 0
        place += 1
    spare = 0
    for shorter in range(place):
        row = integer(p.sums[shorter])
        p.sums[shorter] = 0
        if row == 0:
            continue
        if place < COUNT and p.sums[place] == 0:
            p.sums[place] = row
            continue
        if place < COUNT:
            add_sums(t, integer(p.sums[place]), row)
        if spare != 0:
            give_sums(t, spare)
        spare = row
    if spare != 0:
        t.sums[spare] = t.sums[0]
    else:
        spare = take_sums(t)
    p.sums[0] = spare


@rule
def enlist(m: Any, pairs: Any, row: int, place: int) -> None:
    """Let a pair's current window of this length be told when it ends."""
    if m.first[place] == 0:
        m.first[place] = row
    else:
        pairs[m.last[place]].later[place] = row
    m.last[place] = row
    m.due[place] += 1


@rule
def forget(t: Any, m: Any) -> None:
    """The longest windows are over: give back all sums, and the pairs that did nothing in the last hour."""
    before, row = 0, integer(m.pairs)
    begun = m.starts[LONGEST] - SECONDS[LONGEST]
    while row != 0:
        p = t.pairs[row]
        following = integer(p.after)
        for place in range(COUNT):
            if p.sums[place] != 0:
                give_sums(t, integer(p.sums[place]))
                p.sums[place] = 0
            p.counts[place] = 0
        if p.second < begun:
            t.slots[p.pair] = 0
            t.pairs[row] = t.pairs[0]
            pool = t.pool[0]
            pool.pairs += 1
            t.pair_free[pool.pairs] = row
            if before == 0:
                m.pairs = following
            else:
                t.pairs[before].after = following
        else:
            before = row
        row = following
