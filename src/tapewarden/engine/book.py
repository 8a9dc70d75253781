"""Order books: levels sorted by price, queues of orders, and the size displayed near the touch.

Both sides use ranks, the price of buys and the negated price of sells, so that larger is better and one
code serves both. Levels lie in a block of their side, the best last: changes near the touch, which are
nearly all, move few of them.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.borrowing import move_rows
from tapewarden.compiled.compiling import inline_rule, integer, rule
from tapewarden.engine.indexes import enter, forget_order
from tapewarden.engine.tables import DISPLAYED, SELLS, SMALLEST_BLOCK, UNSET

NEAR_SHARE: Final = 400  # the band is 1/400 of the price: 25 basis points
NEAR_TICKS: Final = 10
REACH_SHARE: Final = 5  # the best price may go a fifth of the band from the anchor
MOST_SIZE: Final = 1 << 62  # displayed on one side; sums beyond it would leave 64 bits


@inline_rule
def seek(side: Any, ranks: Any, rank: int) -> int:
    """Index of the first level of the side whose rank is not below ``rank``; its end if there is none."""
    low = integer(side.start)
    # Levels come and go only where they were sought, so that the answer stays right until the next search.
    if side.sought == rank:
        return low + side.hint
    high = low + side.count
    while high - low > 16 and ranks[high - 16] >= rank:  # most searches end near the touch
        high -= 16
    if high - low > 16:  # without branches, because they could not be predicted
        low = high - 15
        low += 8 * integer(ranks[low + 7] < rank)
        low += 4 * integer(ranks[low + 3] < rank)
        low += 2 * integer(ranks[low + 1] < rank)
        low += integer(ranks[low] < rank)
    else:
        while low < high:
            middle = (low + high) >> 1
            if ranks[middle] < rank:
                low = middle + 1
            else:
                high = middle
    side.sought = rank
    side.hint = low - side.start
    return low


@inline_rule
def level_size(t: Any, side: Any, rank: int) -> int:
    """Displayed size at a rank, 0 where there is no level."""
    at = seek(side, t.ranks, rank)
    if at < integer(side.start) + side.count and t.ranks[at] == rank:
        return t.levels[at].size
    return 0


@rule
def level_at(t: Any, side: Any, rank: int) -> int:
    """Index of the level of this rank, made empty if there is none; the caller made room."""
    at = seek(side, t.ranks, rank)
    end = integer(side.start) + side.count
    if at < end and t.ranks[at] == rank:
        return at
    move_rows(t.ranks, at + 1, at, end - at)
    move_rows(t.levels, at + 1, at, end - at)
    t.ranks[at] = rank
    fresh = t.levels[at]
    fresh.size = 0
    fresh.orders = 0
    fresh.front = 0
    fresh.back = 0
    side.count += 1
    side.best = rank if rank > side.best else side.best
    return at


@rule
def drop_level(t: Any, side: Any, at: int) -> None:
    """Take an empty level out of its side."""
    last = integer(side.start) + side.count - 1
    move_rows(t.ranks, at, at + 1, last - at)
    move_rows(t.levels, at, at + 1, last - at)
    side.count -= 1
    side.best = t.ranks[last - 1] if side.count > 0 else UNSET


@inline_rule
def count_near(side: Any, pairs: Any, order: Any, change: int) -> None:
    """Account for displayed size that appears or goes, in all and inside the near band."""
    side.total += change
    if order.rank >= side.edge:
        side.near += change
        if order.pair != 0:
            if order.state & SELLS:
                pairs[order.pair].near_sell += change
            else:
                pairs[order.pair].near_buy += change


@rule
def display(t: Any, side: Any, row: int) -> None:
    """Put an order at the end of the queue of its level, or among the hidden ones."""
    orders = t.orders
    order = orders[row]
    if not order.state & DISPLAYED:
        order.before = 0
        order.after = side.hidden
        if side.hidden != 0:
            orders[side.hidden].before = row
        side.hidden = row
        return
    level = t.levels[level_at(t, side, order.rank)]
    order.before = level.back
    order.after = 0
    if level.back != 0:
        orders[level.back].after = row
    else:
        level.front = row
    level.back = row
    level.orders += 1
    level.size += order.size
    count_near(side, t.pairs, order, order.size)


@rule
def conceal(t: Any, side: Any, row: int) -> None:
    """Take an order out of its queue, and its level out of the book when that is left empty."""
    orders = t.orders
    order = orders[row]
    if order.after != 0:
        orders[order.after].before = order.before
    if order.before != 0:
        orders[order.before].after = order.after
    if not order.state & DISPLAYED:
        if order.before == 0:
            side.hidden = order.after
        return
    at = seek(side, t.ranks, order.rank)
    level = t.levels[at]
    if order.before == 0:
        level.front = order.after
    if order.after == 0:
        level.back = order.before
    level.orders -= 1
    level.size -= order.size
    count_near(side, t.pairs, order, -order.size)
    if level.orders == 0 and level.size == 0:  # a feed of levels may have set it before orders joined
        drop_level(t, side, at)


@rule
def reduce(t: Any, side: Any, order: Any, amount: int) -> None:
    """Take size off an order that keeps its place; ``amount`` is less than what remains."""
    order.size -= amount
    if order.state & DISPLAYED:
        t.levels[seek(side, t.ranks, order.rank)].size -= amount
        count_near(side, t.pairs, order, -amount)


@rule
def retire(tables: Any, side: Any, row: int) -> None:
    """End an order: out of the book, the index and the pool."""
    conceal(tables, side, row)
    release(tables, row)


@inline_rule
def release(tables: Any, row: int) -> None:
    """Give the row of an ended order back."""
    order = tables.orders[row]
    forget_order(tables.order_index, order.tag, row)
    if order.pair != 0:
        tables.pairs[order.pair].live -= 1
    counters = tables.counters[0]
    counters.order_room += 1
    counters.live_orders -= 1
    tables.order_free[counters.order_room] = row
    order.instrument = 0


@inline_rule
def take_order(tables: Any, instrument: int, number: int, tag: int) -> int:
    """A free row for a new order, entered into the index; the caller made room."""
    counters = tables.counters[0]
    row = integer(tables.order_free[counters.order_room])
    counters.order_room -= 1
    counters.live_orders += 1
    order = tables.orders[row]
    order.number = number
    order.instrument = instrument
    order.tag = tag
    enter(tables.order_index, tag, row)
    return row


@rule
def move_edge(t: Any, side: Any, edge: int, sells: bool) -> None:
    """Move the near band to a new edge: the levels between the old edge and the new come in or go out."""
    low, high, sign = (side.edge, edge, -1) if side.edge < edge else (edge, side.edge, 1)
    end = integer(side.start) + side.count
    at = seek(side, t.ranks, low)
    while at < end and t.ranks[at] < high:
        side.near += sign * t.levels[at].size
        row = t.levels[at].front
        while row != 0:
            order = t.orders[row]
            if order.pair != 0:
                if sells:
                    t.pairs[order.pair].near_sell += sign * order.size
                else:
                    t.pairs[order.pair].near_buy += sign * order.size
            row = order.after
        at += 1
    side.edge = edge


@rule
def set_level(t: Any, side: Any, rank: int, size: int) -> None:
    """Set the size of a level that has no orders; 0 takes it out of the book."""
    at = level_at(t, side, rank)
    change = size - t.levels[at].size
    t.levels[at].size = size
    side.total += change
    if rank >= side.edge:
        side.near += change
    if size == 0:
        drop_level(t, side, at)


@inline_rule
def settle(t: Any, side: Any, tick: int, sells: bool) -> None:
    """After a row, re-anchor the near band of a side whose best price has moved far enough."""
    best, anchor = side.best, side.anchor
    away = best - anchor if best > anchor else anchor - best  # beyond every reach where there is no anchor
    if away <= side.reach or best == UNSET:
        return
    side.anchor = best
    side.reach = reach(best, tick)
    move_edge(t, side, best - band(best, tick), sells)


@inline_rule
def band(rank: int, tick: int) -> int:
    """Width of the near band at a price."""
    price = rank if rank > 0 else -rank
    share = price // NEAR_SHARE
    return share if share > NEAR_TICKS * tick else NEAR_TICKS * tick


@inline_rule
def reach(rank: int, tick: int) -> int:
    """How far the best rank may go from an anchor."""
    return band(rank, tick) // REACH_SHARE


@rule
def clear_side(tables: Any, side: Any) -> None:
    """Drop all levels and orders of a side."""
    for at in range(side.start, integer(side.start) + side.count):
        row = tables.levels[at].front
        while row != 0:
            order = tables.orders[row]
            count_near(side, tables.pairs, order, -order.size)
            following = order.after
            release(tables, integer(row))
            row = following
    row = side.hidden
    while row != 0:
        following = tables.orders[row].after
        release(tables, integer(row))
        row = following
    side.count = 0
    side.hidden = 0
    side.near = 0
    side.total = 0
    side.anchor = UNSET
    side.edge = UNSET
    side.hint = 0
    side.sought = UNSET
    side.best = UNSET
    side.reach = 0


@inline_rule
def has_room(tables: Any, side: Any) -> bool:
    """Whether one more level fits, after moving the side into a larger block if one is free."""
    return side.count < side.room or enlarge(tables, side)


@rule
def enlarge(tables: Any, side: Any) -> bool:
    """Move a side into a block of twice the size; False when the pool of levels has none."""
    counters = tables.counters[0]
    size = integer(SMALLEST_BLOCK)
    grade = 0
    while size <= side.room:
        size += size
        grade += 1
    start = counters.blocks[grade]
    if start != 0:
        counters.blocks[grade] = tables.levels[start].front
    elif counters.level_top + size <= len(tables.levels):
        start = counters.level_top
        counters.level_top += size
    else:
        return False
    for i in range(side.count):
        tables.ranks[start + i] = tables.ranks[integer(side.start) + i]
        tables.levels[start + i] = tables.levels[integer(side.start) + i]
    if side.room != 0:
        tables.levels[side.start].front = counters.blocks[grade - 1]
        counters.blocks[grade - 1] = side.start
    side.start = start
    side.room = size
    return True
