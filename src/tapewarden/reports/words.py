"""Times, numbers and foreign texts as they stand in a report."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Final

from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import SECOND

UNKNOWN: Final = "–"

_KEPT: Final = "\n\t\u200c\u200d"
"""Control and format characters that stay: the last two join and part letters in scripts of many people."""

_SHOWN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories that nobody sees: controls, marks that turn text around or hide in it, what means nothing."""


def legible(text: str) -> str:
    r"""The text with what cannot be seen, or would change how the rest is read, as code points.

    What is left is allowed in XML 1.0.

    >>> legible("a\\x00b\\u202ec")
    'a[U+0000]b[U+202E]c'
    """
    return "".join(_visible(letter) for letter in text.replace("\r\n", "\n"))


def code_point(letter: str) -> str:
    """A character by its number, for where it cannot be shown itself."""
    return f"[U+{ord(letter):04X}]"


def moment(ns: int) -> str:
    """Date and time UTC to the microsecond.

    >>> moment(1_704_103_209_157_525_659)
    '2024-01-01 10:00:09.157525'
    """
    return f"{_second(ns):%Y-%m-%d %H:%M:%S}.{ns % SECOND // 1_000:06}"


def time_of_day(ns: int) -> str:
    """The time of day UTC to the microsecond."""
    return moment(ns)[11:]


def exact_moment(ns: int) -> str:
    """Date and time UTC to the nanosecond, as XML Schema writes it.

    >>> exact_moment(1_704_103_209_157_525_659)
    '2024-01-01T10:00:09.157525659Z'
    """
    return f"{_second(ns):%Y-%m-%dT%H:%M:%S}.{ns % SECOND:09}Z"


def price_text(units: int, instrument: Instrument) -> str:
    """A price with all its decimals; a dash where it is unknown."""
    return UNKNOWN if units < 0 else fixed(units, instrument.price_exponent)


def size_text(units: int, instrument: Instrument) -> str:
    """A size with all its decimals; a dash where it is unknown."""
    return UNKNOWN if units < 0 else fixed(units, instrument.size_exponent)


def fixed(units: int, exponent: int) -> str:
    """The exact decimal of ``units`` of ``10**exponent``, as long as all others of this exponent.

    >>> fixed(61660, -5)
    '0.61660'
    """
    if exponent >= 0:
        return str(units * 10**exponent)
    whole, part = divmod(units, 10**-exponent)
    return f"{whole}.{part:0{-exponent}}"


def number_text(value: float) -> str:
    """A measured number, to six digits.

    >>> number_text(1234567.0), number_text(0.25)
    ('1,234,570', '0.25')
    """
    if value and not 1e-4 <= abs(value) < 1e15:
        return f"{value:.5e}"
    digits = f"{value:.6g}"
    return f"{float(digits):,.0f}" if "e" in digits else _grouped(digits)


def _grouped(digits: str) -> str:
    whole, point, fraction = digits.partition(".")
    sign = "-" if whole.startswith("-") else ""  # of -0.5, which no integer keeps
    return f"{sign}{abs(int(whole)):,}{point}{fraction}"


def _visible(letter: str) -> str:
    if letter in _KEPT:
        return letter
    return code_point(letter) if unicodedata.category(letter) in _SHOWN else letter


def _second(ns: int) -> datetime:
    return datetime.fromtimestamp(ns // SECOND, UTC)
