"""Facts of impact: it grows more slowly than size, and part of it goes away again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import curve_fit

from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.realism.fact import Band, Fact, Measured, NotMeasurableError, need
from tapewarden.evaluation.realism.record import Floats, Record, Touches

WINDOW: Final = 20
"""Market orders whose net volume is set against the move of the mid price they bring."""

BINS: Final = 10
LEAST_WINDOWS: Final = 100
LARGE: Final = 0.9  # quantile of size from which on a market order is large
EARLY, LATE = 2 * SECOND, 30 * SECOND
LEAST_LARGE: Final = 30
MOST_ERROR: Final = 0.5
"""Beyond this standard error an exponent or a share says nothing."""

Curve = tuple[Floats, Floats, Floats]


def impact_curve(record: Record) -> Curve:
    """Net volume over its mean, move in basis points in its direction, and its standard error, by bin."""
    volumes, moves = _windows(record)
    need(len(volumes), LEAST_WINDOWS, f"windows of {WINDOW} market orders")
    size = np.abs(volumes) / np.abs(volumes).mean()
    along = np.sign(volumes) * moves
    bins = np.array_split(np.argsort(size, kind="stable"), BINS)
    return (
        np.array([size[rows].mean() for rows in bins]),
        np.array([along[rows].mean() for rows in bins]),
        np.array([along[rows].std(ddof=1) / np.sqrt(len(rows)) for rows in bins]),
    )


def _windows(record: Record) -> tuple[Floats, Floats]:
    """Signed volume of each window, and the move in basis points from its first order to the next window."""
    orders, touches = record.market_orders(), _touches(record)
    need(len(orders.ts), LEAST_WINDOWS * WINDOW, "market orders")
    starts = np.arange(0, len(orders.ts), WINDOW)
    volumes = np.add.reduceat(orders.sign * orders.size, starts)[:-1].astype(np.float64)
    moves = np.diff(np.log(touches.mid_before(orders.ts[starts]))) * 1e4
    told = np.isfinite(moves) & (volumes != 0)
    return volumes[told], moves[told]


def _touches(record: Record) -> Touches:
    if record.touches is None:
        raise NotMeasurableError("needs a book (T1)")
    return record.touches


def _concavity(record: Record, _: Sequence[Record]) -> Measured:
    volume, move, error = impact_curve(record)
    if not (error > 0).all() or move.mean() < 2 * np.sqrt((error**2).sum()) / BINS:
        raise NotMeasurableError("no impact beyond the noise")
    found, spread = curve_fit(
        lambda size, scale, exponent: scale * size**exponent,
        volume,
        move,
        p0=(float(move.mean()), 0.5),
        sigma=error,
        absolute_sigma=True,
        bounds=((0.0, -1.0), (np.inf, 4.0)),
    )
    deviation = float(np.sqrt(spread[1, 1]))
    if not deviation < MOST_ERROR:
        raise NotMeasurableError(f"too noisy: exponent {found[1]:.2f} ± {deviation:.2f}")
    return Measured(float(found[1]), len(_windows(record)[0]), deviation)


def _reversion(record: Record, _: Sequence[Record]) -> Measured:
    early, late = _responses(record)
    need(len(early), LEAST_LARGE, f"large market orders {LATE // SECOND} s before the end")
    start = early.mean()
    if start < 2 * early.std(ddof=1) / np.sqrt(len(early)):
        raise NotMeasurableError("no impact beyond the noise")
    undone = 1 - late.mean() / start
    rest = late - (1 - undone) * early  # delta method for a ratio of means
    error = float(rest.std(ddof=1) / np.sqrt(len(early)) / start)
    if error > MOST_ERROR:
        raise NotMeasurableError(f"too noisy: {undone:.2f} ± {error:.2f} undone")
    return Measured(float(undone), len(early), error)


def _responses(record: Record) -> tuple[Floats, Floats]:
    """Move from just before each large market order to ``EARLY`` and ``LATE`` after it, in its direction."""
    orders, touches = record.market_orders(), _touches(record)
    need(len(orders.ts), round(LEAST_LARGE / (1 - LARGE)), "market orders")
    large = (orders.size >= np.quantile(orders.size, LARGE)) & (orders.ts + LATE <= record.last)
    before = np.log(touches.mid_before(orders.ts))
    early, late = (
        orders.sign * (np.log(touches.mid_at(orders.ts + wait)) - before) * 1e4 for wait in (EARLY, LATE)
    )
    told = large & np.isfinite(early) & np.isfinite(late)
    return early[told], late[told]


FACTS: Final = (
    Fact(
        "concave impact",
        f"exponent of the mid move over net volume of {WINDOW} market orders",
        Band(0.4, 0.7),
        "Bouchaud, Farmer and Lillo 2009",
        _concavity,
    ),
    Fact(
        "partial reversion",
        "share of the impact of large market orders after 2 s that is undone after 30 s",
        Band(0, 1),
        "Bouchaud, Farmer and Lillo 2009",
        _reversion,
    ),
)
