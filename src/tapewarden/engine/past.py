"""`Past`: how far an instrument's price ran and how much was traded over the last window, and what is usual.

Every eighth of a window a trade leaves a sample of price and traded volume. The oldest sample that lies in
the window says what has happened since. Every new sample teaches how large moves usually are, up or down,
and the running median and median absolute deviation of volumes, so that a move or a volume can be told from
the instrument's own ordinary ones. Windows overlap: eight samples are about one independent window. They are
learned a window late, so that the one that is judged is not yet a part of what is usual.

Where nothing was traded for longer than a window, the last sample is the reference.
"""

from __future__ import annotations

from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, i64
from tapewarden.engine.acts import Act
from tapewarden.engine.measures import MAD_TO_SIGMA, Baseline, learn, robust_z
from tapewarden.engine.quantities import is_two_sided, mid_price, spread

SAMPLES: Final = 8

Counts = Annotated[npt.NDArray[np.int64], np.int64, (SAMPLES,)]
Prices = Annotated[npt.NDArray[np.float64], np.float64, (SAMPLES,)]


class Past(Row):
    """Samples of one instrument's last window, and what its windows are usually like."""

    taken: i64  # samples so far
    due: i64  # no sample before this time
    times: Counts
    volumes: Counts  # traded on the instrument until then
    prices: Prices
    late_moves: Prices  # not learned yet
    late_totals: Prices
    moves: Baseline  # of the price over a window, without their sign
    totals: Baseline  # traded in a window


@rule
def sample(past: Past, act: Act, window: int) -> None:
    """Take a sample if it is time to, and learn from the one a window before. To be called at every trade."""
    if act.ts < past.due:
        return
    place = past.taken % SAMPLES
    if past.taken >= 2 * SAMPLES:
        learn(past.moves, float(past.late_moves[place]))
        learn(past.totals, float(past.late_totals[place]))
    if past.taken >= SAMPLES:
        past.late_moves[place] = abs(moved(past, act, window))
        past.late_totals[place] = float(traded(past, act, window))
    past.times[place], past.volumes[place] = act.ts, act.volume_buy + act.volume_sell
    past.prices[place] = market_price(act)
    past.taken += 1
    past.due = act.ts + window // SAMPLES


@rule
def market_price(act: Act) -> float:
    """The mid price before the act, or the act's own price where the book has no two sides."""
    return mid_price(act) if is_two_sided(act) else float(act.price)


@rule
def moved(past: Past, act: Act, window: int) -> float:
    """How far the price has run over the last window, in price units, downward negative."""
    return market_price(act) - float(past.prices[reference(past, act.ts, window)])


@rule
def traded(past: Past, act: Act, window: int) -> int:
    """How much was traded over the last window, before the act."""
    return act.volume_buy + act.volume_sell - int(past.volumes[reference(past, act.ts, window)])


@rule
def reference(past: Past, ts: int, window: int) -> int:
    """Place of the oldest sample within the window, or of the latest one. Needs a sample."""
    for number in range(max(past.taken - SAMPLES, 0), past.taken):
        if past.times[number % SAMPLES] >= ts - window:
            return number % SAMPLES
    return (past.taken - 1) % SAMPLES


@rule
def move_z(past: Past, act: Act, move: float) -> float:
    """Robust z of a signed move among those of windows; nothing finer than the spread counts as usual.

    Under the hypothesis there is no drift: the deviation is about zero, not about what moves came to so far.
    """
    return move / max(MAD_TO_SIGMA * past.moves.median, float(spread(act)), 1.0)


@rule
def volume_z(past: Past, act: Act, volume: float) -> float:
    """Robust z of a volume among those of windows; nothing finer than half the median counts as usual."""
    return robust_z(past.totals, volume, max(0.5 * past.totals.median, act.size_scale, 1.0))
