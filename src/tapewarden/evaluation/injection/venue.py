"""`Venue`: where injected orders meet the recorded market and each other. The package says by which rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from statistics import median_low
from typing import Final

from tapewarden.domain.batch import NO_ORDER, UNKNOWN
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator, Side
from tapewarden.evaluation.injection.book import Order, RecordedBook, Rested, Row

REMEMBERED: Final = 101
"""Recorded trades of which the median is a usual size."""

FIRST_ID: Final = 9_000_000_000_000_000_000
"""Injected orders and trades are numbered from here on, above what any venue has come to."""

_ANY_PRICE: Final = 1 << 62

Report = Callable[[int, int], None]


@dataclass(slots=True, eq=False)
class InjectedOrder(Order):
    """An injected order: ``size`` is what remains; ``on_fill`` hears of size and trade id."""

    number: int = NO_ORDER
    account: int = UNKNOWN
    flags: Flag = Flag.NONE
    on_fill: Report = field(default=lambda size, trade: None)


@dataclass(frozen=True, slots=True)
class InjectedRow:
    """An event to put behind so many recorded ones."""

    behind: int
    columns: dict[str, int]


class Venue:
    """One instrument of a recorded market, with orders injected into it.

    ``rows`` grows by what the injected orders add to the tape; ``now`` is event time, ns. ``volume``,
    ``trades`` and ``last`` are size, count and last price of recorded trades, 1 before the first.
    """

    def __init__(self, instrument: int) -> None:
        self.instrument = instrument
        self.book = RecordedBook()
        self.now = 0
        self.rows: list[InjectedRow] = []
        self.volume = 0
        self.trades = 0
        self.last = 1
        self.positions: dict[int, int] = {}
        self.costs: dict[int, int] = {}
        self._resting: dict[int, list[InjectedOrder]] = {int(Side.BUY): [], int(Side.SELL): []}
        self._sizes: deque[int] = deque(maxlen=REMEMBERED)
        self._told = 0
        self._orders, self._trades = count(1), count(1)

    # --- what is to be seen -------------------------------------------------------------------------------

    @property
    def usual_size(self) -> int:
        """The median size of the last recorded trades; 1 before the first."""
        return median_low(self._sizes) if self._sizes else 1

    def best(self, side: int) -> int | None:
        """Best price of a side, ``None`` where it is empty."""
        ranks = [order.rank for order in self._resting[side]]
        recorded = self.book.touch()[side]
        if recorded is not None:
            ranks.append(recorded)
        return max(ranks) * side if ranks else None

    def level(self, price: int) -> int:
        """Size displayed at a price, on whichever side."""
        recorded = sum(ladder.size_at(price * side) for side, ladder in self.book.sides.items())
        return recorded + sum(
            order.size for orders in self._resting.values() for order in orders if order.price == price
        )

    def depth(self, side: int, distance: int) -> int:
        """Size displayed on a side up to ``distance`` from its best price."""
        best = self.best(side)
        if best is None:
            return 0
        least, ladder = best * side - distance, self.book.sides[side]
        recorded = sum(ladder.size_at(rank) for rank in ladder.from_best(least))
        return recorded + sum(order.size for order in self._resting[side] if order.rank >= least)

    def ahead(self, order: InjectedOrder) -> int:
        """Size displayed at the order's price that trades before it; 0 where it does not rest."""
        if not self.is_resting(order):
            return 0
        recorded = self.book.sides[order.side].levels.get(order.rank, {}).values()
        queue = [*recorded, *self._resting[order.side]]
        return sum(one.size for one in queue if one.rank == order.rank and one.entry < order.entry)

    # --- the recorded market ------------------------------------------------------------------------------

    def tell(self, row: Row) -> None:
        """The next recorded event: it changes the book, and may fill injected orders."""
        self._told += 1
        if row.instrument != self.instrument:
            return
        if row.kind == EventKind.TRADE and row.size > 0:
            self.volume += row.size
            self.trades += 1
            self.last = max(row.price, 1)
            self._sizes.append(row.size)
        for event in self.book.tell(row):
            side, rank = event.order.side, event.order.rank
            if isinstance(event, Rested):
                self._fill(self._in_priority(-side, -rank))
            else:
                passed = self._in_priority(side, rank)
                self._fill([one for one in passed if one.rank > rank])
                queue = [one for one in passed if one.rank == rank and one.entry < event.order.entry]
                self._fill(queue, event.size)

    # --- injected orders ----------------------------------------------------------------------------------

    def place(self, order: InjectedOrder) -> bool:
        """Let an order in: it takes what it crosses, the rest of it rests. False if it is rejected.

        A price of 0 takes at any price.
        """
        order.number = FIRST_ID + next(self._orders)
        if order.flags & Flag.POST_ONLY and next(self._crossed(order), None) is not None:
            self._report(EventKind.REJECT, order, order.size, reason=EndReason.POST_ONLY)
            return False
        self._report(EventKind.PLACE, order, order.size, initiator=Initiator.MEMBER)
        self._take(order)
        if order.size and order.flags & (Flag.IMMEDIATE | Flag.MARKET):
            self._report(EventKind.CANCEL, order, order.size, initiator=Initiator.SYSTEM)
        elif order.size:
            self._rest(order)
        return True

    def amend(self, order: InjectedOrder, price: int, size: int) -> None:
        """Change a resting order. It keeps its place only where it becomes smaller at its price."""
        moved = price != order.price or size > order.size
        self._resting[order.side].remove(order)
        order.price, order.size = price, size
        self._report(EventKind.AMEND, order, size, reason=EndReason.USER, initiator=Initiator.MEMBER)
        if moved:
            self._take(order)
        if order.size:
            self._rest(order, entry=None if moved else order.entry)

    def cancel(self, order: InjectedOrder) -> None:
        """Take a resting order out."""
        self._resting[order.side].remove(order)
        self._report(EventKind.CANCEL, order, order.size, reason=EndReason.USER, initiator=Initiator.MEMBER)

    def is_resting(self, order: InjectedOrder) -> bool:
        """Whether the order is in the book."""
        return order in self._resting[order.side]

    def _rest(self, order: InjectedOrder, entry: int | None = None) -> None:
        order.entry = self.book.next_entry() if entry is None else entry
        self._resting[order.side].append(order)

    def _take(self, order: InjectedOrder) -> None:
        """Trade with what the order crosses, by price and time."""
        for other in list(self._crossed(order)):
            size = min(order.size, other.size - other.taken)
            if size <= 0:
                continue
            if isinstance(other, InjectedOrder):
                self._trade(other, size, order)
            else:
                other.taken += size
                self._trade(order, size, None, price=other.price)
            if order.size == 0:
                return

    def _crossed(self, order: InjectedOrder) -> Iterator[Order]:
        """What stands across at the order's price or better, recorded and injected, by price and time."""
        ladder, best = self.book.sides[-order.side], self.book.touch()[-order.side]
        least = -order.rank if order.price else -_ANY_PRICE
        ranks = [rank for rank in ladder.from_best(least) if best is not None and rank <= best]
        found: list[Order] = [one for rank in ranks for one in ladder.levels[rank].values()]
        found += self._in_priority(-order.side, least)
        return iter(sorted(found, key=lambda one: (-one.rank, one.entry)))

    def _in_priority(self, side: int, least: int) -> list[InjectedOrder]:
        """Injected orders of a side with at least this rank, by price and time."""
        found = [one for one in self._resting[side] if one.rank >= least]
        return sorted(found, key=lambda one: (-one.rank, one.entry))

    def _fill(self, orders: Iterable[InjectedOrder], size: int | None = None) -> None:
        """Resting injected orders are filled by the recorded market: by ``size`` altogether, or in full."""
        for order in orders:
            part = order.size if size is None else min(size, order.size)
            if part:
                self._trade(order, part, None)
                size = None if size is None else size - part

    def _trade(
        self, order: InjectedOrder, size: int, taker: InjectedOrder | None, price: int | None = None
    ) -> None:
        """A trade of an injected order: with ``taker``, or with somebody of the recorded market.

        With ``price`` the order took, at that price; otherwise it was resting.
        """
        trade = FIRST_ID + next(self._trades)
        at = order.price if price is None else price
        side = order.side if price is not None else -order.side
        columns = {"kind": EventKind.TRADE, "trade": trade, "price": at, "size": size, "side": side}
        if price is not None:
            columns |= {"order": order.number, "account": order.account}
        else:
            columns |= {"counter_order": order.number, "counter_account": order.account}
        if taker is not None:
            columns |= {"order": taker.number, "account": taker.account}
        self._write(columns)
        for one in (order, taker):
            if one is not None:
                one.size -= size
                bought = one.side * size
                self.positions[one.account] = self.positions.get(one.account, 0) + bought
                self.costs[one.account] = self.costs.get(one.account, 0) + bought * at
                if one.size == 0 and one in self._resting[one.side]:
                    self._resting[one.side].remove(one)
                one.on_fill(size, trade)

    # --- the tape -----------------------------------------------------------------------------------------

    def _report(
        self,
        kind: EventKind,
        order: InjectedOrder,
        size: int,
        *,
        reason: EndReason = EndReason.UNKNOWN,
        initiator: Initiator = Initiator.UNKNOWN,
    ) -> None:
        self._write(
            {
                "kind": kind,
                "order": order.number,
                "account": order.account,
                "side": order.side,
                "price": order.price or UNKNOWN,
                "size": size,
                "reason": reason,
                "initiator": initiator,
                "flags": order.flags,
            }
        )

    def _write(self, columns: dict[str, int]) -> None:
        flags = columns.get("flags", 0) | Flag.SIMULATED
        row = {**columns, "flags": flags, "instrument": self.instrument, "ts_event": self.now}
        self.rows.append(InjectedRow(self._told, {name: int(value) for name, value in row.items()}))
