"""Trades and books for those who watch the market."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind
from tapewarden.live.intake import Work
from tapewarden.live.windows import BookState
from tapewarden.server.views.numbering import StreamNumbers, side_codes
from tapewarden.wire.v1 import surveillance_pb2 as messages

MOST_TRADES: Final = 5_000
"""Trades that one message carries; more are left out, the oldest first."""


class TapeUpdates:
    """The updates of one stream. ``instruments`` are the names to carry; none means all."""

    def __init__(self, directory: Directory, instruments: Sequence[str]) -> None:
        self._directory = directory
        self._names = frozenset(instruments)
        self._numbers = StreamNumbers(directory)
        self._updates = 0
        self._left_out = 0

    def update(self, works: Iterable[Work], *, at_ns: int, frame: int, events: int) -> messages.TapeUpdate:
        """The message for what the engine has seen since the last one."""
        self._updates += 1
        message = messages.TapeUpdate(at_ns=at_ns, update=self._updates, frame=frame, events=events)
        batches = [trades for work in works if len(trades := self._trades(work.events))]
        if batches:
            trades = EventBatch.concatenate(batches)
            self._left_out += max(len(trades) - MOST_TRADES, 0)
            self._fill(message, trades[-MOST_TRADES:])
        message.left_out = self._left_out
        return message

    def lose(self, works: int) -> None:
        """Frames were lost on the way to this stream; how many trades they had is not known: at least one."""
        self._left_out += works

    def _trades(self, events: EventBatch) -> EventBatch:
        chosen = (events.kind == EventKind.TRADE) & (events.instrument >= 0)
        if self._names:
            numbers = [self._directory.find_instrument(name) for name in self._names]
            chosen &= np.isin(events.instrument, [one for one in numbers if one is not None])
        return events[np.flatnonzero(chosen)]

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
