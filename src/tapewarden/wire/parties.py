"""Instruments and accounts as messages and as nouns of the domain."""

from __future__ import annotations

from tapewarden.domain.directory import Account, Instrument
from tapewarden.domain.errors import FieldError
from tapewarden.wire.layout import MAX_NAME
from tapewarden.wire.v1 import market_pb2


def checked_text(field: str, text: str, most: int = MAX_NAME) -> str:
    """The text if it may be a name: neither empty nor of more than ``most`` bytes; else ``FieldError``."""
    length = len(text.encode())
    if not 0 < length <= most:
        raise FieldError(field, f"1 to {most} bytes", f"{length} bytes")
    return text


def instrument_of(message: market_pb2.Instrument) -> Instrument:
    """The instrument a message describes; ``FieldError`` where it describes none."""
    symbol, venue = checked_text("symbol", message.symbol), checked_text("venue", message.venue)
    return Instrument(
        symbol=symbol,
        venue=venue,
        price_exponent=message.price_exponent,
        size_exponent=message.size_exponent,
        tick=message.tick if message.HasField("tick") else None,
        lot=message.lot if message.HasField("lot") else None,
        version=message.version if message.HasField("version") else 1,
    )


def account_of(message: market_pb2.Account) -> Account:
    """The account a message describes; ``FieldError`` where it describes none."""
    owner = checked_text("owner", message.owner) if message.HasField("owner") else None
    return Account(name=checked_text("name", message.name), owner=owner)


def instrument_message(instrument: Instrument) -> market_pb2.Instrument:
    """The message that describes an instrument."""
    return market_pb2.Instrument(
        symbol=instrument.symbol,
        venue=instrument.venue,
        price_exponent=instrument.price_exponent,
        size_exponent=instrument.size_exponent,
        tick=instrument.tick,
        lot=instrument.lot,
        version=instrument.version,
    )


def account_message(account: Account) -> market_pb2.Account:
    """The message that describes an account."""
    return market_pb2.Account(name=account.name, owner=account.owner)
