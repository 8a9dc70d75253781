"""How a case stands and how it was closed, in words; the same in the terminal and in reports."""

from __future__ import annotations

from tapewarden.domain.case import Case, Closing


def state_in_words(case: Case) -> str:
    """The state, and whether closing is proposed."""
    return f"{case.state}, closing proposed" if case.proposed is not None else str(case.state)


def closing_in_words(closing: Closing, when: str = "") -> str:
    """Why and by whom, and why that is so; ``when`` is said after who, where it is wanted."""
    text = f"{closing.disposition}, by {closing.by}{when and f' at {when}'}: {closing.reason}"
    if closing.duplicate_of is not None:
        text += f" (of case {closing.duplicate_of})"
    return text if closing.approved_by is None else f"{text} (approved by {closing.approved_by})"
