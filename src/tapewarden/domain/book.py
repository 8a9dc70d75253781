"""A book at one time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


class BookState(NamedTuple):
    """Prices and sizes of a book, best first, before events of this time; in units of the instrument."""

    ts_event: int
    bid_prices: Numbers
    bid_sizes: Numbers
    ask_prices: Numbers
    ask_sizes: Numbers
