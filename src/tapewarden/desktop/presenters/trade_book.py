"""`TradeBook`: the trades the window remembers, and which of them signals name."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.client import TapeNews, TradeScores
from tapewarden.desktop.presenters.candles import CandleSeries
from tapewarden.desktop.presenters.carried import Carried
from tapewarden.desktop.presenters.trade_ring import Parties, TradeRing, flagged
from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import Flag
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Severity

Column = npt.NDArray[Any]

MOST_KEPT: Final = 100_000
"""Trades the window remembers."""

_RECENT_SIGNALS: Final = 64  # whose trades may still be on their way
_TRADED: Final = ("ts_event", "price", "size")
_GRAVITY: Final = list(Severity)


class TradeBook:
    """The latest trades, and the candles of every instrument.

    ``marked`` counts the marks that were set, ``rated`` how often a model said of a trade how unusual it is;
    ``simulated`` is whether a trade that came said so of itself.

    Args:
        signals: What marks of the ring are places in; it grows.
        capacity: How many trades to remember.
    """

    def __init__(self, signals: Sequence[Signal], capacity: int = MOST_KEPT) -> None:
        self.parties = Parties()
        self.ring = TradeRing(capacity, self.parties)
        self.signals = signals
        self.marked = self.rated = 0
        self.simulated = False
        self._candles: dict[int, CandleSeries] = {}
        self._recent: deque[int] = deque(maxlen=_RECENT_SIGNALS)
        self._stream: Sequence[Instrument] | None = None
        self._carried = Carried()

    def candles(self, instrument: int) -> CandleSeries:
        """Of an instrument by its number."""
        return self._candles.setdefault(instrument, CandleSeries())

    def add(self, news: TapeNews) -> None:
        """Learn of trades, and of how unusual earlier ones have turned out to be."""
        if self._stream is not news.trades.instruments:
            self._stream, self._carried = news.trades.instruments, Carried()
        if len(news.trades):
            self._add(news)
        if news.scores is not None:
            self._rate(news.scores)

    def _add(self, news: TapeNews) -> None:
        self.simulated |= bool((news.trades.flags & Flag.SIMULATED).any())
        begin = self.ring.received
        self.ring.add(news.trades)
        self._carried.add(news.first_trade, len(news.trades), begin)
        numbers = self.ring.numbers(begin)
        for place in self._recent:
            self._mark(place, numbers)
        of = self.ring.column("instrument", numbers)
        for instrument in np.unique(of).tolist():
            columns = (self.ring.column(name, numbers[of == instrument]) for name in _TRADED)
            self.candles(instrument).add(*columns)

    def _rate(self, scores: TradeScores) -> None:
        numbers = self._carried.numbers(scores.trade)
        kept = numbers >= self.ring.oldest
        self.ring.rate(numbers[kept], scores.p_value[kept])
        self.rated += int(kept.sum())

    def learn(self, place: int, signal: Signal) -> None:
        """Learn of a signal; trades that it names are marked, also those still to come."""
        self._recent.append(place)
        self._mark(place, self.ring.numbers())

    def _mark(self, place: int, numbers: Column) -> None:
        signal = self.signals[place]
        instrument = self.parties.find_instrument(signal.instrument)
        accounts = self.parties.find_accounts(party.account for party in signal.parties)
        if instrument is None or not accounts or not len(numbers):
            return
        span = range(signal.start_ns, signal.end_ns + 1)
        named = flagged(self.ring, numbers, instrument, accounts, span)
        graver = [one for one in named.tolist() if self._is_graver(signal, self.ring.row(one)["signal"])]
        self.ring.mark(np.array(graver, np.int64), place)
        self.marked += len(graver)

    def _is_graver(self, signal: Signal, marked: int) -> bool:
        if marked < 0:
            return True
        before = self.signals[marked]
        return _gravity(signal) > _gravity(before)


def _gravity(signal: Signal) -> tuple[int, float]:
    grave = _GRAVITY.index(Severity(signal.severity)) if signal.severity in set(Severity) else -1
    return grave, signal.score
