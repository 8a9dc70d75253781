"""Signals, cases and their audit trail in SQLite or PostgreSQL."""

from tapewarden.cases.store.filing import Filed
from tapewarden.cases.store.notes import MAX_ATTACHMENT
from tapewarden.cases.store.rows import Arrival, Observation
from tapewarden.cases.store.staffing import Roster, Staff
from tapewarden.cases.store.store import Store
from tapewarden.cases.store.verifying import DatabaseVerdict, verify_database, verify_database_at
from tapewarden.domain.casework import (
    Attachment,
    CaseFile,
    CaseFilter,
    CaseOrder,
    Comment,
    Move,
    Muting,
    Queue,
    Queued,
    SignalFilter,
    SignalOrder,
    StoredSignal,
    Suppression,
)

__all__ = [
    "MAX_ATTACHMENT",
    "Arrival",
    "Attachment",
    "CaseFile",
    "CaseFilter",
    "CaseOrder",
    "Comment",
    "DatabaseVerdict",
    "Filed",
    "Move",
    "Muting",
    "Observation",
    "Queue",
    "Queued",
    "Roster",
    "SignalFilter",
    "SignalOrder",
    "Staff",
    "Store",
    "StoredSignal",
    "Suppression",
    "verify_database",
    "verify_database_at",
]
