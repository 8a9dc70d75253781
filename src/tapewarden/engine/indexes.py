"""Open-addressing indexes from keys to rows, with linear probing.

The indexes of orders and pairs keep 32 bits of the hash beside the row number, so that a probe seldom
touches a row in vain. Orders are deleted by shifting back, so that no tombstones pile up; pairs and
couples are deleted only between calls, by rebuilding.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.borrowing import borrow, prefetch
from tapewarden.compiled.compiling import inline_rule, integer, kernel, unsigned

SOON: Final = 16  # rows ahead at which a rebuilt index's memory is asked for


@inline_rule
def spread(number: int) -> int:
    """A 64-bit hash whose upper half is well spread: the two products of splitmix64's finalizer."""
    value = unsigned(number)
    value = (value ^ (value >> unsigned(30))) * unsigned(0xBF58476D1CE4E5B9)
    return (value ^ (value >> unsigned(27))) * unsigned(0x94D049BB133111EB)


@inline_rule
def mixed(number: int) -> int:
    """A well-spread 64-bit hash: the finalizer of splitmix64 (Steele, Lea and Flood 2014)."""
    value = spread(number)
    return value ^ (value >> unsigned(31))


@inline_rule
def order_tag(instrument: int, number: int) -> int:
    """The 32 bits kept of an order's hash; their top bits are its home in the index."""
    return spread(unsigned(number) ^ (unsigned(instrument) * unsigned(0x9E3779B97F4A7C15))) >> unsigned(32)


@inline_rule
def home(tag: int, mask: int) -> int:
    """Where in an index of ``mask + 1`` places the search for ``tag`` starts."""
    return (unsigned(tag) * unsigned(mask + 1)) >> unsigned(32)


@inline_rule
def find_order(index: Any, orders: Any, tag: int, instrument: int, number: int) -> int:
    """Row of a live order, 0 if there is none."""
    mask = unsigned(len(index) - 1)
    place = home(tag, mask)
    while True:
        entry = index[place]
        if entry == unsigned(0):
            return 0
        if entry >> unsigned(32) == tag:
            row = integer(entry & unsigned(0xFFFFFFFF))
            order = orders[row]
            if order.number == number and order.instrument == instrument:
                return row
        place = (place + unsigned(1)) & mask


@inline_rule
def enter(index: Any, tag: int, row: int) -> None:
    """Enter a row under the tag of its key; the caller made room."""
    mask = unsigned(len(index) - 1)
    place = home(tag, mask)
    while index[place] != unsigned(0):
        place = (place + unsigned(1)) & mask
    index[place] = (unsigned(tag) << unsigned(32)) | unsigned(row)


@inline_rule
def forget_order(index: Any, tag: int, row: int) -> None:
    """Remove an order and shift later entries of its run back, so that no search ends early."""
    mask = unsigned(len(index) - 1)
    place = home(tag, mask)
    entry = (unsigned(tag) << unsigned(32)) | unsigned(row)
    while index[place] != entry:
        place = (place + unsigned(1)) & mask
    hole = place
    while True:
        place = (place + unsigned(1)) & mask
        entry = index[place]
        if entry == unsigned(0):
            break
        wanted = home(entry >> unsigned(32), mask)
        if ((place - wanted) & mask) >= ((place - hole) & mask):
            index[hole] = entry
            hole = place
    index[hole] = unsigned(0)


@inline_rule
def pair_tag(actor: int, instrument: int) -> int:
    """The 32 bits kept of a pair's hash; their top bits are its home in the index."""
    return spread((unsigned(instrument) << unsigned(32)) | unsigned(actor)) >> unsigned(32)


@inline_rule
def find_pair(index: Any, pairs: Any, actor: int, instrument: int) -> int:
    """Row of a pair, 0 if there is none."""
    mask = unsigned(len(index) - 1)
    tag = pair_tag(actor, instrument)
    place = home(tag, mask)
    while index[place] != unsigned(0):
        if index[place] >> unsigned(32) == tag:
            row = integer(index[place] & unsigned(0xFFFFFFFF))
            if pairs[row].actor == actor and pairs[row].instrument == instrument:
                return row
        place = (place + unsigned(1)) & mask
    return 0


@inline_rule
def couple_place(first: int, second: int, instrument: int, mask: int) -> int:
    """Where the search for a couple starts."""
    key = (unsigned(second) << unsigned(32)) | unsigned(first)
    return mixed(key + unsigned(instrument) * unsigned(0x9E3779B97F4A7C15)) & unsigned(mask)


@inline_rule
def call_place(index: Any, tag: int) -> None:
    """Prefetch where the search for a tag will start."""
    prefetch(index, home(tag, unsigned(len(index) - 1)))


@inline_rule
def guess(index: Any, tag: int) -> int:
    """The row entered under a tag at its home or the place after it, 0 if neither holds the tag.

    Without a branch, because where an entry lies cannot be predicted. The row may be of another key, or
    gone by the time it is needed: whoever uses it compares keys.
    """
    mask = unsigned(len(index) - 1)
    place = home(tag, mask)
    entry, following = index[place], index[(place + unsigned(1)) & mask]
    row = following & unsigned(0xFFFFFFFF) if following >> unsigned(32) == tag else unsigned(0)
    return integer(entry & unsigned(0xFFFFFFFF) if entry >> unsigned(32) == tag else row)


@kernel
def copy_entries(index: Any, old: Any) -> None:
    """Enter all that another index holds. Entries lie in the order of their tags in both: few jumps."""
    index, old = borrow(index), borrow(old)
    for place in range(len(old)):
        entry = old[place]
        if entry != unsigned(0):
            enter(index, entry >> unsigned(32), entry & unsigned(0xFFFFFFFF))


@kernel
def rebuild_order_index(index: Any, orders: Any) -> None:
    """Enter all live orders into an empty index."""
    index, orders = borrow(index), borrow(orders)
    for row in range(1, len(orders)):
        if row + SOON < len(orders):
            call_place(index, order_tag(orders[row + SOON].instrument, orders[row + SOON].number))
        order = orders[row]
        if order.instrument != 0:
            order.tag = order_tag(order.instrument, order.number)
            enter(index, order.tag, row)


@kernel
def rebuild_pair_index(index: Any, pairs: Any) -> None:
    """Enter all pairs in use into an empty index."""
    index, pairs = borrow(index), borrow(pairs)
    for row in range(1, len(pairs)):
        if row + SOON < len(pairs):
            call_place(index, pair_tag(pairs[row + SOON].actor, pairs[row + SOON].instrument))
        if pairs[row].instrument != 0:
            enter(index, pair_tag(pairs[row].actor, pairs[row].instrument), row)


@kernel
def rebuild_couple_index(index: Any, couples: Any) -> None:
    """Enter all couples in use into an empty index."""
    mask = unsigned(len(index) - 1)
    for row in range(1, len(couples)):
        couple = couples[row]
        if couple.instrument != 0:
            place = couple_place(couple.first, couple.second, couple.instrument, mask)
            while index[place] != 0:
                place = (place + unsigned(1)) & mask
            index[place] = row
