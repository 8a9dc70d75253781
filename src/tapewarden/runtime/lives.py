"""Order lives: what became of each order of a tape, derived from the engine's acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import SECOND, EndReason, EventKind, Flag, Initiator, Side
from tapewarden.engine.acts import BUY, CLIENT_ORDER, OTHER, WINDOW
from tapewarden.engine.engine import Engine

_FILLED: Final = EndReason.FILLED
_TELLING: Final = (CLIENT_ORDER, WINDOW)  # acts that tell somebody of the row: of no order
_COLUMNS: Final = (
    *("event", "kind", "ts", "instrument", "order", "counter_order", "account", "side", "price", "size"),
    *("previous_price", "previous_size", "distance", "reason", "initiator", "flags"),
)


class Ending(StrEnum):
    """How a life ended."""

    FILLED = "filled"
    CANCELED_BY_MEMBER = "canceled by member"
    CANCELED_BY_VENUE = "canceled by venue"
    CANCELED_BY_SYSTEM = "canceled by system"
    CANCELED = "canceled"  # the tape does not say by whom
    EXPIRED = "expired"
    CLEARED = "cleared"  # the book of the instrument started anew
    LIVE = "still live"


_CANCELED_BY: Final[Mapping[int, Ending]] = {
    Initiator.MEMBER: Ending.CANCELED_BY_MEMBER,
    Initiator.VENUE: Ending.CANCELED_BY_VENUE,
    Initiator.SYSTEM: Ending.CANCELED_BY_SYSTEM,
}
CANCELED: Final = frozenset({Ending.CANCELED, *_CANCELED_BY.values()})
"""The endings by which somebody took the rest of an order back."""


@dataclass(slots=True)
class OrderLife:
    """One order from its entry to its end. Prices and sizes in the instrument's units, times in ns UTC.

    ``instrument`` and ``account`` are numbers of the directory, ``account`` is ``None`` where it is unknown.
    ``entered`` and ``entry_distance`` are ``None`` for an order that a snapshot restates. Distances are from
    the best price of the order's side into the book, negative for a better price, as of just before the
    event. Prices and distances of orders at market may be ``None``. ``size + increased == filled + canceled +
    remaining``; ``remaining`` is 0 but for orders that were cleared or live on.
    """

    instrument: int
    order: int
    account: int | None
    side: Side
    entered: int | None
    price: int | None
    size: int
    entry_distance: int | None
    last_price: int | None
    remaining: int
    increased: int = 0
    filled: int = 0
    canceled: int = 0
    amends: int = 0
    reprices: int = 0
    ended: int | None = None
    ending: Ending = Ending.LIVE
    end_distance: int | None = None
    flashed: bool = False

    @property
    def duration(self) -> int | None:
        """How long it lived, ``None`` where either end was not seen."""
        return None if self.entered is None or self.ended is None else self.ended - self.entered


@dataclass(slots=True)
class _Live:
    """A life so far, and fills that trades report of it without changing the book."""

    life: OrderLife
    reported: int = 0
    changed: int = 0  # filled as told by changes of the order
    unexplained: int = 0  # taken off without a reason


@dataclass(frozen=True, slots=True)
class _Moment:
    """The columns of an act that matter to lives, as plain integers, and the kind of its row."""

    row_kind: int
    event: int
    kind: int
    ts: int
    instrument: int
    order: int
    counter_order: int
    account: int
    side: int
    price: int
    size: int
    previous_price: int
    previous_size: int
    distance: int
    reason: int
    initiator: int
    flags: int


class OrderLives:
    """Follows the acts of an engine and yields each life when it ends. Memory: the live orders.

    An order is flashed when it is canceled without any fill within ``flash`` ns of its entry.
    """

    def __init__(self, flash: int = SECOND) -> None:
        self._flash = flash
        self._live: dict[int, dict[int, _Live]] = {}

    def take(self, part: EventBatch, acts: Table) -> Iterator[OrderLife]:
        """The lives that end in a part of the tape, given its acts; see ``Engine.passes``."""
        kinds = part.kind[acts["event"]].tolist()
        columns = [acts[name].tolist() for name in _COLUMNS]
        told = -1
        for values in zip(kinds, *columns, strict=True):
            act = _Moment(*values)
            if act.kind in _TELLING:
                continue
            again, told = act.event == told, act.event
            # An ignored row changes nothing, and an order that trades with itself is reduced once.
            if act.kind == OTHER or (again and act.order == act.counter_order):
                continue
            yield from self._follow(act)

    def finish(self) -> Iterator[OrderLife]:
        """The tape is over: the lives that go on, in the order in which they began, by instrument."""
        for orders in self._live.values():
            for live in orders.values():
                yield live.life
        self._live.clear()

    def _follow(self, act: _Moment) -> Iterator[OrderLife]:
        if act.row_kind == EventKind.PLACE:
            self._enter(act)
        elif act.row_kind == EventKind.CLEAR:
            for live in self._live.pop(act.instrument, {}).values():
                yield _ended(live.life, act.ts, Ending.CLEARED)
        elif act.row_kind in _CHANGES:
            yield from self._change(act)

    def _enter(self, act: _Moment) -> None:
        seen = not act.flags & Flag.SNAPSHOT
        price = act.price if act.price > 0 else None
        life = OrderLife(
            instrument=act.instrument - 1,
            order=act.order,
            account=act.account - 1 if act.account else None,
            side=Side.BUY if act.side == BUY else Side.SELL,
            entered=act.ts if seen else None,
            price=price,
            size=act.size,
            entry_distance=act.distance if seen and price is not None else None,
            last_price=price,
            remaining=act.size,
        )
        self._live.setdefault(act.instrument, {})[act.order] = _Live(life)

    def _change(self, act: _Moment) -> Iterator[OrderLife]:
        live = self._live.get(act.instrument, {}).get(act.order)
        if live is None:
            return
        _CHANGES[EventKind(act.row_kind)](live, act)
        if live.life.remaining == 0:
            del self._live[act.instrument][act.order]
            yield self._close(live, act)

    def _close(self, live: _Live, act: _Moment) -> OrderLife:
        life = live.life
        # Fills that were reported, but that the feed shows as changes without a reason.
        late = min(max(live.reported - live.changed, 0), live.unexplained)
        life.filled += late
        life.canceled -= late
        life.end_distance = None if life.last_price is None else act.distance
        ended = _ended(life, act.ts, _ending(act, late))
        ended.flashed = (
            ended.ending in CANCELED
            and ended.filled == 0
            and ended.duration is not None
            and ended.duration <= self._flash
        )
        return ended


def _amend(live: _Live, act: _Moment) -> None:
    life = live.life
    if act.reason != _FILLED:
        life.amends += 1
    if act.price > 0 and act.price != life.last_price:
        life.reprices += 1
        life.last_price = act.price
    if act.size > life.remaining:
        life.increased += act.size - life.remaining
        life.remaining = act.size
    else:
        _take_off(live, life.remaining - act.size, act.reason)


def _cancel(live: _Live, act: _Moment) -> None:
    _take_off(live, act.size, act.reason if act.row_kind == EventKind.CANCEL else EndReason.EXPIRY)


def _trade(live: _Live, act: _Moment) -> None:
    if act.flags & Flag.REPORT_ONLY:
        live.reported += act.size
        return
    size = min(act.size, live.life.remaining)
    live.life.filled += size
    live.life.remaining -= size


def _take_off(live: _Live, size: int, reason: int) -> None:
    """A change of the order takes size off it: a fill where it says so, otherwise a cancel."""
    live.life.remaining -= size
    if reason == _FILLED:
        live.life.filled += size
        live.changed += size
        return
    live.life.canceled += size
    if reason == EndReason.UNKNOWN:
        live.unexplained += size


_CHANGES: Final = {
    EventKind.AMEND: _amend,
    EventKind.CANCEL: _cancel,
    EventKind.EXPIRE: _cancel,
    EventKind.TRADE: _trade,
}


def _ending(act: _Moment, late: int) -> Ending:
    """What the row that took the last of an order says of it; ``late`` are fills that explain changes."""
    if act.row_kind == EventKind.EXPIRE:
        return Ending.EXPIRED
    explained = act.reason == EndReason.UNKNOWN and late >= act.previous_size
    if act.row_kind == EventKind.TRADE or act.reason == _FILLED or explained:
        return Ending.FILLED
    return _CANCELED_BY.get(act.initiator, Ending.CANCELED)


def _ended(life: OrderLife, time: int, ending: Ending) -> OrderLife:
    life.ended, life.ending = time, ending
    return life


def order_lives(engine: Engine, batches: Iterable[EventBatch], flash: int = SECOND) -> Iterator[OrderLife]:
    """The life of every order of a tape, each when it ends; those that go on come last."""
    lives = OrderLives(flash)
    for batch in batches:
        for part, acts, _ in engine.passes(batch):
            yield from lives.take(part, acts)
    yield from lives.finish()
