"""Windows of the past for tests of the replay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tapewarden.client import Book, MarketWindow, WindowEvents
from tapewarden.domain.directory import Account
from tapewarden.domain.kinds import SECOND, EventKind, Flag, Side
from tests.unit.desktop.tapes import BTC, START

ACCOUNTS = (Account(name="mallory", owner="mal-corp"), Account(name="alice"), Account(name="bob"))
MALLORY, ALICE, BOB = range(3)


class Happened(NamedTuple):
    """An event; ``at`` is seconds after ``START``."""

    kind: EventKind
    at: float
    order: str = ""
    price: int = -1
    size: int = -1
    side: Side = Side.SELL
    account: int = MALLORY
    counter: int = -1
    counter_order: str = ""
    flags: int = Flag.NONE


def place(at: float, order: str, price: int, size: int, **given: object) -> Happened:
    return Happened(EventKind.PLACE, at, order, price, size, **given)  # type: ignore[arg-type]


def amend(at: float, order: str, price: int, size: int, **given: object) -> Happened:
    return Happened(EventKind.AMEND, at, order, price, size, **given)  # type: ignore[arg-type]


def cancel(at: float, order: str, size: int = -1, **given: object) -> Happened:
    return Happened(EventKind.CANCEL, at, order, size=size, **given)  # type: ignore[arg-type]


def trade(at: float, order: str, price: int, size: int, **given: object) -> Happened:
    """Bob buys from an order of mallory's, unless something else is given."""
    told = {"account": BOB, "counter": MALLORY, "side": Side.BUY, "counter_order": order} | given
    return Happened(EventKind.TRADE, at, "taker", price, size, **told)  # type: ignore[arg-type]


def time_of(seconds: float) -> int:
    return START + int(seconds * SECOND)


def events_of(happened: Sequence[Happened]) -> WindowEvents:
    return WindowEvents(
        accounts=ACCOUNTS,
        kind=np.array([one.kind for one in happened], np.uint8),
        ts_event=np.array([time_of(one.at) for one in happened], np.int64),
        side=np.array([one.side for one in happened], np.int8),
        account=np.array([one.account for one in happened], np.int64),
        counter_account=np.array([one.counter for one in happened], np.int64),
        order=[one.order for one in happened],
        counter_order=[one.counter_order for one in happened],
        price=np.array([one.price for one in happened], np.int64),
        size=np.array([one.size for one in happened], np.int64),
        flags=np.array([one.flags for one in happened], np.uint16),
        frame=np.arange(len(happened)),
    )


def book_at(at: float, middle: int, size: int = 10) -> Book:
    steps = np.arange(1, 6) * 2
    return Book(time_of(at), middle - steps, np.full(5, size), middle + steps, np.full(5, size))


def window_of(
    happened: Sequence[Happened], *, books: Sequence[Book] = (), length: float = 100
) -> MarketWindow:
    return MarketWindow(BTC, START, time_of(length), events_of(happened), tuple(books))


WALL = (
    place(1, "small", 998, 10, account=ALICE),
    place(2, "small2", 997, 10, account=ALICE),
    place(10, "wall", 1010, 500),
    place(11, "genuine", 995, 20, side=Side.BUY),
    amend(20, "wall", 1006, 500),
    trade(22, "genuine", 995, 20, side=Side.SELL),
    amend(25, "wall", 1004, 500),
    cancel(30, "wall", 500),
    trade(40, "", 1001, 5, account=ALICE, counter=BOB),
)
"""Mallory's ask wall moves toward the price twice while she buys, and is gone."""
