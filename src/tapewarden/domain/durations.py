"""Durations as people write them: ``500ms``, ``1.5s``, ``24h``."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final

from tapewarden.domain.kinds import DAY, HOUR, MINUTE, SECOND

_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
    "d": DAY,
}
_DURATION: Final = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)([a-z]{1,2})")


@lru_cache(maxsize=4096)  # scenarios are full of the same ones
def to_nanoseconds(text: str) -> int:
    """Nanoseconds in a duration of one number and one unit: ns, us, ms, s, m, h or d.

    Raises ``ValueError`` with what was expected for anything else, also for a part of a nanosecond.

    >>> to_nanoseconds("1.5s")
    1500000000
    """
    match = _DURATION.fullmatch(text.strip())
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None:
        raise ValueError("a duration such as 500ms, 1.5s or 24h")
    nanoseconds = Fraction(match[1]) * unit
    if nanoseconds.denominator != 1 or nanoseconds >= 2**63:
        raise ValueError("a whole number of nanoseconds below 2**63")
    return int(nanoseconds)


def from_nanoseconds(nanoseconds: int) -> str:
    """A duration in the largest unit that divides it.

    >>> from_nanoseconds(90_000_000_000)
    '90s'
    """
    if nanoseconds == 0:
        return "0s"
    for unit, size in reversed(_UNITS.items()):
        if nanoseconds % size == 0:
            return f"{nanoseconds // size}{unit}"
    raise AssertionError("one nanosecond divides everything")
