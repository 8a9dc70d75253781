"""Bitstamp: the engine's order lives beside those of an independent program, ob-analytics."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.accuracy.comparing import Agreement
from tapewarden.adapters.files.bitstamp_l3 import read
from tapewarden.adapters.files.session import Session
from tapewarden.domain.kinds import Side
from tapewarden.engine.engine import Engine
from tapewarden.runtime.lives import Ending, OrderLife, order_lives

EVENTS: Final = "bitstamp_l3/ref_events_first3h.csv.gz"
MARKET: Final = "Bitstamp, orders"
TRADES: Final = "bitstamp_l3/ref_trades_first3h.csv.gz"

_MILLISECOND: Final = 1_000_000


@dataclass(slots=True)
class Reference:
    """An order as the reference has it; ``None`` where it did not see it. Units and times as ours."""

    side: Side = Side.UNKNOWN
    entered: int | None = None
    price: int = 0
    size: int = 0
    filled: int = 0
    canceled: int = 0
    ended: int | None = None
    rows: int = 0
    prices: set[int] = field(default_factory=set)

    @property
    def ending(self) -> Ending:
        """How it ended; the log knows no cancels but those of members."""
        if self.ended is None:
            return Ending.LIVE
        return Ending.CANCELED_BY_MEMBER if self.canceled else Ending.FILLED


@dataclass(slots=True)
class LivesCompared:
    """How the lives compare: orders of each class, and fills beside the reference's trades."""

    classes: Counter[str] = field(default_factory=Counter)
    missing: int = 0  # orders one of the two does not have
    older: int = 0  # orders that the log names and never placed: they have no life
    fills: Counter[str] = field(default_factory=Counter)
    flashed: int = 0  # canceled without any fill, however late
    lives: int = 0

    @property
    def unexplained(self) -> int:
        """Orders that differ for no known reason."""
        return self.classes[UNEXPLAINED] + self.missing

    def agreements(self) -> Iterator[Agreement]:
        """The lines of the table."""
        compared = self.classes.total() + self.missing
        same = self.classes[SAME] + self.classes[SATOSHI]
        yield Agreement(MARKET, "order lives", same, compared, 0.999)
        explained = compared - self.unexplained
        yield Agreement(MARKET, "order lives, or explained", explained, compared, 1.0)
        traded = self.fills.total()
        explained = traded - self.fills[UNEXPLAINED]
        what = "fills of the orders that the reference's trades name"
        yield Agreement(MARKET, what, self.fills[FILLED_ALIKE], traded)
        yield Agreement(MARKET, f"{what}, or explained", explained, traded, 1.0)


def compare(log: Path, events: Path, trades: Path) -> LivesCompared:
    """Compare every order of the log."""
    session = Session()
    lives = {life.order: life for life in order_lives(Engine(session.directory, []), read([log], session))}
    references = _references(events)
    seen = {order: one for order, one in references.items() if one.entered is not None}
    result = LivesCompared(lives=len(lives), older=len(references) - len(seen))
    result.missing = len(lives.keys() ^ seen.keys())
    result.flashed = sum(
        life.ending is Ending.CANCELED_BY_MEMBER and not life.filled for life in lives.values()
    )
    for order in lives.keys() & seen.keys():
        result.classes[_class_of(lives[order], seen[order])] += 1
    for order, size in _traded(trades).items():
        if order in seen and order in lives:
            result.fills[_fills_of(lives[order], seen[order], size)] += 1
    return result


SAME: Final = "the same in side, entry, price, size, fills, cancel, end and its time"
SATOSHI: Final = "sizes a satoshi apart: the reference cuts binary floats off where it multiplies them"
EARLY_DELETION: Final = "told as deleted before it was placed: the reference turns the two times round"
EARLY_END: Final = "told as deleted before its last change: the reference turns the two times round"
REPRICED: Final = "changed in price and size at once: a fill here, neither fill nor cancel in the reference"
FILLED_ALIKE: Final = "filled as much as those trades say"
NOT_MATCHED: Final = "filled more: the reference's own events have the fill, and no trade for it"
UNEXPLAINED: Final = "different for no known reason"
CLASSES: Final = (SAME, SATOSHI, EARLY_DELETION, EARLY_END, REPRICED, UNEXPLAINED)
FILL_CLASSES: Final = (FILLED_ALIKE, NOT_MATCHED, REPRICED, UNEXPLAINED)


def _class_of(life: OrderLife, other: Reference) -> str:
    if (life.side, life.price, life.ending) != (other.side, other.price, other.ending):
        return UNEXPLAINED
    apart = [
        abs(life.size - other.size),
        abs(life.filled - other.filled),
        abs(life.canceled - other.canceled),
    ]
    close = max(apart) <= 1 or (apart[0] <= 1 and apart[1] <= other.rows and apart[2] <= 1)
    if not close:
        return REPRICED if life.reprices and len(other.prices) == 1 + life.reprices else UNEXPLAINED
    if life.entered != other.entered:
        return EARLY_DELETION if life.ended == life.entered else UNEXPLAINED
    if life.ended != other.ended:
        return EARLY_END if life.filled else UNEXPLAINED
    return SATOSHI if any(apart) else SAME


def _fills_of(life: OrderLife, other: Reference, traded: int) -> str:
    if abs(life.filled - traded) <= other.rows:
        return FILLED_ALIKE
    if life.filled < traded:
        return UNEXPLAINED
    if abs(life.filled - other.filled) <= other.rows:
        return NOT_MATCHED
    return REPRICED if life.reprices else UNEXPLAINED


def _references(events: Path) -> dict[int, Reference]:
    found: dict[int, Reference] = {}
    for row in _rows(events):
        one = found.setdefault(int(row["id"]), Reference())
        one.rows += 1
        one.prices.add(_cents(row["price"]))
        one.filled += round(float(row["fill"] or 0))
        time = round(float(row["timestamp"]) * 1000) * _MILLISECOND
        if row["action"] == "created":
            one.side = Side.BUY if row["direction"] == "bid" else Side.SELL
            one.entered, one.price, one.size = time, _cents(row["price"]), round(float(row["volume"]))
        elif row["action"] == "deleted":
            one.ended, one.canceled = time, round(float(row["volume"]))
    return found


def _traded(trades: Path) -> Counter[int]:
    """Size that the reference's trades give to each order."""
    sizes: Counter[int] = Counter()
    for row in _rows(trades):
        for party in ("maker", "taker"):
            sizes[int(row[party])] += round(float(row["volume"]))
    return sizes


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _cents(text: str) -> int:
    return round(float(text) * 100)
