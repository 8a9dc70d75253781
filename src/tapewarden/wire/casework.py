"""Cases, and what belongs to them, as messages and back."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Final, TypeVar

from tapewarden.domain.case import Case, CaseState, Closing, Disposition
from tapewarden.domain.casework import (
    Attachment,
    CaseFile,
    CaseFilter,
    CaseOrder,
    Comment,
    ExportFormat,
    Move,
    Muting,
    Queued,
    StoredSignal,
    Suppression,
)
from tapewarden.domain.errors import FieldError
from tapewarden.domain.trail import Entry, Link, Value
from tapewarden.domain.typology import Severity
from tapewarden.wire.signals import signal_message, signal_of
from tapewarden.wire.v1 import cases_pb2, signals_pb2

_DEFAULT_LIMIT: Final = 100
_CASE: Final = (
    "id",
    "version",
    "actor",
    "instrument",
    "family",
    "priority",
    "start_ns",
    "end_ns",
    "opened_ns",
)
_NOTE: Final = ("id", "case_id", "at_ns", "by")
_FILE: Final = (*_NOTE, "name", "media_type", "size", "digest")
_MUTING: Final = ("detector", "actor", "instrument", "family")
_FILTER: Final = (
    "assignee",
    "family",
    "actor",
    "instrument",
    "minimum_priority",
    "since_ns",
    "until_ns",
    "text",
    "closed",
    "due_before_ns",
)

Word = TypeVar("Word", bound=StrEnum)


def case_message(case: Case) -> cases_pb2.Case:
    """The message of a case."""
    return cases_pb2.Case(
        **_fields(case, _CASE),
        severity=case.severity,
        state=case.state,
        assignee=case.assignee,
        suspicion_formed_ns=case.suspicion_formed_ns,
        proposed=_closing_message(case.proposed),
        closing=_closing_message(case.closing),
    )


def case_of(message: cases_pb2.Case) -> Case:
    """The case in a message."""
    return Case(
        **_fields(message, _CASE),
        severity=word(Severity, "severity", message.severity),
        state=word(CaseState, "state", message.state),
        assignee=given(message, "assignee"),
        suspicion_formed_ns=given(message, "suspicion_formed_ns"),
        proposed=_closing_of(message.proposed) if message.HasField("proposed") else None,
        closing=_closing_of(message.closing) if message.HasField("closing") else None,
    )


def queued_message(queued: Queued) -> cases_pb2.QueuedCase:
    """The message of a case in a list."""
    return cases_pb2.QueuedCase(case=case_message(queued.case), signals=queued.signals)


def queued_of(message: cases_pb2.QueuedCase) -> Queued:
    """The case in a list in a message."""
    return Queued(case_of(message.case), message.signals)


def comment_message(comment: Comment) -> cases_pb2.Comment:
    """The message of a comment."""
    return cases_pb2.Comment(**_fields(comment, (*_NOTE, "text")))


def comment_of(message: cases_pb2.Comment) -> Comment:
    """The comment in a message."""
    return Comment(**_fields(message, (*_NOTE, "text")))


def attachment_message(attachment: Attachment) -> cases_pb2.Attachment:
    """The message of an attachment."""
    return cases_pb2.Attachment(**_fields(attachment, _FILE))


def attachment_of(message: cases_pb2.Attachment) -> Attachment:
    """The attachment in a message."""
    return Attachment(**_fields(message, _FILE))


def stored_message(stored: StoredSignal) -> signals_pb2.StoredSignal:
    """The message of a signal in the store."""
    return signals_pb2.StoredSignal(
        signal=signal_message(stored.signal),
        **_fields(stored, ("amount", "case_id", "suppression_id")),
    )


def stored_of(message: signals_pb2.StoredSignal) -> StoredSignal:
    """The signal of the store in a message."""
    places = (given(message, name) for name in ("amount", "case_id", "suppression_id"))
    return StoredSignal(signal_of(message.signal), *places)


def entry_message(link: Link) -> cases_pb2.AuditEntry:
    """The message of an entry of the audit trail."""
    entry = link.entry
    return cases_pb2.AuditEntry(
        number=link.number,
        digest=link.digest,
        old=_value_text(entry.old),
        new=_value_text(entry.new),
        **_fields(entry, ("at_ns", "actor", "action", "subject", "reason")),
    )


def entry_of(message: cases_pb2.AuditEntry) -> Link:
    """The entry of the audit trail in a message."""
    entry = Entry(
        **_fields(message, ("at_ns", "actor", "action", "subject", "reason")),
        old=_value_of(given(message, "old")),
        new=_value_of(given(message, "new")),
    )
    return Link(message.number, entry, message.digest)


def file_message(file: CaseFile) -> cases_pb2.CaseFile:
    """The message of a case with what belongs to it."""
    return cases_pb2.CaseFile(
        case=case_message(file.case),
        signals=map(stored_message, file.signals),
        comments=map(comment_message, file.comments),
        attachments=map(attachment_message, file.attachments),
        history=map(entry_message, file.history),
        moves=[cases_pb2.Move(action=move.action, refused=move.refused) for move in file.moves],
    )


def file_of(message: cases_pb2.CaseFile) -> CaseFile:
    """The case with what belongs to it in a message."""
    return CaseFile(
        case=case_of(message.case),
        signals=tuple(map(stored_of, message.signals)),
        comments=tuple(map(comment_of, message.comments)),
        attachments=tuple(map(attachment_of, message.attachments)),
        history=tuple(map(entry_of, message.history)),
        moves=tuple(Move(move.action, given(move, "refused")) for move in message.moves),
    )


def filter_message(wanted: CaseFilter) -> cases_pb2.CaseFilter:
    """The message of a filter."""
    return cases_pb2.CaseFilter(
        **_fields(wanted, _FILTER),
        **_fields(wanted, ("state", "disposition", "severity", "ids", "order", "limit", "offset")),
    )


def filter_of(message: cases_pb2.CaseFilter) -> CaseFilter:
    """The filter in a message; ``FieldError`` for words that are none."""
    return CaseFilter(
        **{name: given(message, name) for name in _FILTER},
        state=_word_given(CaseState, message, "state"),
        disposition=_word_given(Disposition, message, "disposition"),
        severity=_word_given(Severity, message, "severity"),
        ids=tuple(message.ids) or None,
        order=word(CaseOrder, "order", message.order or CaseOrder.PRIORITY),
        limit=message.limit or _DEFAULT_LIMIT,
        offset=message.offset,
    )


def muting_message(muting: Muting) -> cases_pb2.Muting:
    """The message of what is suppressed."""
    return cases_pb2.Muting(**_fields(muting, _MUTING))


def muting_of(message: cases_pb2.Muting) -> Muting:
    """What is suppressed, from a message."""
    return Muting(**{name: given(message, name) for name in _MUTING})


def suppression_message(suppression: Suppression) -> cases_pb2.Suppression:
    """The message of a suppression."""
    return cases_pb2.Suppression(
        muting=muting_message(suppression.muting),
        **_fields(suppression, ("id", "from_ns", "until_ns", "by", "reason")),
    )


def suppression_of(message: cases_pb2.Suppression) -> Suppression:
    """The suppression in a message."""
    return Suppression(
        muting=muting_of(message.muting), **_fields(message, ("id", "from_ns", "until_ns", "by", "reason"))
    )


def given(message: Any, name: str) -> Any:
    """An optional field of a message; ``None`` where it is absent."""
    return getattr(message, name) if message.HasField(name) else None


def export_format_of(message: cases_pb2.ExportCaseRequest) -> ExportFormat:
    """As what a case is to be handed on."""
    text = given(message, "format")
    return ExportFormat.ZIP if text is None else word(ExportFormat, "format", text)


def word(kind: type[Word], field: str, text: str) -> Word:
    """One of a fixed set of words; ``FieldError`` for any other."""
    try:
        return kind(text)
    except ValueError:
        raise FieldError(field, f"one of {', '.join(kind)}", repr(text[:40])) from None


def _word_given(kind: type[Word], message: cases_pb2.CaseFilter, field: str) -> Word | None:
    text = given(message, field)
    return None if text is None else word(kind, field, text)


def _fields(source: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}


def _closing_message(closing: Closing | None) -> cases_pb2.Closing | None:
    names = ("disposition", "reason", "by", "at_ns", "duplicate_of", "approved_by")
    return None if closing is None else cases_pb2.Closing(**_fields(closing, names))


def _closing_of(message: cases_pb2.Closing) -> Closing:
    return Closing(
        word(Disposition, "disposition", message.disposition),
        message.reason,
        message.by,
        message.at_ns,
        given(message, "duplicate_of"),
        given(message, "approved_by"),
    )


def _value_text(value: Value | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _value_of(text: str | None) -> Value | None:
    value: Value | None = None if text is None else json.loads(text)
    return value
