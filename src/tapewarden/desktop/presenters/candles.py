"""Candles: the trades of each second, and of longer spans made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.kinds import MINUTE, SECOND

Column = npt.NDArray[np.int64]

INTERVALS: Final = {
    "1 s": SECOND,
    "5 s": 5 * SECOND,
    "15 s": 15 * SECOND,
    "1 min": MINUTE,
    "5 min": 5 * MINUTE,
}
"""What can be shown, by name."""

MOST_KEPT: Final = 20_000
"""Seconds with trades that a series remembers."""

_OPEN, _HIGH, _LOW, _CLOSE, _VOLUME = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Candles:
    """Candles in columns of equal length, in order of time; spans without trades have none.

    Attributes:
        interval_ns: How long each is.
        start_ns: When each begins, ns UTC.
        open: Of the first trade; prices in units of the instrument.
        high: The highest.
        low: The lowest.
        close: Of the last trade.
        volume: Sum of sizes, units of the instrument.
    """

    interval_ns: int
    start_ns: Column
    open: Column
    high: Column
    low: Column
    close: Column
    volume: Column

    def __len__(self) -> int:
        return len(self.start_ns)


class CandleSeries:
    """The candles of one instrument, a second each, fed with trades as they come.

    A late trade enters the high, low and volume of its second; only where there is none yet it opens one.
    Costs of ``add`` grow with the trades, of ``latest`` with the seconds it looks at.
    """

    def __init__(self) -> None:
        self._seconds = np.zeros(2 * MOST_KEPT, np.int64)
        self._values = np.zeros((2 * MOST_KEPT, 5), np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, ts_event: Column, price: Column, size: Column) -> None:
        """Learn of trades in the order of the tape; those of unknown price or time are left out."""
        known = (price >= 0) & (ts_event >= 0)
        if not known.any():
            return
        seconds, values = _grouped(ts_event[known] // SECOND, price[known], np.maximum(size[known], 0))
        for second, value in zip(seconds.tolist(), values, strict=True):
            self._put(second, value)

    def latest(self, count: int, interval_ns: int = SECOND) -> Candles:
        """The latest ``count`` candles of an interval of whole seconds."""
        ratio = interval_ns // SECOND
        known = self._seconds[: self._count]
        if not len(known):
            return _candles(interval_ns, known, self._values[:0])
        begin = max(0, len(known) - count * ratio)  # as many spans begin here at least
        seconds, values = known[begin:], self._values[begin : self._count]
        spans, values = _coarser(seconds // ratio, values)
        return _candles(interval_ns, spans[-count:] * interval_ns, values[-count:])

    def _put(self, second: int, value: Column) -> None:
        last = self._count - 1
        if last < 0 or second > self._seconds[last]:
            self._insert(self._count, second, value)
        elif second == self._seconds[last]:
            self._merge(last, value)
            self._values[last, _CLOSE] = value[_CLOSE]
        else:
            place = int(np.searchsorted(self._seconds[: self._count], second))
            if self._seconds[place] == second:
                self._merge(place, value)
            else:
                self._insert(place, second, value)

    def _insert(self, place: int, second: int, value: Column) -> None:
        self._seconds[place + 1 : self._count + 1] = self._seconds[place : self._count]
        self._values[place + 1 : self._count + 1] = self._values[place : self._count]
        self._seconds[place], self._values[place] = second, value
        self._count += 1
        if self._count == len(self._seconds):
            self._forget()

    def _forget(self) -> None:
        """Forget the older half."""
        self._seconds[:MOST_KEPT] = self._seconds[self._count - MOST_KEPT : self._count]
        self._values[:MOST_KEPT] = self._values[self._count - MOST_KEPT : self._count]
        self._count = MOST_KEPT

    def _merge(self, place: int, value: Column) -> None:
        known = self._values[place]
        known[_HIGH] = max(known[_HIGH], value[_HIGH])
        known[_LOW] = min(known[_LOW], value[_LOW])
        known[_VOLUME] += value[_VOLUME]


def _grouped(seconds: Column, price: Column, size: Column) -> tuple[Column, Column]:
    """Candle values of trades, by second."""
    order = np.argsort(seconds, kind="stable")
    seconds, price, size = seconds[order], price[order], size[order]
    begins = np.flatnonzero(np.r_[True, seconds[1:] != seconds[:-1]])
    ends = np.r_[begins[1:], len(seconds)] - 1
    columns = (
        price[begins],
        np.maximum.reduceat(price, begins),
        np.minimum.reduceat(price, begins),
        price[ends],
        np.add.reduceat(size, begins),
    )
    return seconds[begins], np.column_stack(columns)


def _coarser(spans: Column, values: Column) -> tuple[Column, Column]:
    """Candle values of longer spans."""
    begins = np.flatnonzero(np.r_[True, spans[1:] != spans[:-1]])
    ends = np.r_[begins[1:], len(spans)] - 1
    columns = (
        values[begins, _OPEN],
        np.maximum.reduceat(values[:, _HIGH], begins),
        np.minimum.reduceat(values[:, _LOW], begins),
        values[ends, _CLOSE],
        np.add.reduceat(values[:, _VOLUME], begins),
    )
    return spans[begins], np.column_stack(columns)


def _candles(interval_ns: int, start_ns: Column, values: Column) -> Candles:
    return Candles(interval_ns, start_ns, *(values[:, column].copy() for column in range(5)))
