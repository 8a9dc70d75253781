"""Facts of the book: how its depth is spread, how wide its spread is, beside recorded markets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from tapewarden.evaluation.realism.fact import Band, Fact, Measured, NotMeasurableError, need
from tapewarden.evaluation.realism.record import DEPTH_BIN, Depth, Floats, Record, Touches
from tapewarden.evaluation.realism.statistics import Distribution, distance

REACH: Final = 25
"""Steps of the depth profile. Each is a typical spread wide, at least ``LEAST_STEP`` basis points."""

LEAST_STEP: Final = 1.0
ALIKE: Final = Band(high=0.3)
"""Distance below which two markets count as alike."""

HUMP: Final = slice(2, 10)
LEAST_MOMENTS: Final = 60
LEAST_TOUCHES: Final = 100


def profile(record: Record) -> Floats:
    """Mean displayed size at each step from the best price into the book, as shares, of shape (REACH,)."""
    depth, touches = _depth(record), _touches(record)
    step = max(typical_spread(touches), LEAST_STEP)
    bins = (np.arange(len(depth.size)) + 0.5) * DEPTH_BIN / step
    near = bins < REACH
    shares = np.bincount(bins[near].astype(np.int64), depth.size[near], REACH)
    if not shares.sum() > 0:
        raise NotMeasurableError("empty book")
    return np.asarray(shares / shares.sum())


def spreads(record: Record) -> Distribution:
    """Relative spreads over their median, and for how long each held."""
    touches = _touches(record)
    wide = _relative_spreads(touches)
    return wide / typical_spread(touches), _held(touches)


def typical_spread(touches: Touches) -> float:
    """Median spread over time, in basis points."""
    wide, held = _relative_spreads(touches), _held(touches)
    order = np.argsort(wide, kind="stable")
    sums = np.cumsum(held[order])
    return float(wide[order][np.searchsorted(sums, sums[-1] / 2)])


def _relative_spreads(touches: Touches) -> Floats:
    return np.asarray(((touches.ask - touches.bid) / touches.mid * 1e4)[:-1])


def _held(touches: Touches) -> Floats:
    return np.diff(touches.ts).astype(np.float64)


def _touches(record: Record) -> Touches:
    if record.touches is None:
        raise NotMeasurableError("needs a book (T1)")
    need(len(record.touches.ts), LEAST_TOUCHES, "quotes")
    return record.touches


def _depth(record: Record) -> Depth:
    if record.depth is None:
        raise NotMeasurableError("needs a book (T1)")
    need(record.depth.moments, LEAST_MOMENTS, "books")
    return record.depth


def _hump(record: Record, _: Sequence[Record]) -> Measured:
    shares = profile(record)
    assert record.depth is not None
    if shares[0] == 0:
        raise NotMeasurableError("nothing at the best price")
    return Measured(float(shares[HUMP].mean() / shares[0]), record.depth.moments)


def _steps(record: Record) -> Distribution:
    return np.arange(REACH), profile(record)


def nearest(
    record: Record, others: Sequence[Record], sample: Callable[[Record], Distribution]
) -> tuple[float, str]:
    """The distance to the recorded market that is most alike, and its name."""
    own = sample(record)
    found: list[tuple[float, str]] = []
    for other in others:
        try:
            found.append((distance(own, sample(other)), other.name))
        except NotMeasurableError:
            continue
    if not found:
        raise NotMeasurableError("no other recorded market to compare with")
    return min(found)


def _depth_distance(record: Record, others: Sequence[Record]) -> Measured:
    found, name = nearest(record, others, _steps)
    assert record.depth is not None
    return Measured(found, record.depth.moments, note=f"to {name}")


def _spread_distance(record: Record, others: Sequence[Record]) -> Measured:
    touches = _touches(record)
    found, name = nearest(record, others, spreads)
    return Measured(found, len(touches.ts), note=f"to {name}, median {typical_spread(touches):.3g} bps")


FACTS: Final = (
    Fact(
        "hump of the book",
        "mean depth 2 to 10 steps from the best price, over that of the first step",
        Band(low=1),
        "Bouchaud, Mézard and Potters 2002",
        _hump,
    ),
    Fact(
        "depth profile",
        "KS distance of depth over 25 steps to the nearest recorded market",
        Band(high=0.15),  # recorded markets keep within 0.13 of each other
        "Vyetrenko et al. 2020",
        _depth_distance,
    ),
    Fact(
        "spread",
        "KS distance of spread over its median to the nearest recorded market",
        ALIKE,
        "Vyetrenko et al. 2020",
        _spread_distance,
    ),
)
