"""What market to make: how many instruments, accounts and orders, and who trades there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.directory import Instrument
from tapewarden.simulator.windows import ReferenceWindows

START: Final = 1_704_103_200_000_000_000
"""Default beginning of a market: Monday, 2024-01-01 10:00 UTC, in nanoseconds."""

VENUE: Final = "SIM"
SECOND_VENUE: Final = "SIM2"
LADDER: Final = 98_304
"""Ticks of a ladder: from nothing to about four times the first price."""

USUAL_RATE: Final = 5.0
"""Orders per second and instrument of a market of usual tempo."""

_TICKS: Final = 10_000  # of a first price, about
_USUAL_NOTIONAL: Final = 500  # of an order, in the quote currency
_LOTS: Final = 1_000  # of a usual order, about
_LEAST_NOTIONAL: Final = 5
_ASSETS: Final = (
    ("BTC", 43_000), ("ETH", 2_300), ("SOL", 98), ("XRP", 0.62), ("ADA", 0.59), ("AVAX", 39), ("DOGE", 0.09),
    ("LINK", 15), ("DOT", 8.2), ("LTC", 73), ("UNI", 7.3), ("ATOM", 10.5), ("ETC", 21.5), ("FIL", 6.9),
    ("APT", 9.4), ("NEAR", 3.6), ("OP", 3.7), ("ARB", 1.6), ("INJ", 38), ("AAVE", 109), ("MKR", 1_700),
    ("ALGO", 0.22), ("GRT", 0.18), ("SAND", 0.59), ("MANA", 0.52), ("AXS", 8.9), ("EOS", 0.85), ("XTZ", 1.0),
    ("FLOW", 0.9), ("CHZ", 0.088), ("CRV", 0.61), ("SNX", 3.9), ("COMP", 58), ("ZEC", 28), ("DASH", 31),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An instrument as the venue lists it.

    ``anchor`` is the first price and ``usual_size`` a usual order, in units; ``least_notional`` in units of
    price times size; ``spot`` is the place in the list of the instrument that a perpetual follows.
    """

    instrument: Instrument
    asset: int
    anchor: int
    usual_size: int
    least_notional: int
    spot: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPlan:
    """A market to simulate. The same plan gives the same bytes.

    Attributes:
        seed: Of all that is random.
        instruments: How many; some assets have a perpetual too, or a second venue.
        accounts: Of the agents; scenarios bring their own.
        rate: Orders per second, over all instruments, averaged over the market's bursts.
        start: Event time of the beginning, ns.
        book_readers: Whether some agents read the book; without them it cannot be spoofed.
        funding_interval: Between fundings of perpetuals, ns.
        news_per_day: Of each asset, unannounced; what it is worth jumps by half a percent or so.
        windows: In which the venue takes reference prices.
    """

    seed: int
    instruments: int = 3
    accounts: int = 500
    rate: float = 30.0
    start: int = START
    book_readers: bool = True
    funding_interval: int = 8 * 3_600_000_000_000
    news_per_day: float = 1.0
    windows: tuple[ReferenceWindows, ...] = (ReferenceWindows(),)

    def __post_init__(self) -> None:
        for name, least, most in (("instruments", 1, 200), ("accounts", 20, 100_000), ("rate", 0.1, 100_000)):
            received = getattr(self, name)
            if not least <= received <= most:
                raise ValueError(f"{name}: expected {least} to {most}, received {received}")

    @property
    def calm(self) -> float:
        """Seconds in which as much happens on an instrument as in one on a market of usual tempo."""
        return USUAL_RATE * self.instruments / self.rate


def listings(count: int) -> list[Listing]:
    """The first ``count`` instruments: each asset's spot, some perpetuals, some on a second venue."""
    found: list[Listing] = []
    for asset, (symbol, price) in enumerate(_all_assets(count)):
        spot = len(found)
        found.append(_listing(f"{symbol}-USD", VENUE, asset, price))
        if asset % 3 == 0:
            found.append(_listing(f"{symbol}-PERP", VENUE, asset, price, spot))
        if asset % 5 == 0:
            found.append(_listing(f"{symbol}-USD", SECOND_VENUE, asset, price))
        if len(found) >= count:
            break
    return found[:count]


def _all_assets(count: int) -> Sequence[tuple[str, float]]:
    more = [(f"COIN{number}", 1.0 + number) for number in range(max(0, count - len(_ASSETS)))]
    return [*_ASSETS, *more]


def _listing(symbol: str, venue: str, asset: int, price: float, spot: int | None = None) -> Listing:
    """Tick and lot such that a price has about ten thousand ticks and a usual order a thousand lots."""
    tick_step, price_exponent = _step(price / _TICKS)
    lot_step, size_exponent = _step(_USUAL_NOTIONAL / price / _LOTS)
    anchor = round(price / 10.0**price_exponent / tick_step) * tick_step
    notional = 10.0 ** -(price_exponent + size_exponent)
    instrument = Instrument(
        symbol=symbol,
        venue=venue,
        price_exponent=price_exponent,
        size_exponent=size_exponent,
        tick=tick_step,
        lot=lot_step,
    )
    usual = max(round(_USUAL_NOTIONAL / price / 10.0**size_exponent / lot_step), 1) * lot_step
    return Listing(
        instrument=instrument,
        asset=asset,
        anchor=anchor,
        usual_size=usual,
        least_notional=int(_LEAST_NOTIONAL * notional),
        spot=spot,
    )


def _step(number: float) -> tuple[int, int]:
    """The nearest 1, 2 or 5 at or below a number, and the power of ten it is counted in."""
    exponent = 0
    while number < 1:
        number, exponent = number * 10, exponent - 1
    while number >= 10:
        number, exponent = number / 10, exponent + 1
    return (5 if number >= 5 else 2 if number >= 2 else 1), exponent
