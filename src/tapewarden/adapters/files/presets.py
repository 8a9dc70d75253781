"""The formats that need no mapping, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from tapewarden.adapters.files import binance_raw, binance_trades, bitstamp_l3, databento_mbo, lobster
from tapewarden.adapters.files.session import Importer
from tapewarden.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Preset:
    """A format and its importer, which reads each file ``passes`` times."""

    name: str
    title: str
    read: Importer
    passes: int


PRESETS: Final[Mapping[str, Preset]] = {
    preset.name: preset
    for preset in (
        Preset("bitstamp-l3", "order-by-order WebSocket log of Bitstamp", bitstamp_l3.read, 1),
        Preset("databento-mbo", "order-by-order records in Databento's DBN", databento_mbo.read, 2),
        Preset("binance-raw", "recorded streams and depth snapshots of Binance", binance_raw.read, 2),
        Preset("binance-trades", "trades of Binance as CSV", binance_trades.read, 2),
        Preset("lobster", "message files of LOBSTER", lobster.read, 2),
    )
}


def find_preset(name: str) -> Preset:
    """The preset of this name; ``ConfigurationError`` naming the nearest one for any other."""
    if name in PRESETS:
        return PRESETS[name]
    near = get_close_matches(name, PRESETS, n=1, cutoff=0)
    raise ConfigurationError(f"format {name!r}: expected one of {', '.join(PRESETS)}; nearest is {near[0]!r}")
