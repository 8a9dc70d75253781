"""Books side by side as a picture in numbers: how much rests at each price over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.book import BookState
from tapewarden.reports.market import Span

COLUMNS: Final = 600
ROWS: Final = 110

_DARKEST: Final = 0.99  # the quantile of resting sizes that is shown as full darkness
_MOST_RESTING: Final = 0.9  # of what rests is within the prices that are shown,
_ROOM: Final = 1.25  # which go so much farther


@dataclass(frozen=True, slots=True, eq=False)
class Depth:
    """What rests from price ``low`` up to ``high``, units of the instrument.

    Attributes:
        low: Where the lowest row begins.
        high: Where the highest one ends.
        step: How much of it a row is.
        darkness: From 0 to 1: a row per price from the highest down, columns evenly apart in time.
        bids: Best bid by column; NaN where there is none.
        asks: Best ask likewise.
    """

    low: int
    high: int
    step: int
    darkness: npt.NDArray[np.float64]
    bids: npt.NDArray[np.float64]
    asks: npt.NDArray[np.float64]


def depth_of(books: Sequence[BookState], span: Span, tick: int | None) -> Depth | None:
    """The picture of books, each from its time until the next one's; ``None`` where nothing rests."""
    known = [(book, middle) for book in books if not math.isnan(middle := _middle(book))]
    if not known:
        return None
    tick = tick or 1
    half = (float(np.median([_half(book, middle) for book, middle in known])) or tick) * _ROOM
    middles = [middle for _, middle in known]
    low, high = min(middles) - half, max(middles) + half
    step = max(1, math.ceil((high - low) / ROWS / tick)) * tick
    begin = math.floor(low / step) * step
    rows = math.ceil((high - begin) / step)
    sizes = np.column_stack([_column(book, begin, step, rows) for book in books])
    places = _latest(books, span)
    touch = np.array([_touch(book) for book in books])[places]
    return Depth(begin, begin + step * rows, step, _darkness(sizes)[:, places], touch[:, 0], touch[:, 1])


def _column(book: BookState, low: int, step: int, rows: int) -> npt.NDArray[np.float64]:
    sizes = np.zeros(rows)
    for prices, resting in ((book.bid_prices, book.bid_sizes), (book.ask_prices, book.ask_sizes)):
        places = (prices - low) // step
        inside = (places >= 0) & (places < rows)
        np.add.at(sizes, rows - 1 - places[inside], resting[inside])
    return sizes


def _darkness(sizes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """By the square root of the size, so that thin levels are seen beside walls."""
    resting = sizes[sizes > 0]
    darkest = float(np.quantile(resting, _DARKEST)) if len(resting) else 1.0
    shares: npt.NDArray[np.float64] = np.sqrt(np.minimum(sizes / darkest, 1))
    return shares


def _latest(books: Sequence[BookState], span: Span) -> npt.NDArray[np.int64]:
    """The place of the book at the time of each column."""
    times = span.from_ns + (np.arange(COLUMNS) + 0.5) * ((span.until_ns - span.from_ns) / COLUMNS)
    known = np.array([book.ts_event for book in books])
    return np.maximum(np.searchsorted(known, times, side="right") - 1, 0)


def _touch(book: BookState) -> tuple[float, float]:
    bid = float(book.bid_prices[0]) if len(book.bid_prices) else math.nan
    ask = float(book.ask_prices[0]) if len(book.ask_prices) else math.nan
    return bid, ask


def _middle(book: BookState) -> float:
    touch = [price for price in _touch(book) if not math.isnan(price)]
    return sum(touch) / len(touch) if touch else math.nan


def _half(book: BookState, middle: float) -> float:
    """How far from the middle most of what rests in a book is."""
    prices = np.concatenate((book.bid_prices, book.ask_prices))
    sizes = np.concatenate((book.bid_sizes, book.ask_sizes)).astype(np.float64)
    distances = np.abs(prices - middle)
    order = np.argsort(distances, kind="stable")
    within = np.cumsum(sizes[order])
    return float(distances[order][np.searchsorted(within, _MOST_RESTING * within[-1])])
