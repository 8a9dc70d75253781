"""What a detector says about itself: the part that people read, and that a signal cites."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tapewarden.domain.kinds import Tier
from tapewarden.domain.typology import Family, Severity, Typology


class Maturity(StrEnum):
    """How far a detector can be trusted."""

    EXPERIMENTAL = "experimental"  # passes its scenarios
    TEST = "test"  # passes every conformance check, has a triage guide
    PRODUCTION = "production"  # measured on held-out tapes and reviewed by a second person
    DEPRECATED = "deprecated"  # kept so that old signals can be re-derived


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What an analyst does with a signal, step by step, under three fixed headings."""

    look_at: tuple[str, ...]
    cleared_by: tuple[str, ...]
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The identity of a detector.

    Attributes:
        id: Three letters, a dash, two digits, such as ``SPF-01``; unique among all detectors.
        title: Its name in a list, a few words.
        typology: The kind of abuse; its legal basis is looked up by it.
        family: Detectors of one family may claim the same episode.
        severity: How grave the suspicion is if true.
        tier: The least a tape must show; on a poorer tape the detector is *blind*.
        version: Raised with every change of logic or defaults.
        maturity: How far it can be trusted.
        summary: What it looks for and how, in two or three sentences.
        false_positives: Honest behavior that may fire it.
        blind_spots: Abuse of this kind that it misses.
        triage: What an analyst does with a signal.
        references: Papers, rules and cases the method comes from.
        warm_up: Seconds an instrument's baselines must have learned from (``act.warm``); before that the
            detector is *not evaluated* there. 0 where nothing is compared with a baseline.
        readiness: What a row of the detector must have seen before it can speak, where ``Detector.ready``
            tells; such as ``500 windows of trading``.
        lookback: Nanoseconds before a signal that its evidence may reach back to.
    """

    id: str
    title: str
    typology: Typology
    family: Family
    severity: Severity
    tier: Tier
    version: int = 1
    maturity: Maturity = Maturity.EXPERIMENTAL
    summary: str
    false_positives: tuple[str, ...]
    blind_spots: tuple[str, ...]
    triage: Triage
    references: tuple[str, ...]
    warm_up: int = 0
    readiness: str = ""
    lookback: int

    @property
    def accuses(self) -> bool:
        """Whether its signals name somebody. Those on the quality of a market do not."""
        return self.family is not Family.MARKET_QUALITY
