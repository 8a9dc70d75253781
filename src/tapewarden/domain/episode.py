"""`Episode`: the truth about one actor's campaign, the unit in which detectors are judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import isfinite

from tapewarden.domain.decoding import decode_line
from tapewarden.domain.errors import FieldError
from tapewarden.domain.typology import Typology


class Role(StrEnum):
    """The part an account plays in an episode."""

    MANIPULATOR = "manipulator"
    ACCOMPLICE = "accomplice"
    VICTIM = "victim"
    BYSTANDER = "bystander"


@dataclass(frozen=True, slots=True)
class Participant:
    """An account of an episode and its part in it."""

    id: str
    role: Role


@dataclass(frozen=True, slots=True)
class LabelledOrder:
    """An order of an episode and what it was for, such as ``bait``, ``intent``, ``cover`` or ``benign``."""

    id: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One actor's campaign as whoever made it knows it. Times are event time in nanoseconds UTC.

    Attributes:
        episode_id: Unique within a file of labels.
        scenario: What acted, such as ``spoofing`` or, of a benign twin, ``skewing market maker``.
        typologies: The abuse it commits; a benign twin may leave them out, nobody else.
        severity: How strongly, from 0 to 1; 0 is the faintest form.
        seed: What the randomness of the tape came from.
        venue: Where, such as ``SIM``.
        instruments: Names such as ``BTC-USD@SIM``.
        accounts: Whoever took part, knowingly or not; none where the episode is an event of the market.
        start_ns: The first event of the episode.
        first_harm_ns: From when on somebody was harmed or misled, ``None`` where nobody was.
        end_ns: The last event.
        cycles: First and last event of each repetition, in order of time.
        orders: The orders of its actors.
        trades: The trades it made or caused.
        expected_detectors: Those that should see it at full severity.
        benign_twin_of: The scenario it looks like while being legitimate; ``None`` for misconduct.
        parameters: What the scenario was told, in its own units.

    Raises:
        FieldError: For a value that contradicts this or the other values.
    """

    episode_id: str
    scenario: str
    typologies: tuple[Typology, ...]
    severity: float
    seed: int
    venue: str
    instruments: tuple[str, ...]
    accounts: tuple[Participant, ...]
    start_ns: int
    first_harm_ns: int | None
    end_ns: int
    cycles: tuple[tuple[int, int], ...] = ()
    orders: tuple[LabelledOrder, ...] = ()
    trades: tuple[str, ...] = ()
    expected_detectors: tuple[str, ...] = ()
    benign_twin_of: str | None = None
    parameters: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.episode_id:
            raise FieldError("episode_id", "a text", "an empty one")
        if not 0 <= self.severity <= 1:
            raise FieldError("severity", "a number from 0 to 1", repr(self.severity))
        if not self.typologies and self.benign_twin_of is None:
            raise FieldError("typologies", "at least one, as it is no benign twin", "none")
        if not self.instruments:
            raise FieldError("instruments", "at least one", "none")
        if self.end_ns < self.start_ns:
            raise FieldError("end_ns", f"no time before the start, {self.start_ns}", str(self.end_ns))
        if self.first_harm_ns is not None and self.first_harm_ns < self.start_ns:
            raise FieldError(
                "first_harm_ns", f"no time before the start, {self.start_ns}", str(self.first_harm_ns)
            )
        for number, (start, end) in enumerate(self.cycles):
            if not self.start_ns <= start <= end <= self.end_ns:
                raise FieldError(f"cycles[{number}]", "a start and an end in the episode", f"{start}, {end}")
        for name, value in self.parameters.items():
            if not isfinite(value):
                raise FieldError(f"parameters.{name}", "a finite number", repr(value))

    @property
    def culprits(self) -> frozenset[str]:
        """The accounts a detector is right to name: manipulators and accomplices."""
        return frozenset(one.id for one in self.accounts if one.role in {Role.MANIPULATOR, Role.ACCOMPLICE})

    @property
    def harm_ns(self) -> int:
        """From when on it should be seen: the first harm, or the start where there was none."""
        return self.start_ns if self.first_harm_ns is None else self.first_harm_ns

    def to_json(self) -> str:
        """One line of canonical JSON, its fields in their order and parameters by name."""
        facts = asdict(self)
        facts["parameters"] = dict(sorted(self.parameters.items()))
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @staticmethod
    def from_json(line: str) -> Episode:
        """The episode that ``to_json`` wrote; ``FieldError``, a ``ValueError``, for anything else."""
        episode: Episode = decode_line(Episode, line)
        return episode
