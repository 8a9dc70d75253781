"""`Scrubber`: the time of a replay as a track with its volume, what happened, and the cursor."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.marks import Marker
from tapewarden.desktop.presenters.numbers import time_text
from tapewarden.desktop.presenters.replay.replay import Replay
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.candle_chart import AXIS_WIDTH
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.pool import Pool
from tapewarden.desktop.widgets.scale import Scale

HEIGHT: Final = 64

_HEAD: Final = 26
_MARK: Final = 4
_HINT: Final = "Space play · ← → event · Shift second · [ ] speed · N P signal · R range · F suspect only"


class Scrubber(tk.Canvas):
    """The track. ``show`` draws it once; ``follow`` moves the cursor and writes its time.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        picked: Told the time, ns UTC, on which somebody clicks or drags.
        toggled: After a click on the sign of playing.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        picked: Callable[[int], object],
        toggled: Callable[[], object],
    ) -> None:
        super().__init__(
            parent, height=theme.pixels(HEIGHT), background=look.PANEL, highlightthickness=0, borderwidth=0
        )
        self._theme = theme
        self._fitter = Fitter(theme.small)
        self._replay: Replay | None = None
        self._shown: object = None
        self.time = Scale(0, 1, 0, 1)
        self._make_items()
        self.bind("<Configure>", lambda event: self._draw())
        for event in ("<Button-1>", "<B1-Motion>"):
            self.bind(event, lambda event: self._pick(event.x, event.y, picked))
        for item in (self._sign, self._speed):
            self.tag_bind(item, "<Button-1>", lambda event: toggled())

    def show(self, replay: Replay | None) -> None:
        """Show a replay; ``None`` for nothing."""
        self._replay = replay
        self._draw()

    @property
    def cursor_ns(self) -> int | None:
        """Where the cursor is."""
        return None if self._replay is None else round(self.time.value(self.coords(self._cursor)[0]))

    def follow(self, replay: Replay) -> None:
        """Be at the cursor of a replay."""
        timeline = replay.timeline
        x, (top, bottom) = self.time.pixel(timeline.at_ns), self._track()
        self.coords(self._cursor, x, top - self._theme.pixels(6), x, bottom)
        self.coords(self._later, x, top, self.time.end, bottom)
        shown = (timeline.place, replay.playback.playing, replay.playback.speed)
        if shown == self._shown:
            return
        self._shown = shown
        self.itemconfigure(self._sign, text="❚❚" if replay.playback.playing else "▶")
        self.itemconfigure(self._speed, text=f"{replay.playback.speed:g}×")
        self.itemconfigure(self._clock, text=time_text(timeline.at_ns))
        self.itemconfigure(self._count, text=f"event {timeline.place + 1:,} of {len(timeline):,}")

    def _make_items(self) -> None:
        middle, pixels = self._theme.pixels(_HEAD) // 2, self._theme.pixels
        self._sign = self.create_text(
            pixels(18), middle, font=self._theme.text, fill=look.ACCENT, anchor="center"
        )
        self._speed = self.create_text(
            pixels(36), middle, font=self._theme.number, fill=look.TEXT, anchor="w"
        )
        self._clock = self.create_text(
            pixels(88), middle, font=self._theme.number, fill=look.TEXT, anchor="w"
        )
        self._count = self.create_text(
            pixels(196), middle, font=self._theme.small, fill=look.MUTED, anchor="w"
        )
        self._hint = self.create_text(0, middle, font=self._theme.small, fill=look.MUTED, anchor="e")
        self._base = self.create_line(0, 0, 0, 0, fill=look.LINE)
        self._volume = self.create_polygon(0, 0, 0, 0, 0, 0, fill=look.ACCENT, outline="")
        self._later = self.create_rectangle(0, 0, 0, 0, width=0, fill=look.PANEL, stipple="gray50")
        self._signals = Pool(self, lambda: self.create_line(0, 0, 0, 0, fill=look.COLORS[Tone.DOUBTFUL]))
        self._marks = Pool(self, lambda: self.create_polygon(0, 0, 0, 0, 0, 0))
        self._cursor = self.create_line(0, 0, 0, 0, fill="#ffffff", width=self._theme.pixels(2))

    def _track(self) -> tuple[int, int]:
        """Upper and lower edge."""
        return self._theme.pixels(_HEAD + 10), self.winfo_height() - self._theme.pixels(4)

    def _draw(self) -> None:
        replay = self._replay
        self._shown = None
        self._signals.begin()
        self._marks.begin()
        state = "hidden" if replay is None else "normal"
        for item in (self._volume, self._later, self._cursor, self._sign, self._speed, self._clock):
            self.itemconfigure(item, state=state)
        self.itemconfigure(self._count, state=state)
        right = max(1, self.winfo_width() - self._theme.pixels(AXIS_WIDTH))
        room = self.winfo_width() - self._theme.pixels(196 + 150 + 16)
        self.itemconfigure(self._hint, text=self._fitter.fit(_HINT, room) if room > 0 else "")
        self.coords(self._hint, self.winfo_width() - self._theme.pixels(10), self._theme.pixels(_HEAD) // 2)
        self.coords(self._base, 0, self._track()[1], right, self._track()[1])
        if replay is not None:
            self.time = Scale(replay.scene.from_ns, replay.scene.until_ns, 0, right)
            self._draw_volume(replay)
            self._draw_signals(replay.signal_times)
            self._draw_marks(replay.scene.moments)
        self._signals.finish()
        self._marks.finish()
        self.tag_raise(self._cursor)
        if replay is not None:
            self.follow(replay)

    def _draw_volume(self, replay: Replay) -> None:
        """Bars as one polygon."""
        volume, (top, bottom) = replay.scene.volume, self._track()
        edges = np.linspace(0, self.time.end, len(volume) + 1)
        tops = bottom - (bottom - top) * np.sqrt(volume / max(float(volume.max(initial=0)), 1.0))
        points = np.column_stack((edges[:-1], tops, edges[1:], tops)).ravel()
        self.coords(self._volume, 0, bottom, *points.tolist(), self.time.end, bottom)

    def _draw_signals(self, times: Sequence[int]) -> None:
        top, bottom = self._track()
        for at_ns in times:
            x = self.time.pixel(at_ns)
            self._signals.put(x, top - self._theme.pixels(8), x, bottom)

    def _draw_marks(self, moments: Sequence[Marker]) -> None:
        half, top = self._theme.pixels(_MARK), self._track()[0]
        for one in reversed(moments):
            x = self.time.pixel(one.at_ns)
            color = look.COLORS[one.tone]
            self._marks.put(x - half, top - 2 * half, x + half, top - 2 * half, x, top, fill=color)

    def _pick(self, x: float, y: float, picked: Callable[[int], object]) -> None:
        if self._replay is not None and y >= self._theme.pixels(_HEAD):
            picked(int(self.time.value(min(max(x, 0), self.time.end))))
