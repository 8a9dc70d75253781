"""Books and activity in idiomatic Python: what the compiled kernel is measured against.

It follows `docs/reference/engine-semantics.md` for the orders and trades of a tape without links, windows and
price levels, and computes every ambient number of an act. Instead of writing acts down it adds their numbers
up, so that its time is spent on books and activity alone and the kernel's acts can be checked against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from benchmarks.dict_books import Book, Order, Pair
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import DAY, SECOND, EndReason, EventKind, Flag, Initiator, QualityKind, Side
from tapewarden.domain.numbers import MAX_UNITS
from tapewarden.engine import measures
from tapewarden.engine.acts import BUY, OTHER, SELL

LN_2: Final = 0.6931471805599453
MOVE_WINDOW: Final = 10 * SECOND
COLUMNS: Final = (
    "kind", "reason", "initiator", "side", "flags", "instrument", "account", "counter_account",
    "order", "counter_order", "trade", "price", "size", "ts_event",
)  # fmt: skip
CONTEXT: Final = (
    "bid", "ask", "depth_own", "depth_opposite", "own", "opposite", "distance", "age", "previous_size",
    "volume_buy", "volume_sell", "warm", "level_size",
)  # fmt: skip
AMBIENT: Final = ("rate", "rate_z", "size_scale", "move_scale", "level_z")

# The measures take any object with the fields of their rows; plain ones are quickest here.
learn: Final[Callable[..., None]] = measures.learn
robust_z: Final[Callable[..., float]] = measures.robust_z

# Plain integers: comparing with members of enumerations is slow.
PLACE: Final = int(EventKind.PLACE)
AMEND: Final = int(EventKind.AMEND)
CANCEL: Final = int(EventKind.CANCEL)
EXPIRE: Final = int(EventKind.EXPIRE)
TRADE: Final = int(EventKind.TRADE)
FILLED: Final = int(EndReason.FILLED)
MEMBER: Final = int(Initiator.MEMBER)
MARKET: Final = int(Flag.MARKET)
NOT_DISPLAYED: Final = int(Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN)
SNAPSHOT: Final = int(Flag.SNAPSHOT)
REPORT_ONLY: Final = int(Flag.REPORT_ONLY)
OFF_BOOK: Final = int(Flag.OFF_BOOK)
BUYS: Final = int(Side.BUY)
SELLS: Final = int(Side.SELL)


@dataclass(slots=True)
class Totals:
    """Sums over the acts of the rows that were not refused: equal for every engine, floats up to rounding."""

    acts: int = 0
    facts: Counter[QualityKind] = field(default_factory=Counter)
    context: int = 0
    ambient: float = 0.0
    live_orders: int = 0


def totals_of(acts: Table, facts: Iterable[int], live_orders: int) -> Totals:
    """The same sums from a table of acts and the kinds of the quality facts found beside them."""
    kept = acts[acts["kind"] != OTHER]
    return Totals(
        acts=len(kept),
        facts=Counter(map(QualityKind, facts)),
        context=sum(int(kept[name].sum()) for name in CONTEXT),
        ambient=sum(float(kept[name].sum()) for name in AMBIENT),
        live_orders=live_orders,
    )


class Fill(NamedTuple):
    """Columns of a trade."""

    account: int
    counter_account: int
    order: int
    counter_order: int
    trade: int
    side: int
    price: int
    size: int
    flags: int


class Usual:
    """A ``Baseline`` for the measures, as a plain object."""

    __slots__ = ("count", "deviation", "median")

    def __init__(self) -> None:
        self.median = 0.0
        self.deviation = 0.0
        self.count = 0


class Market:
    """Book, activity and clock of one instrument."""

    def __init__(self, tick: int, totals: Totals) -> None:
        self.book = Book(tick)
        self.pairs: dict[int, Pair] = {}
        self.totals = totals
        self.rates = Usual()
        self.level_sizes = Usual()
        self.trade_sizes = Usual()
        self.moves = Usual()
        self.volume = 0
        self.clock = 0
        self.second = -1
        self.seconds = 0
        self.window = -1
        self.window_mid: float | None = None

    # --- rows -------------------------------------------------------------------------------------------

    def place(
        self, number: int, account: int, side: int, price: int, size: int, flags: int, is_own: bool
    ) -> None:
        """A new order, unless it is known or out of bounds."""
        book, fresh = self.book, not flags & SNAPSHOT
        has_price = 0 < price <= MAX_UNITS
        if number in book.orders:
            return self.refuse(QualityKind.DUPLICATE)
        if (
            not number
            or not side
            or not 0 < size <= MAX_UNITS
            or not (has_price or (flags & MARKET and price < 0))
        ):
            return self.refuse(QualityKind.OUT_OF_RANGE)
        act_side = BUY if side == BUYS else SELL
        levels = book.sides[act_side]
        displayed = not flags & NOT_DISPLAYED
        if displayed and not levels.has_room(size):
            return self.refuse(QualityKind.OVERFLOW)
        pair = self.pair(account)
        was_near = levels.edge is None or levels.is_near(price)
        messages = self.describe(
            pair, act_side, levels.distance(price) if has_price else 0, 0 if fresh else -1, 0
        )
        order = Order(number, act_side, price, size, pair, self.clock if fresh else -1)
        order.displayed = displayed
        book.place(order)
        book.settle(self.clock)
        level_size = self.look_at_level(act_side, price)
        if fresh:
            if pair is not None and is_own:
                self.count_message(pair, messages)
            if level_size and was_near:
                learn(self.level_sizes, level_size)
        return None

    def amend(self, number: int, account: int, price: int, size: int, counts: bool) -> None:
        """A new price or size of an order."""
        book = self.book
        order = book.orders.get(number)
        if order is None:
            return self.refuse(QualityKind.UNKNOWN_ORDER)
        if not 0 <= size <= MAX_UNITS or price > MAX_UNITS:
            return self.refuse(QualityKind.OUT_OF_RANGE)
        if order.displayed and not book.sides[order.side].has_room(size - order.size):
            return self.refuse(QualityKind.OVERFLOW)
        pair = order.pair or self.pair(account)
        messages = self.describe_order(order, pair, order.side)
        price = price if price > 0 else order.price
        book.amend(order, price, size)
        book.settle(self.clock)
        self.look_at_level(order.side, price)
        if counts and pair is not None:
            self.count_message(pair, messages)
        return None

    def end(self, number: int, account: int, size: int, counts: bool) -> None:
        """An order canceled or expired, or a part of it."""
        order = self.book.orders.get(number)
        if order is None:
            return self.refuse(QualityKind.UNKNOWN_ORDER)
        pair = order.pair or self.pair(account)
        messages = self.describe_order(order, pair, order.side)
        if size > order.size:
            self.totals.facts[QualityKind.OVERFILL] += 1
        self.book.reduce(order, size if size > 0 else order.size)
        self.book.settle(self.clock)
        self.look_at_level(order.side, order.price)
        if counts and pair is not None:
            self.count_message(pair, messages)
        return None

    def trade(self, fill: Fill) -> None:
        """A trade: reduces the orders it names, the aggressor's first."""
        book = self.book
        if not (0 < fill.price <= MAX_UNITS and 0 < fill.size <= MAX_UNITS):
            return self.refuse(QualityKind.OUT_OF_RANGE)
        if not book.is_new_trade(fill.trade):
            return self.refuse(QualityKind.DUPLICATE)
        side = SELL if fill.side == SELLS else BUY
        order, counter_order = book.orders.get(fill.order), book.orders.get(fill.counter_order)
        self.describe_fill(order, fill.account, side)
        two_sided = fill.counter_order or fill.counter_account >= 0
        if two_sided:
            self.describe_fill(counter_order, fill.counter_account, 1 - side)
        if not fill.flags & REPORT_ONLY:
            for reduced in (order, counter_order):
                if reduced is not None:
                    if fill.size > reduced.size:
                        self.totals.facts[QualityKind.OVERFILL] += 1
                    book.reduce(reduced, fill.size)
            if counter_order is None and fill.counter_order:
                self.totals.facts[QualityKind.UNKNOWN_ORDER] += 1
            book.settle(self.clock)
        self.look_at_level(side, fill.price)
        if two_sided:
            self.look_at_level(1 - side, fill.price)
        if not fill.flags & OFF_BOOK:
            self.volume += fill.size if fill.side else 0
            learn(self.trade_sizes, fill.size)
        return None

    def refuse(self, kind: QualityKind) -> None:
        """Count a row that changes nothing."""
        self.totals.facts[kind] += 1

    # --- what a rule may see of a row ---------------------------------------------------------------------

    def describe_order(self, order: Order, pair: Pair | None, side: int) -> float:
        """Context of an act on a live order; gives its actor's messages so far."""
        distance = self.book.sides[side].distance(order.price) if order.price > 0 else 0
        age = self.clock - order.entry if order.entry >= 0 else -1
        return self.describe(pair, side, distance, age, order.size)

    def describe_fill(self, order: Order | None, account: int, side: int) -> None:
        """Context of one side of a trade."""
        if order is None:
            self.describe(self.pair(account), side, 0, -1, 0)
        else:
            self.describe_order(order, order.pair or self.pair(account), side)

    def describe(self, pair: Pair | None, side: int, distance: int, age: int, previous_size: int) -> float:
        """Add up the context of an act before its row is applied; gives its actor's messages so far."""
        totals, book = self.totals, self.book
        own, opposite = book.sides[side], book.sides[1 - side]
        bid, ask = book.touch()
        totals.acts += 1
        totals.context += (
            bid
            + ask
            + own.depth
            + opposite.depth
            + distance
            + age
            + previous_size
            + self.volume
            + self.seconds
        )
        ambient = self.trade_sizes.median + self.moves.median
        messages = 0.0
        if pair is not None:
            pair.seen = self.clock
            totals.context += pair.near[side] + pair.near[1 - side]
            messages = pair.messages_at(self.clock)
            rate = messages * LN_2
            ambient += rate + robust_z(self.rates, rate, 1.0)
        totals.ambient += ambient
        return messages

    def look_at_level(self, side: int, price: int) -> int:
        """Add up the act's level after its row, and give its size."""
        size = self.book.sides[side].size_at(price)
        usual = self.level_sizes
        self.totals.context += size
        self.totals.ambient += robust_z(usual, size, 0.5 * usual.median)
        return size

    # --- activity -----------------------------------------------------------------------------------------

    def pair(self, account: int) -> Pair | None:
        """The account on this instrument; afresh after a day without orders or acts."""
        if account < 0:
            return None
        pair = self.pairs.get(account)
        if pair is None or (not pair.orders and self.clock - pair.seen >= DAY):
            pair = self.pairs[account] = Pair()
        return pair

    def count_message(self, pair: Pair, messages: float) -> None:
        """Count one more message; the first of a second teaches the instrument what rates are usual."""
        second = self.clock // SECOND
        if pair.second != second:
            pair.second = second
            learn(self.rates, messages * LN_2)
        pair.messages = messages + 1.0
        pair.counted = self.clock

    def mid(self) -> float | None:
        """Between the best prices; None unless two-sided and not crossed."""
        bid, ask = self.book.touch()
        return (bid + ask) / 2 if 0 < bid < ask else None

    def pass_time(self, mid_before: float | None) -> None:
        """End of a row that began a new second; learns the move of the mid at each new ten seconds."""
        self.second = self.clock // SECOND
        self.seconds += 1
        window = self.clock // MOVE_WINDOW
        if window == self.window:
            return
        close = self.window >= 0 and window - self.window <= 2
        if close and mid_before is not None and self.window_mid is not None:
            learn(self.moves, abs(mid_before - self.window_mid))
        self.window, self.window_mid = window, mid_before


def run(batch: EventBatch, directory: Directory) -> Totals:
    """Apply orders and trades; other kinds of rows are passed over."""
    totals = Totals()
    markets = [Market(instrument.tick or 0, totals) for instrument in directory.instruments]
    for row in zip(*(getattr(batch, name).tolist() for name in COLUMNS), strict=True):
        _apply(markets, totals, row)
    totals.live_orders = sum(len(market.book.orders) for market in markets)
    return totals


def _apply(markets: list[Market], totals: Totals, row: tuple[int, ...]) -> None:
    """One row of the columns in ``COLUMNS``."""
    (
        kind, reason, initiator, side, flags, instrument, account, counter_account,
        order, counter_order, trade, price, size, ts,
    ) = row  # fmt: skip
    market = markets[instrument]
    if ts > market.clock:
        market.clock = ts
    elif 0 <= ts < market.clock - SECOND:
        totals.facts[QualityKind.LATE] += 1
    if market.book.reports_crossing(market.clock):
        totals.facts[QualityKind.CROSSED] += 1
    starts_second = market.clock // SECOND != market.second
    mid_before = market.mid() if starts_second else None
    is_own = initiator <= MEMBER
    if kind == PLACE:
        market.place(order, account, side, price, size, flags, is_own)
    elif kind == CANCEL:
        market.end(order, account, size, is_own and reason != FILLED)
    elif kind == TRADE:
        market.trade(Fill(account, counter_account, order, counter_order, trade, side, price, size, flags))
    elif kind == AMEND:
        market.amend(order, account, price, size, is_own and reason != FILLED)
    elif kind == EXPIRE:
        market.end(order, account, size, counts=False)
    if starts_second:
        market.pass_time(mid_before)
