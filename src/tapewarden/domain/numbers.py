"""Exact prices and sizes: integers at a decimal exponent, never binary floats."""

import re
from typing import Final

MAX_UNITS: Final = 2**53 - 1
"""Largest price or size in units: exact as a float64, and sums of a thousand of them fit 64 bits."""

MIN_EXPONENT: Final = -18
MAX_EXPONENT: Final = 9

_DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?")


def to_units(text: str, exponent: int) -> int:
    """Units of ``10**exponent`` in the decimal ``text``.

    Raises ``ValueError`` for anything that is not a finite decimal, that would need rounding, or whose
    magnitude is above ``MAX_UNITS``. Never passes through a float.

    >>> to_units("236.47", -2)
    23647
    """
    digits, scale = _parse(text)
    shift = scale - exponent
    if shift < 0:
        quotient, rest = divmod(abs(digits), 10**-shift)
        if rest:
            raise ValueError(f"a multiple of {from_units(1, exponent)} (it would need rounding)")
        units: int = quotient if digits >= 0 else -quotient
    else:
        units = digits * 10**shift
    if abs(units) > MAX_UNITS:
        raise ValueError(f"at most {from_units(MAX_UNITS, exponent)}")
    return units


def from_units(units: int, exponent: int) -> str:
    """The decimal text of ``units`` of ``10**exponent``, without exponent or trailing zeros.

    >>> from_units(23647, -2)
    '236.47'
    """
    if exponent >= 0:
        return str(units * 10**exponent)
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 10**-exponent)
    fraction = str(part).zfill(-exponent).rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def exponent_of(text: str) -> int:
    """The largest exponent, at most 0, at which the decimal ``text`` is a whole number of units."""
    digits, scale = _parse(text)
    while digits and digits % 10 == 0 and scale < 0:
        digits //= 10
        scale += 1
    return min(scale, 0) if digits else 0


def _parse(text: str) -> tuple[int, int]:
    """Digits and exponent of a decimal text, bounded so that hostile exponents cost nothing."""
    match = _DECIMAL.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]) or len(text) > 100:
        raise ValueError("a decimal number")
    sign, whole, fraction, power = match.groups()
    fraction = (fraction or "").rstrip("0")
    digits = int((whole or "") + fraction or "0")
    return (-digits if sign == "-" else digits), int(power or 0) - len(fraction)
