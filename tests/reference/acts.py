"""Acts as dicts with the fields of `tapewarden.engine.acts.Act`, filled from what was so before the row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.kinds import EventKind, Flag, Side
from tapewarden.engine.acts import BUY, CROSSED, NO_SIDE, SELL
from tests.reference.activity import Activity
from tests.reference.books import Book, Order

ActDict = dict[str, Any]
UNKNOWN = -1


class Event(NamedTuple):
    """A row of a batch in Python integers."""

    kind: int
    reason: int
    initiator: int
    side: int
    flags: int
    epoch: int
    source: int
    instrument: int
    account: int
    counter_account: int
    order: int
    counter_order: int
    trade: int
    price: int
    size: int
    ts_event: int
    ts_receive: int
    sequence: int

    def has(self, flag: Flag) -> bool:
        return bool(self.flags & flag)


def events_of(batch: EventBatch) -> Iterator[Event]:
    columns = (getattr(batch, name).tolist() for name in COLUMN_TYPES)
    return map(Event._make, zip(*columns, strict=True))


@dataclass(slots=True)
class Party:
    """Who takes part in an event, and with which order."""

    number: int
    order: Order | None
    account: int
    actor: int
    side: int

    def age(self, ts: int) -> int:
        entry = self.order.entry if self.order else None
        return UNKNOWN if entry is None else ts - entry


@dataclass(slots=True)
class Moment:
    """An instrument at the time of a row."""

    instrument: int
    ts: int
    book: Book
    activity: Activity
    facts: int


def act_side(side: int) -> int:
    return {Side.BUY: BUY, Side.SELL: SELL}.get(Side(side), NO_SIDE) if -1 <= side <= 1 else NO_SIDE


def opposite(side: int) -> int:
    return {BUY: SELL, SELL: BUY}.get(side, NO_SIDE)


def act_before(moment: Moment, event: Event, party: Party, counterparty: Party) -> ActDict:
    """An act with all that is known before the row is applied. `event` and `kind` are the caller's."""
    return {
        **_event_part(moment, event),
        **_party_part(moment, event, party, counterparty),
        **_book_part(moment, party),
        **_ambient_part(moment, party),
    }


def _event_part(moment: Moment, event: Event) -> ActDict:
    return {
        "ts": moment.ts,
        "price": event.price,
        "size": event.size,
        "trade": event.trade,
        "instrument": moment.instrument,
        "profile": 0,
        "flags": event.flags,
        "reason": event.reason,
        "initiator": event.initiator,
        "marks": CROSSED if moment.book.crossed else 0,
    }


def _party_part(moment: Moment, event: Event, party: Party, counterparty: Party) -> ActDict:
    order = party.order
    previous_price = event.price if event.kind == EventKind.LEVEL else order.price if order else None
    is_new = order is None and event.kind == EventKind.PLACE
    is_fresh = is_new and not event.has(Flag.SNAPSHOT)
    price = event.price if is_new else previous_price
    side = moment.book.sides.get(party.side)
    is_trade = event.kind == EventKind.TRADE
    return {
        "order": party.number,
        "side": party.side,
        "previous_price": UNKNOWN if previous_price is None else previous_price,
        "previous_size": order.size if order else 0,
        "age": 0 if is_fresh else party.age(moment.ts),
        "distance": side.distance(price) if side and price is not None and price > 0 else 0,
        "account": party.account,
        "actor": party.actor,
        "pair": _pair(moment.instrument, party.actor),
        "counter_order": counterparty.number,
        "counter_age": counterparty.age(moment.ts),
        "counter_account": counterparty.account,
        "counter_actor": counterparty.actor,
        "couple": _couple(moment.instrument, party.actor, counterparty.actor) if is_trade else None,
    }


def _pair(instrument: int, actor: int) -> tuple[int, int] | None:
    """Stands for the kernel's number of a pair, None for its 0."""
    return (instrument, actor) if instrument and actor else None


def _couple(instrument: int, actor: int, counter_actor: int) -> tuple[int, int, int] | None:
    """Stands for the kernel's number of a couple, None for its 0."""
    if not (instrument and actor and counter_actor):
        return None
    return instrument, min(actor, counter_actor), max(actor, counter_actor)


def _book_part(moment: Moment, party: Party) -> ActDict:
    book = moment.book
    own, other = book.sides.get(party.side), book.sides.get(opposite(party.side))
    return {
        "bid": UNKNOWN if book.bid is None else book.bid,
        "ask": UNKNOWN if book.ask is None else book.ask,
        "depth_own": own.depth() if own else 0,
        "depth_opposite": other.depth() if other else 0,
        "own": own.depth_of(party.actor) if own and party.actor else 0,
        "opposite": other.depth_of(party.actor) if other and party.actor else 0,
    }


def _ambient_part(moment: Moment, party: Party) -> ActDict:
    activity = moment.activity
    return {
        "volume_buy": activity.volume_buy,
        "volume_sell": activity.volume_sell,
        "rate": activity.rate(party.actor, moment.ts),
        "rate_z": activity.rate_z(party.actor, moment.ts),
        "size_scale": activity.trade_sizes.median,
        "move_scale": activity.moves.median,
        "warm": activity.seconds,
        "facts": moment.facts,
    }


def level_part(moment: Moment, act: ActDict) -> ActDict:
    """The act's level after the row, against the levels learned before it."""
    side = moment.book.sides.get(act["side"])
    if side is None or act["price"] <= 0:
        return {"level_size": 0, "level_z": 0.0}
    level_size = side.size_at(act["price"])
    return {"level_size": level_size, "level_z": moment.activity.level_z(level_size)}
