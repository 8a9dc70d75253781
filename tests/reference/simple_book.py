"""The plainest books that follow the tape's rules, with dicts: what faster ones must agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tapewarden.domain.batch import COLUMN_TYPES, NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.kinds import EventKind, Flag, Side

Touch = tuple[int, int] | None


def rows_of(batch: EventBatch) -> Iterator[dict[str, int]]:
    """One dict per event, of plain integers."""
    columns = [getattr(batch, name).tolist() for name in COLUMN_TYPES]
    for values in zip(*columns, strict=True):
        yield dict(zip(COLUMN_TYPES, values, strict=True))


@dataclass
class LevelBook:
    """Sizes at prices, from LEVEL and CLEAR rows."""

    bids: dict[int, int] = field(default_factory=dict)
    asks: dict[int, int] = field(default_factory=dict)

    def apply(self, row: dict[str, int]) -> None:
        if row["kind"] == EventKind.CLEAR:
            self.bids.clear()
            self.asks.clear()
        elif row["kind"] == EventKind.LEVEL:
            side = self.bids if row["side"] == Side.BUY else self.asks
            if row["size"]:
                side[row["price"]] = row["size"]
            else:
                side.pop(row["price"], None)

    def best_bid(self) -> Touch:
        return max(self.bids.items(), default=None)

    def best_ask(self) -> Touch:
        return min(self.asks.items(), default=None)


@dataclass
class Order:
    """What is known of a live order."""

    side: int
    price: int
    size: int
    placed: int


@dataclass
class OrderBook:
    """Live orders; what it cannot follow is counted and otherwise ignored."""

    orders: dict[int, Order] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)

    def apply(self, row: dict[str, int]) -> None:
        match row["kind"]:
            case EventKind.CLEAR:
                self.orders.clear()
            case EventKind.PLACE:
                self._place(row)
            case EventKind.AMEND:
                self._amend(row)
            case EventKind.CANCEL | EventKind.EXPIRE:
                self._reduce(row["order"], row["size"], "unknown order ended")
            case EventKind.TRADE if not row["flags"] & Flag.REPORT_ONLY:
                for name in ("order", "counter_order"):
                    if row[name] != NO_ORDER:
                        self._reduce(row[name], row["size"], "unknown order traded")

    def _place(self, row: dict[str, int]) -> None:
        if row["order"] in self.orders:
            self.problems["order placed twice"] += 1
        self.orders[row["order"]] = Order(row["side"], row["price"], row["size"], row["ts_event"])

    def _amend(self, row: dict[str, int]) -> None:
        order = self.orders.get(row["order"])
        if order is None:
            self.problems["unknown order amended"] += 1
            return
        order.price, order.size = row["price"], row["size"]
        if order.size == 0:
            del self.orders[row["order"]]

    def _reduce(self, number: int, size: int, problem: str) -> None:
        order = self.orders.get(number)
        if order is None:
            self.problems[problem] += 1
            return
        if size > order.size:
            self.problems["reduced beyond what remained"] += 1
        order.size -= order.size if size == UNKNOWN else size
        if order.size <= 0:
            del self.orders[number]

    def best_bid(self) -> Touch:
        return max(self._levels(Side.BUY).items(), default=None)

    def best_ask(self) -> Touch:
        return min(self._levels(Side.SELL).items(), default=None)

    def _levels(self, side: Side) -> Counter[int]:
        sizes: Counter[int] = Counter()
        for order in self.orders.values():
            if order.side == side:
                sizes[order.price] += order.size
        return sizes
