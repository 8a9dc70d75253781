"""`ReplayDesk`: chart, depth, scrubber and events of a replay under one cursor."""

from __future__ import annotations

import time
import tkinter as tk
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.candles import INTERVALS
from tapewarden.desktop.presenters.marks import Span
from tapewarden.desktop.presenters.numbers import time_text
from tapewarden.desktop.presenters.replay.event_rows import EventRows
from tapewarden.desktop.presenters.replay.replay import Replay
from tapewarden.desktop.presenters.rows import ChangingRows
from tapewarden.desktop.presenters.tone import pattern_tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.candle_chart import CandleChart
from tapewarden.desktop.widgets.columns import ACCOUNT, Column, Kind
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.replay_map import ReplayMap
from tapewarden.desktop.widgets.scrubber import Scrubber
from tapewarden.desktop.widgets.table import TableActions, VirtualTable
from tapewarden.desktop.widgets.time_drag import TimeDrag
from tapewarden.domain.signal import Signal

_EVENTS: Final = (
    Column("Time UTC", 104, Kind.CODE),
    Column("Event", 62),
    Column("Side", 50),
    Column("Price", 84, Kind.NUMBER, least=70),
    Column("Size", 84, Kind.NUMBER, least=70),
    Column("Account", 130, Kind.CODE, stretch=True, least=84, whole=True, most=ACCOUNT),
    Column("", 84, Kind.CHIP, optional=3),
    Column("With", 130, Kind.CODE, stretch=True, least=100, optional=2, whole=True, most=ACCOUNT),
    Column("Order", 84, Kind.CODE, optional=1),
)
_SHARES: Final = (0.31, 0.79)  # of the height: where the chart ends, and the replay
_LOW: Final = 440  # height in pixels of the design below which there is no room for the chart
_LOW_SHARE: Final = 0.68


class ReplayDesk(tk.Frame):
    """Everything of a replay; ``show`` draws it once, ``follow`` moves the cursor of all parts.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, background=look.BACKGROUND)
        self._panes = ttk.Panedwindow(self, orient="vertical")
        self._panes.pack(fill="both", expand=True)
        self._theme = theme
        self._replay: Replay | None = None
        self._shown: object = None
        self._cursor: object = None
        self._marked: int | None = None
        self._following = False
        self._rows = ChangingRows()
        self._build_chart()
        self._build_map()
        self._build_events()
        self._divided = False
        self._panes.bind("<Configure>", lambda event: self._divide(event.height))

    def show(self, replay: Replay | None, signal: Signal | None, missing: str) -> None:
        """Show a replay and the signal it is about; ``None``, and why there is none."""
        shown = (replay, signal, missing)
        if shown == self._shown:
            return
        self._shown, self._replay, self._cursor, self._marked = shown, replay, None, None
        self._map.say(missing or "No book in this window.")
        if replay is None:
            self._rows.rows = None
            self._map.show_scene(None)
            self._chart.clear(missing)
            self._chart_pane.retitle("Price and volume")
        else:
            self._rows.rows = replay.rows
            self._show_scene(replay, signal)
        self._scrubber.show(replay)
        self.table.say_if_empty("No event fits." if replay is not None else missing)
        self._show_range()
        self.follow()

    def follow(self) -> None:
        """Be at the cursor of the replay, everywhere."""
        replay = self._replay
        if replay is None:
            return
        cursor = (replay.timeline.place, replay.playback.playing, replay.playback.speed)
        if cursor == self._cursor:
            return
        self._cursor, self._following = cursor, True
        self._chart.move_cursor(replay.timeline.at_ns)
        self._map.follow(replay)
        self._scrubber.follow(replay)
        row = replay.rows.nearest(replay.timeline.place)
        if row is not None and row != self.table.selection.cursor:
            self.table.select(row, center=True)
        self._following = False

    def toggle(self) -> None:
        """Play, or stand still."""
        if self._replay is not None:
            self._replay.toggle(time.monotonic())
            self.follow()

    def step(self, events: int) -> None:
        """Move the cursor by events."""
        if self._replay is not None:
            self._replay.step(events)
            self.follow()

    def shift(self, ns: int) -> None:
        """Move the cursor by a time."""
        if self._replay is not None:
            self._replay.shift(ns)
            self.follow()

    def change_speed(self, steps: int) -> None:
        """Play faster or slower."""
        if self._replay is not None:
            self._replay.playback.change_speed(steps)
            self.follow()

    def mark_range(self) -> None:
        """Begin a range of time at the cursor; the second time end it there, and list its events."""
        if self._replay is None:
            return
        at_ns = self._replay.timeline.at_ns
        if self._marked is None:
            self._marked = at_ns
            self._show_range()
        else:
            self._choose_range(*sorted((self._marked, at_ns)))

    def drop_range(self) -> bool:
        """List events of all times again; whether a range was chosen or begun."""
        replay = self._replay
        if replay is None or (replay.rows.span is None and self._marked is None):
            return False
        self._filter(replay.rows, None, concerned_only=replay.rows.concerned_only)
        return True

    def toggle_concerned(self) -> None:
        """List events of the accounts in question only, or all."""
        if self._replay is not None:
            rows = self._replay.rows
            self._filter(rows, rows.span, concerned_only=not rows.concerned_only)

    def snapshot(self) -> dict[str, object]:
        """What a test wants to know."""
        replay = self._replay
        if replay is None:
            return {"cursor": None}
        return {
            "cursor": replay.timeline.at_ns,
            "chart_cursor": self._chart.cursor_ns,
            "map_cursor": self._map.cursor_ns,
            "scrubber_cursor": self._scrubber.cursor_ns,
            "dimmed_from": self._map.dimmed_from,
            "cursor_at": self._map.x_of(replay.timeline.at_ns),
            "event": replay.timeline.place,
            "row": self.table.selection.cursor,
            "rows": len(replay.rows),
            "range": replay.rows.span,
            "outlined": [track.order for track in replay.resting()],
            "playing": replay.playback.playing,
            "speed": replay.playback.speed,
        }

    def _build_chart(self) -> None:
        self._chart_pane = Pane(self._panes, self._theme, "Price and volume")
        self._chart = CandleChart(self._chart_pane.body, self._theme)
        self._chart.configure(width=1, height=1)
        self._chart.pack(fill="both", expand=True)
        self._chart_drag = TimeDrag(
            self._chart,
            self._chart_x,
            self._chart_time,
            self._seek,
            self._choose_range,
        )
        self._panes.add(self._chart_pane, weight=3)

    def _chart_x(self, at_ns: int) -> float:
        return self._chart.time.pixel(at_ns)

    def _chart_time(self, x: float) -> float:
        return self._chart.time.value(x)

    def _build_map(self) -> None:
        self._map_pane = Pane(self._panes, self._theme, "Market replay")
        self._map_pane.retitle(
            "Market replay · brighter where more rests · ● trades · white outlines: orders in question",
            "Market replay · brightness is resting size, ● trades",
            "Market replay",
        )
        self._scrubber = Scrubber(self._map_pane.body, self._theme, self._seek, self.toggle)
        self._scrubber.pack(side="bottom", fill="x")
        self._map = ReplayMap(self._map_pane.body, self._theme)
        self._map.configure(width=1, height=1)
        self._map.pack(fill="both", expand=True)
        self._map_drag = TimeDrag(
            self._map, self._map.x_of, self._map.time_at, self._seek, self._choose_range
        )
        self._panes.add(self._map_pane, weight=5)

    def _build_events(self) -> None:
        self._events_pane = Pane(self._panes, self._theme, "Order events")
        self.table = VirtualTable(
            self._events_pane.body,
            self._theme,
            _EVENTS,
            self._rows,
            TableActions(select=self._selected),
            empty="No event fits.",
        )
        self.table.configure(width=1, height=1)
        self.table.pack(fill="both", expand=True)
        self._panes.add(self._events_pane, weight=2)

    def _divide(self, height: int) -> None:
        """Leave the chart out where there is no room for it; divide the height once."""
        low, shown = height < self._theme.pixels(_LOW), len(self._panes.panes())
        if low and shown == 3:
            self._panes.forget(self._chart_pane)
        elif not low and shown == 2:
            self._panes.insert(0, self._chart_pane, weight=3)
        if height > 1 and (not self._divided or low == (shown == 3)):
            self._divided = True
            shares = (_LOW_SHARE,) if low else _SHARES
            for place, share in enumerate(shares):
                self._panes.sashpos(place, round(height * share))

    def _show_scene(self, replay: Replay, signal: Signal | None) -> None:
        scene = replay.scene
        span = None
        if signal is not None:
            tone = pattern_tone(signal.family, signal.typology)
            span = Span(signal.start_ns, signal.end_ns, f"{signal.detector} {signal.typology}", tone)
        interval = next((name for name, ns in INTERVALS.items() if ns == scene.candles.interval_ns), "")
        self._chart_pane.retitle(f"{scene.instrument.name} · price and volume · {interval} candles")
        bounds = (scene.from_ns, scene.until_ns)
        self._chart.show(scene.candles, scene.instrument, scene.moments, span=span, bounds=bounds)
        self._map.show_scene(scene)

    def _seek(self, at_ns: int) -> None:
        if self._replay is not None:
            self._replay.seek(at_ns)
            self.follow()

    def _choose_range(self, from_ns: int, until_ns: int) -> None:
        if self._replay is not None:
            rows = self._replay.rows
            self._filter(rows, (from_ns, until_ns), concerned_only=rows.concerned_only)

    def _filter(self, rows: EventRows, span: tuple[int, int] | None, *, concerned_only: bool) -> None:
        self._marked = self._cursor = None
        rows.filter(span, concerned_only=concerned_only)
        self._show_range()
        self.follow()

    def _show_range(self) -> None:
        """The range on chart and map, and above the table what it lists."""
        replay, title = self._replay, "Order events"
        span = None if replay is None else replay.rows.span
        for drag in (self._chart_drag, self._map_drag):
            drag.show((self._marked, self._marked) if self._marked is not None else span)
        if replay is not None:
            title += f" ({len(replay.rows):,} of {len(replay.scene.events):,})"
            title += " · suspect only (F)" if replay.rows.concerned_only else ""
        if self._marked is not None:
            title += f" · range begins at {time_text(self._marked)}: R ends it"
        elif span is not None:
            title += f" · {time_text(span[0])}–{time_text(span[1])} (Esc)"
        self._events_pane.retitle(title)
        self._following = True
        self.table.refresh()
        self._following = False

    def _selected(self) -> None:
        """The cursor goes where the table's is."""
        row = self.table.selection.cursor
        if self._replay is not None and not self._following and isinstance(row, int):
            self._replay.go(row)
            self.follow()
