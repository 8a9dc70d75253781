"""Prices as candles, volume below, signals shaded, trades of the suspects marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tapewarden.domain.kinds import EventKind
from tapewarden.domain.signal import Signal
from tapewarden.reports.drawing import svg
from tapewarden.reports.drawing.candles import Candles, candles_of
from tapewarden.reports.drawing.frame import LEFT, RIGHT, WIDTH, Frame, room
from tapewarden.reports.market import MarketWindow

_HEIGHT: Final = 250
_TOP: Final = 8.0
_PRICES_END: Final = 178.0
_VOLUME_TOP: Final = 186.0
_VOLUME_END: Final = 230.0


def price_chart(window: MarketWindow, signals: Sequence[Signal]) -> str:
    """The chart of a window as SVG."""
    candles = candles_of(window.trades, window.span)
    if not len(candles.start):
        return svg.picture(WIDTH, 30, [svg.text("No trade is known in this time.", LEFT, 18, fill=svg.FAINT)])
    low, high = room(float(candles.low.min()), float(candles.high.max()), window.instrument.tick)
    frame = Frame(window.span, low, high, _TOP, _PRICES_END)
    parts = [
        *_shades(frame, signals),
        *frame.axes(window.instrument, _VOLUME_END),
        *_candles(frame, candles),
        *_marks(frame, window),
        frame.border(_VOLUME_END),
    ]
    return svg.picture(WIDTH, _HEIGHT, parts)


def _shades(frame: Frame, signals: Sequence[Signal]) -> Iterator[str]:
    """The times of signals, and a line where each was given."""
    for one in signals:
        begin, end = (
            min(max(at_ns, frame.span.from_ns), frame.span.until_ns) for at_ns in (one.start_ns, one.end_ns)
        )
        if one.start_ns > frame.span.until_ns or one.end_ns < frame.span.from_ns:
            continue
        x, height = frame.x(begin), _VOLUME_END - _TOP
        width = max(frame.x(end) - x, 0.5)
        yield svg.element(
            "rect", x=x, y=_TOP, width=width, height=height, fill=svg.SIGNAL, fill_opacity="0.16"
        )
        yield svg.element(
            "line", x1=x + width, x2=x + width, y1=_TOP, y2=_VOLUME_END, stroke=svg.SIGNAL, stroke_width=1
        )


def _candles(frame: Frame, candles: Candles) -> Iterator[str]:
    width = max(frame.x(frame.span.from_ns + candles.length) - LEFT - 1.2, 0.8)
    most = max(int(candles.volume.max()), 1)
    for begin, opened, high, low, closed, volume in zip(*(one.tolist() for one in candles[1:]), strict=True):
        middle = min(max(frame.x(begin + candles.length / 2), LEFT + width / 2), WIDTH - RIGHT - width / 2)
        color = svg.BUY if closed >= opened else svg.SELL
        yield svg.element(
            "line", x1=middle, x2=middle, y1=frame.y(high), y2=frame.y(low), stroke=color, stroke_width=0.8
        )
        top, bottom = frame.y(max(opened, closed)), frame.y(min(opened, closed))
        yield svg.element(
            "rect", x=middle - width / 2, y=top, width=width, height=max(bottom - top, 0.8), fill=color
        )
        tall = volume / most * (_VOLUME_END - _VOLUME_TOP)
        yield svg.element(
            "rect", x=middle - width / 2, y=_VOLUME_END - tall, width=width, height=tall, fill="#b9c4d0"
        )


def _marks(frame: Frame, window: MarketWindow) -> Iterator[str]:
    """Trades of the suspects, one mark for those that would lie on each other."""
    traded = [
        (one.at_ns, one.price) for one in window.events if one.kind is EventKind.TRADE and one.price >= 0
    ]
    places = {(round(frame.x(at_ns)), round(frame.y(price))) for at_ns, price in traded}
    for x, y in sorted(places):
        yield svg.element("circle", cx=x, cy=y, r=2.4, fill="none", stroke=svg.SUSPECT, stroke_width=1)
