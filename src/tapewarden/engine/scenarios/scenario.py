"""`Scenario`: a named tape in tape notation, and how often a detector must fire on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tapewarden.domain.durations import to_nanoseconds

Market = Literal["none", "calm", "busy", "prints"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A tape as text (see ``notation``), and the exact number of signals expected on it.

    Attributes:
        name: What happens, in a few words.
        text: Lines of tape notation.
        count: How many signals the detector must give.
        repeat: How often the text is played, each time later, with fresh orders and trades.
        every: Nanoseconds from one playing to the next; 0 leaves ten seconds after the text's last line.
        market: The ambient market underneath: none, a calm one, a busy one, or only its public trades (see
            ``ambient``).
        warm: Seconds of ambient market before the text begins, so that baselines have learned.
    """

    name: str
    text: str
    count: int
    repeat: int = 1
    every: int = 0
    market: Market = "none"
    warm: int = 600


def in_order(text: str) -> str:
    """The lines of a text in tape notation in time order, for tapes put together from parts that overlap."""
    return "".join(sorted(text.splitlines(True), key=lambda line: to_nanoseconds(line.split()[0])))


def fires(
    count: int,
    name: str,
    text: str,
    *,
    repeat: int = 1,
    every: int = 0,
    market: Market = "none",
    warm: int = 600,
) -> Scenario:
    """A tape on which the detector must give exactly ``count`` signals. Arguments as in ``Scenario``."""
    if count < 1:
        raise ValueError(f"scenario {name!r}: expected at least one signal, received {count}")
    return Scenario(name=name, text=text, count=count, repeat=repeat, every=every, market=market, warm=warm)


def quiet(
    name: str, text: str, *, repeat: int = 1, every: int = 0, market: Market = "none", warm: int = 600
) -> Scenario:
    """A near-miss: a tape on which the detector must stay silent. Arguments as in ``Scenario``."""
    return Scenario(name=name, text=text, count=0, repeat=repeat, every=every, market=market, warm=warm)
