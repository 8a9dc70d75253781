"""`ReferenceEngine`: what the engine does with each event, written plainly from the page of semantics.

The page is `docs/reference/engine-semantics.md`. With the kernel it shares the measures of
`tapewarden.engine.measures`, so that floats agree to the last bit, and nothing else. `pair` and `couple`,
numbers of the kernel's own, are the tuples they stand for here, `None` for the kernel's 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import (
    SECOND,
    EndReason,
    EventKind,
    Flag,
    Initiator,
    LinkKind,
    QualityKind,
    WindowKind,
)
from tapewarden.domain.kinds import Side as EventSide
from tapewarden.engine import acts as kinds
from tapewarden.engine.measures import learn
from tests.reference.activity import Activity, Actors
from tests.reference.acts import (
    ActDict,
    Event,
    Moment,
    Party,
    act_before,
    act_side,
    events_of,
    level_part,
    opposite,
)
from tests.reference.books import Book, Order, RefusedError

LATENESS: Final = SECOND
LONGEST_TIME: Final = 2**63 - 1
MOST_TOLD: Final = 1024
NEVER: Final = -LONGEST_TIME
LEAST_CONFIDENCE: Final = 800_000

KNOWN_KINDS: Final = frozenset(EventKind)
ORDER_ROWS: Final = range(EventKind.TRADE + 1)
INSTRUMENT_ROWS: Final = range(EventKind.PLACE, EventKind.CLIENT_ORDER + 1)
NOT_DISPLAYED: Final = Flag.MARKET | Flag.IMMEDIATE | Flag.HIDDEN
BLINDING: Final = {QualityKind.GAP, QualityKind.DISCONNECT, QualityKind.DROPPED}
SEEING: Final = {QualityKind.RESYNC, QualityKind.CONNECT}
ROLES: Final[dict[int, int]] = {
    LinkKind.HOUSE: kinds.HOUSE,
    LinkKind.EMPLOYEE: kinds.EMPLOYEE,
    LinkKind.INFORMATION: kinds.INFORMED,
}
MESSAGES: Final = kinds.PLACE | kinds.AMEND | kinds.CANCEL | kinds.REJECT
ON_BOOK: Final = (
    kinds.PLACE | kinds.AMEND | kinds.CANCEL | kinds.FILL | kinds.EXPIRE | kinds.LEVEL | kinds.RESTATE
)
NO_LEVEL: Final[ActDict] = {"level_size": 0, "level_z": 0.0}
NOTHING_TRADED: Final[ActDict] = {
    **NO_LEVEL,
    "kind": kinds.WINDOW,
    "flags": 0,
    "initiator": 0,
    "price": UNKNOWN,
    "previous_price": UNKNOWN,
    "counter_age": UNKNOWN,
    "distance": 0,
    "order": 0,
    "counter_order": 0,
    "trade": 0,
    "counter_account": 0,
    "counter_actor": 0,
    "couple": None,
}
"""What an act that tells a trader of the open window has instead of the trade."""
PASSING_KINDS: Final[dict[int, int]] = {
    EventKind.REJECT: kinds.REJECT,
    EventKind.CLIENT_ORDER: kinds.CLIENT_ORDER,
    EventKind.REFERENCE: kinds.REFERENCE,
    EventKind.SWAP: kinds.OTHER,
    EventKind.TRANSFER: kinds.OTHER,
    EventKind.CLOCK: kinds.CLOCK,
}


class Fact(NamedTuple):
    """Something wrong with a row of the batch, as the engine found it."""

    row: int
    kind: int
    instrument: int


class Processed(NamedTuple):
    """Acts of a batch in order, and the facts found."""

    acts: list[ActDict]
    facts: list[Fact]


@dataclass(slots=True)
class Market:
    """All that is kept of one instrument. Number 0 takes the rows that name none."""

    number: int
    book: Book
    activity: Activity = field(default_factory=Activity)
    clock: int = 0
    facts: int = 0
    blind: bool = False
    window: int = 0
    window_until: int = NEVER
    windows: int = 0
    opening: ActDict = field(default_factory=dict)

    def open_window(self, kind: int, ts: int, until: int) -> None:
        """Open a window, and note what an act that tells of it will say."""
        self.window, self.window_until = kind, until
        self.windows += 1
        self.opening = {
            **NOTHING_TRADED,
            "reason": kind,
            "size": until - max(ts, 0),
            "age": -max(ts, 0),  # from here, plus the time of the act
            "bid": UNKNOWN if self.book.bid is None else self.book.bid,
            "ask": UNKNOWN if self.book.ask is None else self.book.ask,
            "volume_buy": self.activity.volume_buy,
            "volume_sell": self.activity.volume_sell,
            "warm": self.activity.seconds,
        }


class ReferenceEngine:
    """Turns batches into acts and quality facts, one row at a time, with no thought of speed."""

    def __init__(self, directory: Directory, lateness: int = LATENESS) -> None:
        self._directory = directory
        self._lateness = lateness
        self._actors = Actors(directory)
        self.markets = [Market(0, Book(0))]
        self._learn_directory()

    def process(self, batch: EventBatch) -> Processed:
        """Acts and facts of the rows of a batch."""
        self._learn_directory()
        processed = Processed([], [])
        for row, event in enumerate(events_of(batch)):
            market, acts, found = self._process(event)
            processed.acts.extend({"event": row, **act} for act in acts)
            processed.facts.extend(Fact(row, kind, market.number) for kind in found)
        return processed

    def _learn_directory(self) -> None:
        for instrument in self._directory.instruments[len(self.markets) - 1 :]:
            self.markets.append(Market(len(self.markets), Book(instrument.tick or 0)))
        self._actors.learn_owners()

    def _process(self, event: Event) -> tuple[Market, list[ActDict], list[QualityKind]]:
        market = self.markets[event.instrument + 1 if 0 <= event.instrument < len(self.markets) - 1 else 0]
        is_late = market.number > 0 and 0 <= event.ts_event < market.clock - self._lateness
        found = [QualityKind.LATE] if is_late else []
        ts = event.ts_event
        if market.number:
            market.clock = ts = max(market.clock, ts)
        if market.book.reports_crossing(ts):
            found.append(QualityKind.CROSSED)
        mid_before = market.book.mid
        moment = Moment(market.number, ts, market.book, market.activity, market.facts)
        acts = self._acts_before(event, market, moment)
        holders = {order.actor for order in market.book.orders.values()}
        side = market.book.sides.get(acts[0]["side"])
        was_near = side is not None and (side.edge is None or side.is_near(event.price))
        try:
            kind = self._apply(event, market, acts, found)
        except RefusedError as refusal:
            found.append(refusal.fact)
            kind = kinds.OTHER
            del acts[1:]
            acts[0]["couple"] = None
        market.book.settle(ts)
        for act in acts:
            act["kind"] = kind
            act.update(level_part(moment, act) if kind & ON_BOOK else NO_LEVEL)
        if market.number:
            self._learn(event, market, acts, was_near, holders)
            if kind == kinds.CLIENT_ORDER:
                acts += self._told(moment, market, acts[0], holders)
            if kind == kinds.FILL and acts[0]["window"]:
                acts = self._introduced(market, acts) + acts
            market.activity.hold(acts)
            market.activity.pass_time(ts, mid_before)
            market.facts += len(found) + (kind == kinds.QUALITY)
        return market, acts, found

    def _told(
        self, moment: Moment, market: Market, act: ActDict, holders: Collection[int]
    ) -> Iterator[ActDict]:
        """The acts of those who may know of the client's order."""
        side = market.book.sides.get(act["side"])
        other = market.book.sides.get(opposite(act["side"]))
        for actor, account in list(self._actors.informed_of(act["actor"]).items())[:MOST_TOLD]:
            market.activity.touch(actor, moment.ts, actor in holders)
            yield {
                **act,
                "account": account,
                "actor": actor,
                "pair": (market.number, actor),
                "counter_account": act["account"],
                "counter_actor": act["actor"],
                "roles": self._roles(account, moment.ts),
                "marks": act["marks"] & ~kinds.PRIMARY,
                "own": side.depth_of(actor) if side else 0,
                "opposite": other.depth_of(actor) if other else 0,
                "rate": market.activity.rate(actor, moment.ts),
                "rate_z": market.activity.rate_z(actor, moment.ts),
            }

    def _introduced(self, market: Market, acts: list[ActDict]) -> list[ActDict]:
        """The acts that tell the parties of a trade of the open window, to each once."""
        told = []
        for act in acts:
            pair = market.activity.pairs.get(act["actor"])
            if act["pair"] is not None and pair is not None and pair.window != market.windows:
                pair.window = market.windows
                marks = act["marks"] & ~(kinds.PRIMARY | kinds.AGGRESSOR)
                age = market.opening["age"] + act["ts"]
                told.append(
                    {**act, **market.opening, "age": age, "marks": marks, "previous_size": pair.position}
                )
        return told

    def _acts_before(self, event: Event, market: Market, moment: Moment) -> list[ActDict]:
        """The row's acts with their context, as if it were going to be accepted."""
        orders = market.book.orders if event.kind in ORDER_ROWS else {}
        party = self._party(event.order, orders.get(event.order), event.account, act_side(event.side))
        resting = orders.get(event.counter_order) if event.kind == EventKind.TRADE else None
        counterparty = self._party(event.counter_order, resting, event.counter_account, kinds.NO_SIDE)
        is_trade = event.kind == EventKind.TRADE
        has_two = is_trade and (event.counter_account >= 0 or event.counter_order > 0)
        if is_trade:
            is_named = has_two or event.account >= 0 or event.order
            if is_named and party.side == kinds.NO_SIDE:
                party.side = kinds.BUY  # without an aggressor, buyer and seller are named in this order
            counterparty.side = opposite(party.side)
        elif party.order is not None:
            party.side = party.order.side
        acts = [act_before(moment, event, party, counterparty)]
        if has_two:
            acts.append(act_before(moment, event, counterparty, party))
        for act in acts:
            act["roles"] = self._roles(act["account"], moment.ts)
            act["window"] = market.window if moment.ts <= market.window_until else 0
            act["marks"] |= kinds.BLIND if market.blind else 0
        acts[0]["marks"] |= kinds.PRIMARY
        if is_trade and event.side in (EventSide.BUY, EventSide.SELL):
            acts[0]["marks"] |= kinds.AGGRESSOR
        return acts

    def _party(self, number: int, order: Order | None, account: int, side: int) -> Party:
        if order is not None and order.account:
            return Party(number, order, order.account, order.actor, side)
        account = self._actors.number(account)
        return Party(number, order, account, self._actors.of(account), side)

    def _roles(self, account: int, ts: int) -> int:
        is_maker = account and ts <= self._actors.market_maker_until.get(account, NEVER)
        return self._actors.roles[account] | (kinds.MARKET_MAKER if is_maker else 0)

    # --- what each kind of row does; gives the kind of its acts ---------------------------------------

    def _apply(self, event: Event, market: Market, acts: list[ActDict], found: list[QualityKind]) -> int:
        if event.kind not in KNOWN_KINDS:
            raise RefusedError(QualityKind.SCHEMA)
        names_unknown = event.instrument != UNKNOWN and market.number == 0
        if names_unknown or (event.kind in INSTRUMENT_ROWS and market.number == 0):
            raise RefusedError(QualityKind.UNKNOWN_INSTRUMENT)
        match event.kind:
            case EventKind.PLACE:
                return self._place(event, market, acts[0])
            case EventKind.AMEND:
                return self._amend(event, market, acts[0])
            case EventKind.CANCEL | EventKind.EXPIRE:
                return self._end(event, market, acts[0], found)
            case EventKind.TRADE:
                return self._trade(event, market, acts, found)
            case EventKind.LEVEL:
                return self._level(event, market, acts[0])
            case EventKind.CLEAR:
                return self._clear(market)
            case _:
                return self._note(event, market, acts[0])

    def _note(self, event: Event, market: Market, act: ActDict) -> int:
        """Rows that leave the book alone."""
        match event.kind:
            case EventKind.LINK:
                return self._link(event, act)
            case EventKind.WINDOW:
                return self._window(event, market, act)
            case EventKind.QUALITY:
                return self._quality(event, market)
            case _:
                return PASSING_KINDS[event.kind]

    def _place(self, event: Event, market: Market, act: ActDict) -> int:
        snapshot = event.has(Flag.SNAPSHOT)
        priceless = event.has(Flag.MARKET) and event.price <= 0
        market.book.place(
            Order(
                number=event.order,
                side=act["side"],
                price=None if priceless else event.price,
                size=event.size,
                account=act["account"],
                actor=act["actor"],
                entry=None if snapshot else act["ts"],
                displayed=not event.has(NOT_DISPLAYED),
            )
        )
        if snapshot:
            return kinds.RESTATE
        return kinds.PLACE

    def _amend(self, event: Event, market: Market, act: ActDict) -> int:
        if event.order in market.book.orders and event.price <= 0:
            act["price"] = act["previous_price"]
        market.book.amend(event.order, event.price, event.size)
        return kinds.RESTATE if event.reason == EndReason.FILLED else kinds.AMEND

    def _end(self, event: Event, market: Market, act: ActDict, found: list[QualityKind]) -> int:
        act["size"], overfill = market.book.reduce(event.order, event.size)
        act["price"] = act["previous_price"]
        if overfill:
            found.append(overfill)
        if event.kind == EventKind.EXPIRE:
            return kinds.EXPIRE
        return kinds.RESTATE if event.reason == EndReason.FILLED else kinds.CANCEL

    def _trade(self, event: Event, market: Market, acts: list[ActDict], found: list[QualityKind]) -> int:
        market.book.check_trade(event.price, event.size)
        market.book.remember_trade(event.trade)
        if not event.has(Flag.REPORT_ONLY):
            is_known = event.order in market.book.orders
            if is_known:
                found.extend(self._fill(market, event.order, event.size))
            if event.counter_order and not (is_known and event.counter_order == event.order):
                found.extend(self._fill(market, event.counter_order, event.size))
        return kinds.FILL

    def _fill(self, market: Market, number: int, size: int) -> list[QualityKind]:
        try:
            _, overfill = market.book.reduce(number, size)
        except RefusedError as refusal:
            return [refusal.fact]
        return [overfill] if overfill else []

    def _level(self, event: Event, market: Market, act: ActDict) -> int:
        side = market.book.sides.get(act["side"])
        act["previous_size"] = side.size_at(event.price) if side else 0
        market.book.set_level(act["side"], event.price, event.size)
        return kinds.RESTATE if event.has(Flag.SNAPSHOT) else kinds.LEVEL

    def _clear(self, market: Market) -> int:
        market.book.clear()
        return kinds.RESTATE

    def _link(self, event: Event, act: ActDict) -> int:
        account, counter_account = act["account"], act["counter_account"]
        sure = account and counter_account and event.size >= LEAST_CONFIDENCE
        if event.reason == LinkKind.SAME_OWNER and sure:
            self._actors.join(account, counter_account)
        elif account and event.reason in ROLES and (sure or event.reason != LinkKind.INFORMATION):
            self._actors.inform(account, counter_account, ROLES[event.reason])
        return kinds.LINK

    def _window(self, event: Event, market: Market, act: ActDict) -> int:
        until = min(act["ts"] + max(event.size, 0), LONGEST_TIME)
        if event.reason == WindowKind.MARKET_MAKER:
            if act["account"]:
                self._actors.market_maker_until[act["account"]] = until
        else:
            for named in self._named(market):
                named.open_window(event.reason, act["ts"], until)
        return kinds.WINDOW

    def _quality(self, event: Event, market: Market) -> int:
        if event.reason in BLINDING or event.reason in SEEING:
            for named in self._named(market):
                named.blind = event.reason in BLINDING
        return kinds.QUALITY

    def _named(self, market: Market) -> list[Market]:
        return [market] if market.number else self.markets[1:]

    # --- what the row teaches -------------------------------------------------------------------------

    def _learn(
        self,
        event: Event,
        market: Market,
        acts: list[ActDict],
        was_near: bool,
        holders: Collection[int],
    ) -> None:
        activity, act, ts = market.activity, acts[0], market.clock
        for party in acts:
            if party["pair"] is not None:
                activity.see(party["actor"], ts, party["actor"] in holders)
        is_own = event.initiator in (Initiator.UNKNOWN, Initiator.MEMBER) and not event.has(Flag.SNAPSHOT)
        if act["pair"] is not None and act["kind"] & MESSAGES and is_own:
            activity.count_message(act["actor"], ts)
        if act["kind"] & (kinds.PLACE | kinds.LEVEL) and act["level_size"] and was_near:
            learn(activity.level_sizes, float(act["level_size"]))
        if act["kind"] == kinds.FILL and not event.has(Flag.OFF_BOOK):
            learn(activity.trade_sizes, float(event.size))
            activity.volume_buy += event.size if event.side == EventSide.BUY else 0
            activity.volume_sell += event.size if event.side == EventSide.SELL else 0
