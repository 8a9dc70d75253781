"""Where a case stands, in a word or two, for lists of signals and of cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.case import Case, CaseState, Disposition

_STATES: Final = {
    CaseState.OPEN: Cell("NEW", Tone.ACCENT),
    CaseState.INVESTIGATING: Cell("IN REVIEW", Tone.DOUBTFUL),
    CaseState.ESCALATED: Cell("ESCALATED", Tone.HIGH),
}
_DISPOSITIONS: Final = {
    Disposition.SUSPICION_REPORTED: Cell("REPORTED", Tone.CRITICAL),
    Disposition.SUSPICION_NOT_REPORTED: Cell("SUSPICIOUS", Tone.HIGH),
    Disposition.FALSE_POSITIVE: Cell("DISMISSED", Tone.MUTED),
    Disposition.INSUFFICIENT_EVIDENCE: Cell("INSUFFICIENT", Tone.MUTED),
    Disposition.DUPLICATE: Cell("DUPLICATE", Tone.MUTED),
}


def standing(case: Case) -> Cell:
    """Its state; of a closed one, how it was closed."""
    if case.closing is not None:
        return _DISPOSITIONS[case.closing.disposition]
    if case.proposed is not None:
        return Cell("2ND PERSON", Tone.ACCENT)
    return _STATES[case.state]


def ending(case: Case) -> str:
    """How it ended, in words; or that it did not."""
    if case.closing is not None:
        return f"closed: {case.closing.disposition}. {case.closing.reason}"
    if case.proposed is not None:
        return f"proposed: {case.proposed.disposition}. {case.proposed.reason}"
    assigned = "" if case.assignee is None else f", {case.assignee}"
    return f"{case.state}{assigned}"


def case_name(case_id: int) -> str:
    """As people call it.

    >>> case_name(42)
    'CASE-0042'
    """
    return f"CASE-{case_id:04}"


def second_person(cases: Sequence[Case]) -> str:
    """What one should know before closing cases; empty for nothing."""
    grave = sum(case.needs_four_eyes for case in cases)
    of_these = "" if grave == len(cases) == 1 else f"{grave:,} of these are "
    text = f"{of_these}of high or critical severity: this proposes to close, a second person must approve."
    return text[:1].upper() + text[1:] if grave else ""
