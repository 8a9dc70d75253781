"""A matching engine of dicts and lists for one instrument, written from `docs/explanation/simulator.md`.

It is slow and plain on purpose: the oracle of the simulator's exchange. Prices and sizes in units; a price of
None is a market order's.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

BUY, SELL = 1, -1


@dataclass
class Order:
    number: int
    told: int
    account: int
    side: int
    price: int | None
    size: int
    peak: int = 0
    trigger: int = 0
    immediate: bool = False
    fill_or_kill: bool = False
    post_only: bool = False
    shown: int = 0


@dataclass
class Rules:
    tick: int
    lot: int
    least_notional: int
    ladder: int
    first_price: int


@dataclass
class Exchange:
    """What it tells goes to ``told``: (what, order, account, price, size, why, counter-order)."""

    rules: Rules
    prevention: dict[int, str]
    sides: dict[int, dict[int, list[Order]]] = field(default_factory=lambda: {BUY: {}, SELL: {}})
    stops: list[Order] = field(default_factory=list)
    live: dict[int, Order] = field(default_factory=dict)
    triggered: deque[Order] = field(default_factory=deque)
    numbers: int = 0
    last: int = 0
    told: list[tuple[object, ...]] = field(default_factory=list)
    cash: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.last = self.rules.first_price

    # --- requests -----------------------------------------------------------------------------------------

    def new(self, order: Order) -> None:
        self.numbers += 1
        order.number = order.told = self.numbers
        order.shown = min(order.peak, order.size) if order.peak else order.size
        why = self.refusal(order)
        if why:
            self.tell("reject", order, order.size, why)
        elif order.trigger:
            self.live[order.number] = order
            self.stops.append(order)
        elif order.fill_or_kill and self.available(order) < order.size:
            order.shown = order.size
            self.tell("place", order, order.size)
            self.tell("cancel", order, order.size, "venue")
        else:
            self.live[order.number] = order
            self.enter(order)
        self.settle_triggers()

    def cancel(self, number: int) -> None:
        order = self.live.pop(number, None)
        if order is None:
            return
        if order.trigger:
            self.stops.remove(order)
        else:
            self.take_out(order)
            self.tell("cancel", order, order.shown, "user")

    def amend(self, number: int, price: int, size: int) -> None:
        order = self.live.get(number)
        if order is None or order.trigger:
            return
        assert order.price is not None
        price, size = price or order.price, size or order.size
        why = self.amend_refusal(order, price, size)
        if why:
            self.told.append(("reject", order.told, order.account, price, size, why, 0))
        elif price == order.price and size <= order.size and not order.peak:
            order.size = order.shown = size
            self.tell("amend", order, size, "user")
        else:
            self.take_out(order)
            order.price, order.size = price, size
            order.shown = min(order.peak, size) if order.peak else size
            if self.matches(order):
                order.shown = size
            self.tell("amend", order, order.shown, "user")
            self.match(order)
        self.settle_triggers()

    # --- what the rules say -------------------------------------------------------------------------------

    def refusal(self, order: Order) -> str:
        rules = self.rules
        if order.size <= 0 or order.size % rules.lot or order.peak % rules.lot:
            return "venue"
        if order.price is not None and not self.is_price(order.price):
            return "venue"
        if order.trigger and not self.is_price(order.trigger):
            return "venue"
        if (order.price or self.last) * order.size < rules.least_notional:
            return "venue"
        return "post-only" if order.post_only and self.matches(order) else ""

    def amend_refusal(self, order: Order, price: int, size: int) -> str:
        notional = price * size
        if not self.is_price(price) or size % self.rules.lot or notional < self.rules.least_notional:
            return "venue"
        best = self.best(-order.side)
        crosses = best is not None and order.side * (price - best) >= 0
        return "post-only" if order.post_only and crosses else ""

    def is_price(self, price: int) -> bool:
        return price > 0 and price % self.rules.tick == 0 and price // self.rules.tick < self.rules.ladder

    def best(self, side: int) -> int | None:
        prices = self.sides[side]
        return (max(prices) if side == BUY else min(prices)) if prices else None

    def matches(self, order: Order) -> bool:
        best = self.best(-order.side)
        return best is not None and (order.price is None or order.side * (order.price - best) >= 0)

    def available(self, order: Order) -> int:
        return sum(
            resting.shown
            for price, queue in self.sides[-order.side].items()
            if order.price is None or order.side * (order.price - price) >= 0
            for resting in queue
        )

    # --- matching -----------------------------------------------------------------------------------------

    def enter(self, order: Order) -> None:
        if self.matches(order):
            order.shown = order.size
        self.tell("place", order, order.shown)
        self.match(order)

    def match(self, order: Order) -> None:
        before = self.last
        self.trade_through(order)
        if order.number in self.live and order.size == 0:
            del self.live[order.number]
        elif order.number in self.live:
            self.rest_or_end(order)
        if self.last != before:
            self.trigger()

    def trade_through(self, order: Order) -> None:
        while order.size and self.matches(order):
            best = self.best(-order.side)
            assert best is not None
            resting = self.sides[-order.side][best][0]
            how = self.prevention.get(order.account, "nothing")
            if resting.account != order.account or how == "nothing":
                self.trade(order, resting, best)
            elif how == "decrement":
                size = min(order.size, resting.shown)
                self.tell("cancel", resting, size, "prevention")
                self.tell("cancel", order, size, "prevention")
                order.size -= size
                order.shown = order.size
                self.use_up(resting, size)
            else:
                if how in ("oldest", "both"):
                    self.take_out(resting)
                    del self.live[resting.number]
                    self.tell("cancel", resting, resting.shown, "prevention")
                if how in ("newest", "both"):
                    del self.live[order.number]
                    self.tell("cancel", order, order.size, "prevention")
                    return

    def trade(self, order: Order, resting: Order, price: int) -> None:
        size = min(order.size, resting.shown)
        self.told.append(("trade", order.told, order.account, price, size, "", resting.told))
        for one, sign in ((order, order.side), (resting, -order.side)):
            self.held[one.account] = self.held.get(one.account, 0) + sign * size
            self.cash[one.account] = self.cash.get(one.account, 0) - sign * size * price
        self.last = price
        order.size -= size
        order.shown = order.size
        self.use_up(resting, size)

    def use_up(self, resting: Order, size: int) -> None:
        resting.size -= size
        resting.shown -= size
        if resting.shown:
            return
        self.take_out(resting)
        if resting.size == 0:
            del self.live[resting.number]
            return
        self.numbers += 1
        resting.told = self.numbers
        resting.shown = min(resting.peak, resting.size)
        self.tell("place", resting, resting.shown)
        self.put_in(resting)

    def rest_or_end(self, order: Order) -> None:
        if order.price is None or order.immediate:
            del self.live[order.number]
            self.tell("cancel", order, order.size, "venue")
            return
        if 0 < order.peak < order.shown:
            order.shown = order.peak
            self.tell("amend", order, order.shown)
        self.put_in(order)

    # --- stops --------------------------------------------------------------------------------------------

    def trigger(self) -> None:
        """Stops to buy from the highest reached down, stops to sell from the lowest reached up."""
        reached = [stop for stop in self.stops if stop.side * (self.last - stop.trigger) >= 0]
        for stop in sorted(reached, key=lambda stop: (-stop.side, -stop.side * stop.trigger)):
            self.stops.remove(stop)
            self.triggered.append(stop)

    def settle_triggers(self) -> None:
        while self.triggered:
            stop = self.triggered.popleft()
            stop.trigger = 0
            self.enter(stop)

    # --- the book -----------------------------------------------------------------------------------------

    def put_in(self, order: Order) -> None:
        assert order.price is not None
        self.sides[order.side].setdefault(order.price, []).append(order)

    def take_out(self, order: Order) -> None:
        assert order.price is not None
        queue = self.sides[order.side][order.price]
        queue.remove(order)
        if not queue:
            del self.sides[order.side][order.price]

    def tell(self, what: str, order: Order, size: int, why: str = "") -> None:
        self.told.append((what, order.told, order.account, order.price, size, why, 0))
