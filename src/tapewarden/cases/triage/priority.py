"""Priority of a case, 0 to 100: how likely some suspicion is right, times how much is at stake.

S = 1 − Π_g (1 − min(cap_g, 1 − Π_d (1 − w_d · c_d))), priority = 100 · S · (0.5 + 0.5 · materiality)

Groups g are families of detectors d; c_d is the highest score of a detector's signals, for a detector that
repeats itself is no second witness; w_d is how often the detector was right before. Repetition of an actor is
a group of its own. It is a noisy-OR (Pearl, 1988) whose caps keep a group of weak or dependent witnesses from
deciding alone. The constants are those of the project's detection study; no law prescribes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, prod
from typing import Final, NamedTuple

from tapewarden.domain.typology import Family
from tapewarden.domain.weighing import Voice, Weighing

_CAPS: Final = {Family.ANOMALY.value: 0.3}
_REPETITION_CAP: Final = 0.3
_REPETITION_SCALE: Final = 5.0
_PRIOR_CASES: Final = 5.0  # verdicts that weigh as much as the prior


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How far to trust whom: ``precision`` by detector, 0 to 1; ``caps`` by family.

    A detector without a precision counts with its score as it is; a family without a cap may decide alone.
    """

    precision: Mapping[str, float] = field(default_factory=dict)
    caps: Mapping[str, float] = field(default_factory=lambda: dict(_CAPS))


class Witness(NamedTuple):
    """What a signal says of its case: which family and detector, with which score."""

    family: str
    detector: str
    score: float


def weigh(
    witnesses: Iterable[Witness], weights: Weights, *, earlier_cases: int = 0, material: float | None = None
) -> Weighing:
    """Weigh a case with the signals of these witnesses.

    ``earlier_cases`` are those of the same actor within 30 days; ``material`` is the materiality, 0 to 1.
    Where it is unknown it counts as the middle of what it can be, for it is neither small nor large.
    """
    highest: dict[tuple[str, str], float] = {}
    for family, detector, score in witnesses:
        highest[family, detector] = max(highest.get((family, detector), 0.0), score)
    voices = tuple(
        Voice(family, detector, weights.precision.get(detector, 1.0), score)
        for (family, detector), score in sorted(highest.items())
    )
    families = sorted({one.family for one in voices})
    caps = tuple((one, weights.caps[one]) for one in families if one in weights.caps)
    shares = [_capped(family, voices, dict(caps)) for family in families]
    again = repetition(earlier_cases)
    suspicion = noisy_or([*shares, again])
    return Weighing(
        voices=voices,
        caps=caps,
        earlier_cases=earlier_cases,
        repetition=again,
        suspicion=suspicion,
        materiality=material,
        priority=100 * suspicion * (0.5 + 0.5 * (0.5 if material is None else material)),
    )


def noisy_or(chances: Iterable[float]) -> float:
    """Chance that at least one of independent causes is at work, given the chance of each."""
    return 1 - prod(1 - chance for chance in chances)


def repetition(earlier_cases: int) -> float:
    """Chance that goes with an actor who had as many cases before: 1 − e^(−n/5), at most 0.3."""
    return min(_REPETITION_CAP, 1 - exp(-earlier_cases / _REPETITION_SCALE))


def precision(right: int, wrong: int, prior: float = 1.0) -> float:
    """How often a detector is right: the mean of a Beta posterior whose prior weighs as five verdicts.

    ``right`` and ``wrong`` count verdicts of analysts; ``prior`` is the precision expected without any, by
    default that scores mean what they say.
    """
    return (prior * _PRIOR_CASES + right) / (_PRIOR_CASES + right + wrong)


def materiality(smaller: int, compared: int) -> float | None:
    """Percentile of an amount: ``smaller`` of ``compared`` others are; ``None`` where there are none."""
    return smaller / compared if compared else None


def _capped(family: str, voices: Iterable[Voice], caps: Mapping[str, float]) -> float:
    chance = noisy_or(one.weight * one.score for one in voices if one.family == family)
    return min(caps.get(family, 1.0), chance)
