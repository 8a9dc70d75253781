"""Where orders of the suspects rested: a line for each price and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tapewarden.domain.kinds import EventKind, Side
from tapewarden.reports.market import OrderEvent, Span


class Rest(NamedTuple):
    """An order at one price from a time until another, ns UTC."""

    from_ns: int
    until_ns: int
    price: int
    side: Side


@dataclass(slots=True)
class _Order:
    side: Side
    price: int
    left: int
    since_ns: int

    def rest(self, until_ns: int) -> Rest:
        return Rest(self.since_ns, until_ns, self.price, self.side)


def rests(events: Sequence[OrderEvent], span: Span) -> Iterator[Rest]:
    """The orders of the events, each until it is gone or the window ends.

    One from before the window is known from its first change on; one that is gone as it comes never rests.
    """
    resting: dict[tuple[str, str], _Order] = {}
    for one in events:
        key = (one.account, one.order)
        if one.kind is EventKind.PLACE and one.price >= 0:
            resting[key] = _Order(one.side, one.price, one.size, one.at_ns)
        elif one.kind is EventKind.AMEND:
            yield from _amended(resting, key, one)
        elif one.kind is EventKind.TRADE:
            for trader in (key, (one.counter_account, one.counter_order)):
                yield from _taken(resting, trader, one)
        elif one.kind in (EventKind.CANCEL, EventKind.EXPIRE, EventKind.REJECT):
            yield from _taken(resting, key, one)
    for order in resting.values():
        yield from _seen(order.rest(span.until_ns))


def _amended(resting: dict[tuple[str, str], _Order], key: tuple[str, str], one: OrderEvent) -> Iterator[Rest]:
    order = resting.pop(key, None)
    if order is not None:
        yield from _seen(order.rest(one.at_ns))
    price = one.price if one.price >= 0 or order is None else order.price
    if price >= 0:
        resting[key] = _Order(one.side, price, one.size, one.at_ns)


def _taken(resting: dict[tuple[str, str], _Order], key: tuple[str, str], one: OrderEvent) -> Iterator[Rest]:
    """So much of an order is gone; all of it if that is not known."""
    order = resting.get(key)
    if order is None:
        return
    order.left = 0 if one.size < 0 or order.left < 0 else order.left - one.size
    if order.left <= 0 or one.kind not in (EventKind.TRADE, EventKind.CANCEL):
        yield from _seen(resting.pop(key).rest(one.at_ns))


def _seen(rest: Rest) -> Iterator[Rest]:
    if rest.until_ns > rest.from_ns:
        yield rest
