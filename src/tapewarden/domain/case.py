"""`Case`: a person's investigation of one or more signals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tapewarden.domain.kinds import HOUR
from tapewarden.domain.typology import Severity

TARGETS: Final = {
    Severity.CRITICAL: 4 * HOUR,
    Severity.HIGH: 24 * HOUR,
    Severity.MEDIUM: 72 * HOUR,
    Severity.LOW: 168 * HOUR,
}
"""Within what time a case should be closed, ns, by its severity: targets of our own, no law names any."""


class CaseState(StrEnum):
    """Where an investigation stands."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    ESCALATED = "escalated"
    CLOSED = "closed"


class Disposition(StrEnum):
    """Why a case was closed."""

    SUSPICION_REPORTED = "suspicion reported"
    SUSPICION_NOT_REPORTED = "suspicion not reported"
    FALSE_POSITIVE = "false positive"
    INSUFFICIENT_EVIDENCE = "insufficient evidence"
    DUPLICATE = "duplicate"


_AFTER_A_LOOK: Final = (Disposition.SUSPICION_REPORTED, Disposition.SUSPICION_NOT_REPORTED)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a case was closed, or is proposed to be. ``at_ns`` is when ``by`` said so.

    ``duplicate_of`` is the other case of a duplicate; ``approved_by`` the second person where one was needed.
    """

    disposition: Disposition
    reason: str
    by: str
    at_ns: int
    duplicate_of: int | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An investigation as it stands. Times are nanoseconds UTC; those of its signals are event time.

    Attributes:
        id: Its number, from 1.
        version: Rises by one with each change; an editor names the one they saw.
        actor: Whom its signals name; empty where they accuse nobody.
        instrument: Where.
        family: The family of its detectors.
        severity: The gravest of its signals'.
        priority: 0 to 100, what to look at first.
        start_ns: Start of its earliest signal.
        end_ns: End of its latest signal.
        opened_ns: When its first signal was triaged.
        state: Where it stands.
        assignee: Who works on it; ``None`` while nobody does.
        suspicion_formed_ns: Since when suspicion is reasonable: the clock of reporting without delay.
        proposed: A closing that waits for its second person.
        closing: How it was closed; ``None`` unless it is.
    """

    id: int
    version: int = 1
    actor: str
    instrument: str
    family: str
    severity: Severity
    priority: float
    start_ns: int
    end_ns: int
    opened_ns: int
    state: CaseState = CaseState.OPEN
    assignee: str | None = None
    suspicion_formed_ns: int | None = None
    proposed: Closing | None = None
    closing: Closing | None = None

    @property
    def needs_four_eyes(self) -> bool:
        """Whether closing takes a second person: where the suspicion is grave."""
        return self.severity in (Severity.HIGH, Severity.CRITICAL)

    def unready(self, disposition: Disposition) -> str | None:
        """What is to be done before it can be closed as that; ``None`` if nothing is."""
        if self.state is CaseState.OPEN and disposition in _AFTER_A_LOOK:
            return f"investigate it before it is closed as {disposition}"
        if disposition is Disposition.SUSPICION_REPORTED and self.suspicion_formed_ns is None:
            return "say when suspicion was formed before it is closed as reported"
        return None

    @property
    def due_ns(self) -> int:
        """By when it should be closed, ns UTC; see ``TARGETS``."""
        return self.opened_ns + TARGETS[self.severity]
