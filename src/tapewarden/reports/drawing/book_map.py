"""The order book over time, with the orders of the suspects on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.kinds import EventKind, Side
from tapewarden.reports.drawing import svg
from tapewarden.reports.drawing.depth import COLUMNS, Depth, depth_of
from tapewarden.reports.drawing.frame import LEFT, RIGHT, WIDTH, Frame
from tapewarden.reports.drawing.png import data_address, png
from tapewarden.reports.drawing.resting import rests
from tapewarden.reports.market import MarketWindow

_HEIGHT: Final = 290
_TOP: Final = 22.0
_BOTTOM: Final = 270.0
_SCALE: Final = np.array(  # from nothing to a wall: white, light blue, blue, almost black
    [(255, 255, 255), (205, 225, 243), (102, 160, 212), (29, 84, 150), (10, 24, 56)], np.float64
)


def book_map(window: MarketWindow) -> str:
    """The map of a window as SVG."""
    depth = depth_of(window.books, window.span, window.instrument.tick)
    if depth is None:
        return svg.picture(WIDTH, 30, [svg.text("No book is known in this time.", LEFT, 18, fill=svg.FAINT)])
    half = depth.step / 2  # a price stands in the middle of its row
    frame = Frame(window.span, depth.low - half, depth.high - half, _TOP, _BOTTOM)
    parts = [
        _image(frame, depth),
        *frame.axes(window.instrument, _BOTTOM),
        *_touch(frame, depth),
        *_orders(frame, window),
        frame.border(_BOTTOM),
        *_legend(),
    ]
    return svg.picture(WIDTH, _HEIGHT, parts)


def _image(frame: Frame, depth: Depth) -> str:
    return svg.element(
        "image",
        x=LEFT,
        y=_TOP,
        width=WIDTH - LEFT - RIGHT,
        height=_BOTTOM - _TOP,
        preserveAspectRatio="none",
        image_rendering="pixelated",
        href=data_address(png(_colors(depth.darkness))),
    )


def _colors(darkness: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    places = np.linspace(0, 1, len(_SCALE))
    return (
        np.stack([np.interp(darkness, places, _SCALE[:, one]) for one in range(3)], -1)
        .round()
        .astype(np.uint8)
    )


def _touch(frame: Frame, depth: Depth) -> Iterator[str]:
    """Best bid and ask."""
    length = (frame.span.until_ns - frame.span.from_ns) / COLUMNS
    for prices, color in ((depth.bids, svg.BUY), (depth.asks, svg.SELL)):
        known = np.flatnonzero(~np.isnan(prices)).tolist()
        points = [
            (frame.x(frame.span.from_ns + (column + 0.5) * length), frame.y(float(prices[column])))
            for column in known
        ]
        yield svg.path(points, stroke=color, stroke_width=1)


def _orders(frame: Frame, window: MarketWindow) -> Iterator[str]:
    """Orders of the suspects while they rested, and their trades; what lies on each other is drawn once."""
    lines = {
        (round(frame.x(one.from_ns), 1), round(frame.x(one.until_ns), 1), round(frame.y(one.price), 1))
        for one in rests(window.events, window.span)
        if frame.low <= one.price <= frame.high
    }
    for begin, end, y in sorted(lines):
        yield svg.element(
            "line", x1=begin, x2=max(end, begin + 0.6), y1=y, y2=y, stroke=svg.SUSPECT, stroke_width=1.6
        )
    trades = {
        (round(frame.x(one.at_ns)), round(frame.y(one.price)), one.side is Side.BUY)
        for one in window.events
        if one.kind is EventKind.TRADE and frame.low <= one.price <= frame.high
    }
    for x, y, buys in sorted(trades):
        color = svg.BUY if buys else svg.SELL
        yield svg.element("circle", cx=x, cy=y, r=2.2, fill=color, stroke="#ffffff", stroke_width=0.6)


def _legend() -> Iterator[str]:
    """What lines and circles are."""
    x = float(LEFT)
    for words, color in (
        ("best bid", svg.BUY),
        ("best ask", svg.SELL),
        ("order of a suspect", svg.SUSPECT),
    ):
        yield svg.element("line", x1=x, x2=x + 16, y1=11, y2=11, stroke=color, stroke_width=2)
        yield svg.text(words, x + 20, 14, fill=svg.INK)
        x += 40 + 5.6 * len(words)
    for words, color in (("their trade at the ask", svg.BUY), ("at the bid", svg.SELL)):
        yield svg.element("circle", cx=x + 4, cy=11, r=2.6, fill=color)
        yield svg.text(words, x + 11, 14, fill=svg.INK)
        x += 30 + 5.6 * len(words)
