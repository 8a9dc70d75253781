"""Features and their values in words, each with its unit, for who sees them for the first time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tapewarden.anomaly.features.catalogue import Feature
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.model import AnomalyModel

_POINTS: Final = "points"
"""The difference of two shares, in percent."""

_UNITS: Final = {"s": " s", "bps": " bps", "deviations": " deviations", "share": " %", _POINTS: " points"}
"""Units that do not stand in the words of the feature already; of a ratio see ``_unit``."""

_EXPLAINED: Final = re.compile(r" \([^:]*\)|:(?! at random| both sides).*")
"""What explains a feature beyond its name; how its numbers are to be read is not among it."""


def in_short(features: Iterable[Feature]) -> dict[str, Feature]:
    """Features by name, with the words and units they need where each stands alone, explanations left out."""
    found: dict[str, Feature] = {}
    before = ""
    for feature in features:
        words = _EXPLAINED.sub("", feature.meaning)
        before = re.sub("^the same", before, words)
        base = found.get(feature.name.rpartition("_")[0])
        of_shares = feature.unit == "difference" and base is not None and base.unit == "share"
        found[feature.name] = feature._replace(meaning=before, unit=_POINTS if of_shares else feature.unit)
    return found


def value_text(feature: Feature, value: float) -> str:
    """A value with its unit: ``22 %`` of a share of 0.22."""
    return number_text(_scaled(feature, value)) + _unit(feature)


def range_text(feature: Feature, low: float, high: float) -> str:
    """From one value to another, with the unit once: ``3 to 40 %``."""
    return f"{number_text(_scaled(feature, low))} to {value_text(feature, high)}"


def beside_usual(feature: Feature, value: float, median: float) -> str:
    """A value and the middle of those that were learned from: ``22 %, usually 18 %``."""
    return f"{value_text(feature, value)}, usually {value_text(feature, median)}"


def counter_lead(model: AnomalyModel) -> str:
    """What a model's counter-evidence is; near its nearest neighbors a rare value is usual."""
    return "Ordinary" if isinstance(model.scorer, Forest) else "As in the usual windows nearest to it"


def number_text(value: float) -> str:
    """Two digits or all before the point: no power of ten where a reader can do without."""
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.0e}"
    text = f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"
    return text.replace("-", "−")


def _scaled(feature: Feature, value: float) -> float:
    return 100 * value if feature.unit in {"share", _POINTS} else value


def _unit(feature: Feature) -> str:
    """A ratio of two of a kind is so many times the other; what is counted per order says so itself."""
    if feature.unit == "ratio" and "compared with" in feature.meaning:
        return " times"
    return _UNITS.get(feature.unit, "")
