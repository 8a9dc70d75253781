"""`TradeRing`: the latest trades in columns, under numbers that rise by one for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.client import Trades
from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import Side

Column = npt.NDArray[Any]

_FIELDS: Final = {
    "instrument": np.int32,
    "ts_event": np.int64,
    "price": np.int64,
    "size": np.int64,
    "side": np.int8,
    "buyer": np.int32,
    "seller": np.int32,
    "flags": np.uint16,
    "signal": np.int32,
    "rarity": np.int64,
}

UNRATED: Final = -1
"""The rarity of a trade of which no model has said anything."""

BILLION: Final = 1_000_000_000


@dataclass(slots=True)
class Parties:
    """Instruments and accounts of all streams so far, under numbers of this window."""

    instruments: list[Instrument] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    _instrument_numbers: dict[str, int] = field(default_factory=dict)
    _account_numbers: dict[str, int] = field(default_factory=dict)

    def instrument(self, instrument: Instrument) -> int:
        """The number of an instrument, new at its first use."""
        number = self._instrument_numbers.setdefault(instrument.name, len(self.instruments))
        if number == len(self.instruments):
            self.instruments.append(instrument)
        return number

    def account(self, name: str) -> int:
        """The number of an account, likewise."""
        number = self._account_numbers.setdefault(name, len(self.accounts))
        if number == len(self.accounts):
            self.accounts.append(name)
        return number

    def find_instrument(self, name: str) -> int | None:
        """The number of the instrument of a name if there is one."""
        return self._instrument_numbers.get(name)

    def find_accounts(self, names: Iterable[str]) -> list[int]:
        """The numbers of those accounts that there are."""
        return [self._account_numbers[name] for name in names if name in self._account_numbers]


class _Translation:
    """From the places of one stream to numbers of this window."""

    def __init__(self, trades: Trades, parties: Parties) -> None:
        self._trades = trades
        self._parties = parties
        self._instruments: list[int] = []
        self._accounts: list[int] = []

    def is_of(self, trades: Trades) -> bool:
        return trades.instruments is self._trades.instruments

    def extend(self) -> tuple[Column, Column]:
        """Tables for instruments and accounts; the last entry of the second, for -1, is unknown."""
        trades, parties = self._trades, self._parties
        for one in trades.instruments[len(self._instruments) :]:
            self._instruments.append(parties.instrument(one))
        for account in trades.accounts[len(self._accounts) :]:
            self._accounts.append(parties.account(account.name))
        return np.array(self._instruments, np.int32), np.array([*self._accounts, -1], np.int32)


class TradeRing:
    """The latest ``capacity`` trades. ``received == kept + evicted``, always.

    A trade's number counts from 0; the ring holds those from ``oldest`` to ``received`` - 1. Of trades
    without a known aggressor, the account comes as the buyer and the counter-account as the seller. A rarity
    is a p-value in billionths.
    """

    def __init__(self, capacity: int, parties: Parties) -> None:
        self.capacity = capacity
        self.parties = parties
        self.received = 0
        self._columns: dict[str, Column] = {name: np.zeros(capacity, kind) for name, kind in _FIELDS.items()}
        self._translation: _Translation | None = None

    @property
    def oldest(self) -> int:
        """The number of the oldest trade that is kept."""
        return max(0, self.received - self.capacity)

    @property
    def kept(self) -> int:
        """How many there are."""
        return self.received - self.oldest

    @property
    def evicted(self) -> int:
        """How many gave way to newer ones."""
        return self.oldest

    def add(self, trades: Trades) -> None:
        """Add trades, the oldest give way."""
        if self._translation is None or not self._translation.is_of(trades):
            self._translation = _Translation(trades, self.parties)
        instruments, accounts = self._translation.extend()
        account, counter = accounts[trades.account], accounts[trades.counter_account]
        sells = trades.side == Side.SELL
        self._put(
            len(trades),
            {
                "instrument": instruments[trades.instrument],
                "ts_event": trades.ts_event,
                "price": trades.price,
                "size": trades.size,
                "side": trades.side,
                "buyer": np.where(sells, counter, account),
                "seller": np.where(sells, account, counter),
                "flags": trades.flags,
                "signal": np.full(len(trades), -1, np.int32),
                "rarity": np.full(len(trades), UNRATED, np.int64),
            },
        )

    def column(self, name: str, numbers: Column) -> Column:
        """A column at trades by their numbers, which must be kept."""
        column: Column = self._columns[name][numbers % self.capacity]
        return column

    def row(self, number: int) -> dict[str, int]:
        """A trade as plain numbers, by the names of columns."""
        place = number % self.capacity
        return {name: int(column[place]) for name, column in self._columns.items()}

    def numbers(self, begin: int | None = None) -> Column:
        """The numbers of trades from ``begin`` on, or of all that are kept."""
        first = self.oldest if begin is None else max(begin, self.oldest)
        return np.arange(first, self.received)

    def mark(self, numbers: Column, signal: int) -> None:
        """Say that a signal names these trades."""
        self._columns["signal"][numbers % self.capacity] = signal

    def rate(self, numbers: Column, p_values: Column) -> None:
        """Say how rare a window as unusual is as the worst that covers each of these trades."""
        self._columns["rarity"][numbers % self.capacity] = np.rint(p_values * BILLION)

    def _put(self, count: int, fields: dict[str, Column]) -> None:
        kept = slice(max(0, count - self.capacity), count)
        places = np.arange(self.received + kept.start, self.received + count) % self.capacity
        for name, values in fields.items():
            self._columns[name][places] = values[kept]
        self.received += count


def flagged(
    ring: TradeRing, numbers: Column, instrument: int, accounts: Sequence[int], span: range
) -> Column:
    """Those of the trades that are of an instrument and of one of the accounts, within a span of time, ns."""
    fits = ring.column("instrument", numbers) == instrument
    ts_event = ring.column("ts_event", numbers)
    fits &= (ts_event >= span.start) & (ts_event < span.stop)
    fits &= np.isin(ring.column("buyer", numbers), accounts) | np.isin(
        ring.column("seller", numbers), accounts
    )
    named: Column = numbers[fits]
    return named
