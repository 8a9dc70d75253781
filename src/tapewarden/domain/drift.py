"""How a model that runs fares: whether what it sees has drifted, and how it compares with another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SHIFTED: Final = 0.2
"""A stability index above this is a shift that asks for a look (Siddiqi 2006, "Credit risk scorecards", where
0.1 to 0.25 is a small change and more a large one)."""

ENOUGH: Final = 200
"""Windows below which no shift is told: by chance alone the index of ``n`` windows is about 9 / n."""


@dataclass(frozen=True, slots=True)
class FeatureShift:
    """The population stability index of a feature; ``None`` where no window knew it."""

    feature: str
    stability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeDrift:
    """Windows of one kind and length beside those that their model was made of.

    Attributes:
        scope: Which windows, as in ``account 60``: of whom, and how many seconds.
        windows: How many were judged.
        alerts: How many were beyond the budget, and
        expected: how many the budget allows.
        alerts_p_value: How often chance gives as many, or as few.
        score_distance: Kolmogorov-Smirnov distance of scores from those of calibration.
        score_p_value: How often chance gives one as large, were windows independent.
        features: Each feature that the model uses, the most shifted first.
    """

    scope: str
    windows: int
    alerts: int
    expected: float
    alerts_p_value: float
    score_distance: float
    score_p_value: float
    features: tuple[FeatureShift, ...]

    @property
    def shifted(self) -> tuple[FeatureShift, ...]:
        """Features that ask for a look."""
        if self.windows < ENOUGH:
            return ()
        return tuple(one for one in self.features if one.stability is not None and one.stability > SHIFTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDrift:
    """What a running model saw of late, from ``since_ns`` to ``until_ns`` of event time; both 0: nothing."""

    model: str
    since_ns: int
    until_ns: int
    scopes: tuple[ScopeDrift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeComparison:
    """Windows that champion and challenger both judged, and how many of them each found unusual."""

    scope: str
    windows: int
    champion_alerts: int
    challenger_alerts: int
    both: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A challenger in the shadow of a champion, over event time; both times are 0 before the first window."""

    champion: str
    challenger: str
    since_ns: int
    until_ns: int
    scopes: tuple[ScopeComparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsStatus:
    """What runs on a server: drift of champion and challenger where there are any, and what cannot run.

    ``faults`` are a line for each model that should run and cannot be used.
    """

    champion: ModelDrift | None
    challenger: ModelDrift | None
    comparison: Comparison | None
    faults: tuple[str, ...]
