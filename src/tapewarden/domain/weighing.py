"""`Weighing`: how the priority of a case comes about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """What a detector says of a case.

    Attributes:
        family: Of the detector.
        detector: Its id.
        weight: How far it is trusted, 0 to 1.
        score: The highest of its signals in the case.
    """

    family: str
    detector: str
    weight: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How the priority of a case comes about. The formula stands in ``docs/explanation/cases.md``.

    Attributes:
        voices: By family, then detector.
        caps: By family, how much its voices count for at most, together; none of those that may decide alone.
        earlier_cases: Of the same actor within 30 days.
        repetition: The chance that goes with these.
        suspicion: All chances together, 0 to 1.
        materiality: The share of other cases with less at stake; ``None`` where it is unknown.
        priority: 0 to 100.
    """

    voices: tuple[Voice, ...]
    caps: tuple[tuple[str, float], ...]
    earlier_cases: int
    repetition: float
    suspicion: float
    materiality: float | None
    priority: float
