"""Bitstamp: the engine's book beside the books that the venue itself wrote into its log.

The log begins in the middle of trading, so orders older than it are missing from the book until they end or
the market leaves them behind. How many of the first checkpoints are left out therefore matters; all
defensible choices are reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tapewarden.adapters.files.bitstamp_l3 import Checkpoint, read, read_checkpoints
from tapewarden.adapters.files.session import Session
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind, Side
from tapewarden.engine.engine import Engine
from tapewarden.runtime.books import Level, levels, touch

LOG: Final = "bitstamp_l3/2015-05-01_first3h.log.xz"
USUAL_WARM_UP: Final = 600
DEPTH: Final = 20  # levels of a side that a checkpoint lists

Touch = tuple[Level | None, Level | None]


@dataclass(frozen=True, slots=True)
class Point:
    """A checkpoint beside the engine's book at that place of the log.

    ``before`` is the touch without the last message, ``pause`` the nanoseconds since that message. ``old``
    tells whether an order older than the log stands at a touch, ``named`` whether the log tells so by
    naming it later. ``deep`` tells whether all listed levels are equal.
    """

    checkpoint: Checkpoint
    now: Touch
    before: Touch
    pause: int
    named: bool
    old: bool
    deep: bool

    @property
    def exact(self) -> bool:
        """Best bid and best ask, price and size, are equal."""
        return self.now == (self.checkpoint.bid, self.checkpoint.ask)

    @property
    def sides(self) -> int:
        """How many of the two are equal."""
        return (self.now[0] == self.checkpoint.bid) + (self.now[1] == self.checkpoint.ask)

    @property
    def within_a_message(self) -> bool:
        """Equal with or without the last message before the checkpoint."""
        return self.exact or self.before == (self.checkpoint.bid, self.checkpoint.ask)


@dataclass(frozen=True, slots=True)
class WarmUp:
    """A choice of the first checkpoint that counts, and what the checkpoints from it on give."""

    why: str
    first: int
    points: Sequence[Point]

    @property
    def compared(self) -> int:
        """Checkpoints that count."""
        return len(self.points)

    @property
    def exact(self) -> int:
        """Checkpoints at which both touches are equal."""
        return sum(point.exact for point in self.points)

    @property
    def sides(self) -> int:
        """Touches that are equal, two for each checkpoint."""
        return sum(point.sides for point in self.points)

    @property
    def within_a_message(self) -> int:
        """Checkpoints that are equal with or without the last message."""
        return sum(point.within_a_message for point in self.points)


def warm_ups(points: Sequence[Point]) -> list[WarmUp]:
    """The results under every criterion for the end of the warm-up."""
    named = [place for place, point in enumerate(points) if point.named]
    old = [place for place, point in enumerate(points) if point.old]
    deep = [place for place, point in enumerate(points) if point.deep]
    starts = {
        "none": 0,
        "until no order that the log names later, and never placed, stands at a touch": named[-1] + 1,
        "until nothing older than the log stands at a touch": old[-1] + 1,
        f"the first {USUAL_WARM_UP}, as the reference does": USUAL_WARM_UP,
        f"until all {2 * DEPTH} listed levels are equal for the first time": deep[0],
    }
    return [WarmUp(why, first, points[first:]) for why, first in starts.items()]


def compare(log: Path) -> list[Point]:
    """Every checkpoint of the log beside the engine's book."""
    session = Session()
    rows = EventBatch.concatenate(list(read([log], session)))
    return list(_points(Engine(session.directory, []), rows, list(read_checkpoints(log)), _older(rows)))


def _points(
    engine: Engine,
    rows: EventBatch,
    checkpoints: Sequence[Checkpoint],
    older: Sequence[tuple[int, Side, int]],
) -> Iterator[Point]:
    place = 0
    before: Touch = (None, None)
    excess: set[tuple[Side, int, int]] = set()
    for checkpoint in checkpoints:
        end = checkpoint.position
        if end > place:
            message = place + int(np.argmax(rows.sequence[place:end] == rows.sequence[end - 1]))
            _feed(engine, rows[place:message])
            before = touch(engine, 0)
            _feed(engine, rows[message:end])
            place = end
        now, books = touch(engine, 0), _books(engine)
        known, excess = excess, _excess(checkpoint, books)
        named = any(last >= end and _is_at_touch(now, side, price) for last, side, price in older)
        best = {(side, level[0]) for side, level in _best(checkpoint)}
        lasting = any((side, price) in best for side, price, _ in known & excess)
        yield Point(
            checkpoint,
            now,
            before,
            checkpoint.time - int(rows.ts_event[end - 1]),
            named,
            named or lasting,
            (tuple(books[Side.BUY]), tuple(books[Side.SELL])) == (checkpoint.bids, checkpoint.asks),
        )


def _feed(engine: Engine, rows: EventBatch) -> None:
    for _ in engine.passes(rows):
        pass


def _books(engine: Engine) -> dict[Side, list[Level]]:
    return {side: levels(engine, 0, side, DEPTH) for side in (Side.BUY, Side.SELL)}


def _best(checkpoint: Checkpoint) -> Iterator[tuple[Side, tuple[int, int]]]:
    for side, level in ((Side.BUY, checkpoint.bid), (Side.SELL, checkpoint.ask)):
        if level is not None:
            yield side, level


def _excess(checkpoint: Checkpoint, books: dict[Side, list[Level]]) -> set[tuple[Side, int, int]]:
    """Side, price and size of what a checkpoint shows beyond the engine's book.

    Seen by two checkpoints in a row it is no matter of milliseconds, but of an order never announced.
    """
    listed = ((Side.BUY, checkpoint.bids), (Side.SELL, checkpoint.asks))
    known = {side: dict(book) for side, book in books.items()}
    return {
        (side, price, size - known[side].get(price, 0))
        for side, shown in listed
        for price, size in shown
        if size > known[side].get(price, 0)
    }


def _older(rows: EventBatch) -> list[tuple[int, Side, int]]:
    """Last row, side and price of each order that the log names and never placed."""
    placed = set(rows.order[rows.kind == EventKind.PLACE].tolist())
    changes = np.flatnonzero(np.isin(rows.kind, (EventKind.AMEND, EventKind.CANCEL)))
    found = {
        int(rows.order[row]): (int(row), Side(int(rows.side[row])), int(rows.price[row])) for row in changes
    }
    return [mention for order, mention in found.items() if order not in placed]


def _is_at_touch(now: Touch, side: Side, price: int) -> bool:
    best = now[0] if side is Side.BUY else now[1]
    return best is None or (price - best.price) * side >= 0
