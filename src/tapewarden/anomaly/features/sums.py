"""`Sums`: all that is remembered of the acts in a window. Everything is a sum, so windows merge by adding.

The exception are the heaviest counterparties, which merge by the *Space Saving* algorithm as in
``engine.heaviest``, in fewer places.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import exponent_of, inline_rule, rule
from tapewarden.compiled.rows import ACCOUNT, Row, f64, u32
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.dealings import OCTAVES

BUCKETS: Final = 12
"""Of a histogram of times: below 1 ms, then each four times as wide, the last from 17.5 min on."""

PARTNERS: Final = 6

FAR: Final = 1
MIDDLE: Final = 2
NEAR: Final = 3
ZONES: Final = 4
"""How near an order is to the best price; 0 is farther than far."""

MISSING: Final = float("nan")
_MILLISECOND: Final = SECOND // 1000

Times = Annotated[npt.NDArray[np.uint32], np.uint32, (BUCKETS,)]
Octaves = Annotated[npt.NDArray[np.uint32], np.uint32, (OCTAVES,)]
BySide = Annotated[npt.NDArray[np.float64], np.float64, (2,)]
"""Buys, sells."""

ByZone = Annotated[npt.NDArray[np.float64], np.float64, (ZONES,)]
ZoneCounts = Annotated[npt.NDArray[np.uint32], np.uint32, (ZONES,)]
PartnerSizes = Annotated[npt.NDArray[np.float64], np.float64, (PARTNERS,)]
PartnerActors = Annotated[npt.NDArray[np.uint32], np.uint32, (PARTNERS,), ACCOUNT]


class Sums(Row):
    """Acts of an actor on an instrument, or of all of them once per event; eight cache lines.

    Sizes in the instrument's units. Orders that were never displayed count as placed only. Of all actors only
    that is known which ``enter_event`` adds.
    """

    placed_size: f64
    shown: BySide
    weighted: BySide  # by 1 / (1 + basis points behind the best price)
    traded: BySide  # for all actors: by takers
    canceled_size: f64
    parts: ByZone  # size / (size + depth of the side near the touch)
    depth_share: f64
    rate_z: f64
    level_z: f64
    gap: f64  # seconds between messages, and their squares
    gap_squares: f64
    taken: f64
    net_taken: f64  # bought less sold
    net_taken_at: f64  # the same, times the price before the trade
    self_size: f64
    window_size: f64  # while a reference window was open
    trip: f64  # seconds from the last fill on the other side
    partner_sizes: PartnerSizes  # the first that does not merge by adding
    messages: u32  # the first that is a count
    placed: u32
    zones: ZoneCounts  # shown orders
    improving: u32
    depths: u32  # messages with depth near the touch
    gaps: u32
    amended: u32
    retreated: u32
    canceled: u32  # by members
    mass: u32
    soon: u32  # at most a second after a fill on the other side
    rejected: u32
    fills: u32
    takes: u32
    ticking: u32
    trips: u32
    lives: Times
    waits: Times  # from a fill on the other side to a cancelation
    trade_gaps: Times
    sizes: Octaves  # of orders, in octaves of the typical trade
    partners: PartnerActors  # the second that does not merge by adding
    spare: u32  # fills the eighth cache line


NUMBERS: Final = int(Sums.dtype.fields["partner_sizes"][1]) // 8  # type: ignore[index]
"""How many of a row's f64 merge by adding."""

WIDTH: Final = Sums.dtype.itemsize // 8
COUNTS_FROM: Final = int(Sums.dtype.fields["messages"][1]) // 4  # type: ignore[index]
COUNTS_TO: Final = int(Sums.dtype.fields["partners"][1]) // 4  # type: ignore[index]
"""Which of a row's u32 merge by adding."""

COUNT_WIDTH: Final = Sums.dtype.itemsize // 4


class BookSums(Row):
    """The market of an instrument: its book as of just before each event, and its trades."""

    squares: f64  # of the price's steps
    path: f64  # their sizes
    spread: f64  # basis points
    depth: f64
    leaning: f64  # imbalance of the depth, without its sign
    books: f64  # events with a two-sided book
    buys: f64  # of takers
    rushed: f64
    round: f64
    repeated: f64
    liquidated: f64  # volume


BOOK_WIDTH: Final = BookSums.dtype.itemsize // 8


@inline_rule
def merge_sums(sums: Any, numbers: Any, counts: Any, into: int, other: int) -> None:
    """Add one row of sums to another; ``numbers`` and ``counts`` are the same memory as f64 and as u32."""
    a, b = into * WIDTH, other * WIDTH
    for k in range(NUMBERS):
        numbers[a + k] += numbers[b + k]
    a, b = into * COUNT_WIDTH, other * COUNT_WIDTH
    for k in range(COUNTS_FROM, COUNTS_TO):
        counts[a + k] += counts[b + k]
    source, target = sums[other], sums[into]
    if source.partners[0] != 0:
        for k in range(PARTNERS):
            if source.partners[k] != 0:
                meet(target, source.partners[k], source.partner_sizes[k])


@inline_rule
def merge_books(numbers: Any, into: int, other: int) -> None:
    """Add one row of book sums to another; ``numbers`` is their memory as f64."""
    a, b = into * BOOK_WIDTH, other * BOOK_WIDTH
    for k in range(BOOK_WIDTH):
        numbers[a + k] += numbers[b + k]


@rule
def meet(sums: Any, actor: int, size: float) -> None:
    """Count volume with a counterparty; a new one takes the lightest one's place and goes on from there."""
    lightest = 0
    for k in range(PARTNERS):
        if sums.partners[k] == actor:
            sums.partner_sizes[k] += size
            return
        if sums.partners[k] == 0:
            sums.partners[k] = actor
            sums.partner_sizes[k] = size
            return
        if sums.partner_sizes[k] < sums.partner_sizes[lightest]:
            lightest = k
    sums.partners[lightest] = actor
    sums.partner_sizes[lightest] += size


@rule
def bucket_of(elapsed: int) -> int:
    """Which bucket a time in nanoseconds falls into."""
    bucket = 1 + exponent_of(float(elapsed) / _MILLISECOND) // 2
    return min(bucket, BUCKETS - 1) if elapsed >= _MILLISECOND else 0


@rule
def quantile(times: Any, part: float) -> float:
    """Quantile of a histogram of times in seconds, evenly spread within its bucket; NaN when it is empty."""
    total = 0.0
    for k in range(BUCKETS):
        total += float(times[k])
    if total == 0.0:
        return MISSING
    wanted, below, low, high = part * total, 0.0, 0.0, 0.001
    for k in range(BUCKETS):
        count = float(times[k])
        if below + count >= wanted and count > 0:
            return low + (high - low) * (wanted - below) / count
        below += count
        low, high = high, 4.0 * high
    return low


@rule
def diversity(counts: Any) -> float:
    """Effective number of kinds, ``1 / sum of squared shares`` (inverse Simpson, Hill number of order 2)."""
    total, squares = 0.0, 0.0
    for k in range(len(counts)):
        total += float(counts[k])
        squares += float(counts[k]) * float(counts[k])
    return total * total / squares if squares > 0 else MISSING


@rule
def share(part: float, whole: float) -> float:
    """``part / whole``; NaN where there is no whole."""
    return float(part) / float(whole) if whole > 0 else MISSING
