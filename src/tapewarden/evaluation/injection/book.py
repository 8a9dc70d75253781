"""The recorded book as it stands at each moment, and what happens in it that injected orders take part in."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tapewarden.domain.batch import NO_ORDER, EventBatch
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Side

_NOT_DISPLAYED: Final = int(Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN)
_FILLED: Final = int(EndReason.FILLED)


class Row(NamedTuple):
    """What matters of a recorded event."""

    kind: int
    reason: int
    side: int
    flags: int
    order: int
    counter_order: int
    price: int
    size: int
    ts_event: int
    instrument: int


def rows_of(batch: EventBatch) -> list[Row]:
    """The events of a batch, one by one."""
    columns = (getattr(batch, name).tolist() for name in Row._fields)
    return [Row(*values) for values in zip(*columns, strict=True)]


@dataclass(slots=True, eq=False)
class Order:
    """An order that rests: ``entry`` is its place in time, ``taken`` what injected orders took of it."""

    side: int
    price: int
    size: int
    entry: int
    taken: int = 0

    @property
    def rank(self) -> int:
        """The better the price for the other side, the larger."""
        return self.price * self.side


class Filled(NamedTuple):
    """A recorded order was filled by so much."""

    order: Order
    size: int


class Rested(NamedTuple):
    """A recorded order came to rest, crossing no recorded one."""

    order: Order


@dataclass(slots=True)
class Ladder:
    """One side: its levels by rank, each a queue of orders by id in order of time."""

    levels: dict[int, dict[int, Order]] = field(default_factory=dict)
    ranks: list[int] = field(default_factory=list)

    @property
    def best(self) -> int | None:
        """The best rank, ``None`` where the side is empty."""
        return self.ranks[-1] if self.ranks else None

    def add(self, number: int, order: Order) -> None:
        """Put an order at the end of its queue."""
        rank = order.rank
        if rank not in self.levels:
            self.levels[rank] = {}
            insort(self.ranks, rank)
        self.levels[rank][number] = order

    def remove(self, number: int, order: Order) -> None:
        """Take an order out."""
        rank = order.rank
        del self.levels[rank][number]
        if not self.levels[rank]:
            del self.levels[rank]
            del self.ranks[bisect_left(self.ranks, rank)]

    def from_best(self, least: int) -> Iterator[int]:
        """Ranks from the best down to ``least``."""
        for place in range(len(self.ranks) - 1, -1, -1):
            if self.ranks[place] < least:
                return
            yield self.ranks[place]

    def since(self, rank: int) -> int:
        """When the first order in the queue of a level came."""
        return next(iter(self.levels[rank].values())).entry

    def size_at(self, rank: int) -> int:
        """Size displayed at a rank."""
        return sum(order.size for order in self.levels.get(rank, {}).values())


class RecordedBook:
    """What is displayed, order by order, by the rules of ``docs/reference/engine-semantics.md``.

    ``entries`` counts everything that joined a queue, injected orders too.
    """

    def __init__(self) -> None:
        self.sides = {int(Side.BUY): Ladder(), int(Side.SELL): Ladder()}
        self.entries = 0
        self._orders: dict[int, Order] = {}

    def next_entry(self) -> int:
        """The place in time of something that joins a queue now."""
        self.entries += 1
        return self.entries

    def touch(self) -> dict[int, int | None]:
        """Best rank of either side among what rests.

        Feeds announce takers before they match: where the sides cross, the level that came later is one.
        """
        buys, sells = self.sides.values()
        bid, ask = len(buys.ranks) - 1, len(sells.ranks) - 1
        while bid >= 0 and ask >= 0 and buys.ranks[bid] + sells.ranks[ask] >= 0:
            if buys.since(buys.ranks[bid]) > sells.since(sells.ranks[ask]):
                bid -= 1
            else:
                ask -= 1
        places = zip(self.sides.items(), (bid, ask), strict=True)
        return {side: ladder.ranks[place] if place >= 0 else None for (side, ladder), place in places}

    def tell(self, row: Row) -> Iterator[Filled | Rested]:
        """Apply a row; give what happened to recorded orders that an injected one may have a part in."""
        match row.kind:
            case EventKind.PLACE:
                yield from self._place(row)
            case EventKind.AMEND:
                yield from self._amend(row)
            case EventKind.CANCEL | EventKind.EXPIRE:
                yield from self._reduce(row.order, row.size, filled=row.reason == _FILLED)
            case EventKind.TRADE if not row.flags & Flag.REPORT_ONLY:
                for number in dict.fromkeys((row.order, row.counter_order)):
                    yield from self._reduce(number, row.size, filled=True)
            case EventKind.CLEAR:
                self.sides = {side: Ladder() for side in self.sides}
                self._orders.clear()

    def _place(self, row: Row) -> Iterator[Rested]:
        named = row.order != NO_ORDER and row.order not in self._orders
        displayed = (
            row.side in self.sides and row.size > 0 and row.price > 0 and not row.flags & _NOT_DISPLAYED
        )
        if not named or not displayed:
            return
        order = self._orders[row.order] = Order(row.side, row.price, row.size, self.next_entry())
        self.sides[row.side].add(row.order, order)
        yield from self._resting(order)

    def _amend(self, row: Row) -> Iterator[Filled | Rested]:
        order = self._orders.get(row.order)
        if order is None or row.size < 0:
            return
        price = row.price if row.price > 0 else order.price
        lost = order.size - row.size
        if row.reason == _FILLED and lost > 0:
            yield Filled(order, lost)
        if row.size == 0:
            self._remove(row.order, order)
        elif price != order.price or row.size > order.size:
            self._remove(row.order, order)
            moved = Order(order.side, price, row.size, self.next_entry(), order.taken)
            self._orders[row.order] = moved
            self.sides[order.side].add(row.order, moved)
            if row.reason != _FILLED:
                yield from self._resting(moved)
        else:
            order.size = row.size

    def _reduce(self, number: int, size: int, *, filled: bool) -> Iterator[Filled]:
        order = self._orders.get(number)
        if order is None:
            return
        lost = order.size if size <= 0 else min(size, order.size)
        if filled:
            yield Filled(order, lost)
        order.size -= lost
        if order.size == 0:
            self._remove(number, order)

    def _remove(self, number: int, order: Order) -> None:
        del self._orders[number]
        self.sides[order.side].remove(number, order)

    def _resting(self, order: Order) -> Iterator[Rested]:
        """A taker is announced before it matches: what crosses the recorded book does not rest."""
        across = self.sides[-order.side].best
        if across is None or across + order.rank < 0:
            yield Rested(order)
