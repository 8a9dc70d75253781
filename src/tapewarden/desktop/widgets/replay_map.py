"""`ReplayMap`: depth of a window of the past, with outlined orders, and the book at the cursor."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.depth import DepthImage
from tapewarden.desktop.presenters.labels import Box, Wanted, placed
from tapewarden.desktop.presenters.numbers import clock_text
from tapewarden.desktop.presenters.replay.order_tracks import OrderTrack
from tapewarden.desktop.presenters.replay.replay import Replay, Scene
from tapewarden.desktop.presenters.replay.wall_labels import WallLabel, wall_labels
from tapewarden.desktop.presenters.ticks import round_times
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.heat_map import HeatMap
from tapewarden.desktop.widgets.pool import Pool
from tapewarden.desktop.widgets.scale import Scale

_PROFILE: Final = 64  # width of the book at the cursor
_MOST_OUTLINES: Final = 400
_LARGEST: Final = 0.97  # quantile of what rests that is as wide as the profile


class ReplayMap(HeatMap):
    """The map. ``show_scene`` draws everything once; ``follow`` moves what depends on the cursor.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        self._scene: Scene | None = None
        self._labels: Sequence[WallLabel] = ()
        self._profile: object = None
        self._widest = 1.0
        self._time = Scale(0, 1, 0, 1)
        super().__init__(parent, theme)

    @property
    def dimmed_from(self) -> float:
        """The pixel from which on everything is dimmed."""
        return self.coords(self._later)[0]

    def show_scene(self, scene: Scene | None) -> None:
        """Show a window; ``None`` for nothing."""
        self._scene = scene
        self._labels = () if scene is None else wall_labels(scene)
        self._profile = None
        if scene is not None:
            self._widest = _widest(scene.depth)
            self.show(scene.depth, scene.instrument, scene.bubbles)
        else:
            self._depth = None
            self._draw()

    def say(self, text: str) -> None:
        """What is written where there is no book."""
        self.itemconfigure(self._nothing, text=text)

    def follow(self, replay: Replay) -> None:
        """Be at the cursor of a replay."""
        at_ns = replay.timeline.at_ns
        self.move_cursor(at_ns)
        if self._depth is not None:
            self._draw_profile(self._depth, replay.resting_levels(), at_ns)

    def x_of(self, at_ns: int) -> float:
        """Where a time is."""
        return self._time.pixel(at_ns)

    def time_at(self, x: float) -> int:
        """The time at a pixel, ns UTC."""
        return int(self._time.value(min(max(x, self._time.start), self._time.end)))

    def _make_items(self) -> None:
        super()._make_items()
        white = "#ffffff"
        self._outlines = Pool(
            self, lambda: self.create_polygon(0, 0, 0, 0, 0, 0, fill="", outline=white, width=1)
        )
        self._grounds = Pool(self, lambda: self.create_rectangle(0, 0, 0, 0, width=0, fill=look.BACKGROUND))
        self._texts = Pool(
            self, lambda: self.create_text(0, 0, anchor="w", font=self._theme.small, fill=look.TEXT)
        )
        self._profiles = [
            self.create_polygon(0, 0, 0, 0, 0, 0, fill=look.COLORS[tone], outline="", state="hidden")
            for tone in (Tone.BUY, Tone.SELL, Tone.PRICE)
        ]

    def _draw(self) -> None:
        scene = self._scene
        if scene is not None:
            self._time = Scale(scene.from_ns, scene.until_ns, 0, self._area()[0])
        super()._draw()
        pools = (self._outlines, self._grounds, self._texts)
        for pool in pools:
            pool.begin()
        shown = scene is not None and self._depth is not None
        if scene is not None and shown:
            self._draw_outlines(scene.tracks)
            self._draw_labels()
        for pool in pools:
            pool.finish()
        for item in self._profiles:
            self.itemconfigure(item, state="normal" if shown else "hidden")
        self._profile = None
        self._stack()

    def _stack(self) -> None:
        """What is dimmed below what dims it, labels and the cursor above."""
        for pool in (self._circles, self._outlines):
            pool.lift()
        for item in (self._later, self._cursor, *self._profiles):
            self.tag_raise(item)
        for pool in (self._grounds, self._texts, self._axis):
            pool.lift()

    def _draw_times(self, width: int, y: float) -> None:
        """Round times, the same as those of a chart as wide."""
        wide = self._fitter.width("00:00:00") + self._theme.pixels(24)
        for at_ns in round_times(int(self._time.low), int(self._time.high), max(1, width // wide)):
            x = self.x_of(at_ns)
            if wide / 2 < x < width - wide / 2:
                self._axis.put(x, y, text=clock_text(at_ns), anchor="center")

    def _draw_outlines(self, tracks: Sequence[OrderTrack]) -> None:
        largest = sorted(tracks, key=lambda track: -track.placed)[:_MOST_OUTLINES]
        for track in largest:
            outline = self._outline(track)
            if outline:
                self._outlines.put(*outline)

    def _outline(self, track: OrderTrack) -> list[float]:
        """Along the tops of its rows and back along their bottoms: it moves where the order did."""
        upper: list[float] = []
        lower: list[float] = []
        for leg in track.legs:
            top, bottom = self._row(leg.price)
            left, right = self.x_of(leg.from_ns), max(self.x_of(leg.until_ns), self.x_of(leg.from_ns) + 1)
            upper += (left, top, right, top)
            lower = [right, bottom, left, bottom, *lower]
        return upper + lower

    def _row(self, price: int) -> tuple[float, float]:
        """Upper and lower edge of the row of the image that a price is in."""
        tall = self._area()[1] / self._rows()
        top = self._row_of(price) * tall
        return top, top + tall

    def _draw_labels(self) -> None:
        """Beside what they are about, on chips that cover no other one."""
        width, height = self._area()
        room = Box(4, 2, width - self._theme.pixels(_PROFILE), height - 2)
        texts = [self._text_of(label, int(room.right - room.left) - 12) for label in self._labels]
        wanted = [self._wanted(label, text) for label, text in zip(self._labels, texts, strict=True)]
        for text, box in zip(texts, placed(wanted, room), strict=True):
            if box is not None and text:
                self._grounds.put(box.left, box.top + 1, box.right, box.bottom - 1)
                self._texts.put(box.left + 6, (box.top + box.bottom) / 2, text=text)

    def _text_of(self, label: WallLabel, room: int) -> str:
        """Without the name where there is no room for it; nothing where there is none for the rest."""
        return next((one for one in (label.text, label.brief) if self._fitter.width(one) <= room), "")

    def _wanted(self, label: WallLabel, text: str) -> Wanted:
        tall = self._theme.pixels(18)
        left, width = self.x_of(label.from_ns), self._fitter.width(text) + 12
        top, bottom = self._row(label.high)[0], self._row(label.low)[1]
        upward = top - tall > 0
        place = top - tall - 2 if upward else bottom + 2
        return Wanted(Box(left, place, left + width, place + tall), upward=upward)

    def _draw_profile(self, depth: DepthImage, levels: Sequence[tuple[int, int]], at_ns: int) -> None:
        """The book at the cursor, from the right edge on: bids, asks, above them the orders in question."""
        column = int(np.searchsorted(depth.times, at_ns, side="right")) - 1
        shown = max(column, 0), tuple(levels)
        if shown == self._profile:
            return
        self._profile = shown
        resting, own = depth.sizes[:, shown[0]], np.zeros(len(depth.sizes), np.float32)
        rows, bid = len(resting), depth.bids[shown[0]]
        first_bid = 0 if np.isnan(bid) else min(max(self._row_of(int(bid)), 0), rows)
        for price, size in levels:
            if 0 <= (row := self._row_of(price)) < rows:
                own[row] += max(size, 0)
        named = np.flatnonzero(own)
        begin, end = (int(named[0]), int(named[-1]) + 1) if len(named) else (0, 0)
        for item, sizes, first, last in (
            (self._profiles[0], resting, first_bid, rows),
            (self._profiles[1], resting, 0, first_bid),
            (self._profiles[2], own, begin, end),
        ):
            self.coords(item, *self._bars(sizes[first:last], first))

    def _bars(self, sizes: npt.NDArray[np.float32], first: int) -> list[float]:
        """A polygon of bars that lie on each other, from the row ``first`` down."""
        width, height = self._area()
        if not len(sizes):
            return [width, -1, width, -1, width, -1]
        tall = height / self._rows()
        lengths = np.minimum(sizes / self._widest, 1) * self._theme.pixels(_PROFILE)
        tops = (first + np.arange(len(sizes))) * tall
        points = np.empty((len(sizes), 4))
        points[:, 0] = points[:, 2] = width - lengths
        points[:, 1], points[:, 3] = tops, tops + tall
        last = float(tops[-1] + tall)
        bars: list[float] = points.ravel().tolist()
        return [width, float(tops[0]), *bars, width, last]

    def _row_of(self, price: int) -> int:
        """The row of the image, from the top, that a price is in."""
        assert self._depth is not None
        step = (self._depth.high - self._depth.low) // self._rows()
        return self._rows() - 1 - (price - self._depth.low) // step

    def _rows(self) -> int:
        assert self._depth is not None
        return len(self._depth.sizes)


def _widest(depth: DepthImage | None) -> float:
    """What rests at a price and fills the width of the profile."""
    resting = np.zeros(0) if depth is None else depth.sizes[depth.sizes > 0]
    return float(np.quantile(resting, _LARGEST)) if len(resting) else 1.0
