"""Depth as an image: prices upward, time to the right, brightness for what rests there."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.client import Book

Column = npt.NDArray[Any]

_BRIGHTEST: Final = 0.99  # the quantile of resting sizes that is shown as full brightness
_MOST_RESTING: Final = 0.9  # of what rests is within the prices that are shown,
_ROOM: Final = 1.25  # which go so much farther
_MARGIN: Final = 0.6  # of that room the latest middle keeps from the edges before the image is made anew,
_REACH: Final = 3.0  # times that room a book's middle may be away from the latest one and still be shown
_LEAST_USED: Final = 0.6  # as it is where no more of its span is needed


@dataclass(frozen=True, slots=True, eq=False)
class DepthImage:
    """Books side by side.

    Attributes:
        sizes: What rests, units of the instrument: a row per price from the highest down, a column per book.
        low: Where the lowest row begins, units of the instrument.
        high: Where the highest one ends.
        times: Of each column, ns UTC.
        bids: Best bid of each column; NaN where there is none.
        asks: Best ask likewise.
    """

    sizes: npt.NDArray[np.float32]
    low: int
    high: int
    times: Column
    bids: Column
    asks: Column

    def brightness(self) -> npt.NDArray[np.float32]:
        """From 0 to 1, by the square root of the size, so that thin levels are seen beside walls."""
        resting = self.sizes[self.sizes > 0]
        if not len(resting):
            return np.zeros_like(self.sizes)
        brightest = float(np.quantile(resting, _BRIGHTEST))
        shares: npt.NDArray[np.float32] = np.sqrt(np.minimum(self.sizes / np.float32(brightest), 1))
        return shares


@dataclass(frozen=True, slots=True)
class Grid:
    """Prices in rows of ``step`` units from ``low`` on: whole ticks, so that no row is between two levels.

    ``room`` is what it leaves above and below the middles of books, units.
    """

    low: int
    step: int
    rows: int
    room: float

    @property
    def high(self) -> int:
        """The upper end of the uppermost row."""
        return self.low + self.step * self.rows

    def fits(self, middles: Sequence[float]) -> bool:
        """Whether the latest middle keeps from the edges, and those near it need most of the span."""
        if not middles:
            return True
        margin = _MARGIN * self.room
        near = [one for one in middles if abs(one - middles[-1]) <= _REACH * self.room]
        needed = max(near) - min(near) + 2 * self.room
        inside = self.low + margin <= middles[-1] <= self.high - margin
        return inside and needed >= _LEAST_USED * (self.high - self.low)

    def column(self, book: Book) -> npt.NDArray[np.float32]:
        """Sizes of a book by row, the highest price first."""
        sizes = np.zeros(self.rows, np.float32)
        for prices, resting in ((book.bid_prices, book.bid_sizes), (book.ask_prices, book.ask_sizes)):
            places = (prices - self.low) // self.step
            inside = (places >= 0) & (places < self.rows)
            np.add.at(sizes, self.rows - 1 - places[inside], resting[inside].astype(np.float32))
        return sizes

    def image(self, books: Sequence[Book], columns: Sequence[npt.NDArray[np.float32]]) -> DepthImage:
        """The image of books, from their columns."""
        bids, asks = zip(*map(_touch, books), strict=True)
        times = np.array([book.ts_event for book in books], np.int64)
        sizes = np.column_stack(list(columns))
        return DepthImage(sizes, self.low, self.high, times, np.array(bids), np.array(asks))


def grid_for(books: Collection[Book], tick: int | None, rows: int) -> Grid | None:
    """At most ``rows`` rows for what rests around the middles of books; ``None`` without a level."""
    known = [(book, middle) for book in books if (middle := _middle(book)) is not None]
    if not known:
        return None
    tick = tick or 1
    half = (float(np.median([_half(book, middle) for book, middle in known])) or tick) * _ROOM
    middles = [middle for _, middle in known]
    low, high = min(middles) - half, max(middles) + half
    step = max(1, math.ceil((high - low) / rows / tick)) * tick
    begin = math.floor(low / step) * step
    return Grid(begin, step, math.ceil((high - begin) / step), half)


def depth_image(books: Sequence[Book], tick: int | None, rows: int) -> DepthImage | None:
    """An image of books in order of time, a column each; ``None`` where they have no levels."""
    grid = grid_for(books, tick, rows)
    return None if grid is None else grid.image(books, [grid.column(book) for book in books])


class DepthHistory:
    """The latest books of one instrument; each is drawn into the image once.

    Args:
        columns: How many are kept.
        rows: How many prices, at most.
        tick: Of the instrument, units; ``None`` if unknown.
    """

    def __init__(self, columns: int, rows: int, tick: int | None = None) -> None:
        self._rows = rows
        self._tick = tick
        self._books: deque[Book] = deque(maxlen=columns)
        self._columns: deque[npt.NDArray[np.float32]] = deque(maxlen=columns)
        self._grid: Grid | None = None

    def __len__(self) -> int:
        return len(self._books)

    def add(self, book: Book) -> None:
        """Add the newest book; one without new events replaces the one before it."""
        if self._books and self._books[-1].ts_event == book.ts_event:
            self._books.pop()
            self._columns.pop()
        self._books.append(book)
        middles = [middle for one in self._books if (middle := _middle(one)) is not None]
        if self._grid is not None and self._grid.fits(middles):
            self._columns.append(self._grid.column(book))
            return
        self._grid = grid_for(_near_the_latest(self._books), self._tick, self._rows)
        self._columns.clear()
        if self._grid is None:
            self._books.clear()
        else:
            self._columns.extend(map(self._grid.column, self._books))

    def image(self) -> DepthImage | None:
        """All of them; ``None`` before there is a level."""
        return None if self._grid is None else self._grid.image(self._books, self._columns)


def _touch(book: Book) -> tuple[float, float]:
    bid = float(book.bid_prices[0]) if len(book.bid_prices) else np.nan
    ask = float(book.ask_prices[0]) if len(book.ask_prices) else np.nan
    return bid, ask


def _middle(book: Book) -> float | None:
    touch = [price for price in _touch(book) if not np.isnan(price)]
    return sum(touch) / len(touch) if touch else None


def _near_the_latest(books: Sequence[Book]) -> list[Book]:
    """Those that can be shown beside the latest one without making its levels too thin to see."""
    latest = _middle(books[-1])
    if latest is None:
        return [*books]
    reach = _REACH * _ROOM * _half(books[-1], latest)
    return [one for one in books if (middle := _middle(one)) is not None and abs(middle - latest) <= reach]


def _half(book: Book, middle: float) -> float:
    """How far from the middle most of what rests in a book is."""
    prices = np.concatenate((book.bid_prices, book.ask_prices))
    sizes = np.concatenate((book.bid_sizes, book.ask_sizes)).astype(np.float64)
    distances = np.abs(prices - middle)
    order = np.argsort(distances)
    within = np.cumsum(sizes[order])
    return float(distances[order][np.searchsorted(within, _MOST_RESTING * within[-1])])
