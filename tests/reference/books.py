"""Order books of the reference: levels in a sorted dict, queues in insertion order, depth counted afresh."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from sortedcontainers import SortedDict

from tapewarden.domain.kinds import SECOND, QualityKind
from tapewarden.domain.numbers import MAX_UNITS
from tapewarden.engine.acts import BUY, SELL

MAX_DISPLAYED = 2**62
TRADES_REMEMBERED = 32


class RefusedError(Exception):
    """A row that contradicts the book or the bounds: counted as a fact, otherwise ignored."""

    def __init__(self, fact: QualityKind) -> None:
        super().__init__(fact.name)
        self.fact = fact


@dataclass(slots=True)
class Order:
    """A live order. `entry` is None when its entry was not seen, `price` when a market order names none."""

    number: int
    side: int
    price: int | None
    size: int
    account: int
    actor: int
    entry: int | None
    displayed: bool


@dataclass(slots=True)
class Level:
    """What is displayed at one price: orders in time priority, and the size that LEVEL rows set."""

    set_size: int = 0
    orders: dict[int, Order] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.set_size + sum(order.size for order in self.orders.values())


class BookSide:
    """One side of a book. Prices are kept by rank: the lower, the better, on either side."""

    def __init__(self, side: int, tick: int) -> None:
        self.sign = -1 if side == BUY else 1
        self.tick = tick
        self.levels: SortedDict[int, Level] = SortedDict()
        self.forget_band()

    def forget_band(self) -> None:
        self.anchor: int | None = None
        self.edge: int | None = None

    @property
    def best(self) -> int | None:
        return self.sign * self.levels.peekitem(0)[0] if self.levels else None

    def level(self, price: int) -> Level | None:
        level: Level | None = self.levels.get(self.sign * price)
        return level

    def size_at(self, price: int) -> int:
        level = self.level(price)
        return level.size if level else 0

    def distance(self, price: int) -> int:
        """How far a price lies behind the best one; 0 on an empty side."""
        return self.sign * price - self.levels.peekitem(0)[0] if self.levels else 0

    def is_near(self, price: int) -> bool:
        return self.edge is not None and self.sign * price <= self.sign * self.edge

    def near_levels(self) -> Iterator[Level]:
        if self.edge is None:
            return iter(())
        return (self.levels[rank] for rank in self.levels.irange(maximum=self.sign * self.edge))

    def depth(self) -> int:
        return sum(level.size for level in self.near_levels())

    def depth_of(self, actor: int) -> int:
        return sum(
            order.size
            for level in self.near_levels()
            for order in level.orders.values()
            if order.actor == actor
        )

    def check_room(self, added: int) -> None:
        """Refuse a row that would display more than 64 bits hold safely."""
        if sum(level.size for level in self.levels.values()) + added > MAX_DISPLAYED:
            raise RefusedError(QualityKind.OVERFLOW)

    def join(self, order: Order) -> None:
        assert order.price is not None
        self.levels.setdefault(self.sign * order.price, Level()).orders[order.number] = order

    def leave(self, order: Order) -> None:
        assert order.price is not None
        del self.levels[self.sign * order.price].orders[order.number]
        self._drop_if_empty(order.price)

    def set_level(self, price: int, size: int) -> None:
        self.levels.setdefault(self.sign * price, Level()).set_size = size
        self._drop_if_empty(price)

    def _drop_if_empty(self, price: int) -> None:
        if not self.size_at(price):
            del self.levels[self.sign * price]

    def follow_best(self) -> None:
        """Move the band once the best price has left the middle of it."""
        best = self.best
        if best is None:
            return
        if self.anchor is None or abs(best - self.anchor) * 5 > self._band(self.anchor):
            self.anchor = best
            self.edge = best + self.sign * self._band(best)

    def _band(self, anchor: int) -> int:
        return max(anchor // 400, 10 * self.tick)


class Book:
    """Orders and levels of one instrument, changed row by row as the page of semantics says."""

    def __init__(self, tick: int) -> None:
        self.orders: dict[int, Order] = {}
        self.sides = {BUY: BookSide(BUY, tick), SELL: BookSide(SELL, tick)}
        self.trades: deque[int] = deque(maxlen=TRADES_REMEMBERED)
        self.crossed_since: int | None = None
        self.crossing_reported = False

    @property
    def bid(self) -> int | None:
        return self.sides[BUY].best

    @property
    def ask(self) -> int | None:
        return self.sides[SELL].best

    @property
    def crossed(self) -> bool:
        return self.bid is not None and self.ask is not None and self.bid >= self.ask

    @property
    def mid(self) -> Fraction | None:
        """Between the best prices, None unless the book is two-sided and not crossed."""
        if self.bid is None or self.ask is None or self.crossed:
            return None
        return Fraction(self.bid + self.ask, 2)

    def place(self, order: Order) -> None:
        if order.number in self.orders:
            raise RefusedError(QualityKind.DUPLICATE)
        if order.number == 0 or order.side not in self.sides or not 1 <= order.size <= MAX_UNITS:
            raise RefusedError(QualityKind.OUT_OF_RANGE)
        if order.price is not None and not 1 <= order.price <= MAX_UNITS:
            raise RefusedError(QualityKind.OUT_OF_RANGE)
        if order.displayed:
            assert order.price is not None
            self.sides[order.side].check_room(order.size)
            self.sides[order.side].join(order)
        self.orders[order.number] = order

    def amend(self, number: int, price: int, size: int) -> None:
        order = self._find(number)
        if not 0 <= size <= MAX_UNITS or price > MAX_UNITS:
            raise RefusedError(QualityKind.OUT_OF_RANGE)
        new_price = price if price > 0 else order.price
        if size == 0:
            self._remove(order)
        elif new_price == order.price and size <= order.size:
            order.size = size
        else:
            self._requeue(order, new_price, size)

    def _requeue(self, order: Order, price: int | None, size: int) -> None:
        if order.displayed:
            assert price is not None
            self.sides[order.side].check_room(size - order.size)
            self.sides[order.side].leave(order)
        order.price, order.size = price, size
        if order.displayed:
            self.sides[order.side].join(order)

    def reduce(self, number: int, size: int) -> tuple[int, QualityKind | None]:
        """Take `size` off an order, all where it is unknown; gives what was removed, and OVERFILL."""
        order = self._find(number)
        if 0 < size < order.size:
            order.size -= size
            return size, None
        self._remove(order)
        return order.size, QualityKind.OVERFILL if size > order.size else None

    def check_trade(self, price: int, size: int) -> None:
        if not (1 <= price <= MAX_UNITS and 1 <= size <= MAX_UNITS):
            raise RefusedError(QualityKind.OUT_OF_RANGE)

    def remember_trade(self, trade: int) -> None:
        if trade and trade in self.trades:
            raise RefusedError(QualityKind.DUPLICATE)
        if trade:
            self.trades.append(trade)

    def set_level(self, side: int, price: int, size: int) -> None:
        if side not in self.sides or not 1 <= price <= MAX_UNITS or not 0 <= size <= MAX_UNITS:
            raise RefusedError(QualityKind.OUT_OF_RANGE)
        level = self.sides[side].level(price)
        if level and level.orders:
            raise RefusedError(QualityKind.SCHEMA)
        self.sides[side].check_room(size - self.sides[side].size_at(price))
        self.sides[side].set_level(price, size)

    def clear(self) -> None:
        self.orders.clear()
        for side in self.sides.values():
            side.levels.clear()
            side.forget_band()

    def reports_crossing(self, ts: int) -> bool:
        """Whether a row at `ts` is the first to find the book crossed for more than a second."""
        if self.crossed_since is None or self.crossing_reported or ts - self.crossed_since <= SECOND:
            return False
        self.crossing_reported = True
        return True

    def settle(self, ts: int) -> None:
        """End of a row: let the bands follow the best prices, and note since when the book is crossed."""
        for side in self.sides.values():
            side.follow_best()
        if not self.crossed:
            self.crossed_since, self.crossing_reported = None, False
        elif self.crossed_since is None:
            self.crossed_since = ts

    def _find(self, number: int) -> Order:
        order = self.orders.get(number)
        if order is None:
            raise RefusedError(QualityKind.UNKNOWN_ORDER)
        return order

    def _remove(self, order: Order) -> None:
        del self.orders[order.number]
        if order.displayed:
            self.sides[order.side].leave(order)
