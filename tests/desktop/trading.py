"""Trades and orders that a test hands in itself, so that it knows how many there are and whose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from tapewarden.client import Connection, Publisher
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, EventKind, Side

START = 1_700_000_000 * SECOND


class Venue:
    """Hands in events of one instrument, a millisecond apart."""

    def __init__(self, publisher: Publisher, accounts: int) -> None:
        self._publisher = publisher
        self._accounts = accounts
        self._events = 0
        self.traded = 0

    def trade(self, count: int) -> None:
        """Trades of the first account with one of the others in turn."""
        others = 1 + (self.traded + np.arange(count)) % (self._accounts - 1)
        self._trade(np.zeros(count, np.int32), others)

    def meet(self, account: int, count: int) -> None:
        """Trades of an account with itself."""
        self._trade(np.full(count, account, np.int32), np.full(count, account, np.int32))

    def place_and_cancel(self, account: int, count: int) -> None:
        """Orders that are canceled at once: two events each."""
        self._hand_in(
            2 * count,
            kind=np.tile([EventKind.PLACE, EventKind.CANCEL], count),
            account=np.full(2 * count, account),
            order=1 + self._events + np.repeat(np.arange(count), 2),
            price=5_999_900 + np.repeat(np.arange(count), 2) % 100,
        )

    def rest(self) -> None:
        """Let a minute pass, so that the server need not wait for what may come late."""
        self._events += 60_000
        self._hand_in(1, kind=np.array([EventKind.CLOCK]))

    def _trade(self, account: npt.NDArray[Any], counter_account: npt.NDArray[Any]) -> None:
        count = len(account)
        self._hand_in(
            count,
            kind=np.full(count, EventKind.TRADE),
            account=account,
            counter_account=counter_account,
            trade=1 + self.traded + np.arange(count),
            price=np.full(count, 6_000_000),
        )
        self.traded += count

    def _hand_in(self, count: int, **columns: npt.NDArray[Any]) -> None:
        """Hand in events, and wait until they are durable."""
        batch = EventBatch.of(
            count,
            side=np.full(count, Side.BUY),
            instrument=np.zeros(count, np.int32),
            size=np.full(count, 1_000),
            ts_event=START + (self._events + np.arange(count)) * SECOND // 1_000,
            **columns,
        )
        self._events += count
        self._publisher.send(batch)
        self._publisher.flush()


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
