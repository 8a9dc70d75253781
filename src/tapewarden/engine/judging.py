"""Whether a row can be applied: the first of the three steps of a row."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, unsigned
from tapewarden.domain.kinds import EventKind, Flag, QualityKind
from tapewarden.domain.numbers import MAX_UNITS
from tapewarden.engine.activity import is_repeat
from tapewarden.engine.book import MOST_SIZE, seek
from tapewarden.engine.tables import SELLS, Step

_PLACE: Final = int(EventKind.PLACE)
_AMEND: Final = int(EventKind.AMEND)
_REJECT: Final = int(EventKind.REJECT)
_TRADE: Final = int(EventKind.TRADE)
_LEVEL: Final = int(EventKind.LEVEL)
_CLIENT_ORDER: Final = int(EventKind.CLIENT_ORDER)
_QUALITY: Final = int(EventKind.QUALITY)
_MARKET: Final = int(Flag.MARKET)
_SCHEMA: Final = int(QualityKind.SCHEMA)
_DUPLICATE: Final = int(QualityKind.DUPLICATE)
_OUT_OF_RANGE: Final = int(QualityKind.OUT_OF_RANGE)
_UNKNOWN_ORDER: Final = int(QualityKind.UNKNOWN_ORDER)
_OVERFLOW: Final = int(QualityKind.OVERFLOW)
_UNKNOWN_INSTRUMENT: Final = int(QualityKind.UNKNOWN_INSTRUMENT)


@inline_rule
def in_bounds(units: int) -> bool:
    """Whether a price or size is known, positive and small enough to compute with."""
    return units >= 1 and units <= MAX_UNITS


@inline_rule
def judge(t: Any, events: Any, step: Step) -> int:
    """0 if the row can be applied, otherwise the quality fact for which it is ignored."""
    kind, i = step.kind, step.event
    if kind < _PLACE or kind > _QUALITY:
        return _SCHEMA
    if step.instrument == 0 and (kind <= _CLIENT_ORDER or events.instrument[i] != -1):
        return _UNKNOWN_INSTRUMENT
    if kind > _LEVEL or kind == _REJECT:
        return 0
    price, size, side = events.price[i], events.size[i], events.side[i]
    if kind == _PLACE:
        return judge_place(t, events, step)
    if kind == _TRADE:
        if not in_bounds(price) or not in_bounds(size):
            return _OUT_OF_RANGE
        return _DUPLICATE if is_repeat(t.markets[step.instrument], events.trade[i]) else 0
    if kind == _LEVEL:
        if side not in (1, -1) or not in_bounds(price) or size < 0 or size > MAX_UNITS:
            return _OUT_OF_RANGE
        return judge_level(t, step, side < 0, price, size)
    if step.order == 0:
        return _UNKNOWN_ORDER
    return judge_amend(t, step, price, size) if kind == _AMEND else 0


@inline_rule
def judge_amend(t: Any, step: Step, price: int, size: int) -> int:
    """Whether an order can change."""
    if size < 0 or size > MAX_UNITS or price > MAX_UNITS:
        return _OUT_OF_RANGE
    order = t.orders[step.order]
    side = t.sides[2 * step.instrument + (1 if order.state & SELLS else 0)]
    return _OVERFLOW if side.total + size - order.size > MOST_SIZE else 0


@inline_rule
def judge_place(t: Any, events: Any, step: Step) -> int:
    """Whether an order can enter."""
    i = step.event
    price, size = events.price[i], events.size[i]
    side = t.sides[2 * step.instrument + (1 if events.side[i] < 0 else 0)]
    if step.order != 0:
        return _DUPLICATE
    priced = in_bounds(price) or (events.flags[i] & _MARKET != 0 and price <= 0)
    if events.order[i] == unsigned(0) or events.side[i] not in (1, -1) or not priced or not in_bounds(size):
        return _OUT_OF_RANGE
    return _OVERFLOW if side.total + size > MOST_SIZE else 0


@inline_rule
def judge_level(t: Any, step: Step, sells: bool, price: int, size: int) -> int:
    """Whether a level's size can be set."""
    side = t.sides[2 * step.instrument + (1 if sells else 0)]
    rank = -price if sells else price
    at = seek(side, t.ranks, rank)
    if at < integer(side.start) + side.count and t.ranks[at] == rank and t.levels[at].orders != 0:
        return _SCHEMA
    return _OVERFLOW if side.total + size > MOST_SIZE else 0
