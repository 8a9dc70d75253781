"""Money: what a trade moves between two accounts, and what the venue keeps."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.simulator.exchange.tables import BUY, position_of

MILLION: Final = 1_000_000


@rule
def settle_trade(w: Any, taker: int, maker: int, price: int, size: int) -> None:
    """Move size and cash between the owners of two orders; each pays his fee."""
    aggressor, resting = w.orders[taker], w.orders[maker]
    market = w.instruments[aggressor.instrument]
    notional = price * size
    bought = size if aggressor.side == BUY else -size
    move(w, aggressor.account, aggressor.instrument, bought, price, notional * market.taker_fee // MILLION)
    move(w, resting.account, resting.instrument, -bought, price, notional * market.maker_fee // MILLION)


@rule
def move(w: Any, account: int, instrument: int, bought: int, price: int, fee: int) -> None:
    """An account buys (sells: negative) at a price and pays a fee."""
    money, held = w.accounts[account], position_of(w, account, instrument)
    money.cash -= price * bought + fee
    money.fees += fee
    held.size += bought
    held.cost += price * bought


@rule
def deposit(w: Any, account: int, amount: int) -> None:
    """Money comes from outside the market."""
    money = w.accounts[account]
    money.cash += amount
    money.deposited += amount
