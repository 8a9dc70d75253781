"""A tape in the making: the rows written so far and the books they imply."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tapewarden.domain.batch import NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EndReason, EventKind, Flag, Initiator, Side

START: Final = 1_704_067_200_000_000_000
"""Event time of a scenario's beginning: 2024-01-01 00:00 UTC, in nanoseconds."""

VENUE_NAME: Final = "SIM"
PRICE_EXPONENT: Final = -2
SIZE_EXPONENT: Final = -4

_NEVER_RESTS: Final = Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN
_OF_SYSTEM: Final = {EndReason.DISCONNECT}
_OF_MEMBER: Final = {EndReason.UNKNOWN, EndReason.USER, EndReason.MASS_CANCEL}


@dataclass(slots=True)
class Order:
    """An order with size left. Price and size in units; a market order's price is unknown."""

    number: int
    account: int
    side: Side
    price: int
    size: int
    flags: int = 0


@dataclass(slots=True)
class Book:
    """The orders of one instrument, those displayed in queues by price, and levels set as such."""

    orders: dict[int, Order] = field(default_factory=dict)
    queues: dict[Side, dict[int, dict[int, Order]]] = field(
        default_factory=lambda: {Side.BUY: {}, Side.SELL: {}}
    )
    levels: dict[Side, dict[int, int]] = field(default_factory=lambda: {Side.BUY: {}, Side.SELL: {}})

    def best(self, side: Side) -> int | None:
        """The best price displayed on a side, in units."""
        prices = [*self.queues[side], *self.levels[side]]
        return (max if side is Side.BUY else min)(prices, default=None)

    def first(self, side: Side) -> Order | None:
        """The order that the next taker of this side meets: best price, then longest there."""
        queues = self.queues[side]
        best = (max if side is Side.BUY else min)(queues, default=None)
        return None if best is None else next(iter(queues[best].values()))

    def add(self, order: Order) -> None:
        """Take in an order, at the end of its queue if it is displayed."""
        self.orders[order.number] = order
        if not order.flags & _NEVER_RESTS:
            self.queues[order.side].setdefault(order.price, {})[order.number] = order

    def remove(self, order: Order) -> None:
        """Take out an order, and its queue when that is left empty."""
        del self.orders[order.number]
        queue = self.queues[order.side].get(order.price, {})
        if queue.pop(order.number, None) and not queue:
            del self.queues[order.side][order.price]

    def reduce(self, order: Order, size: int) -> None:
        """Take size off an order; ``ValueError`` for more than it has."""
        if size > order.size:
            raise ValueError("no more than what remains of the order")
        order.size -= size
        if order.size == 0:
            self.remove(order)


class Draft:
    """Writes rows as of ``now`` (nanoseconds since ``START``) and keeps the books in step with them."""

    def __init__(self) -> None:
        self.now = 0
        self.directory = Directory()
        self._source = self.directory.sources.number("scenario")
        self._rows: list[dict[str, int]] = []
        self._books: dict[int, Book] = {}
        self._numbers = 0

    def copy(self) -> Draft:
        """An independent draft in the same state."""
        twin = copy.copy(self)
        twin.directory, twin._books = copy.deepcopy((self.directory, self._books))
        twin._rows = self._rows.copy()
        return twin

    def instrument(self, symbol: str) -> int:
        """The number of an instrument, listed with tick and lot of one unit at its first use."""
        number = self.directory.add_instrument(
            Instrument(
                symbol=symbol,
                venue=VENUE_NAME,
                price_exponent=PRICE_EXPONENT,
                size_exponent=SIZE_EXPONENT,
                tick=1,
                lot=1,
            )
        )
        self._books.setdefault(number, Book())
        return number

    def book(self, instrument: int) -> Book:
        """The book of an instrument as of now."""
        return self._books[instrument]

    def batch(self) -> EventBatch:
        """Everything written so far."""
        return EventBatch.of_rows(self._rows)

    def times(self) -> Iterator[int]:
        """Event times of the rows so far, in nanoseconds UTC."""
        return (row["ts_event"] for row in self._rows)

    def next_number(self) -> int:
        """A fresh id for an order or trade that the scenario does not name."""
        self._numbers += 1
        return self._numbers

    def number(self, name: str) -> int:
        """The id of an order that the scenario names."""
        number = order_id(name)
        self.directory.order_names.learn(number, name)
        return number

    def write(self, kind: EventKind, instrument: int = UNKNOWN, **columns: int) -> None:
        """Append one row; columns not given keep their defaults."""
        ts = START + self.now
        row = {
            "kind": kind,
            "instrument": instrument,
            "source": self._source,
            "ts_event": ts,
            "ts_receive": ts,
        }
        self._rows.append({**row, "sequence": len(self._rows) + 1, **columns})

    def place(self, instrument: int, order: Order) -> None:
        """An order is accepted. ``ValueError`` if its id is in use."""
        if order.number in self.book(instrument).orders:
            raise ValueError("a name that no live order has")
        self.book(instrument).add(order)
        self.write(EventKind.PLACE, instrument, **_whole(order), initiator=Initiator.MEMBER)

    def amend(self, instrument: int, order: Order, size: int, price: int, reason: EndReason) -> None:
        """An order gets a new remaining size and price; it keeps its place only when it shrinks there."""
        book = self.book(instrument)
        keeps_place = price == order.price and size <= order.size
        if size == 0 or not keeps_place:
            book.remove(order)
        order.price, order.size = price, size
        if size and not keeps_place:
            book.add(order)
        self.write(
            EventKind.AMEND, instrument, **_whole(order), reason=reason, initiator=initiator_of(reason)
        )

    def end(
        self, kind: EventKind, instrument: int, order: Order, size: int | None, reason: EndReason
    ) -> None:
        """An order is canceled or expires, wholly or by ``size``."""
        removed = order.size if size is None else size
        self.write(
            kind,
            instrument,
            **{**_whole(order), "size": removed, "flags": 0},
            reason=reason,
            initiator=initiator_of(reason),
        )
        self.book(instrument).reduce(order, removed)

    def trade(
        self, instrument: int, aggressor: Order, resting: Order, size: int, price: int, flags: int = 0
    ) -> None:
        """Two orders meet. An aggressor with id 0 is an account whose order the venue did not announce."""
        book = self.book(instrument)
        for order in (aggressor, resting):
            if order.number != NO_ORDER:
                book.reduce(order, size)
        self.write(
            EventKind.TRADE,
            instrument,
            account=aggressor.account,
            counter_account=resting.account,
            order=aggressor.number,
            counter_order=resting.number,
            trade=self.next_number(),
            side=aggressor.side,
            price=price,
            size=size,
            flags=flags,
        )

    def take(self, instrument: int, order: Order) -> None:
        """An order that trades with what rests at its price or better, best first, and gives up the rest."""
        book, other = self.book(instrument), Side(-order.side)
        order.flags |= Flag.IMMEDIATE if order.price != UNKNOWN else Flag.MARKET
        self.place(instrument, order)
        while order.size:
            resting = book.first(other)
            if resting is None or (order.price != UNKNOWN and (resting.price - order.price) * order.side > 0):
                self.end(EventKind.CANCEL, instrument, order, None, EndReason.EXPIRY)
                return
            self.trade(instrument, order, resting, min(order.size, resting.size), resting.price)

    def set_level(self, instrument: int, side: Side, price: int, size: int) -> None:
        """The size displayed at a price becomes this; 0 removes the level."""
        levels = self.book(instrument).levels[side]
        levels[price] = size
        if not size:
            del levels[price]
        self.write(EventKind.LEVEL, instrument, side=side, price=price, size=size)

    def clear(self, instrument: int) -> None:
        """The book starts anew."""
        self._books[instrument] = Book()
        self.write(EventKind.CLEAR, instrument)


def initiator_of(reason: EndReason) -> Initiator:
    """Who ends an order for this reason."""
    if reason in _OF_MEMBER:
        return Initiator.MEMBER
    return Initiator.SYSTEM if reason in _OF_SYSTEM else Initiator.VENUE


def _whole(order: Order) -> dict[str, int]:
    return {
        "order": order.number,
        "account": order.account,
        "side": order.side,
        "price": order.price,
        "size": order.size,
        "flags": order.flags,
    }
