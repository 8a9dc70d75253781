"""`Replay`: a window of the past made ready to be drawn once, and the cursor that moves through it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.client import MarketWindow, WindowEvents
from tapewarden.desktop.presenters.candles import INTERVALS, Candles, CandleSeries
from tapewarden.desktop.presenters.depth import DepthImage
from tapewarden.desktop.presenters.marks import Bubble, Marker
from tapewarden.desktop.presenters.replay.depth_over_time import depth_over_time
from tapewarden.desktop.presenters.replay.event_rows import EventRows
from tapewarden.desktop.presenters.replay.moments import fills, large_walls, moments
from tapewarden.desktop.presenters.replay.order_tracks import OrderTrack, concerning, order_tracks
from tapewarden.desktop.presenters.replay.ordering import in_order_of_time
from tapewarden.desktop.presenters.replay.playback import Playback
from tapewarden.desktop.presenters.replay.timeline import Timeline
from tapewarden.desktop.presenters.replay.walls import Wall, walls
from tapewarden.desktop.presenters.tone import side_tone
from tapewarden.domain.directory import Account, Instrument
from tapewarden.domain.kinds import EventKind, Flag, Side

Column = npt.NDArray[Any]

_MOST_CANDLES: Final = 200
_MOST_BUBBLES: Final = 120
_BARS: Final = 200


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scene:
    """Everything of a window that does not change as the cursor moves.

    Attributes:
        instrument: Which.
        from_ns: Where it begins, ns UTC.
        until_ns: Where it ends.
        events: In order of time.
        accounts: Places of the accounts in question.
        concerned: Which events concern them.
        candles: Of its trades.
        depth: Evenly in time; ``None`` without a book.
        bubbles: Its largest trades.
        tracks: Orders of the accounts in question.
        walls: Those of their walls that are large, the largest first; what labels name.
        moments: When walls came and went, and when the accounts traded.
        volume: What was traded in each of equal parts of the window.
        simulated: Whether it is a market that does not exist.
    """

    instrument: Instrument
    from_ns: int
    until_ns: int
    events: WindowEvents
    accounts: frozenset[int]
    concerned: Column
    candles: Candles
    depth: DepthImage | None
    bubbles: tuple[Bubble, ...]
    tracks: tuple[OrderTrack, ...]
    walls: tuple[Wall, ...]
    moments: tuple[Marker, ...]
    volume: Column
    simulated: bool


def scene_of(window: MarketWindow, names: Collection[str]) -> Scene:
    """Make a window ready; ``names`` are those of the accounts in question, or of their owners.

    Costs some 100 ms for 10,000 events: not for Tk's thread.
    """
    events = in_order_of_time(window.events)
    accounts = accounts_of(events.accounts, names)
    tracks = order_tracks(events, accounts, window.from_ns, window.until_ns)
    large = large_walls(walls(tracks), events)
    trades = events.kind == EventKind.TRADE
    candles = _candles(window, events, trades)
    return Scene(
        instrument=window.instrument,
        from_ns=window.from_ns,
        until_ns=window.until_ns,
        events=events,
        accounts=frozenset(accounts),
        concerned=concerning(events, accounts),
        candles=candles,
        depth=depth_over_time(window, (leg.price for track in tracks for leg in track.legs)),
        bubbles=_bubbles(events, trades),
        tracks=tuple(tracks),
        walls=tuple(large),
        moments=tuple(moments(large, fills(events, accounts), window.instrument, candles)),
        volume=_volume(window, events, trades),
        simulated=bool((events.flags & Flag.SIMULATED).any()),
    )


def accounts_of(accounts: Sequence[Account], names: Collection[str]) -> set[int]:
    """The places of accounts that have one of these names, or whose owner has."""
    return {place for place, one in enumerate(accounts) if one.name in names or one.actor in names}


class Replay:
    """A scene, the cursor in it, and which of its events are listed.

    Attributes:
        scene: What there is.
        signal_times: When signals ended that the case has here, ns UTC.
        timeline: The cursor.
        playback: The clock that moves it; one that is given keeps its speed.
        rows: The events in a table.
    """

    def __init__(self, scene: Scene, signal_times: Sequence[int], playback: Playback | None = None) -> None:
        self.scene = scene
        self.set_signals(signal_times)
        self.timeline = Timeline(scene.events.ts_event, scene.from_ns)
        self.playback = playback or Playback()
        self.rows = EventRows(scene.events, scene.instrument, scene.concerned)
        legs = [leg for track in scene.tracks for leg in track.legs]
        self._legs = np.array([(leg.from_ns, leg.until_ns, leg.price, leg.size) for leg in legs], np.int64)

    def set_signals(self, times: Sequence[int]) -> None:
        """Know when signals ended; those outside the window are left out."""
        self.signal_times = [one for one in times if self.scene.from_ns <= one < self.scene.until_ns]

    def go(self, place: int) -> None:
        """Put the cursor on an event by its place."""
        self.timeline.go(place)
        self.playback.put(self.timeline.at_ns)

    def step(self, events: int) -> None:
        """Move the cursor by events and stand still."""
        self.playback.pause()
        self.timeline.step(events)

    def shift(self, ns: int) -> None:
        """Move the cursor by a time."""
        self.timeline.shift(ns)
        self.playback.put(self.timeline.at_ns)

    def seek(self, at_ns: float) -> None:
        """Put the cursor at a time."""
        self.timeline.seek(at_ns)
        self.playback.put(self.timeline.at_ns)

    def seek_signal(self, *, back: bool = False) -> bool:
        """Put the cursor at the next signal; whether there is one in the window."""
        at, places = self.timeline.place, map(self.timeline.place_at, self.signal_times)
        others = [place for place in places if (place < at if back else place > at)]
        if others:
            self.go(max(others) if back else min(others))
        return bool(others)

    def toggle(self, now: float) -> None:
        """Play, or stand still; from the beginning if it is over. ``now``: monotonic clock, seconds."""
        if self.playback.playing:
            self.playback.pause()
            return
        if self.timeline.place >= len(self.timeline) - 1:
            self.timeline.go(0)
        self.playback.begin(self.timeline.at_ns, now)

    def advance(self, now: float) -> None:
        """Move the cursor as far as it plays."""
        if not self.playback.playing:
            return
        at_ns = self.playback.advance(now)
        self.timeline.seek(at_ns)
        if at_ns >= self.scene.until_ns or self.timeline.place >= len(self.timeline) - 1:
            self.playback.pause()

    def resting_levels(self) -> list[tuple[int, int]]:
        """Price and size of the orders in question that rest at the cursor, units of the instrument."""
        if not len(self._legs):
            return []
        at_ns = self.timeline.at_ns
        rests = (self._legs[:, 0] <= at_ns) & (at_ns < self._legs[:, 1])
        return [(price, size) for price, size in self._legs[rests, 2:].tolist()]

    def resting(self) -> list[OrderTrack]:
        """The orders in question that rest at the cursor."""
        at_ns = self.timeline.at_ns
        return [track for track in self.scene.tracks if track.leg_at(at_ns) is not None]


def _candles(window: MarketWindow, events: WindowEvents, trades: Column) -> Candles:
    length = window.until_ns - window.from_ns
    fitting = [ns for ns in INTERVALS.values() if length <= ns * _MOST_CANDLES]
    series = CandleSeries()
    series.add(events.ts_event[trades], events.price[trades], events.size[trades])
    return series.latest(2 * _MOST_CANDLES, fitting[0] if fitting else max(INTERVALS.values()))


def _bubbles(events: WindowEvents, trades: Column) -> tuple[Bubble, ...]:
    rows = np.flatnonzero(trades & (events.price >= 0) & (events.size > 0))
    rows = np.sort(rows[np.argsort(events.size[rows])[-_MOST_BUBBLES:]])
    largest = int(events.size[rows].max(initial=1))
    return tuple(
        Bubble(
            int(events.ts_event[row]),
            int(events.price[row]),
            int(events.size[row]) / largest,
            side_tone(Side(int(events.side[row]))),
        )
        for row in rows.tolist()
    )


def _volume(window: MarketWindow, events: WindowEvents, trades: Column) -> Column:
    edges = np.linspace(window.from_ns, window.until_ns, _BARS + 1)
    weights = np.maximum(events.size[trades], 0)
    return np.histogram(events.ts_event[trades], bins=edges, weights=weights)[0]
