"""`HeatMap`: depth as an image on a canvas, with the touch, trades and a cursor above it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageTk

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.depth import DepthImage
from tapewarden.desktop.presenters.marks import Bubble
from tapewarden.desktop.presenters.numbers import clock_text, fixed_text
from tapewarden.desktop.presenters.ticks import round_numbers
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.candle_chart import AXIS_WIDTH
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.pool import Pool
from tapewarden.desktop.widgets.scale import Scale
from tapewarden.domain.directory import Instrument

_FOOT: Final = 22
_STOPS: Final = (
    (0.0, (9, 14, 28)),
    (0.25, (16, 44, 112)),
    (0.5, (24, 118, 190)),
    (0.7, (77, 208, 225)),
    (0.88, (242, 193, 78)),
    (1.0, (255, 255, 255)),
)
_LEAST_BUBBLE: Final = 3.0
_LARGEST_BUBBLE: Final = 10.0


def color_table() -> npt.NDArray[np.uint8]:
    """A color for each of 256 brightnesses: dark, blue, cyan, yellow, white."""
    places = np.linspace(0, 1, 256)
    stops, colors = zip(*_STOPS, strict=True)
    channels = [np.interp(places, stops, [color[one] for color in colors]) for one in range(3)]
    return np.column_stack(channels).round().astype(np.uint8)


_TABLE: Final = color_table()


class HeatMap(tk.Canvas):
    """The map. ``show`` makes one image; ``move_cursor`` moves items only, however often.

    Columns are as wide as each other: the axis says their times, which need not be evenly apart.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        picked: Told the time, ns UTC, on which somebody clicks or drags.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, picked: Callable[[int], object] | None = None) -> None:
        super().__init__(parent, background=look.PANEL, highlightthickness=0, borderwidth=0)
        self._theme = theme
        self._fitter = Fitter(theme.small)
        self._depth: DepthImage | None = None
        self._instrument: Instrument | None = None
        self._bubbles: Sequence[Bubble] = ()
        self._cursor_ns: int | None = None
        self._photo: ImageTk.PhotoImage | None = None
        self._price = Scale(0, 1, 1, 0)
        self._make_items()
        self.bind("<Configure>", lambda event: self._draw())
        if picked is not None:
            for event in ("<Button-1>", "<B1-Motion>"):
                self.bind(event, lambda event: self._pick(event.x, picked))

    def show(self, depth: DepthImage | None, instrument: Instrument, bubbles: Sequence[Bubble] = ()) -> None:
        """Show the depth of an instrument, and trades above it."""
        self._depth, self._instrument, self._bubbles = depth, instrument, bubbles
        self._draw()

    def move_cursor(self, at_ns: int | None) -> None:
        """Put the cursor at a time and dim what comes after it; ``None`` takes it away."""
        self._cursor_ns = at_ns
        shown = at_ns is not None and self._depth is not None
        if shown and at_ns is not None:
            x, (width, height) = self.x_of(at_ns), self._area()
            self.coords(self._cursor, x, 0, x, height)
            self.coords(self._later, x, 0, width, height)
        for item in (self._cursor, self._later):
            self.itemconfigure(item, state="normal" if shown else "hidden")

    @property
    def cursor_ns(self) -> int | None:
        """Where the cursor is."""
        return self._cursor_ns

    def x_of(self, at_ns: int) -> float:
        """Where a time is: between the middles of the columns around it."""
        assert self._depth is not None
        times, (width, _) = self._depth.times, self._area()
        place = float(np.interp(at_ns, times, np.arange(len(times)) + 0.5))
        return place * width / len(times)

    def time_at(self, x: float) -> int:
        """The time at a pixel, ns UTC."""
        assert self._depth is not None
        times, (width, _) = self._depth.times, self._area()
        return int(np.interp(x * len(times) / width, np.arange(len(times)) + 0.5, times))

    def y_of(self, price: float) -> float:
        """Where a price is, in units."""
        return self._price.pixel(price)

    def _make_items(self) -> None:
        self._image = self.create_image(0, 0, anchor="nw")
        self._bid = self.create_line(0, 0, 0, 0, fill=look.COLORS[Tone.BUY], width=self._theme.pixels(1.5))
        self._ask = self.create_line(0, 0, 0, 0, fill=look.COLORS[Tone.SELL], width=self._theme.pixels(1.5))
        self._circles = Pool(self, lambda: self.create_oval(0, 0, 0, 0, outline="#ffffff"))
        self._later = self.create_rectangle(
            0, 0, 0, 0, width=0, fill=look.BACKGROUND, stipple="gray50", state="hidden"
        )
        self._cursor = self.create_line(0, 0, 0, 0, fill="#ffffff", dash=(3, 2), state="hidden")
        self._axis = Pool(self, lambda: self.create_text(0, 0, font=self._theme.small, fill=look.MUTED))
        self._nothing = self.create_text(0, 0, font=self._theme.text, fill=look.MUTED, text="No book yet.")

    def _area(self) -> tuple[int, int]:
        """Width and height of the image."""
        width = self.winfo_width() - self._theme.pixels(AXIS_WIDTH)
        return max(1, width), max(1, self.winfo_height() - self._theme.pixels(_FOOT))

    def _draw(self) -> None:
        self.coords(self._nothing, self.winfo_width() // 2, self.winfo_height() // 2)
        shown = self._depth is not None and self._instrument is not None
        self.itemconfigure(self._nothing, state="hidden" if shown else "normal")
        for item in (self._image, self._bid, self._ask):
            self.itemconfigure(item, state="normal" if shown else "hidden")
        self._axis.begin()
        self._circles.begin()
        if self._depth is not None and self._instrument is not None:
            self._price = Scale(self._depth.low, self._depth.high, self._area()[1], 0)
            self._draw_image(self._depth)
            self._draw_touch(self._bid, self._depth.bids)
            self._draw_touch(self._ask, self._depth.asks)
            self._draw_bubbles()
            self._draw_axes(self._depth, self._instrument)
        self._axis.finish()
        self._circles.finish()
        self.move_cursor(self._cursor_ns)

    def _draw_image(self, depth: DepthImage) -> None:
        places = (depth.brightness() * 255).astype(np.uint8)
        image = Image.fromarray(_TABLE[places]).resize(self._area(), Image.Resampling.NEAREST)
        if self._photo is None or (self._photo.width(), self._photo.height()) != self._area():
            self._photo = ImageTk.PhotoImage(image, master=self)
            self.itemconfigure(self._image, image=self._photo)
        else:
            self._photo.paste(image)

    def _draw_touch(self, line: int, prices: npt.NDArray[Any]) -> None:
        """A staircase through the best prices; where there is none it goes straight on.

        Those outside the prices that are shown are outside of the canvas, too.
        """
        known = np.flatnonzero(~np.isnan(prices))
        if len(known) < 1:
            self.itemconfigure(line, state="hidden")
            return
        width, height = self._area()
        step = width / len(prices)
        below = self.winfo_height() + self._theme.pixels(_FOOT)
        ys = [y if (y := self._price.pixel(price)) <= height else below for price in prices[known].tolist()]
        points: list[float] = []
        for place, y in zip(known.tolist(), ys, strict=True):
            points += (place * step, y, (place + 1) * step, y)
        self.coords(line, *points)

    def _draw_bubbles(self) -> None:
        assert self._depth is not None
        times, height = self._depth.times, self._area()[1]
        for bubble in self._bubbles:
            y = self._price.pixel(bubble.price)
            if times[0] <= bubble.at_ns <= times[-1] and 0 <= y <= height:
                x, radius = self.x_of(bubble.at_ns), self._radius(bubble.share)
                self._circles.put(
                    x - radius, y - radius, x + radius, y + radius, fill=look.COLORS[bubble.tone]
                )

    def _radius(self, share: float) -> float:
        """So that the area grows with the size."""
        spread = _LARGEST_BUBBLE - _LEAST_BUBBLE
        return self._theme.pixels(_LEAST_BUBBLE + spread * min(max(share, 0.0), 1.0) ** 0.5)

    def _draw_axes(self, depth: DepthImage, instrument: Instrument) -> None:
        width, height = self._area()
        half, left = self._theme.pixels(8), width + self._theme.pixels(6)
        for value in round_numbers(depth.low, depth.high, max(2, height // self._theme.pixels(40))):
            y = self._price.pixel(value)
            if half < y < height - half:
                text = fixed_text(round(value), instrument.price_exponent)
                self._axis.put(left, y, text=text, anchor="w")
        self._draw_times(width, height + self._theme.pixels(_FOOT) / 2)

    def _draw_times(self, width: int, y: float) -> None:
        """Times evenly apart, whatever they are: columns need not be."""
        wide = self._fitter.width("00:00:00") + self._theme.pixels(40)
        labels = max(1, width // wide)
        for place in range(labels):
            x = (place + 0.5) * width / labels
            self._axis.put(x, y, text=clock_text(self.time_at(x)), anchor="center")

    def _pick(self, x: float, picked: Callable[[int], object]) -> None:
        if self._depth is not None:
            picked(self.time_at(min(max(x, 0), self._area()[0])))
