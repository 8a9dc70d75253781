"""Undoing a slip: the case as it was before one's own last change, as a change of its own."""

from __future__ import annotations

from typing import Any, Final, get_type_hints

from tapewarden.cases.workflow.access import require
from tapewarden.cases.workflow.deciding import Decision, change
from tapewarden.cases.workflow.rules import RULES
from tapewarden.domain.case import Case
from tapewarden.domain.commands import Assign, Close, Decline, Escalate, Investigate
from tapewarden.domain.decoding import decode
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.staff import Person
from tapewarden.domain.trail import Entry

UNDO_WITHIN: Final = 10 * MINUTE
"""How long after a change it may be undone, ns: undo is for slips, not for second thoughts."""

_UNDOABLE: Final = {
    f"case.{RULES[kind].action}": RULES[kind] for kind in (Assign, Investigate, Escalate, Close, Decline)
}


def undo(case: Case, last: Entry | None, by: Person, at_ns: int, reason: str = "") -> Decision:
    """The case as it was before ``last``, the entry of its last change by a person, if there was one.

    That suspicion was formed is said once, and what a second person decided takes another decision: these,
    and what was undone, are not undone.

    Raises:
        RefusedError: The change cannot be undone, was somebody else's, or is too long ago.
    """
    require_undoable(case, last, by, at_ns)
    if last is None:
        raise AssertionError("required above")
    kinds = get_type_hints(Case)
    before: dict[str, Any] = {name: decode(kinds[name], value) for name, value in (last.old or {}).items()}
    del before["version"]  # versions only rise
    return change(case, "case.undo", by.name, at_ns, reason or f"undoes {last.action}", **before)


def require_undoable(case: Case, last: Entry | None, by: Person, at_ns: int) -> None:
    """Raise ``RefusedError`` unless the person may undo that change of the case now."""
    if last is None or last.action not in _UNDOABLE:
        why = "nobody changed it yet" if last is None else f"the last change, {last.action}, cannot be undone"
        raise RefusedError(f"case {case.id}: {why}")
    require(by, _UNDOABLE[last.action].permission)
    if last.actor != by.name:
        raise RefusedError(f"case {case.id}: the last change, {last.action}, was made by {last.actor}")
    if at_ns - last.at_ns > UNDO_WITHIN:
        minutes = UNDO_WITHIN // MINUTE
        raise RefusedError(
            f"case {case.id}: the last change, {last.action}, is more than {minutes} minutes ago"
        )
