"""`Frame`: where times and prices stand in a picture, with its axes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import HOUR, MINUTE, SECOND
from tapewarden.reports.drawing import svg
from tapewarden.reports.market import Span
from tapewarden.reports.words import price_text, time_of_day

WIDTH: Final = 760
LEFT: Final = 6
RIGHT: Final = 72  # for prices

_TIME_STEPS: Final = tuple(
    number * unit
    for unit, numbers in ((SECOND, (1, 2, 5, 10, 15, 30)), (MINUTE, (1, 2, 5, 10, 15, 30)), (HOUR, (1,)))
    for number in numbers
)
_MOST_TIMES: Final = 8
_PRICES: Final = 8
_HALF_A_CLOCK: Final = 20  # pixels of half a time, which is left out where it would not fit
_MOST_DIGITS: Final = 12  # that fit beside the picture


@dataclass(frozen=True, slots=True)
class Frame:
    """An area of a picture: times from left to right, prices from ``bottom`` up to ``top``, in pixels."""

    span: Span
    low: float
    high: float
    top: float
    bottom: float

    def x(self, at_ns: float) -> float:
        """Where a time stands, also one outside."""
        length = self.span.until_ns - self.span.from_ns
        return LEFT + (at_ns - self.span.from_ns) / length * (WIDTH - LEFT - RIGHT)

    def y(self, price: float) -> float:
        """Where a price stands, also one outside."""
        return self.bottom - (price - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def axes(self, instrument: Instrument, lowest: float) -> Iterator[str]:
        """Lines with their times, which stand below ``lowest``, and prices."""
        for at_ns in _times(self.span):
            x = self.x(at_ns)
            yield svg.element("line", x1=x, x2=x, y1=self.top, y2=lowest, stroke=svg.LINE, stroke_width=0.5)
            if x - LEFT > _HALF_A_CLOCK:
                clock = time_of_day(at_ns)[:8]
                yield svg.text(clock, x, lowest + 11, text_anchor="middle", fill=svg.FAINT)
        for price in self._prices(instrument.tick or 1):
            y = self.y(price)
            yield svg.element(
                "line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, stroke=svg.LINE, stroke_width=0.5
            )
            words = price_text(price, instrument)
            if len(words) > _MOST_DIGITS:
                words = f"{price * 10.0**instrument.price_exponent:.6g}"
            yield svg.text(words, WIDTH - RIGHT + 4, y + 3, fill=svg.INK)

    def border(self, lowest: float) -> str:
        """A line around."""
        return svg.element(
            "rect",
            x=LEFT,
            y=self.top,
            width=WIDTH - LEFT - RIGHT,
            height=lowest - self.top,
            fill="none",
            stroke=svg.FAINT,
            stroke_width=0.5,
        )

    def _prices(self, tick: int) -> range:
        """Whole ticks at round distances."""
        wanted = max((self.high - self.low) / _PRICES, 1)
        power = 10 ** math.floor(math.log10(wanted))
        step = next(number * power for number in (1, 2, 5, 10) if number * power >= wanted)
        step = max(math.ceil(step / tick), 1) * tick
        return range(max(math.ceil(self.low / step), 0) * step, math.floor(self.high) + 1, step)


def room(low: float, high: float, tick: int | None) -> tuple[float, float]:
    """Prices from one to another, with a little room, and never none."""
    margin = max((high - low) * 0.06, float(tick or 1))
    return low - margin, high + margin


def _times(span: Span) -> range:
    length = span.until_ns - span.from_ns
    step = next((one for one in _TIME_STEPS if length / one <= _MOST_TIMES), HOUR)
    return range(-(-span.from_ns // step) * step, span.until_ns, step)
