"""`CandleChart`: candles and volume on a canvas, with markers, a shaded span and a cursor."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.candles import Candles
from tapewarden.desktop.presenters.labels import Box, Wanted, placed
from tapewarden.desktop.presenters.marks import Marker, Span
from tapewarden.desktop.presenters.numbers import clock_text, fixed_text
from tapewarden.desktop.presenters.ticks import round_numbers, round_times
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.pool import Pool
from tapewarden.desktop.widgets.scale import Scale
from tapewarden.domain.directory import Instrument

AXIS_WIDTH: Final = 84
"""Of the prices on the right; the heat-map under a chart has the same, so that times line up."""

_FOOT: Final = 24
_VOLUME: Final = 0.18  # of the height
_BODY: Final = 0.7  # of the width of a candle
_MARK: Final = 5


class CandleChart(tk.Canvas):
    """The chart. ``show`` changes what has changed; ``move_cursor`` moves one line and nothing else.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        picked: Told the time, ns UTC, on which somebody clicks or drags; ``None``: nothing happens then.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, picked: Callable[[int], object] | None = None) -> None:
        super().__init__(parent, background=look.PANEL, highlightthickness=0, borderwidth=0)
        self._theme = theme
        self._fitter = Fitter(theme.small)
        self._candles: Candles | None = None
        self._instrument: Instrument | None = None
        self._markers: Sequence[Marker] = ()
        self._span: Span | None = None
        self._bounds: tuple[int, int] | None = None
        self._cursor_ns: int | None = None
        self.time = Scale(0, 1, 0, 1)
        self._price = Scale(0, 1, 1, 0)
        self._make_items()
        self.bind("<Configure>", lambda event: self._draw())
        if picked is not None:
            for event in ("<Button-1>", "<B1-Motion>"):
                self.bind(event, lambda event: picked(int(self.time.value(event.x))))

    def show(
        self,
        candles: Candles,
        instrument: Instrument,
        markers: Sequence[Marker] = (),
        *,
        span: Span | None = None,
        bounds: tuple[int, int] | None = None,
    ) -> None:
        """Show candles of an instrument, what happened, and a shaded time.

        ``bounds`` is the time the chart covers, ns UTC; that of the candles if not given.
        """
        self._candles, self._instrument, self._markers = candles, instrument, markers
        self._span, self._bounds = span, bounds
        self._draw()

    @property
    def cursor_ns(self) -> int | None:
        """Where the cursor is."""
        return self._cursor_ns

    def clear(self, why: str) -> None:
        """Show no candles, and say why."""
        self._candles, self._markers, self._span, self._cursor_ns = None, (), None, None
        self.itemconfigure(self._nothing, text=why)
        self._draw()

    def move_cursor(self, at_ns: int | None) -> None:
        """Put the cursor at a time; ``None`` takes it away."""
        self._cursor_ns = at_ns
        if at_ns is None:
            self.itemconfigure(self._cursor, state="hidden")
            return
        x = self.time.pixel(at_ns)
        self.coords(self._cursor, x, 0, x, self.winfo_height() - self._theme.pixels(_FOOT))
        self.itemconfigure(self._cursor, state="normal" if x <= self.time.end else "hidden")

    def _make_items(self) -> None:
        small = self._theme.small
        self._shade = self.create_rectangle(0, 0, 0, 0, width=0, state="hidden")
        self._shade_text = self.create_text(0, 0, anchor="nw", font=small, state="hidden")
        self._grid = Pool(self, lambda: self.create_line(0, 0, 0, 0, fill=look.HEADER))
        self._volumes = Pool(self, lambda: self.create_rectangle(0, 0, 0, 0, width=0))
        self._wicks = Pool(self, lambda: self.create_line(0, 0, 0, 0))
        self._bodies = Pool(self, lambda: self.create_rectangle(0, 0, 0, 0, width=0))
        self._axis = Pool(self, lambda: self.create_text(0, 0, font=small, fill=look.MUTED))
        self._last = self.create_line(0, 0, 0, 0, fill=look.ACCENT, dash=(2, 3), state="hidden")
        self._last_ground = self.create_rectangle(0, 0, 0, 0, width=0, fill=look.ACCENT, state="hidden")
        self._last_text = self.create_text(0, 0, anchor="w", font=small, fill="#ffffff", state="hidden")
        self._marks = Pool(self, lambda: self.create_polygon(0, 0, 0, 0, 0, 0))
        self._grounds = Pool(self, lambda: self.create_rectangle(0, 0, 0, 0, width=0, fill=look.PANEL))
        self._labels = Pool(self, lambda: self.create_text(0, 0, font=self._theme.small))
        self._cursor = self.create_line(0, 0, 0, 0, fill=look.TEXT, state="hidden")
        self._nothing = self.create_text(0, 0, font=self._theme.text, fill=look.MUTED, text="No trades yet.")

    def _draw(self) -> None:
        """Everything, at its place."""
        candles, instrument = self._candles, self._instrument
        pools = [self._grid, self._volumes, self._wicks, self._bodies, self._axis]
        pools += [self._marks, self._grounds, self._labels]
        for pool in pools:
            pool.begin()
        filled = candles is not None and len(candles) > 0
        self.coords(self._nothing, self.winfo_width() // 2, self.winfo_height() // 2)
        self.itemconfigure(self._nothing, state="hidden" if filled else "normal")
        if filled and candles is not None and instrument is not None:
            self._scale(candles)
            self._draw_axes(candles, instrument)
            self._draw_candles(candles)
            self._draw_last(candles, instrument)
            self._draw_markers(candles)
        self._draw_span(seen=filled)
        for pool in pools:
            pool.finish()
        self.move_cursor(self._cursor_ns)

    def _scale(self, candles: Candles) -> None:
        """Find out where times and prices are."""
        height, right = self.winfo_height(), self.winfo_width() - self._theme.pixels(AXIS_WIDTH)
        foot = height - self._theme.pixels(_FOOT)
        start, end = self._bounds or (
            int(candles.start_ns[0]),
            int(candles.start_ns[-1]) + candles.interval_ns,
        )
        self.time = Scale(start, end, 0, right)
        low, high = float(candles.low.min()), float(candles.high.max())
        margin = (high - low) * 0.08 or max(abs(high) * 0.001, 1.0)
        self._foot, self._volume_top = foot, foot - foot * _VOLUME
        self._price = Scale(low - margin, high + margin, self._volume_top, self._theme.pixels(8))

    def _draw_axes(self, candles: Candles, instrument: Instrument) -> None:
        right, middle = self.time.end, self._foot + self._theme.pixels(_FOOT) / 2
        line, last = self._theme.pixels(16), self._price.pixel(float(candles.close[-1]))
        most = max(2, int(self._volume_top // self._theme.pixels(44)))
        for value in round_numbers(self._price.low, self._price.high, most):
            y = self._price.pixel(value)
            self._grid.put(0, y, right, y)
            if y > line / 2 and abs(y - last) > line:
                self._axis.put(right + self._theme.pixels(6), y, text=_price(value, instrument), anchor="w")
        wide = self._fitter.width("00:00:00") + self._theme.pixels(24)
        for at_ns in round_times(int(self.time.low), int(self.time.high), max(1, int(right // wide))):
            x = self.time.pixel(at_ns)
            self._grid.put(x, 0, x, self._foot)
            if wide / 2 < x < right - wide / 2:
                self._axis.put(x, middle, text=clock_text(at_ns), anchor="center")

    def _draw_candles(self, candles: Candles) -> None:
        width = self.time.pixel(self.time.low + candles.interval_ns)
        half = max(0.5, width * _BODY / 2)
        most = float(candles.volume.max()) or 1.0
        tall = self._foot * _VOLUME * 0.95
        rows = zip(
            candles.start_ns.tolist(),
            candles.open.tolist(),
            candles.high.tolist(),
            candles.low.tolist(),
            candles.close.tolist(),
            candles.volume.tolist(),
            strict=True,
        )
        price = self._price.pixel
        for start_ns, opened, high, low, close, volume in rows:
            x = min(self.time.pixel(start_ns) + width / 2, self.time.end - half)
            color = _UP if close >= opened else _DOWN
            dim = _UP_DIM if close >= opened else _DOWN_DIM
            self._volumes.put(x - half, self._foot - volume / most * tall, x + half, self._foot, fill=dim)
            self._wicks.put(x, price(high), x, price(low), fill=color)
            top, bottom = price(max(opened, close)), price(min(opened, close))
            self._bodies.put(x - half, top, x + half, max(bottom, top + 1), fill=color)

    def _draw_last(self, candles: Candles, instrument: Instrument) -> None:
        close = int(candles.close[-1])
        y, right, half = self._price.pixel(close), self.time.end, self._theme.pixels(9)
        self.coords(self._last, 0, y, right, y)
        self.coords(self._last_ground, right, y - half, self.winfo_width(), y + half)
        self.coords(self._last_text, right + self._theme.pixels(6), y)
        self.itemconfigure(self._last_text, text=_price(close, instrument))
        for item in (self._last, self._last_ground, self._last_text):
            self.itemconfigure(item, state="normal")

    def _draw_markers(self, candles: Candles) -> None:
        inside = [one for one in self._markers if self.time.low <= one.at_ns <= self.time.high]
        half, points = self._theme.pixels(_MARK), []
        for marker in inside:
            x, y = self.time.pixel(marker.at_ns), self._anchor(marker, candles)
            up = -1 if marker.above else 1
            tip, base = y + up * 2, y + up * (2 + 1.6 * half)
            self._marks.put(x, tip, x - half, base, x + half, base, fill=look.COLORS[marker.tone])
            points.append((x, base))
        room = Box(0, 0, self.time.end, self._foot)
        wanted = [self._wanted(marker, *point) for marker, point in zip(inside, points, strict=True)]
        taken = self._span_label()
        boxes = placed([*taken, *wanted], room)[len(taken) :]
        for marker, box in zip(inside, boxes, strict=True):
            if box is not None:
                x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
                self._grounds.put(box.left, box.top + 1, box.right, box.bottom - 1)
                self._labels.put(x, y, text=marker.label, fill=look.COLORS[marker.tone])

    def _anchor(self, marker: Marker, candles: Candles) -> float:
        """Where a marker points: its price, or the end of its candle."""
        if marker.price is not None:
            return self._price.pixel(marker.price)
        place = int(candles.start_ns.searchsorted(marker.at_ns, side="right")) - 1
        extreme = candles.high if marker.above else candles.low
        return self._price.pixel(float(extreme[max(0, place)]))

    def _wanted(self, marker: Marker, x: float, base: float) -> Wanted:
        half, height = self._fitter.width(marker.label) / 2 + 3, self._theme.pixels(16)
        top = base - height if marker.above else base
        return Wanted(Box(x - half, top, x + half, top + height), upward=marker.above)

    def _span_label(self) -> list[Wanted]:
        """What the label of the shaded time covers, if there is one."""
        if self._span is None:
            return []
        left, top = max(0.0, self.time.pixel(self._span.from_ns)), self._theme.pixels(2)
        right = left + self._fitter.width(self._span.label) + self._theme.pixels(12)
        return [Wanted(Box(left, top, right, top + self._theme.pixels(18)), upward=False)]

    def _draw_span(self, *, seen: bool) -> None:
        """The shaded time, where there are candles around it."""
        state = "hidden"
        if seen and self._span is not None:
            state, color = "normal", look.COLORS[self._span.tone]
            left = max(0.0, self.time.pixel(self._span.from_ns))
            right = min(self.time.end, max(left + 1, self.time.pixel(self._span.until_ns)))
            self.coords(self._shade, left, 0, right, self._foot)
            self.itemconfigure(self._shade, fill=look.mixed(color, look.PANEL, 0.16))
            self.coords(self._shade_text, left + self._theme.pixels(6), self._theme.pixels(4))
            self.itemconfigure(self._shade_text, text=self._span.label, fill=color)
        for item in (self._shade, self._shade_text):
            self.itemconfigure(item, state=state)


_UP: Final = look.COLORS[Tone.BUY]
_DOWN: Final = look.COLORS[Tone.SELL]
_UP_DIM: Final = look.mixed(_UP, look.PANEL, 0.5)
_DOWN_DIM: Final = look.mixed(_DOWN, look.PANEL, 0.5)


def _price(units: float, instrument: Instrument) -> str:
    return fixed_text(round(units), instrument.price_exponent)
