"""Commands: what a person asks to be done with a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tapewarden.domain.case import Disposition


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the case to somebody, or to nobody."""

    to: str | None


@dataclass(frozen=True, slots=True)
class Investigate:
    """Begin to look into an open case."""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Hand a case under investigation on: a senior decides on it from then on."""

    reason: str


@dataclass(frozen=True, slots=True)
class FormSuspicion:
    """Say since when suspicion is reasonable, once: reporting must follow without delay."""

    formed_ns: int
    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    """Close the case; of a grave one, propose so to a second person."""

    disposition: Disposition
    reason: str
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Approve:
    """Close the case as another person proposed."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decline:
    """Turn a proposed closing down, or withdraw one's own."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take up a closed case again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back one's own last change of the case, if it is one that can be and nobody changed it since."""

    reason: str = ""


Command: TypeAlias = Assign | Investigate | Escalate | FormSuspicion | Close | Approve | Decline | Reopen
