"""Signals, cases and their audit trail in SQLite or PostgreSQL."""

from tapewarden.cases.store.filing import Filed
from tapewarden.cases.store.filters import CaseFilter, SignalFilter
from tapewarden.cases.store.muting import Muting, Suppression
from tapewarden.cases.store.notes import MAX_ATTACHMENT, Attachment, Comment
from tapewarden.cases.store.rows import Arrival, Observation, StoredSignal
from tapewarden.cases.store.store import CaseFile, Store

__all__ = [
    "MAX_ATTACHMENT",
    "Arrival",
    "Attachment",
    "CaseFile",
    "CaseFilter",
    "Comment",
    "Filed",
    "Muting",
    "Observation",
    "SignalFilter",
    "Store",
    "StoredSignal",
    "Suppression",
]
