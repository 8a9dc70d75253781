"""The plainest books that follow the tape's rules, with dicts: what faster ones must agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sortedcontainers import SortedDict

from tapewarden.domain.batch import COLUMN_TYPES, NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.kinds import EventKind, Flag, Side

Touch = tuple[int, int] | None


def rows_of(batch: EventBatch) -> Iterator[dict[str, int]]:
    """One dict per event, of plain integers."""
    columns = [getattr(batch, name).tolist() for name in COLUMN_TYPES]
    for values in zip(*columns, strict=True):
        yield dict(zip(COLUMN_TYPES, values, strict=True))


class LevelBook:
    """Sizes at prices, from LEVEL and CLEAR rows."""

    def __init__(self) -> None:
        self.bids: SortedDict[int, int] = SortedDict()
        self.asks: SortedDict[int, int] = SortedDict()

    def apply(self, row: dict[str, int]) -> None:
        if row["kind"] == EventKind.CLEAR:
            self.bids.clear()
            self.asks.clear()
        elif row["kind"] == EventKind.LEVEL:
            self.set_level(row["side"], row["price"], row["size"])

    def set_level(self, side: int, price: int, size: int) -> None:
        levels = self.side(side)
        if size:
            levels[price] = size
        else:
            levels.pop(price, None)

    def side(self, side: int) -> SortedDict[int, int]:
        return self.bids if side == Side.BUY else self.asks

    def best_bid(self) -> Touch:
        return self.bids.peekitem(-1) if self.bids else None

    def best_ask(self) -> Touch:
        return self.asks.peekitem(0) if self.asks else None


@dataclass
class Order:
    """What is known of a live order."""

    side: int
    price: int
    size: int
    placed: int


class OrderBook:
    """Live orders and the levels they make; what it cannot follow is counted and otherwise ignored."""

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self.levels = LevelBook()
        self.problems: Counter[str] = Counter()

    def apply(self, row: dict[str, int]) -> None:
        match row["kind"]:
            case EventKind.CLEAR:
                self.orders.clear()
                self.levels.apply(row)
            case EventKind.PLACE:
                if row["order"] in self.orders:
                    self.problems["order placed twice"] += 1
                self._set(row["order"], Order(row["side"], row["price"], row["size"], row["ts_event"]))
            case EventKind.AMEND:
                self._amend(row)
            case EventKind.CANCEL | EventKind.EXPIRE:
                self._reduce(row["order"], row["size"], "unknown order ended")
            case EventKind.TRADE if not row["flags"] & Flag.REPORT_ONLY:
                for name in ("order", "counter_order"):
                    if row[name] != NO_ORDER:
                        self._reduce(row[name], row["size"], "unknown order traded")

    def best_bid(self) -> Touch:
        return self.levels.best_bid()

    def best_ask(self) -> Touch:
        return self.levels.best_ask()

    def _amend(self, row: dict[str, int]) -> None:
        order = self.orders.get(row["order"])
        if order is None:
            self.problems["unknown order amended"] += 1
        else:
            self._set(row["order"], replace(order, price=row["price"], size=row["size"]))

    def _reduce(self, number: int, size: int, problem: str) -> None:
        order = self.orders.get(number)
        if order is None:
            self.problems[problem] += 1
            return
        if size > order.size:
            self.problems["reduced beyond what remained"] += 1
        left = 0 if size == UNKNOWN else max(order.size - size, 0)
        self._set(number, replace(order, size=left))

    def _set(self, number: int, order: Order) -> None:
        """Replace what is known of an order, and move its size between levels."""
        before = self.orders.pop(number, None)
        if order.size:
            self.orders[number] = order
        for one, sign in ((before, -1), (order, 1)):
            if one is not None:
                size = self.levels.side(one.side).get(one.price, 0) + sign * one.size
                self.levels.set_level(one.side, one.price, size)
