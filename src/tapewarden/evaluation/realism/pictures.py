"""The facts as pictures: one curve per tape, beside what the textbook says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from tapewarden.evaluation.plots import COLORS, QUIET, Picture, curve, mark
from tapewarden.evaluation.realism.book import REACH, profile, spreads
from tapewarden.evaluation.realism.fact import NotMeasurableError, need
from tapewarden.evaluation.realism.flow import LEAST_GAPS, gaps, sign_memory
from tapewarden.evaluation.realism.impact import impact_curve
from tapewarden.evaluation.realism.lives import durations
from tapewarden.evaluation.realism.record import Floats, Record
from tapewarden.evaluation.realism.returns import MEMORY, minute_returns
from tapewarden.evaluation.realism.sizes import BENFORD, LEAST_SIZES, digit_shares
from tapewarden.evaluation.realism.statistics import Distribution, autocorrelation

POINTS: Final = 120
"""Points of a curve of a distribution, at most twice as many."""

Points = tuple[Floats, Floats]
Draw = Callable[[Record], Points]


def pictures(records: Sequence[Record]) -> dict[str, str]:
    """The pictures as SVG by name, those left out for which no tape is long enough."""
    return {name: text for name, text in _all(records) if text is not None}


def _all(records: Sequence[Record]) -> Iterator[tuple[str, str | None]]:
    yield "returns", _returns(records)
    yield "flow", _flow(records)
    yield "book", _book(records)
    yield "orders", _orders(records)
    yield "impact", _impact(records)


def _returns(records: Sequence[Record]) -> str | None:
    caption = (
        "One-minute returns. Left: how often a move is larger. Right: how long large moves are remembered."
    )
    with Picture("Heavy tails and clustered volatility", caption, panels=2) as picture:
        left = picture.panel("move, in standard deviations", "share of minutes with a larger move", log="xy")
        right = picture.panel("lag, minutes", "autocorrelation of absolute returns")
        left.set_xlim(0.1, 30)
        drawn = _curves(left, records, _tail) + _curves(right, records, _memory)
        mark(right, 0.1, "expected at 60: more than 0.1")
        size = np.linspace(0.1, 4.5, 60)
        gauss = np.exp(-(size**2) / 2) * 2 / (size + np.sqrt(size**2 + 8 / np.pi)) * np.sqrt(2 / np.pi)
        curve(left, size, gauss, "Gaussian", color=QUIET, dotted=True)
    return picture.svg() if drawn else None


def _flow(records: Sequence[Record]) -> str | None:
    caption = "Market orders. Left: how long their side is remembered. Right: how often one waits longer."
    with Picture("Persistent and bursty order flow", caption, panels=2) as picture:
        left = picture.panel("lag, market orders", "autocorrelation of sign", log="xy")
        right = picture.panel("wait over its mean", "share of longer waits", log="xy")
        left.set_ylim(0.01, 1)
        right.set_ylim(1e-4, 1.2)
        drawn = _curves(left, records, _signs) + _curves(right, records, _waits)
        wait = np.geomspace(1e-3, 9, 60)
        curve(right, wait, np.exp(-wait), "exponential", color=QUIET, dotted=True)
    return picture.svg() if drawn else None


def _book(records: Sequence[Record]) -> str | None:
    caption = "Left: steps are a typical spread wide, at least 1 bp. Right: how often the spread is wider."
    with Picture("Depth and spread of the book", caption, panels=2) as picture:
        left = picture.panel("steps from the best price", f"share of the depth of {REACH} steps")
        right = picture.panel("spread over its median", "share of time with a wider spread", log="xy")
        drawn = _curves(left, records, lambda one: (np.arange(0.5, REACH), profile(one)))
        drawn += _curves(right, records, lambda one: _longer(spreads(one)))
    return picture.svg() if drawn else None


def _orders(records: Sequence[Record]) -> str | None:
    caption = "Left: how many orders live longer. Right: how many trade sizes begin with each digit."
    with Picture("Lives of orders and sizes of trades", caption, panels=2) as picture:
        left = picture.panel("life, seconds", "share of orders that live longer", log="x")
        right = picture.panel("first digit", "share of trades")
        drawn = _curves(left, records, _lives) + _curves(right, records, _digits)
        curve(right, np.arange(1, 10), BENFORD, "Benford", color=QUIET, dotted=True)
    return picture.svg() if drawn else None


def _impact(records: Sequence[Record]) -> str | None:
    caption = "Mid move by net volume of 20 market orders; bands are ± 1.96 standard errors."
    with Picture("Impact grows more slowly than volume", caption) as picture:
        panel = picture.panel("net volume over its mean", "move in its direction, basis points", log="x")
        drawn = 0
        for number, record in enumerate(records):
            try:
                volume, move, error = impact_curve(record)
            except NotMeasurableError:
                continue
            drawn += 1
            band = (move - 1.96 * error, move + 1.96 * error)
            curve(panel, volume, move, record.name, color=_color(number), band=band, points=True)
    return picture.svg() if drawn else None


def _curves(axes: Axes, records: Sequence[Record], draw: Draw) -> int:
    """Draw a curve for every record that allows it; gives how many."""
    drawn = 0
    for number, record in enumerate(records):
        try:
            x, y = draw(record)
        except NotMeasurableError:
            continue
        drawn += 1
        curve(axes, x, y, record.name, color=_color(number))
    return drawn


def _color(number: int) -> str:
    return COLORS[number % len(COLORS)]


def _tail(record: Record) -> Points:
    returns = minute_returns(record, 120)
    sizes = np.abs(returns - returns.mean()) / returns.std()
    return _longer((sizes, np.ones(len(sizes))))


def _memory(record: Record) -> Points:
    sizes = np.abs(minute_returns(record, 5 * MEMORY))
    lags = np.arange(1, 2 * MEMORY + 1)
    return lags.astype(np.float64), np.array([autocorrelation(sizes, int(lag)) for lag in lags])


def _signs(record: Record) -> Points:
    signs = record.market_orders().sign
    need(len(signs), 500, "market orders")
    lags, memory = sign_memory(signs)
    seen = memory > 2 / np.sqrt(len(signs))
    return lags[seen].astype(np.float64), memory[seen]


def _waits(record: Record) -> Points:
    between = gaps(record)
    need(len(between), LEAST_GAPS, "waits")
    return _longer((between / between.mean(), np.ones(len(between))))


def _lives(record: Record) -> Points:
    seconds = durations(record)
    need(len(seconds), LEAST_GAPS, "orders that ended")
    return _longer((np.maximum(seconds, 1e-3), np.ones(len(seconds))))


def _digits(record: Record) -> Points:
    sizes = record.trades.size
    need(len(sizes), LEAST_SIZES, "trades")
    return np.arange(1.0, 10.0), digit_shares(sizes)


def _longer(distribution: Distribution) -> Points:
    """Share of a distribution above each of a few of its values, evenly spread and toward its end."""
    values, weights = distribution
    order = np.argsort(values, kind="stable")
    above = 1 - np.cumsum(weights[order]) / np.sum(weights)
    levels = np.concatenate([np.linspace(1, 0, POINTS), np.geomspace(1, 1e-5, POINTS)])
    shown = np.unique(np.searchsorted(-above, -levels))
    shown = shown[shown < len(values)]
    shown = shown[above[shown] > 1e-9]
    return np.asarray(values[order][shown], np.float64), above[shown]
