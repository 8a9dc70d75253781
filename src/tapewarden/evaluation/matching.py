"""Alarms held against labelled episodes: which were right, which episodes were caught, what the rest were.

An alarm is right about an episode of misconduct when one of its signals overlaps ``[start, end + grace]``,
the detector's family is the episode's, the instrument is one of the episode's, and somebody it accuses is a
manipulator or accomplice; where it accuses nobody, as on public data, the instrument must do. Any other
alarm is a false one, and if it points at a benign twin it is put down to that. Detectors of market quality
accuse nobody; they are held against labelled market events, twins among them, and counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Family, Typology
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.alarms import Alarm, collapse, names
from tapewarden.evaluation.coverage import Coverage

GRACE: Final = MINUTE
"""How long after its end an episode may still be caught, ns."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An alarm and what it was right about.

    Where that is nothing, ``instead`` is the benign twin whose actor it named, otherwise an episode of
    another family whose culprit it named, if there is one.
    """

    alarm: Alarm
    episodes: tuple[Episode, ...]
    instead: Episode | None = None

    @property
    def right(self) -> bool:
        """Whether it was right about some episode."""
        return bool(self.episodes)


@dataclass(frozen=True, slots=True)
class Catch:
    """How a detector caught an episode: its highest score, and when it first spoke (event time, ns)."""

    score: float
    first_ns: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """An episode and how detectors fared with it.

    ``seers`` are the detectors that may claim it and could see it. ``owing`` are those among them that look
    for just this: the expected ones the label names, otherwise those of its typologies. ``catches`` is by
    detector.
    """

    episode: Episode
    seers: frozenset[str]
    owing: frozenset[str]
    catches: Mapping[str, Catch] = field(default_factory=dict)

    @property
    def caught(self) -> bool:
        """Whether any detector caught it."""
        return bool(self.catches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One tape: every alarm and every episode. ``coverage`` is what could be seen, ``twins`` are benign.

    ``verdicts`` and ``outcomes`` are about misconduct, ``market_verdicts`` and ``market_outcomes`` about the
    quality of the market.
    """

    verdicts: tuple[Verdict, ...]
    outcomes: tuple[Outcome, ...]
    market_verdicts: tuple[Verdict, ...]
    market_outcomes: tuple[Outcome, ...]
    twins: tuple[Episode, ...]
    coverage: Coverage


def families_of(detectors: Iterable[Detector]) -> dict[Typology, Family]:
    """The family of each typology that some detector looks for: the one place that says so.

    An episode of other typologies alone has no family. Nobody can claim it, so it is not evaluated.
    """
    return {detector.meta.typology: detector.meta.family for detector in detectors}


def judge(
    signals: Iterable[Signal],
    episodes: Sequence[Episode],
    detectors: Sequence[Detector],
    coverage: Coverage | None = None,
    grace: int = GRACE,
) -> Judgement:
    """Hold the signals of a tape against the episodes on it. Cost: alarms × episodes of their instrument.

    Args:
        signals: In any order.
        episodes: The labels.
        detectors: All that were run, silent ones too.
        coverage: What the tape let them see; all of it if not given.
        grace: How long after its end an episode may still be caught, ns.
    """
    coverage = coverage or Coverage()
    families = families_of(detectors)
    court = _Court(coverage.owners, families, grace)
    verdicts = [court.verdict(alarm, episodes) for alarm in collapse(signals)]
    accusing = [one for one in verdicts if one.alarm.family != Family.MARKET_QUALITY]
    market = [one for one in verdicts if one.alarm.family == Family.MARKET_QUALITY]
    return Judgement(
        verdicts=tuple(accusing),
        outcomes=tuple(
            court.outcome(one, accusing, [d for d in detectors if d.meta.accuses], coverage)
            for one in episodes
            if one.benign_twin_of is None and set(one.typologies) - _market_typologies(families)
        ),
        market_verdicts=tuple(market),
        market_outcomes=tuple(
            court.outcome(one, market, [d for d in detectors if not d.meta.accuses], coverage)
            for one in episodes
            if set(one.typologies) & _market_typologies(families)
        ),
        twins=tuple(one for one in episodes if one.benign_twin_of is not None),
        coverage=coverage,
    )


def _market_typologies(families: Mapping[Typology, Family]) -> set[Typology]:
    return {typology for typology, family in families.items() if family is Family.MARKET_QUALITY}


@dataclass(frozen=True, slots=True)
class _Court:
    """The rules, with what they need to know of the tape."""

    owners: Mapping[str, str]
    families: Mapping[Typology, Family]
    grace: int

    def verdict(self, alarm: Alarm, episodes: Iterable[Episode]) -> Verdict:
        near = [one for one in episodes if not alarm.instrument or alarm.instrument in one.instruments]
        right = tuple(one for one in near if self._signals(alarm, one))
        others = [] if right else [one for one in near if self._names(alarm, one)]
        others.sort(key=lambda one: one.benign_twin_of is None)
        return Verdict(alarm, right, others[0] if others else None)

    def outcome(
        self,
        episode: Episode,
        verdicts: Iterable[Verdict],
        detectors: Iterable[Detector],
        coverage: Coverage,
    ) -> Outcome:
        families = self._families(episode)
        seers = [
            one
            for one in detectors
            if one.meta.family in families and coverage.sees(one.id, episode.instruments)
        ]
        owing = episode.expected_detectors or [
            one.id for one in seers if one.meta.typology in episode.typologies
        ]
        signals: dict[str, list[Signal]] = {}
        for one in verdicts:
            if any(right is episode for right in one.episodes):
                signals.setdefault(one.alarm.detector, []).extend(self._signals(one.alarm, episode))
        catches = {
            name: Catch(max(one.score for one in found), min(one.end_ns for one in found))
            for name, found in signals.items()
        }
        ids = frozenset(one.id for one in seers)
        return Outcome(episode, ids, ids.intersection(owing), catches)

    def _signals(self, alarm: Alarm, episode: Episode) -> list[Signal]:
        """The signals of the alarm that are right about the episode."""
        innocent = episode.benign_twin_of is not None and alarm.family != Family.MARKET_QUALITY
        return [] if innocent or alarm.family not in self._families(episode) else self._names(alarm, episode)

    def _names(self, alarm: Alarm, episode: Episode) -> list[Signal]:
        """The signals of the alarm that overlap the episode and name its culprits; of a twin, its actors."""
        twin = episode.benign_twin_of is not None
        accused = self._known_as({one.id for one in episode.accounts} if twin else episode.culprits)
        return [
            one
            for one in alarm.signals
            if self._overlaps(one, episode) and (not one.actor or names(one) & accused)
        ]

    def _overlaps(self, signal: Signal, episode: Episode) -> bool:
        return signal.start_ns <= episode.end_ns + self.grace and signal.end_ns >= episode.start_ns

    def _families(self, episode: Episode) -> set[Family]:
        return {self.families[one] for one in episode.typologies if one in self.families}

    def _known_as(self, accounts: Iterable[str]) -> set[str]:
        """The accounts and their owners: a signal may name either."""
        return {name for one in accounts for name in (one, self.owners.get(one, one))}
