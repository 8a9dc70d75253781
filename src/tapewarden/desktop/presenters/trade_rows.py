"""`TradeRows`: trades that fit a filter as rows of a table, held still while somebody reads."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.desktop.presenters.numbers import UNKNOWN, notional, price_text, size_text, time_text
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone, pattern_tone, side_tone
from tapewarden.desktop.presenters.trade_filter import TradeFilter
from tapewarden.desktop.presenters.trade_ring import BILLION, UNRATED, TradeRing
from tapewarden.domain.kinds import Flag, Side
from tapewarden.domain.signal import Signal

Column = npt.NDArray[Any]

BUYER_COLUMN: Final = 7
SELLER_COLUMN: Final = 8

_STRIKING: Final = BILLION // 200


class TradeRows:
    """Trades that fit a filter, the newest first: rows of a table, by their numbers in the ring.

    Held, they end with the trade that was the newest then; ``fresh`` counts what has come since.

    Args:
        ring: All trades.
        signals: What the marks of the ring are places in; it grows.
    """

    def __init__(self, ring: TradeRing, signals: Sequence[Signal]) -> None:
        self._ring = ring
        self._signals = signals
        self._filter = TradeFilter()
        self._fitting: Column = np.zeros(0, np.int64)
        self._seen = 0
        self._held_at: int | None = None

    def __len__(self) -> int:
        return self._end - self._begin

    @property
    def fresh(self) -> int:
        """Fitting trades that came since the rows are held."""
        return len(self._fitting) - self._end

    @property
    def held(self) -> bool:
        """Whether new trades wait."""
        return self._held_at is not None

    def choose(self, wanted: TradeFilter) -> None:
        """Show what fits from now on, and of what is there."""
        self._filter = wanted
        self.look_again()

    def look_again(self) -> None:
        """Decide anew for every trade, after marks have changed."""
        self._fitting = self._filter.fitting(self._ring, self._ring.numbers(), self._signals)
        self._seen = self._ring.received

    @property
    def follows_marks(self) -> bool:
        """Whether marks decide what fits."""
        return self._filter.needs_signals

    @property
    def follows_ratings(self) -> bool:
        """Whether it decides how unusual a trade is."""
        return self._filter.needs_ratings

    def hold(self, held: bool) -> None:
        """Let new trades wait, or in."""
        if held != self.held:
            self.catch_up()
            self._held_at = self._ring.received if held else None

    def catch_up(self) -> None:
        """Take in what the ring has received."""
        if self._seen == self._ring.received:
            return
        fresh = self._filter.fitting(self._ring, self._ring.numbers(self._seen), self._signals)
        self._fitting = np.concatenate((self._fitting[self._begin :], fresh))
        self._seen = self._ring.received

    def key(self, index: int) -> Hashable:
        """See ``Rows``; the number of a trade."""
        return int(self._fitting[self._end - 1 - index])

    def index(self, key: Hashable) -> int | None:
        """See ``Rows``."""
        assert isinstance(key, int)
        place = int(np.searchsorted(self._fitting, key))
        if place >= self._end or place < self._begin or self._fitting[place] != key:
            return None
        return self._end - 1 - place

    def cells(self, index: int) -> Sequence[Cell]:
        """See ``Rows``."""
        row = self._ring.row(int(self._fitting[self._end - 1 - index]))
        instrument, side = self._ring.parties.instruments[row["instrument"]], Side(row["side"])
        simulated = row["flags"] & Flag.SIMULATED and not instrument.venue.startswith("SIM")
        tone = side_tone(side)
        known = row["price"] >= 0 and row["size"] >= 0
        paid = f"{notional(row['price'], row['size'], instrument):,.0f}" if known else UNKNOWN
        return (
            Cell(time_text(row["ts_event"])),
            Cell(f"{instrument.name} SIM" if simulated else instrument.name),
            Cell(side.name if side else UNKNOWN, tone),
            Cell(price_text(row["price"], instrument)),
            Cell(size_text(row["size"], instrument)),
            Cell(paid),
            unusual_cell(row["rarity"]),
            self._account(row["buyer"]),
            self._account(row["seller"]),
            self._flag(row["signal"]),
        )

    @property
    def _begin(self) -> int:
        """The first that the ring still has."""
        return int(np.searchsorted(self._fitting, self._ring.oldest))

    @property
    def _end(self) -> int:
        if self._held_at is None:
            return len(self._fitting)
        return int(np.searchsorted(self._fitting, self._held_at))

    def _account(self, number: int) -> Cell:
        return Cell(UNKNOWN, Tone.MUTED) if number < 0 else Cell(self._ring.parties.accounts[number])

    def _flag(self, place: int) -> Cell:
        if place < 0:
            return Cell()
        signal = self._signals[place]
        return Cell(signal.typology.capitalize(), pattern_tone(signal.family, signal.typology))


def unusual_cell(rarity: int) -> Cell:
    """How many of a hundred usual windows are less unusual than the worst one that covers a trade.

    >>> unusual_cell(2_000_000).text
    '99.8 %'
    """
    if rarity == UNRATED:
        return Cell(UNKNOWN, Tone.MUTED)
    tenths = (BILLION - rarity) * 1_000 // BILLION  # rounded down: nothing reads as 100
    return Cell(f"{tenths / 10:.1f} %", Tone.ANOMALY if rarity <= _STRIKING else Tone.MUTED)
