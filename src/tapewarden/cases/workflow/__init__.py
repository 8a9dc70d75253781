"""What people may do with a case, as a pure function from case and command to case and entry."""

from tapewarden.cases.workflow.access import require
from tapewarden.cases.workflow.deciding import Decision, decide, require_to
from tapewarden.cases.workflow.moving import moves
from tapewarden.cases.workflow.undoing import undo
from tapewarden.domain.commands import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
    Undo,
)

__all__ = [
    "Approve",
    "Assign",
    "Close",
    "Command",
    "Decision",
    "Decline",
    "Escalate",
    "FormSuspicion",
    "Investigate",
    "Reopen",
    "Undo",
    "decide",
    "moves",
    "require",
    "require_to",
    "undo",
]
