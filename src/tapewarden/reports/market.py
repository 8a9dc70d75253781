"""`MarketWindow`: what the market did around signals, and every act of those they name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.book import BookState
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import HOUR, SECOND, EventKind, Flag, Side
from tapewarden.domain.signal import Signal

MOST_WINDOWS: Final = 4
"""Windows of one report: each takes reading the journal from the checkpoint before it on."""

MOST_EVENTS: Final = 20_000
"""Order events of one report; people are shown fewer, see ``sections.market``."""

MARGIN_NS: Final = 30 * SECOND
"""What is shown before a signal and after it."""

Column = npt.NDArray[Any]


class Span(NamedTuple):
    """From a time until another, excluded, ns UTC."""

    from_ns: int
    until_ns: int


class Trades(NamedTuple):
    """Trades in columns of equal length, in order of time; units of the instrument."""

    ts_event: Column
    price: Column
    size: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """What somebody did, as the source told it; -1 and empty where it did not.

    ``account`` and ``order`` are the aggressor's of a trade, the others those of the resting order.
    """

    at_ns: int
    kind: EventKind
    side: Side
    price: int
    size: int
    account: str
    order: str
    counter_account: str
    counter_order: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarketWindow:
    """An instrument between two times, ns UTC.

    Attributes:
        instrument: Which.
        span: When.
        trades: All of them.
        books: As they were before events of their times, in order.
        events: Of the accounts in question, in order of time.
        left_out: How many such events came before these.
        simulated: Whether events say that the market does not exist.
    """

    instrument: Instrument
    span: Span
    trades: Trades
    books: tuple[BookState, ...]
    events: tuple[OrderEvent, ...]
    left_out: int
    simulated: bool


def spans_around(signals: Sequence[Signal]) -> tuple[list[Span], int]:
    """Windows around signals, those with the highest scores first served, and how many have none.

    In order of time, none longer than an hour, of which a signal gets the last one, and apart.
    """
    chosen: list[Span] = []
    without = 0
    for signal in sorted(signals, key=lambda one: (-one.score, one.end_ns, one.id)):
        until_ns = signal.end_ns + MARGIN_NS
        span = Span(max(signal.start_ns - MARGIN_NS, until_ns - HOUR), until_ns)
        near = next((one for one in chosen if _fit_together(one, span)), None)
        if near is not None:
            chosen[chosen.index(near)] = _union(near, span)
        elif len(chosen) < MOST_WINDOWS:
            chosen.append(span)
        else:
            without += 1
    return _apart(sorted(chosen)), without


def market_window(
    instrument: Instrument,
    span: Span,
    events: EventBatch,
    books: Sequence[BookState],
    directory: Directory,
    names: Collection[str],
    most: int = MOST_EVENTS,
) -> MarketWindow:
    """A window from its events; ``names`` are those of the accounts in question, or of their owners.

    Of more than ``most`` events of theirs, the last ones are kept: signals come at the end.
    """
    events = events[np.argsort(events.ts_event, kind="stable")]
    suspects = [
        number for number, one in enumerate(directory.accounts) if one.name in names or one.actor in names
    ]
    concerned = np.flatnonzero(np.isin(events.account, suspects) | np.isin(events.counter_account, suspects))
    shown = concerned[max(0, len(concerned) - most) :]
    traded = (events.kind == EventKind.TRADE) & (events.price >= 0)
    return MarketWindow(
        instrument=instrument,
        span=span,
        trades=Trades(events.ts_event[traded], events.price[traded], np.maximum(events.size[traded], 0)),
        books=tuple(books),
        events=tuple(_event(events, row, directory) for row in shown.tolist()),
        left_out=len(concerned) - len(shown),
        simulated=bool((events.flags & Flag.SIMULATED).any()),
    )


def _event(events: EventBatch, row: int, directory: Directory) -> OrderEvent:
    order, counter_order = int(events.order[row]), int(events.counter_order[row])
    return OrderEvent(
        at_ns=int(events.ts_event[row]),
        kind=EventKind(int(events.kind[row])),
        side=Side(int(events.side[row])),
        price=int(events.price[row]),
        size=int(events.size[row]),
        account=directory.account_name(int(events.account[row])) or "",
        order=directory.order_names.text(order) if order else "",
        counter_account=directory.account_name(int(events.counter_account[row])) or "",
        counter_order=directory.order_names.text(counter_order) if counter_order else "",
    )


def _fit_together(one: Span, other: Span) -> bool:
    meet = one.from_ns <= other.until_ns and other.from_ns <= one.until_ns
    union = _union(one, other)
    return meet and union.until_ns - union.from_ns <= HOUR


def _union(one: Span, other: Span) -> Span:
    return Span(min(one.from_ns, other.from_ns), max(one.until_ns, other.until_ns))


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The spans, in order, without what an earlier one shows already."""
    apart: list[Span] = []
    for span in spans:
        begin = max(span.from_ns, apart[-1].until_ns) if apart else span.from_ns
        if begin < span.until_ns:
            apart.append(Span(begin, span.until_ns))
    return apart
