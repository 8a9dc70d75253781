"""What people may do with a case, as a pure function from case and command to case and entry."""

from tapewarden.cases.workflow.access import require
from tapewarden.cases.workflow.commands import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
)
from tapewarden.cases.workflow.deciding import Decision, decide, require_to

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
    "decide",
    "require",
    "require_to",
]
