"""`MarketPane`: one market drawn: its candles with what signals say, its depth with trades above it."""

from __future__ import annotations

from typing import Final

import numpy as np

from tapewarden.client import Book
from tapewarden.desktop.presenters.candles import INTERVALS, Candles
from tapewarden.desktop.presenters.depth import DepthHistory, DepthImage
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.marks import Bubble, Marker
from tapewarden.desktop.presenters.tone import pattern_tone, side_tone
from tapewarden.desktop.transport.watching import Watching
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import TapewardenError
from tapewarden.domain.kinds import Side

CANDLES: Final = 180
LEVELS: Final = 40
COLUMNS: Final = 300
ROWS: Final = 80

_JUDGED_FROM: Final = 20  # candles
_MOST_MARKERS: Final = 40
_MOST_BUBBLES: Final = 60
_LOOKED_AT: Final = 20_000  # trades, the latest ones, for bubbles


class MarketPane:
    """One market; the first one with a trade until somebody chooses.

    Attributes:
        interval: Name of the candles' interval: until somebody chooses, the shortest one that most spans
            of have a trade.
        error: Why there is no depth.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._name: str | None = None
        self._depth = DepthHistory(COLUMNS, ROWS)
        self._watching: Watching[Book] | None = None
        self.interval = next(iter(INTERVALS))
        self._chosen = False
        self.error: str | None = None

    @property
    def instrument(self) -> Instrument | None:
        """What is drawn; ``None`` before the first trade."""
        parties = self._desk.trades.parties
        if self._name is None and parties.instruments:
            self.choose(parties.instruments[0].name)
        number = None if self._name is None else parties.find_instrument(self._name)
        return None if number is None else parties.instruments[number]

    def choose(self, name: str) -> None:
        """Draw another market."""
        if name == self._name:
            return
        self._name, self.error = name, None
        if self._watching is not None:
            self._watching.cancel()
        self._depth = DepthHistory(COLUMNS, ROWS, self._tick())
        self._watching = self._desk.server.watch(
            lambda services: services.surveillance.watch_book(name, LEVELS),
            self._depth.add,
            failed=self._failed,
            most_rows=COLUMNS,
        )

    def choose_interval(self, name: str) -> None:
        """Draw candles of an interval, one of ``INTERVALS``."""
        self.interval, self._chosen = name, True

    def candles(self) -> Candles:
        """The latest candles."""
        series = self._desk.trades.candles(self._number())
        candles = series.latest(CANDLES, INTERVALS[self.interval])
        if not self._chosen and _is_sparse(candles):
            names = list(INTERVALS)
            self.interval = names[min(names.index(self.interval) + 1, len(names) - 1)]
        return candles

    def depth(self) -> DepthImage | None:
        """The latest books as an image."""
        return self._depth.image()

    def markers(self, candles: Candles) -> list[Marker]:
        """What signals say of the market in the time of its candles, the latest first."""
        if not len(candles):
            return []
        begin = int(candles.start_ns[0])
        latest = reversed(self._desk.signals.signals)
        named = [one for one in latest if one.instrument == self._name and one.end_ns >= begin]
        return [
            Marker(
                at_ns=one.end_ns,
                label=one.typology.capitalize(),
                tone=pattern_tone(one.family, one.typology),
            )
            for one in named[:_MOST_MARKERS]
        ]

    def bubbles(self, depth: DepthImage | None) -> list[Bubble]:
        """The largest trades in the time of the depth; areas tell how large beside the largest."""
        if depth is None:
            return []
        ring = self._desk.trades.ring
        numbers = ring.numbers(ring.received - _LOOKED_AT)
        numbers = numbers[ring.column("instrument", numbers) == self._number()]
        numbers = numbers[ring.column("ts_event", numbers) >= depth.times[0]]
        size = ring.column("size", numbers)
        largest = np.sort(np.argsort(size)[-_MOST_BUBBLES:])
        most = max(1, int(size.max(initial=1)))
        columns = (
            ring.column(name, numbers[largest]).tolist() for name in ("ts_event", "price", "size", "side")
        )
        return [
            Bubble(at_ns, price, size / most, side_tone(Side(side)))
            for at_ns, price, size, side in zip(*columns, strict=True)
        ]

    def _tick(self) -> int | None:
        return next(
            (one.tick for one in self._desk.trades.parties.instruments if one.name == self._name), None
        )

    def _number(self) -> int:
        number = None if self._name is None else self._desk.trades.parties.find_instrument(self._name)
        return -1 if number is None else number

    def _failed(self, error: TapewardenError) -> None:
        self.error = str(error)


def _is_sparse(candles: Candles) -> bool:
    """Whether fewer than half of the spans have a trade, once there are some to judge by."""
    if len(candles) < _JUDGED_FROM:
        return False
    spans = (int(candles.start_ns[-1]) - int(candles.start_ns[0])) // candles.interval_ns + 1
    return spans > 2 * len(candles)
