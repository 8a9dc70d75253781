"""The tape as those who watch see it: trades in columns, instruments and accounts by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.directory import Account, Instrument
from tapewarden.domain.kinds import Side
from tapewarden.wire.parties import account_of, instrument_of
from tapewarden.wire.v1 import ingest_pb2
from tapewarden.wire.v1 import surveillance_pb2 as pb

Column = npt.NDArray[Any]

_SIDES: Final = np.array([Side.UNKNOWN, Side.BUY, Side.SELL], dtype=np.int8)  # by their code on the wire


@dataclass(frozen=True, slots=True)
class Print:
    """A trade as everybody sees it. Price and size in units of the instrument, time in ns UTC."""

    instrument: Instrument
    ts_event: int
    price: int
    size: int
    side: Side


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trades:
    """Trades in columns of equal length, in the order of the tape; iterated, prints.

    Attributes:
        instruments: Those of the stream so far; the list grows as the stream goes on.
        accounts: Likewise.
        instrument: Places in ``instruments``.
        ts_event: Nanoseconds UTC.
        price: Units of the instrument.
        size: Likewise.
        side: The aggressor's, codes of ``Side``.
        account: The aggressor's, places in ``accounts``; -1 where unknown.
        counter_account: The other one's, likewise.
        flags: Bits of ``Flag``.
    """

    instruments: Sequence[Instrument]
    accounts: Sequence[Account]
    instrument: Column
    ts_event: Column
    price: Column
    size: Column
    side: Column
    account: Column
    counter_account: Column
    flags: Column

    def __len__(self) -> int:
        return len(self.ts_event)

    def __iter__(self) -> Iterator[Print]:
        columns = (self.instrument, self.ts_event, self.price, self.size, self.side)
        for place, ts_event, price, size, side in zip(*(one.tolist() for one in columns), strict=True):
            yield Print(self.instruments[place], ts_event, price, size, Side(side))


class Subject(IntEnum):
    """Whose window it is that makes a trade unusual."""

    UNKNOWN = 0
    INSTRUMENT = 1
    AGGRESSOR = 2
    COUNTERPARTY = 3


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TradeScores:
    """Trades that turned out more unusual than was known before, in columns of equal length.

    A trade is as unusual as the worst window that covers it. Windows end after it, so this comes behind it:
    first of windows of a second, at last of hours. None without a model.

    Attributes:
        trade: Numbers of trades, of these news or earlier ones.
        p_value: How rare a window as unusual is, the smallest so far; approximate.
        from_ns: When the window began, event time.
        until_ns: When it ended.
        subject: Whose it is, codes of ``Subject``.
    """

    trade: Column
    p_value: Column
    from_ns: Column
    until_ns: Column
    subject: Column

    def __len__(self) -> int:
        return len(self.trade)


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeNews:
    """What came since the last news.

    Attributes:
        trades: Since the last news.
        events: All that the server's detectors have seen, of all kinds, since it started.
        left_out: Trades that were too many so far.
        at_ns: The server's time.
        update: Counts from 1 without a hole.
        frame: The last one of the journal that was seen.
        first_trade: The number of the first of these trades; a stream numbers the trades it carries from 1.
        scores: Trades that turned out more unusual than was known; ``None`` for none.
    """

    trades: Trades
    events: int
    left_out: int
    at_ns: int
    update: int
    frame: int
    first_trade: int = 0
    scores: TradeScores | None = None


@dataclass(slots=True)
class StreamParties:
    """Instruments and accounts that a stream has defined, in the order in which it did."""

    instruments: list[Instrument] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    _instrument_places: dict[int, int] = field(default_factory=dict)
    _account_places: dict[int, int] = field(default_factory=lambda: {0: -1})

    def define_instruments(self, definitions: Iterable[ingest_pb2.InstrumentDefinition]) -> None:
        """Learn instruments."""
        for one in definitions:
            self._instrument_places[one.number] = len(self.instruments)
            self.instruments.append(instrument_of(one.instrument))

    def define_accounts(self, definitions: Iterable[ingest_pb2.AccountDefinition]) -> None:
        """Learn accounts."""
        for one in definitions:
            self._account_places[one.number] = len(self.accounts)
            self.accounts.append(account_of(one.account))

    def instrument_column(self, numbers: Iterable[int]) -> Column:
        """Places in ``instruments`` for numbers of the stream."""
        return np.array([self._instrument_places[number] for number in numbers], dtype=np.int32)

    def account_column(self, numbers: Iterable[int]) -> Column:
        """Places in ``accounts`` for numbers of the stream, -1 for 0."""
        return np.array([self._account_places[number] for number in numbers], dtype=np.int32)


def side_column(codes: Sequence[int]) -> Column:
    """Codes of ``Side`` for those of the wire; one that is not known is unknown."""
    column = np.array(codes, dtype=np.intp)
    return _SIDES[np.where(column < len(_SIDES), column, 0)]


def trades_of(message: pb.Trades, parties: StreamParties) -> Trades:
    """The trades in a message."""
    return Trades(
        instruments=parties.instruments,
        accounts=parties.accounts,
        instrument=parties.instrument_column(message.instrument),
        ts_event=np.array(message.ts_event, dtype=np.int64),
        price=np.array(message.price, dtype=np.int64),
        size=np.array(message.size, dtype=np.int64),
        side=side_column(message.side),
        account=parties.account_column(message.account),
        counter_account=parties.account_column(message.counter_account),
        flags=np.array(message.flags, dtype=np.uint16),
    )


def scores_of(message: pb.TradeScores) -> TradeScores:
    """The scores in a message."""
    return TradeScores(
        trade=np.array(message.trade, dtype=np.int64),
        p_value=np.array(message.p_value, dtype=np.float64),
        from_ns=np.array(message.from_ns, dtype=np.int64),
        until_ns=np.array(message.until_ns, dtype=np.int64),
        subject=np.array(message.subject, dtype=np.int8),
    )


def news_of(message: pb.TapeUpdate, parties: StreamParties) -> TapeNews:
    """The news in a message; ``parties`` learn what it defines."""
    parties.define_instruments(message.instruments)
    parties.define_accounts(message.accounts)
    return TapeNews(
        trades=trades_of(message.trades, parties),
        events=message.events,
        left_out=message.left_out,
        at_ns=message.at_ns,
        update=message.update,
        frame=message.frame,
        first_trade=message.first_trade,
        scores=scores_of(message.scores) if message.HasField("scores") else None,
    )
