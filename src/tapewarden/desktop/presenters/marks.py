"""What is drawn above candles and depth."""

from __future__ import annotations

from dataclasses import dataclass

from tapewarden.desktop.presenters.tone import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """Something that happened. ``price`` is in units, ``None`` for that of its candle.

    Its label goes above that, or below where ``above`` is false.
    """

    at_ns: int
    label: str
    tone: Tone
    price: float | None = None
    above: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """A time to shade, ns UTC."""

    from_ns: int
    until_ns: int
    label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Bubble:
    """A trade: when, at which price in units, how large beside the largest (0 to 1), and whose side."""

    at_ns: int
    price: float
    share: float
    tone: Tone
