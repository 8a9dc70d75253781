"""Closing cases: what each outcome means, and what has to be done or written before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.commands import Close
from tapewarden.domain.errors import RefusedError

OUTCOMES: Final = {
    Disposition.SUSPICION_REPORTED: "probably misconduct; the authority is told",
    Disposition.SUSPICION_NOT_REPORTED: "suspicious, but not told; your reason says why",
    Disposition.FALSE_POSITIVE: "it only looked like misconduct, or accuses nobody",
    Disposition.INSUFFICIENT_EVIDENCE: "nobody can tell from what there is",
    Disposition.DUPLICATE: "another case is about the same; name it below",
}
"""As what a case may be closed, and what that means."""


def closing(disposition: str, reason: str, duplicate_of: str = "") -> Close:
    """The command that closes a case, from texts that somebody wrote.

    Raises:
        RefusedError: Not the number of a case, one too many, or one too few.
    """
    outcome = Disposition(disposition)
    other = duplicate_of.strip().upper().removeprefix("CASE-")
    if other and not other.isdecimal():
        raise RefusedError(f"expected the number of a case, got {duplicate_of!r}")
    if (outcome is Disposition.DUPLICATE) != bool(other):
        raise RefusedError("a duplicate, and nothing else, names the case that it duplicates")
    return Close(outcome, reason, int(other) if other else None)


def closing_fault(cases: Sequence[Case], disposition: str, reason: str, duplicate_of: str = "") -> str:
    """Why cases cannot be closed so, and which key helps; empty if they can."""
    try:
        command = closing(disposition, reason, duplicate_of)
    except RefusedError as error:
        return str(error)
    for case in cases:
        if (unready := case.unready(command.disposition)) is not None:
            key = "I (investigate)" if case.state is CaseState.OPEN else "S (suspicion)"
            return f"Case {case.id}: {unready}. Esc keeps your words here, {key} does that, C comes back."
    return ""
