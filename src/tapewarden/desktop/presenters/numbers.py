"""Prices, sizes and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import SECOND

UNKNOWN: Final = "–"
_MILLISECOND: Final = SECOND // 1_000


def price_text(units: int, instrument: Instrument) -> str:
    """A price, with as many decimals as its tick has; a dash where it is unknown."""
    return UNKNOWN if units < 0 else fixed_text(units, instrument.price_exponent)


def size_text(units: int, instrument: Instrument) -> str:
    """A size with all its decimals; a dash where it is unknown."""
    return UNKNOWN if units < 0 else fixed_text(units, instrument.size_exponent)


def fixed_text(units: int, exponent: int) -> str:
    """The exact decimal of ``units`` of ``10**exponent``, in groups of three digits.

    >>> fixed_text(6426151, -2)
    '64,261.51'
    """
    if exponent >= 0:
        return f"{units * 10**exponent:,}"
    whole, part = divmod(abs(units), 10**-exponent)
    return f"{'-' if units < 0 else ''}{whole:,}.{part:0{-exponent}}"


def notional(price: int, size: int, instrument: Instrument) -> float:
    """What was paid, in quote currency."""
    return price * size * 10.0 ** (instrument.price_exponent + instrument.size_exponent)


def time_text(ns: int) -> str:
    """The time of day UTC with milliseconds.

    >>> time_text(1_704_103_209_157_525_659)
    '10:00:09.157'
    """
    return f"{_moment(ns):%H:%M:%S}.{ns % SECOND // _MILLISECOND:03}"


def clock_text(ns: int) -> str:
    """The time of day UTC to the second."""
    return f"{_moment(ns):%H:%M:%S}"


def date_text(ns: int) -> str:
    """Date and time UTC to the second."""
    return f"{_moment(ns):%Y-%m-%d %H:%M:%S}"


def _moment(ns: int) -> datetime:
    return datetime.fromtimestamp(ns // SECOND, UTC)


def brief_size(units: int, instrument: Instrument) -> str:
    """A size with about three digits, for labels."""
    size = units * 10.0**instrument.size_exponent
    return f"{size:,.0f}" if size >= 100 else f"{size:.3g}"


def base_of(instrument: Instrument) -> str:
    """What is traded, in which sizes are.

    >>> base_of(Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-8))
    'BTC'
    """
    return instrument.symbol.partition("-")[0]
