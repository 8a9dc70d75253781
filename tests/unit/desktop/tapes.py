"""Trades for tests of the desktop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tapewarden.client import TapeNews, Trades
from tapewarden.domain.directory import Account, Instrument
from tapewarden.domain.kinds import SECOND, Side
from tapewarden.domain.signal import DataHealth, Evidence, Party, Signal

START = 1_700_000_000 * SECOND
BTC = Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-4, tick=1)
ETH = Instrument(symbol="ETH-USD", venue="SIM", price_exponent=-2, size_exponent=-4, tick=1)
INSTRUMENTS = (BTC, ETH)
ACCOUNTS = tuple(Account(name=f"acct-{number:04}") for number in range(4))

Row = tuple[int, int, int, int, int, int, int]
"""Instrument, seconds, price, size, side, account, counter-account."""


def trades(rows: Sequence[Row], *, instruments: Sequence[Instrument] = INSTRUMENTS) -> Trades:
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    instrument, seconds, price, size, side, account, counter = columns
    return Trades(
        instruments=instruments,
        accounts=ACCOUNTS,
        instrument=instrument,
        ts_event=START + seconds * SECOND,
        price=price,
        size=size,
        side=side,
        account=account,
        counter_account=counter,
        flags=np.zeros(len(price), np.uint16),
    )


def news(
    rows: Sequence[Row], *, update: int = 1, frame: int = 0, events: int = 0, at_ns: int = 0
) -> TapeNews:
    return TapeNews(trades=trades(rows), events=events, left_out=0, at_ns=at_ns, update=update, frame=frame)


def row(
    seconds: int,
    *,
    instrument: int = 0,
    price: int = 100,
    size: int = 10,
    side: Side = Side.BUY,
    account: int = 0,
    counter: int = 1,
) -> Row:
    return (instrument, seconds, price, size, side, account, counter)


def signal(
    *accounts: str,
    first: int,
    last: int,
    instrument: Instrument = BTC,
    severity: str = "high",
    name: str = "s",
) -> Signal:
    return Signal(
        id=name,
        detector="SPF-01",
        version=1,
        parameters="",
        typology="spoofing",
        family="order book",
        severity=severity,
        score=0.9,
        instrument=instrument.name,
        actor=accounts[0] if accounts else "",
        parties=tuple(Party(account, "manipulator") for account in accounts),
        start_ns=START + first * SECOND,
        end_ns=START + last * SECOND,
        text="",
        reasons=(),
        evidence=Evidence(),
        health=DataHealth(),
    )
