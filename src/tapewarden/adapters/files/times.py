"""Times as text, exact to the nanosecond."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Final

from tapewarden.adapters.files.rejects import RowError

_PLAIN: Final = re.compile(r"(\d{1,19})(?:\.(\d{0,18}))?")
_FRACTION: Final = re.compile(r"(.*\d{2}:\d{2}:\d{2})[.,](\d{1,18})(.*)")
_LAST: Final = 1 << 63

UNITS: Final[Mapping[str, int]] = {"s": 9, "ms": 6, "us": 3, "ns": 0}
"""Decimal digits between a unit of time and a nanosecond."""


def counted_time(text: str, unit: str, name: str = "time") -> int:
    """Nanoseconds in a decimal count of ``s``, ``ms``, ``us`` or ``ns``; ``RowError`` if they are not whole.

    >>> counted_time("1430438404.518", "s")
    1430438404518000000
    """
    digits = UNITS[unit]
    match = _PLAIN.fullmatch(text.strip())
    if match is None:
        raise RowError(name, f"a time in {unit}", text)
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) > digits:
        raise RowError(name, "a time in whole nanoseconds", text)
    value = int(match[1] + fraction.ljust(digits, "0"))
    if value >= _LAST:
        raise RowError(name, f"a time before the year 2262 in {unit}", text)
    return value


def calendar_time(text: str, zone: tzinfo, name: str = "time") -> int:
    """Nanoseconds since 1970 UTC of an ISO 8601 text, which is in ``zone`` unless it names an offset.

    An hour that the clock shows twice in autumn is taken as the earlier one.
    """
    match = _FRACTION.fullmatch(text.strip())
    whole, fraction, offset = match.groups() if match else (text.strip(), "", "")
    fraction = fraction.rstrip("0")
    try:
        moment = datetime.fromisoformat(whole + offset)
    except ValueError:
        raise RowError(name, "a date and time in ISO 8601", text) from None
    if len(fraction) > 9:
        raise RowError(name, "a time in whole nanoseconds", text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        value = int(moment.timestamp()) * 10**9 + int(fraction.ljust(9, "0"))
    except (OverflowError, ValueError):
        value = -1
    if not 0 <= value < _LAST:
        raise RowError(name, "a time from 1970 to 2262", text)
    return value


def time_reader(unit: str, zone: tzinfo, name: str = "time") -> Callable[[str], int]:
    """What reads times of a unit: ``s``, ``ms``, ``us``, ``ns`` or ``iso``."""
    if unit == "iso":
        return lambda text: calendar_time(text, zone, name)
    return lambda text: counted_time(text, unit, name)
