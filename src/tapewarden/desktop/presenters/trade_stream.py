"""The Trade Stream: trades as they come, chosen by a filter, and one market drawn."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.market import MarketPane
from tapewarden.desktop.presenters.trade_filter import FilterError, TradeFilter, Word, read_filter
from tapewarden.desktop.presenters.trade_rows import TradeRows
from tapewarden.domain.signal import Signal


class TradeStream:
    """What the view of the Trade Stream shows.

    Attributes:
        rows: Of the table.
        market: The chart and the depth of one market.
        text: Of the filter.
        error: Why the filter cannot be read.
        only: The market whose trades are shown; ``None`` for all.
        flagged_only: Whether only trades that signals name are shown.
        paused: Whether new trades wait.
    """

    def __init__(self, desk: Desk) -> None:
        self.book = desk.trades
        self.rows = TradeRows(self.book.ring, self.book.signals)
        self.market = MarketPane(desk)
        self.text = ""
        self.error: str | None = None
        self.only: str | None = None
        self.flagged_only = False
        self.paused = False
        self._open_signal = partial(desk.open_view, "Signals")
        self._say = desk.say
        self._scrolled = False
        self._marked = self._rated = 0

    @property
    def badge(self) -> int | None:
        """None: trades are too many to count at."""
        return None

    def choose(self, text: str) -> None:
        """Show what fits a filter; one that cannot be read leaves what is shown, and ``error`` says why."""
        self.text = text
        try:
            words = list(read_filter(text).words)
        except FilterError as error:
            self.error = str(error)
            return
        self.error = None
        if self.only is not None:
            words.append(Word("sym", "=", self.only.lower()))
        if self.flagged_only:
            words.append(Word("flag", ":", "any"))
        self.rows.choose(TradeFilter(tuple(words)))

    def choose_market(self, name: str | None) -> None:
        """Show one market's trades and draw it, or those of all and draw the one drawn before."""
        self.only = name
        if name is not None:
            self.market.choose(name)
        self.choose(self.text)

    def choose_flagged(self, only: bool) -> None:
        """Show only trades that signals name, or all."""
        self.flagged_only = only
        self.choose(self.text)

    def open(self, number: Hashable) -> None:
        """Show the signal that names a trade."""
        signal = self.signal_of(number)
        if signal is None:
            self._say("No signal names this trade.")
        else:
            self._open_signal(signal.id)

    def pause(self, paused: bool) -> None:
        """Hold the rows, or go on."""
        self.paused = paused
        self.rows.hold(self.paused or self._scrolled)

    def scroll(self, top: int) -> None:
        """Hold the rows while the first one is out of sight."""
        self._scrolled = top > 0
        self.rows.hold(self.paused or self._scrolled)

    def signal_of(self, number: Hashable) -> Signal | None:
        """The signal that names a trade, if one does."""
        assert isinstance(number, int)
        if number < self.book.ring.oldest:
            return None
        place = self.book.ring.row(number)["signal"]
        return self.book.signals[place] if place >= 0 else None

    def catch_up(self) -> None:
        """Take in what has come."""
        marked, rated = self.book.marked, self.book.rated
        follows = (self.rows.follows_marks, self.rows.follows_ratings)
        if (follows[0] and marked != self._marked) or (follows[1] and rated != self._rated):
            self._marked, self._rated = marked, rated
            self.rows.look_again()
        self.rows.catch_up()
