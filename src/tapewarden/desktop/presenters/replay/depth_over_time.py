"""Depth of a window as an image whose columns are evenly apart in time, so that it lines up with a chart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from tapewarden.client import Book, MarketWindow
from tapewarden.desktop.presenters.depth import DepthImage, Grid, grid_for

BOOKS: Final = 600
"""Books to ask a server for."""

COLUMNS: Final = 1_200
ROWS: Final = 110

_MARGIN: Final = 3  # rows beyond those prices
_FARTHEST: Final = 1.5  # times the span of what usually rests: how far the image goes for certain prices


def depth_over_time(window: MarketWindow, prices: Iterable[int] = ()) -> DepthImage | None:
    """The books of a window, each from its time until the next one; ``None`` where they have no levels.

    ``prices`` are to be seen in the image if they are not too far away.
    """
    usual = grid_for(window.books, window.instrument.tick, ROWS)
    if usual is None:
        return None
    grid = _reaching(usual, prices, window.instrument.tick or 1)
    image = grid.image(window.books, [grid.column(book) for book in window.books])
    length = (window.until_ns - window.from_ns) / COLUMNS
    times = window.from_ns + ((np.arange(COLUMNS) + 0.5) * length).astype(np.int64)
    places = _latest(window.books, times)
    return DepthImage(
        sizes=image.sizes[:, places],
        low=image.low,
        high=image.high,
        times=times,
        bids=image.bids[places],
        asks=image.asks[places],
    )


def _latest(books: Sequence[Book], times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int]:
    """The place of the book at each of some times."""
    known = np.array([book.ts_event for book in books])
    places: list[int] = np.maximum(np.searchsorted(known, times, side="right") - 1, 0).tolist()
    return places


def _reaching(usual: Grid, prices: Iterable[int], tick: int) -> Grid:
    """A grid that has these prices too, unless they are far away."""
    reach = (usual.high - usual.low) * _FARTHEST
    near = [price for price in prices if usual.low - reach <= price < usual.high + reach]
    low, high = min(near, default=usual.low), max(near, default=usual.high)
    if usual.low <= low and high < usual.high:
        return usual
    low, high = min(low - _MARGIN * usual.step, usual.low), max(high + _MARGIN * usual.step, usual.high)
    step = max(1, math.ceil((high - low) / ROWS / tick)) * tick
    begin = math.floor(low / step) * step
    return Grid(begin, step, math.ceil((high - begin) / step), usual.room)
