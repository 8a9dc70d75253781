"""Saved filters of cases."""

from __future__ import annotations

from enum import StrEnum

from tapewarden.domain.case import CaseState
from tapewarden.domain.casework import CaseFilter


class SavedFilter(StrEnum):
    """What people look for in a queue."""

    OPEN = "Open"
    MINE = "Mine"
    UNASSIGNED = "Unassigned"
    ESCALATED = "Escalated"
    OVERDUE = "Over target time"
    CLOSED = "Closed"


def saved(name: SavedFilter, person: str, now_ns: int) -> CaseFilter:
    """The filter of a name, for a person, at a time in nanoseconds UTC."""
    match name:
        case SavedFilter.OPEN:
            return CaseFilter(closed=False)
        case SavedFilter.MINE:
            return CaseFilter(closed=False, assignee=person)
        case SavedFilter.UNASSIGNED:
            return CaseFilter(closed=False, assignee="")
        case SavedFilter.ESCALATED:
            return CaseFilter(state=CaseState.ESCALATED)
        case SavedFilter.OVERDUE:
            return CaseFilter(due_before_ns=now_ns)
        case SavedFilter.CLOSED:
            return CaseFilter(closed=True)
