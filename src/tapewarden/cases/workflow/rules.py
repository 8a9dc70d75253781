"""Which command is legal in which state, and for whom: the whole workflow in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.case import CaseState
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
)
from tapewarden.domain.staff import Permission

_OPEN, _INVESTIGATING, _ESCALATED, _CLOSED = CaseState
_LIVE: Final = (_OPEN, _INVESTIGATING, _ESCALATED)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a command is legal. ``proposed`` says whether a closing must, or must not, wait for approval."""

    action: str
    states: tuple[CaseState, ...]
    permission: Permission
    proposed: bool | None = False


RULES: Final[Mapping[type[Command], Rule]] = {
    Assign: Rule("assign", _LIVE, Permission.WORK, proposed=None),
    Investigate: Rule("investigate", (_OPEN,), Permission.WORK),
    Escalate: Rule("escalate", (_OPEN, _INVESTIGATING), Permission.WORK),
    FormSuspicion: Rule("form suspicion", (_INVESTIGATING, _ESCALATED), Permission.WORK),
    Close: Rule("close", _LIVE, Permission.WORK),
    Approve: Rule("approve", _LIVE, Permission.DECIDE, proposed=True),
    Decline: Rule("decline", _LIVE, Permission.WORK, proposed=True),
    Reopen: Rule("reopen", (_CLOSED,), Permission.DECIDE),
}
