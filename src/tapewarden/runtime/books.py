"""What stands in the books of an engine, for those who compare or show them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.domain.kinds import Side
from tapewarden.engine.engine import Engine


class Level(NamedTuple):
    """A price and the size displayed at it, in the instrument's units."""

    price: int
    size: int


def levels(engine: Engine, instrument: int, side: Side, most: int | None = None) -> list[Level]:
    """The levels of one side, the best first; ``instrument`` is the directory's number of it."""
    prices, sizes = level_columns(engine, instrument, side, most)
    return [Level(price, size) for price, size in zip(prices.tolist(), sizes.tolist(), strict=True)]


def level_columns(
    engine: Engine, instrument: int, side: Side, most: int | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Prices and sizes of the levels of one side, the best first, as arrays of shape (levels,)."""
    sells = side is Side.SELL
    block = engine.tables.sides[2 * (instrument + 1) + sells]
    start, count = int(block["start"]), int(block["count"])
    shown = count if most is None else min(most, count)
    ranks = engine.tables.ranks[start + count - shown : start + count][::-1]
    rows = engine.tables.levels[start + count - shown : start + count][::-1]
    sign = -1 if sells else 1  # the engine keeps prices of sells negated, so that larger is better
    return sign * ranks, rows["size"].copy()


def touch(engine: Engine, instrument: int) -> tuple[Level | None, Level | None]:
    """The best bid and the best ask, ``None`` for an empty side."""
    bids, asks = (levels(engine, instrument, side, 1) for side in (Side.BUY, Side.SELL))
    return next(iter(bids), None), next(iter(asks), None)
