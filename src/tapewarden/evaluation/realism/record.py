"""`Record`: what the facts are measured on, as columns, and how prices and moves are read off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trades:
    """Trades in tape order: times (ns), prices and sizes in units, and the aggressor's side (±1, 0 unknown).

    ``order`` is the number of the market order a trade belongs to, counting from 0: one aggressor that meets
    several resting orders gives several trades.
    """

    ts: Integers
    price: Integers
    size: Integers
    sign: Integers
    order: Integers


@dataclass(frozen=True, slots=True)
class MarketOrders:
    """Trades of one aggressor as one: time, side and size. Those without a known side are left out."""

    ts: Integers
    sign: Integers
    size: Integers


@dataclass(frozen=True, slots=True)
class Touches:
    """Best bid and ask from each time on until the next, where both exist and are not crossed."""

    ts: Integers
    bid: Integers
    ask: Integers

    @property
    def mid(self) -> Floats:
        """Mid prices, in units."""
        return (self.bid + self.ask) / 2

    def mid_before(self, times: Integers) -> Floats:
        """The mid price just before each time; NaN where none is known yet."""
        return _at(self.ts, self.mid, times, side="left")

    def mid_at(self, times: Integers) -> Floats:
        """The mid price once everything of each time has happened; NaN where none is known yet."""
        return _at(self.ts, self.mid, times, side="right")


@dataclass(frozen=True, slots=True)
class Depth:
    """Displayed size by distance from the best price of its side, over moments evenly spread in time.

    ``size`` is the mean of both sides and all ``moments``, in units, of shape (bins,): each bin is
    ``DEPTH_BIN`` basis points of the mid price wide, the first one begins at the best price.
    """

    size: Floats
    moments: int


DEPTH_BIN: Final = 0.1
"""Width of the bins of ``Depth``, in basis points."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Order lives: how long (ns, −1 where an end was not seen), how they ended, whose, how much.

    ``canceled`` and ``filled`` tell the endings that count: by a member's cancel, by a fill. ``ordered`` and
    ``traded`` are sizes in units, ``account`` a number of the directory, −1 where unknown.
    """

    duration: Integers
    canceled: Mask
    filled: Mask
    account: Integers
    ordered: Integers
    traded: Integers


@dataclass(frozen=True, slots=True)
class Record:
    """One instrument of one tape. Parts that its tier does not show are ``None``.

    ``first`` and ``last`` are the times (ns) between which it was seen; ``accounts`` are names by number.
    """

    name: str
    instrument: str
    tier: int
    simulated: bool
    first: int
    last: int
    trades: Trades
    touches: Touches | None = None
    depth: Depth | None = None
    lives: Lives | None = None
    accounts: Mapping[int, str] | None = None

    def market_orders(self) -> MarketOrders:
        """The trades by aggressor."""
        trades = self.trades
        starts = np.flatnonzero(np.diff(trades.order, prepend=-1))
        if not len(starts):
            return MarketOrders(trades.ts, trades.sign, trades.size)
        size = np.add.reduceat(trades.size, starts)
        known = trades.sign[starts] != 0
        return MarketOrders(trades.ts[starts][known], trades.sign[starts][known], size[known])

    def returns(self, step: int) -> Floats:
        """Log returns over steps of ``step`` ns, of the mid price or, without a book, of the last trade."""
        ts, price = self._prices()
        if not len(ts):
            return np.zeros(0)
        grid = np.arange(max(self.first, int(ts[0])), self.last + 1, step)
        return np.diff(np.log(_at(ts, price, grid, side="right")))

    def volumes(self, step: int) -> Floats:
        """Traded size in the steps of ``returns``."""
        ts, _ = self._prices()
        if not len(ts):
            return np.zeros(0)
        edges = np.arange(max(self.first, int(ts[0])), self.last + 1, step)
        places = np.searchsorted(edges, self.trades.ts, side="left") - 1
        inside = (places >= 0) & (places < len(edges) - 1)
        volumes = np.bincount(places[inside], self.trades.size[inside], max(len(edges) - 1, 0))
        return volumes.astype(np.float64)

    def quiet_share(self, step: int) -> float:
        """Share of steps without any news of the price: trades, or quotes where there is a book."""
        ts, _ = self._prices()
        edges = np.arange(self.first, self.last + 1, step)
        if len(edges) < 2:
            return 1.0
        told = np.histogram(ts, edges)[0] > 0
        return 1.0 - float(told.mean())

    def _prices(self) -> tuple[Integers, Floats]:
        if self.touches is not None and len(self.touches.ts):
            return self.touches.ts, self.touches.mid
        return self.trades.ts, self.trades.price.astype(np.float64)


def _at(ts: Integers, values: Floats, times: Integers, *, side: Literal["left", "right"]) -> Floats:
    """The last value up to each time: before it (``side="left"``) or including it; NaN before the first."""
    places = np.searchsorted(ts, times, side=side) - 1
    found = values[np.maximum(places, 0)] if len(values) else np.full(len(times), np.nan)
    return np.where(places >= 0, found, np.nan)


NO_TRADES: Final = Trades(*(np.zeros(0, np.int64) for _ in range(5)))
"""Of a tape on which nothing traded."""
