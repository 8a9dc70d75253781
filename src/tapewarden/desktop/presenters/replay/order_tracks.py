"""Orders through time: where each rested, how much of it, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.client import WindowEvents
from tapewarden.domain.kinds import EventKind, Flag, Side

Column = npt.NDArray[Any]

_NEVER_RESTS: Final = Flag.IMMEDIATE | Flag.MARKET
_CHANGES_NOTHING: Final = Flag.REPORT_ONLY | Flag.OFF_BOOK


class Ending(StrEnum):
    """What became of an order."""

    RESTING = "resting"
    """Nothing yet, by the end of the window."""
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Leg:
    """A time in which an order rested unchanged. ``size`` is what was left, -1 where that is not known."""

    from_ns: int
    until_ns: int
    price: int
    size: int


@dataclass(frozen=True, slots=True)
class OrderTrack:
    """An order that rested in the book for a time.

    Attributes:
        order: What the source calls it.
        account: Its place in the accounts of the window.
        side: Which.
        legs: One after the other, without a hole.
        placed: Its size when it was placed, or as much as was seen of it.
        filled: How much of it was traded while it could be seen.
        canceled: How much of it was taken away.
        ending: What became of it.
    """

    order: str
    account: int
    side: Side
    legs: tuple[Leg, ...]
    placed: int
    filled: int
    canceled: int
    ending: Ending

    @property
    def from_ns(self) -> int:
        """When it began to rest, or the window did."""
        return self.legs[0].from_ns

    @property
    def until_ns(self) -> int:
        """When it ended, or the window did."""
        return self.legs[-1].until_ns

    def leg_at(self, at_ns: int) -> Leg | None:
        """Where it rests at a time; ``None`` before it is there, and from its end on."""
        return next((leg for leg in self.legs if leg.from_ns <= at_ns < leg.until_ns), None)


def concerning(events: WindowEvents, accounts: Collection[int]) -> Column:
    """Which events are of any of these accounts, or a trade with one of them."""
    known = list(accounts)
    return np.isin(events.account, known) | np.isin(events.counter_account, known)


def order_tracks(
    events: WindowEvents, accounts: Collection[int], from_ns: int, until_ns: int
) -> list[OrderTrack]:
    """The orders of some accounts, those that came first first.

    An order from before the window is followed from the first event on that tells its price. Costs
    microseconds per event of these accounts.
    """
    book = _Book(from_ns, until_ns)
    own = set(accounts)
    for row in np.flatnonzero(concerning(events, accounts) | (events.kind == EventKind.CLEAR)).tolist():
        book.learn(events, row, own)
    return sorted(book.finish(), key=lambda track: track.from_ns)


class _Open:
    """An order that rests."""

    def __init__(self, order: str, account: int, side: int, price: int, size: int, at_ns: int) -> None:
        self.order, self.account, self.side = order, account, Side(side)
        self.price, self.left, self.since_ns = price, size, at_ns
        self.placed = max(size, 0)
        self.filled = self.canceled = 0
        self.legs: list[Leg] = []

    def cut(self, at_ns: int) -> None:
        """Something changes: what was until now is a leg."""
        if at_ns > self.since_ns:
            self.legs.append(Leg(self.since_ns, at_ns, self.price, self.left))
            self.since_ns = at_ns

    def take(self, size: int) -> None:
        """So much is gone; negative: all of it."""
        self.left = 0 if size < 0 else max(0, self.left - size) if self.left >= 0 else -1

    def track(self, at_ns: int, ending: Ending) -> OrderTrack | None:
        self.cut(at_ns)
        if not self.legs:
            return None
        placed = max(self.placed, self.filled + self.canceled)
        legs = tuple(self.legs)
        return OrderTrack(
            self.order, self.account, self.side, legs, placed, self.filled, self.canceled, ending
        )


class _Book:
    """Follows orders from event to event."""

    def __init__(self, from_ns: int, until_ns: int) -> None:
        self._from_ns, self._until_ns = from_ns, until_ns
        self._open: dict[tuple[int, str], _Open] = {}
        self._seen: set[tuple[int, str]] = set()
        self._done: list[OrderTrack] = []

    def learn(self, events: WindowEvents, row: int, own: Collection[int]) -> None:
        kind, at_ns = int(events.kind[row]), int(events.ts_event[row])
        if kind == EventKind.CLEAR:
            for key in list(self._open):
                self._end(key, at_ns, Ending.EXPIRED)
        elif kind == EventKind.TRADE:
            if not events.flags[row] & _CHANGES_NOTHING:
                for side, key in _traded(events, row, own):
                    self._fill(key, side, int(events.price[row]), int(events.size[row]), at_ns)
        else:
            self._change(events, row, EventKind(kind), at_ns)

    def finish(self) -> list[OrderTrack]:
        for key in list(self._open):
            self._end(key, self._until_ns, Ending.RESTING)
        return self._done

    def _change(self, events: WindowEvents, row: int, kind: EventKind, at_ns: int) -> None:
        key = int(events.account[row]), events.order[row]
        price, size = int(events.price[row]), int(events.size[row])
        if kind is EventKind.PLACE:
            self._seen.add(key)
            if price >= 0 and key not in self._open and not events.flags[row] & _NEVER_RESTS:
                self._open[key] = _Open(key[1], key[0], int(events.side[row]), price, size, at_ns)
            return
        order = self._open.get(key) or self._met(key, int(events.side[row]), price, kind, at_ns)
        if order is None:
            return
        if kind is EventKind.AMEND:
            order.cut(at_ns)
            order.price = price if price >= 0 else order.price
            order.left = size if size >= 0 else order.left
            order.placed = max(order.placed, order.left + order.filled)
        elif kind is EventKind.CANCEL:
            order.cut(at_ns)
            order.canceled += size if size >= 0 else max(order.left, 0)
            order.take(size)
            if order.left <= 0:
                self._end(key, at_ns, Ending.CANCELED)
        else:
            self._end(key, at_ns, Ending.EXPIRED)

    def _met(self, key: tuple[int, str], side: int, price: int, kind: EventKind, at_ns: int) -> _Open | None:
        """An order that was there before the window."""
        if price < 0 or kind is EventKind.REJECT or key in self._seen:
            return None
        self._seen.add(key)
        begin = at_ns if kind is EventKind.AMEND else self._from_ns  # where it was before is not told
        order = self._open[key] = _Open(key[1], key[0], side, price, -1, begin)
        return order

    def _fill(self, key: tuple[int, str], side: Side | None, price: int, size: int, at_ns: int) -> None:
        order = self._open.get(key)
        if order is None and side is not None:
            order = self._met(key, side, price, EventKind.TRADE, at_ns)
        if order is None:
            return
        order.cut(at_ns)
        order.filled += max(size, 0)
        order.take(size)
        if order.left == 0:
            self._end(key, at_ns, Ending.FILLED)

    def _end(self, key: tuple[int, str], at_ns: int, ending: Ending) -> None:
        track = self._open.pop(key).track(at_ns, ending)
        if track is not None:
            self._done.append(track)


def _traded(
    events: WindowEvents, row: int, own: Collection[int]
) -> Iterator[tuple[Side | None, tuple[int, str]]]:
    """The orders of a trade that belong to the accounts, and of the one that rested, its side."""
    taker, maker = int(events.account[row]), int(events.counter_account[row])
    if taker in own and events.order[row]:
        yield None, (taker, events.order[row])
    if maker in own and events.counter_order[row]:
        yield Side(-int(events.side[row])), (maker, events.counter_order[row])
