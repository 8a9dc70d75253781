"""What somebody without detectors would find: guessing, and a plain ranking of who did most.

The candidates are the pairs of actor and instrument with any message or trade on the tape; those of which
an episode of the family tells are to be found. Guessing has, at any number of alarms, a precision of the
*prevalence*, their share, and so has its average precision. The *trivial rule* ranks the pairs by the
robust z ``(x − median) / max(1.4826 · MAD, √median, 1)`` of one plain count among the actors of the
instrument: messages for the order book, self-trades for wash, volume for everything else. Detectors are
ranked beside it over the same pairs, each pair by the highest score of the family's alarms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.episode import Episode
from tapewarden.domain.typology import Family, Typology
from tapewarden.evaluation.alarms import names
from tapewarden.evaluation.census import MESSAGES, SELF_TRADES, VOLUME, Census
from tapewarden.evaluation.curves import Curve, Ranked, Target
from tapewarden.evaluation.matching import Judgement

STATISTICS: Final = {Family.ORDER_BOOK: MESSAGES, Family.WASH: SELF_TRADES}


@dataclass(frozen=True, slots=True)
class Baseline:
    """A family's detectors beside guessing and beside the trivial rule, over the same pairs.

    ``alarmed`` counts the pairs that the detectors named; the precisions are of as many. ``None`` where
    nothing was named.
    """

    family: str
    pairs: int
    wanted: int
    prevalence: float
    statistic: str
    trivial_average_precision: float
    average_precision: float
    alarmed: int
    trivial_precision: float | None
    precision: float | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A candidate: what the trivial rule and the detectors make of it, and whether it is wanted."""

    trivial: float
    score: float | None
    wanted: bool


def baselines(judgements: Iterable[Judgement], families: Mapping[Typology, Family]) -> list[Baseline]:
    """One per family with an episode on tapes at hand that name accounts, in the order of ``Family``."""
    judgements = list(judgements)
    found = []
    for family in Family:
        typologies = frozenset(one for one, its in families.items() if its is family)
        pairs = [
            pair
            for one in judgements
            if one.coverage.census is not None
            for pair in _pairs(one, one.coverage.census, family, typologies)
        ]
        if any(pair.wanted for pair in pairs) and family is not Family.MARKET_QUALITY:
            found.append(_baseline(family, pairs))
    return found


def robust_z(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far each count lies above the median, in robust standard deviations."""
    middle = np.median(counts)
    spread = 1.4826 * np.median(np.abs(counts - middle))
    scores: npt.NDArray[np.float64] = (counts - middle) / max(spread, np.sqrt(middle), 1.0)
    return scores


def _baseline(family: Family, pairs: Sequence[_Pair]) -> Baseline:
    wanted = sum(pair.wanted for pair in pairs)
    alarmed = sum(pair.score is not None for pair in pairs)
    first = sorted(pairs, key=lambda pair: -pair.trivial)[:alarmed]
    named = [pair for pair in pairs if pair.score is not None]
    return Baseline(
        family=family.value,
        pairs=len(pairs),
        wanted=wanted,
        prevalence=round(wanted / len(pairs), 6),
        statistic=STATISTICS.get(family, VOLUME),
        trivial_average_precision=_average([(pair.trivial, pair.wanted) for pair in pairs]),
        average_precision=_average([(pair.score, pair.wanted) for pair in pairs]),
        alarmed=alarmed,
        trivial_precision=_precision(first),
        precision=_precision(named),
    )


def _pairs(
    judgement: Judgement, census: Census, family: Family, typologies: frozenset[Typology]
) -> Iterator[_Pair]:
    wanted = {
        pair
        for one in judgement.outcomes
        if typologies.intersection(one.episode.typologies)
        for pair in _accused(one.episode, judgement.coverage.owners)
    }
    scores: dict[tuple[str, str], float] = {}
    for verdict in judgement.verdicts:
        if verdict.alarm.family == family:
            for signal in verdict.alarm.signals:
                for name in names(signal):
                    pair = (signal.instrument, judgement.coverage.owners.get(name, name))
                    scores[pair] = max(scores.get(pair, 0.0), signal.score)
    counts = census.counts[STATISTICS.get(family, VOLUME)]
    active = sum((table > 0 for table in census.counts.values()), np.zeros(counts.shape, bool))
    for row, instrument in enumerate(census.instruments):
        columns = np.flatnonzero(active[row])
        if len(columns):
            for column, z in zip(columns, robust_z(counts[row, columns]), strict=True):
                pair = (instrument, census.actors[column])
                yield _Pair(float(z), scores.get(pair), pair in wanted)


def _accused(episode: Episode, owners: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for instrument in episode.instruments:
        for account in episode.culprits:
            yield instrument, owners.get(account, account)


def _average(ranked: Sequence[tuple[float | None, bool]]) -> float:
    """Average precision of a ranking; what it leaves out is not found."""
    alarms = [
        Ranked(score, wanted, place) for place, (score, wanted) in enumerate(ranked) if score is not None
    ]
    targets = [Target(score, place) for place, (score, wanted) in enumerate(ranked) if wanted]
    return round(Curve(alarms, targets).average_precision() or 0.0, 4)


def _precision(pairs: Sequence[_Pair]) -> float | None:
    return round(sum(pair.wanted for pair in pairs) / len(pairs), 4) if pairs else None
