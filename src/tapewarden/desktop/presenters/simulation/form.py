"""Forms for simulated markets: what is typed into fields, and the wishes that it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.simulation import MarketWish, Wish

ANY_MARKET: Final = "any"
"""What the choice of a market says where chance is to choose."""

_MOST_SEED: Final = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Field:
    """A number to type, with its bounds; ``optional`` ones may stay empty."""

    label: str
    usual: str
    least: float
    most: float
    whole: bool = False
    optional: bool = False

    def read(self, text: str) -> float | None:
        """The number in a text; ``None`` for an optional one that is empty.

        Raises:
            ConfigurationError: With the field, what is expected and what was received.
        """
        text = text.strip()
        if self.optional and not text:
            return None
        try:
            number = int(text) if self.whole else float(text)
        except ValueError:
            number = float("nan")
        if not self.least <= number <= self.most:
            kind = "a whole number" if self.whole else "a number"
            raise ConfigurationError(
                f"{self.label}: expected {kind} from {self.least:g} to {self.most:,g}, received {text!r}"
            )
        return number


MARKET_FIELDS: Final = {
    "instruments": Field("Markets", "3", 1, 200, whole=True),
    "accounts": Field("Accounts", "500", 20, 100_000, whole=True),
    "rate": Field("Orders/s", "30", 0.1, 100_000),
    "minutes": Field("Minutes", "600", 0.1, 10_080),
    "speed": Field("Speed ×", "20", 0, 10_000),
    "seed": Field("Seed", "1", 0, _MOST_SEED, whole=True),
}
"""Of a market; ``MarketWish`` has fields of these names. Speed is beside the clock."""

SCHEME_FIELDS: Final = {
    "intensity": Field("Intensity", "0.8", 0, 1),
    "minutes": Field("Minutes", "", 2, 10_080, optional=True),
    "seed": Field("Seed", "", 0, _MOST_SEED, whole=True, optional=True),
}
"""Of a scenario; beside them its market is chosen. Without minutes it takes as long as such schemes take.
Without a seed, the market's chance decides."""


class Form:
    """What is typed into some fields. ``texts`` may be changed at any time.

    Args:
        fields: By name.
    """

    def __init__(self, fields: dict[str, Field]) -> None:
        self.fields = fields
        self.texts = {name: one.usual for name, one in fields.items()}

    def read(self) -> dict[str, float | None]:
        """The numbers by field; ``ConfigurationError`` for the first one that is none."""
        return {name: one.read(self.texts[name]) for name, one in self.fields.items()}


def market_wish(form: Form) -> MarketWish:
    """The market that a form of ``MARKET_FIELDS`` asks for."""
    numbers = {name: number for name, number in form.read().items() if number is not None}
    return MarketWish(
        seed=int(numbers["seed"]),
        instruments=int(numbers["instruments"]),
        accounts=int(numbers["accounts"]),
        rate=numbers["rate"],
        minutes=numbers["minutes"],
        speed=numbers["speed"],
    )


def scheme_wish(scenario: str, form: Form, market: str) -> Wish:
    """The scenario that a form of ``SCHEME_FIELDS`` asks for; ``market`` is a name or ``ANY_MARKET``."""
    numbers = form.read()
    seed, minutes = numbers["seed"], numbers["minutes"]
    return Wish(
        scenario=scenario,
        severity=numbers["intensity"] or 0.0,
        instrument=None if market == ANY_MARKET else bare_name(market),
        seed=None if seed is None else int(seed),
        duration_ns=None if minutes is None else int(minutes * MINUTE),
    )


def bare_name(instrument: str) -> str:
    """The name of a market without its run.

    >>> bare_name("BTC-USD@SIM~2")
    'BTC-USD@SIM'
    """
    return instrument.partition("~")[0]
