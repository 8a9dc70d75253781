"""Trades that a test hands in itself, so that it knows how many there are and whose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from tapewarden.client import Connection, Publisher
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, EventKind, Side

START = 1_700_000_000 * SECOND


class Venue:
    """Hands in trades of one instrument, each of the first account with one of the others in turn."""

    def __init__(self, publisher: Publisher, accounts: int) -> None:
        self._publisher = publisher
        self._accounts = accounts
        self.traded = 0

    def trade(self, count: int) -> None:
        """Hand in so many trades, and wait until they are durable."""
        numbers = self.traded + np.arange(count)
        batch = EventBatch.of(
            count,
            kind=np.full(count, EventKind.TRADE),
            side=np.full(count, Side.BUY),
            instrument=np.zeros(count, np.int32),
            account=np.zeros(count, np.int32),
            counter_account=1 + numbers % (self._accounts - 1),
            trade=1 + numbers,
            price=np.full(count, 6_000_000),
            size=np.full(count, 1_000),
            ts_event=START + numbers * SECOND // 1_000,
        )
        self._publisher.send(batch)
        self._publisher.flush()
        self.traded += count


@contextmanager
def venue(address: str, accounts: Sequence[str]) -> Iterator[Venue]:
    """A venue with such accounts."""
    directory = Directory()
    directory.sources.number("venue")
    directory.add_instrument(
        Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-4, tick=1)
    )
    for name in accounts:
        directory.add_account(name)
    with Publisher(Connection(address=address), "venue", directory) as publisher:
        yield Venue(publisher, len(accounts))
