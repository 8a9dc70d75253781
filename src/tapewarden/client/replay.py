"""Books as they are, and windows of the past: books and order events of one instrument, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tapewarden.client.tape import Column, StreamParties, side_column
from tapewarden.domain.directory import Account, Instrument
from tapewarden.wire.parties import instrument_of
from tapewarden.wire.v1 import surveillance_pb2 as pb


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Levels of a book, best first, in units of the instrument; ``ts_event``: newest time seen, ns UTC."""

    ts_event: int
    bid_prices: Column
    bid_sizes: Column
    ask_prices: Column
    ask_sizes: Column


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WindowEvents:
    """Order events and trades in columns of equal length, in order of the journal.

    Attributes:
        accounts: What ``account`` and ``counter_account`` are places in; -1 is unknown.
        kind: Codes of ``EventKind``.
        ts_event: Nanoseconds UTC.
        side: Codes of ``Side``; of a trade, the aggressor's.
        account: Of a trade, the aggressor's.
        counter_account: Of a trade, the resting order's.
        order: What the source calls the order; empty for none.
        counter_order: Likewise, of a trade the resting one.
        price: Units of the instrument; -1 where unknown.
        size: Likewise.
        flags: Bits of ``Flag``.
        frame: Of the journal.
    """

    accounts: Sequence[Account]
    kind: Column
    ts_event: Column
    side: Column
    account: Column
    counter_account: Column
    order: Sequence[str]
    counter_order: Sequence[str]
    price: Column
    size: Column
    flags: Column
    frame: Column

    def __len__(self) -> int:
        return len(self.ts_event)


@dataclass(frozen=True, slots=True, eq=False)
class MarketWindow:
    """An instrument between two times, ns UTC. Each book is as it was before events of its time."""

    instrument: Instrument
    from_ns: int
    until_ns: int
    events: WindowEvents
    books: tuple[Book, ...]


def book_of(message: pb.Book) -> Book:
    """The book in a message."""
    return Book(
        message.ts_event,
        np.array(message.bid_prices, dtype=np.int64),
        np.array(message.bid_sizes, dtype=np.int64),
        np.array(message.ask_prices, dtype=np.int64),
        np.array(message.ask_sizes, dtype=np.int64),
    )


def window_of(parts: Sequence[pb.WindowPart]) -> MarketWindow:
    """The window that parts make up; there is at least one."""
    parties = StreamParties()
    for part in parts:
        parties.define_accounts(part.accounts)
    messages = [part.events for part in parts]
    events = WindowEvents(
        accounts=parties.accounts,
        kind=_joined(messages, "kind", np.uint8),
        ts_event=_joined(messages, "ts_event", np.int64),
        side=side_column([code for one in messages for code in one.side]),
        account=parties.account_column(number for one in messages for number in one.account),
        counter_account=parties.account_column(number for one in messages for number in one.counter_account),
        order=[name for one in messages for name in one.order],
        counter_order=[name for one in messages for name in one.counter_order],
        price=_joined(messages, "price", np.int64),
        size=_joined(messages, "size", np.int64),
        flags=_joined(messages, "flags", np.uint16),
        frame=_joined(messages, "frame", np.int64),
    )
    books = tuple(book_of(book) for part in parts for book in part.books)
    return MarketWindow(
        instrument_of(parts[0].instrument), parts[0].from_ns, parts[0].until_ns, events, books
    )


def _joined(messages: Sequence[pb.WindowEvents], name: str, kind: type[Any]) -> Column:
    return np.concatenate([np.array(getattr(one, name), dtype=kind) for one in messages])
