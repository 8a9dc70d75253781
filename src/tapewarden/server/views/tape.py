"""Trades and books for those who watch the market."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.book import BookState
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind
from tapewarden.live.covering import Numbers
from tapewarden.live.detection import Detected
from tapewarden.server.views.numbering import StreamNumbers, side_codes
from tapewarden.server.views.trade_scores import ScoredTrades
from tapewarden.wire.v1 import surveillance_pb2 as messages

MOST_TRADES: Final = 5_000
"""Trades that one message carries; more are left out, the oldest first."""


class TapeUpdates:
    """The updates of one stream. ``instruments`` are the names to carry; none means all."""

    def __init__(self, directory: Directory, instruments: Sequence[str]) -> None:
        self._directory = directory
        self._names = frozenset(instruments)
        self._numbers = StreamNumbers(directory)
        self._scored = ScoredTrades()
        self._updates = 0
        self._left_out = 0

    def update(
        self, detected: Sequence[Detected], *, at_ns: int, frame: int, events: int
    ) -> messages.TapeUpdate:
        """The message for what the engine has seen since the last one."""
        self._updates += 1
        message = messages.TapeUpdate(at_ns=at_ns, update=self._updates, frame=frame, events=events)
        chosen = [self._trades(one) for one in detected]
        if any(len(trades) for trades, _ in chosen):
            trades = EventBatch.concatenate([trades for trades, _ in chosen])
            actors = np.concatenate([actors for _, actors in chosen])
            self._left_out += max(len(trades) - MOST_TRADES, 0)
            self._fill(message, trades[-MOST_TRADES:])
            message.first_trade = self._scored.add(trades[-MOST_TRADES:], actors[-MOST_TRADES:])
        scores = self._scored.judge(one.cover for one in detected if one.cover is not None)
        if scores.trade:
            message.scores.CopyFrom(scores)
        message.left_out = self._left_out
        return message

    def lose(self, frames: int) -> None:
        """Frames were lost on the way to this stream; how many trades they had is not known: at least one."""
        self._left_out += frames

    def _trades(self, detected: Detected) -> tuple[EventBatch, Numbers]:
        """Trades to carry, and who is behind them as far as a model was told."""
        events = detected.work.events
        rows = np.flatnonzero(events.kind == EventKind.TRADE)
        chosen = events.instrument[rows] >= 0
        if self._names:
            numbers = [self._directory.find_instrument(name) for name in self._names]
            chosen &= np.isin(events.instrument[rows], [one for one in numbers if one is not None])
        cover = detected.cover
        actors = np.zeros((len(rows), 2), np.int64) if cover is None else cover.actors
        return events[rows[chosen]], actors[chosen]

    def _fill(self, message: messages.TapeUpdate, trades: EventBatch) -> None:
        message.trades.CopyFrom(
            messages.Trades(
                instrument=self._numbers.instruments(trades.instrument, message),
                ts_event=trades.ts_event.tolist(),
                price=trades.price.tolist(),
                size=trades.size.tolist(),
                side=side_codes(trades.side),
                account=self._numbers.accounts(trades.account, message),
                counter_account=self._numbers.accounts(trades.counter_account, message),
                flags=trades.flags.tolist(),
            )
        )


def book_message(book: BookState) -> messages.Book:
    """The message of a book."""
    return messages.Book(
        ts_event=book.ts_event,
        bid_prices=book.bid_prices.tolist(),
        bid_sizes=book.bid_sizes.tolist(),
        ask_prices=book.ask_prices.tolist(),
        ask_sizes=book.ask_sizes.tolist(),
    )
