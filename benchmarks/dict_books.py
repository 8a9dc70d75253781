"""Order books with dicts and sorted dicts, as one writes them for speed in plain Python."""

from __future__ import annotations

from typing import Final

from sortedcontainers import SortedDict

from tapewarden.domain.kinds import SECOND
from tapewarden.engine.acts import BUY, SELL

MAX_DISPLAYED: Final = 2**62


HALVES: Final = tuple(0.5**count for count in range(61))


class Pair:
    """An actor on an instrument: what it displays near the touch on either side, its orders, its messages."""

    __slots__ = ("counted", "messages", "near", "orders", "second", "seen")

    def __init__(self) -> None:
        self.near = [0, 0]
        self.orders = 0
        self.seen = 0
        self.second = -1
        self.messages = 0.0  # as of the last one counted
        self.counted = 0

    def messages_at(self, ts: int) -> float:
        """What is left of the count of messages, which halves each second: ``measures.decayed``."""
        elapsed = ts - self.counted
        if elapsed <= 0:
            return self.messages
        halvings, rest = divmod(elapsed, SECOND)
        if halvings > 60:
            return 0.0
        part = rest / SECOND
        power = 1.0 - part * (0.6916774 - part * (0.2312999 - part * 0.0396225))
        return self.messages * (power * HALVES[halvings])


class Order:
    """A live order; ``entry`` is -1 when it was not seen."""

    __slots__ = ("displayed", "entry", "number", "pair", "price", "side", "size")

    def __init__(self, number: int, side: int, price: int, size: int, pair: Pair | None, entry: int) -> None:
        self.number = number
        self.side = side
        self.price = price
        self.size = size
        self.pair = pair
        self.entry = entry
        self.displayed = True


class Level:
    """What is displayed at a price, in time priority."""

    __slots__ = ("orders", "size")

    def __init__(self) -> None:
        self.size = 0
        self.orders: dict[int, Order] = {}


class Side:
    """One side of a book. Levels are kept by rank, the price with its sign: the lower, the better."""

    __slots__ = (
        "anchor",
        "best",
        "depth",
        "displayed",
        "edge",
        "levels",
        "reach",
        "side",
        "sign",
        "smallest_band",
    )

    def __init__(self, side: int, tick: int) -> None:
        self.side = side
        self.sign = -1 if side == BUY else 1
        self.smallest_band = 10 * tick
        self.levels: SortedDict[int, Level] = SortedDict()
        self.best: int | None = None  # rank of the best level
        self.anchor: int | None = None
        self.reach = 0  # how far the best rank may go from the anchor
        self.edge: int | None = None
        self.depth = 0
        self.displayed = 0

    def has_room(self, size: int) -> bool:
        """Whether ``size`` more can be displayed without overflow."""
        return self.displayed + size <= MAX_DISPLAYED

    def join(self, order: Order) -> None:
        """Put an order at the end of the queue at its price."""
        rank = self.sign * order.price
        level = self.levels.get(rank)
        if level is None:
            level = self.levels[rank] = Level()
            if self.best is None or rank < self.best:
                self.best = rank
        level.orders[order.number] = order
        self.resize(order, level, order.size)

    def leave(self, order: Order) -> None:
        """Take an order out of its queue."""
        rank = self.sign * order.price
        level: Level = self.levels[rank]
        self.resize(order, level, -order.size)
        del level.orders[order.number]
        if not level.orders:
            del self.levels[rank]
            if rank == self.best:
                self.best = self.levels.peekitem(0)[0] if self.levels else None

    def resize(self, order: Order, level: Level, change: int) -> None:
        """Count a change of what an order displays."""
        level.size += change
        self.displayed += change
        if self.edge is not None and self.sign * order.price <= self.edge:
            self.depth += change
            if order.pair is not None:
                order.pair.near[self.side] += change

    def size_at(self, price: int) -> int:
        """What is displayed at a price."""
        level = self.levels.get(self.sign * price)
        return level.size if level is not None else 0

    def is_near(self, price: int) -> bool:
        """Whether a price lies inside the band."""
        return self.edge is not None and self.sign * price <= self.edge

    def distance(self, price: int) -> int:
        """How far a price lies behind the best one; 0 on an empty side."""
        return self.sign * price - self.best if self.best is not None else 0

    def follow_best(self) -> None:
        """Move the near band once the best price has left the middle of it."""
        if self.best is None:
            return
        if self.anchor is None or abs(self.best - self.anchor) > self.reach:
            self.anchor = self.best
            band = max(abs(self.anchor) // 400, self.smallest_band)
            self.reach = band // 5
            self._move_edge(self.anchor + band)

    def _move_edge(self, edge: int) -> None:
        """Count what enters or leaves the band, level by level."""
        old, self.edge = self.edge, edge
        if old is None or edge > old:
            ranks, sign = self.levels.irange(old, edge, inclusive=(False, True)), 1
        else:
            ranks, sign = self.levels.irange(edge, old, inclusive=(False, True)), -1
        for rank in ranks:
            level = self.levels[rank]
            self.depth += sign * level.size
            for order in level.orders.values():
                if order.pair is not None:
                    order.pair.near[self.side] += sign * order.size


class Book:
    """Live orders of an instrument, and both sides."""

    __slots__ = ("crossed_since", "crossing_reported", "orders", "sides", "trades")

    def __init__(self, tick: int) -> None:
        self.orders: dict[int, Order] = {}
        self.sides = (Side(BUY, tick), Side(SELL, tick))
        self.trades: dict[int, None] = {}  # the last 32 trade ids, oldest first
        self.crossed_since = -1
        self.crossing_reported = False

    def touch(self) -> tuple[int, int]:
        """Best bid and ask, -1 where there is none."""
        bid, ask = self.sides[BUY].best, self.sides[SELL].best
        return -1 if bid is None else -bid, -1 if ask is None else ask

    def place(self, order: Order) -> None:
        """Add an order."""
        self.orders[order.number] = order
        if order.displayed:
            self.sides[order.side].join(order)
        if order.pair is not None:
            order.pair.orders += 1

    def remove(self, order: Order) -> None:
        """Take a live order out of the book."""
        del self.orders[order.number]
        if order.displayed:
            self.sides[order.side].leave(order)
        if order.pair is not None:
            order.pair.orders -= 1

    def reduce(self, order: Order, size: int) -> None:
        """Take ``size`` off an order, at most what remains."""
        if size >= order.size:
            self.remove(order)
            return
        if order.displayed:
            side = self.sides[order.side]
            side.resize(order, side.levels[side.sign * order.price], -size)
        order.size -= size

    def amend(self, order: Order, price: int, size: int) -> None:
        """Change price and size; to the end of the queue unless it only shrinks."""
        if size == 0:
            self.remove(order)
        elif price == order.price and size <= order.size:
            self.reduce(order, order.size - size)
        else:
            if order.displayed:
                self.sides[order.side].leave(order)
            order.price, order.size = price, size
            if order.displayed:
                self.sides[order.side].join(order)

    def is_new_trade(self, trade: int) -> bool:
        """Remember a trade; False when its id is among the last 32."""
        if not trade:
            return True
        if trade in self.trades:
            return False
        self.trades[trade] = None
        if len(self.trades) > 32:
            del self.trades[next(iter(self.trades))]
        return True

    def reports_crossing(self, ts: int) -> bool:
        """Whether a row at ``ts`` is the first to find the book crossed for more than a second."""
        if self.crossed_since < 0 or self.crossing_reported or ts - self.crossed_since <= SECOND:
            return False
        self.crossing_reported = True
        return True

    def settle(self, ts: int) -> None:
        """End of a row: let the bands follow, and note since when the book is crossed."""
        bids, asks = self.sides
        bids.follow_best()
        asks.follow_best()
        if bids.best is not None and asks.best is not None and -bids.best >= asks.best:
            if self.crossed_since < 0:
                self.crossed_since = ts
        else:
            self.crossed_since, self.crossing_reported = -1, False
