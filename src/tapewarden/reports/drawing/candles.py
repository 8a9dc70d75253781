"""Trades as candles of one length."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from tapewarden.domain.kinds import SECOND
from tapewarden.reports.market import Column, Span, Trades

MOST: Final = 120

_LENGTHS: Final = tuple(number * SECOND for number in (1, 2, 5, 10, 15, 30, 60))


class Candles(NamedTuple):
    """Candles that begin at ``start``, each for ``length`` ns; units of the instrument."""

    length: int
    start: Column
    open: Column
    high: Column
    low: Column
    close: Column
    volume: Column


def candles_of(trades: Trades, span: Span) -> Candles:
    """At most ``MOST`` candles of trades in order of time, of a round length; none without trades."""
    whole = span.until_ns - span.from_ns
    length = next((one for one in _LENGTHS if whole <= MOST * one), _LENGTHS[-1])
    places = trades.ts_event // length
    begins = np.flatnonzero(np.r_[True, places[1:] != places[:-1]][: len(places)])
    if not len(begins):
        return Candles(length, *(np.zeros(0, np.int64) for _ in range(6)))
    ends = np.r_[begins[1:], len(places)] - 1
    return Candles(
        length,
        places[begins] * length,
        trades.price[begins],
        np.maximum.reduceat(trades.price, begins),
        np.minimum.reduceat(trades.price, begins),
        trades.price[ends],
        np.add.reduceat(trades.size, begins),
    )
