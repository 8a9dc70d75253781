"""What a color would say; never said by color alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from tapewarden.domain.kinds import Side
from tapewarden.domain.typology import Family, Severity, Typology


class Tone(StrEnum):
    """A meaning that the theme has a color for."""

    PLAIN = "plain"
    MUTED = "muted"
    ACCENT = "accent"
    BUY = "buy"
    SELL = "sell"
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    SPOOFING = "spoofing"
    WASH = "wash"
    LAYERING = "layering"
    PRICE = "price"
    INFORMATION = "information"
    ANOMALY = "anomaly"
    QUALITY = "quality"
    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


_SIDES: Final = {Side.BUY: Tone.BUY, Side.SELL: Tone.SELL, Side.UNKNOWN: Tone.MUTED}
_FAMILIES: Final = {
    Family.ORDER_BOOK: Tone.SPOOFING,
    Family.WASH: Tone.WASH,
    Family.PRICE: Tone.PRICE,
    Family.INFORMATION: Tone.INFORMATION,
    Family.ACCOUNT: Tone.LAYERING,
    Family.ANOMALY: Tone.ANOMALY,
    Family.MARKET_QUALITY: Tone.QUALITY,
}


def side_tone(side: Side) -> Tone:
    """Of a side."""
    return _SIDES[side]


def severity_tone(severity: str) -> Tone:
    """Of a severity by its word; plain for one that is not known."""
    return Tone(severity) if severity in set(Severity) else Tone.PLAIN


def pattern_tone(family: str, typology: str) -> Tone:
    """Of a pattern; plain for one of a family that is not known."""
    if typology == Typology.LAYERING:
        return Tone.LAYERING
    return _FAMILIES[Family(family)] if family in set(Family) else Tone.PLAIN
