from tapewarden.wire.v1 import signals_pb2 as _signals_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Case(_message.Message):
    __slots__ = ("id", "version", "actor", "instrument", "family", "severity", "priority", "start_ns", "end_ns", "opened_ns", "state", "assignee", "suspicion_formed_ns", "proposed", "closing")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    END_NS_FIELD_NUMBER: _ClassVar[int]
    OPENED_NS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_FIELD_NUMBER: _ClassVar[int]
    SUSPICION_FORMED_NS_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    id: int
    version: int
    actor: str
    instrument: str
    family: str
    severity: str
    priority: float
    start_ns: int
    end_ns: int
    opened_ns: int
    state: str
    assignee: str
    suspicion_formed_ns: int
    proposed: Closing
    closing: Closing
    def __init__(self, id: _Optional[int] = ..., version: _Optional[int] = ..., actor: _Optional[str] = ..., instrument: _Optional[str] = ..., family: _Optional[str] = ..., severity: _Optional[str] = ..., priority: _Optional[float] = ..., start_ns: _Optional[int] = ..., end_ns: _Optional[int] = ..., opened_ns: _Optional[int] = ..., state: _Optional[str] = ..., assignee: _Optional[str] = ..., suspicion_formed_ns: _Optional[int] = ..., proposed: _Optional[_Union[Closing, _Mapping]] = ..., closing: _Optional[_Union[Closing, _Mapping]] = ...) -> None: ...

class Closing(_message.Message):
    __slots__ = ("disposition", "reason", "by", "at_ns", "duplicate_of", "approved_by")
    DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_OF_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    disposition: str
    reason: str
    by: str
    at_ns: int
    duplicate_of: int
    approved_by: str
    def __init__(self, disposition: _Optional[str] = ..., reason: _Optional[str] = ..., by: _Optional[str] = ..., at_ns: _Optional[int] = ..., duplicate_of: _Optional[int] = ..., approved_by: _Optional[str] = ...) -> None: ...

class QueuedCase(_message.Message):
    __slots__ = ("case", "signals")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    case: Case
    signals: int
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ..., signals: _Optional[int] = ...) -> None: ...

class Comment(_message.Message):
    __slots__ = ("id", "case_id", "at_ns", "by", "text")
    ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    id: int
    case_id: int
    at_ns: int
    by: str
    text: str
    def __init__(self, id: _Optional[int] = ..., case_id: _Optional[int] = ..., at_ns: _Optional[int] = ..., by: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("id", "case_id", "at_ns", "by", "name", "media_type", "size", "digest")
    ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    id: int
    case_id: int
    at_ns: int
    by: str
    name: str
    media_type: str
    size: int
    digest: str
    def __init__(self, id: _Optional[int] = ..., case_id: _Optional[int] = ..., at_ns: _Optional[int] = ..., by: _Optional[str] = ..., name: _Optional[str] = ..., media_type: _Optional[str] = ..., size: _Optional[int] = ..., digest: _Optional[str] = ...) -> None: ...

class AuditEntry(_message.Message):
    __slots__ = ("number", "at_ns", "actor", "action", "subject", "old", "new", "reason", "digest")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    OLD_FIELD_NUMBER: _ClassVar[int]
    NEW_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    number: int
    at_ns: int
    actor: str
    action: str
    subject: str
    old: str
    new: str
    reason: str
    digest: bytes
    def __init__(self, number: _Optional[int] = ..., at_ns: _Optional[int] = ..., actor: _Optional[str] = ..., action: _Optional[str] = ..., subject: _Optional[str] = ..., old: _Optional[str] = ..., new: _Optional[str] = ..., reason: _Optional[str] = ..., digest: _Optional[bytes] = ...) -> None: ...

class Move(_message.Message):
    __slots__ = ("action", "refused")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    action: str
    refused: str
    def __init__(self, action: _Optional[str] = ..., refused: _Optional[str] = ...) -> None: ...

class CaseFile(_message.Message):
    __slots__ = ("case", "signals", "comments", "attachments", "history", "moves")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    COMMENTS_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    case: Case
    signals: _containers.RepeatedCompositeFieldContainer[_signals_pb2.StoredSignal]
    comments: _containers.RepeatedCompositeFieldContainer[Comment]
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    history: _containers.RepeatedCompositeFieldContainer[AuditEntry]
    moves: _containers.RepeatedCompositeFieldContainer[Move]
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ..., signals: _Optional[_Iterable[_Union[_signals_pb2.StoredSignal, _Mapping]]] = ..., comments: _Optional[_Iterable[_Union[Comment, _Mapping]]] = ..., attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ..., history: _Optional[_Iterable[_Union[AuditEntry, _Mapping]]] = ..., moves: _Optional[_Iterable[_Union[Move, _Mapping]]] = ...) -> None: ...

class CaseFilter(_message.Message):
    __slots__ = ("state", "disposition", "assignee", "family", "severity", "actor", "instrument", "minimum_priority", "since_ns", "until_ns", "text", "order", "limit", "offset", "ids", "closed", "due_before_ns")
    STATE_FIELD_NUMBER: _ClassVar[int]
    DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    DUE_BEFORE_NS_FIELD_NUMBER: _ClassVar[int]
    state: str
    disposition: str
    assignee: str
    family: str
    severity: str
    actor: str
    instrument: str
    minimum_priority: float
    since_ns: int
    until_ns: int
    text: str
    order: str
    limit: int
    offset: int
    ids: _containers.RepeatedScalarFieldContainer[int]
    closed: bool
    due_before_ns: int
    def __init__(self, state: _Optional[str] = ..., disposition: _Optional[str] = ..., assignee: _Optional[str] = ..., family: _Optional[str] = ..., severity: _Optional[str] = ..., actor: _Optional[str] = ..., instrument: _Optional[str] = ..., minimum_priority: _Optional[float] = ..., since_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., text: _Optional[str] = ..., order: _Optional[str] = ..., limit: _Optional[int] = ..., offset: _Optional[int] = ..., ids: _Optional[_Iterable[int]] = ..., closed: _Optional[bool] = ..., due_before_ns: _Optional[int] = ...) -> None: ...

class ListCasesRequest(_message.Message):
    __slots__ = ("filter",)
    FILTER_FIELD_NUMBER: _ClassVar[int]
    filter: CaseFilter
    def __init__(self, filter: _Optional[_Union[CaseFilter, _Mapping]] = ...) -> None: ...

class ListCasesResponse(_message.Message):
    __slots__ = ("cases", "total")
    CASES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[QueuedCase]
    total: int
    def __init__(self, cases: _Optional[_Iterable[_Union[QueuedCase, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...

class GetCaseRequest(_message.Message):
    __slots__ = ("case_id",)
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    case_id: int
    def __init__(self, case_id: _Optional[int] = ...) -> None: ...

class WeighCaseRequest(_message.Message):
    __slots__ = ("case_id",)
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    case_id: int
    def __init__(self, case_id: _Optional[int] = ...) -> None: ...

class Weighing(_message.Message):
    __slots__ = ("voices", "caps", "earlier_cases", "repetition", "suspicion", "materiality", "priority")
    VOICES_FIELD_NUMBER: _ClassVar[int]
    CAPS_FIELD_NUMBER: _ClassVar[int]
    EARLIER_CASES_FIELD_NUMBER: _ClassVar[int]
    REPETITION_FIELD_NUMBER: _ClassVar[int]
    SUSPICION_FIELD_NUMBER: _ClassVar[int]
    MATERIALITY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    voices: _containers.RepeatedCompositeFieldContainer[Voice]
    caps: _containers.RepeatedCompositeFieldContainer[FamilyCap]
    earlier_cases: int
    repetition: float
    suspicion: float
    materiality: float
    priority: float
    def __init__(self, voices: _Optional[_Iterable[_Union[Voice, _Mapping]]] = ..., caps: _Optional[_Iterable[_Union[FamilyCap, _Mapping]]] = ..., earlier_cases: _Optional[int] = ..., repetition: _Optional[float] = ..., suspicion: _Optional[float] = ..., materiality: _Optional[float] = ..., priority: _Optional[float] = ...) -> None: ...

class Voice(_message.Message):
    __slots__ = ("family", "detector", "weight", "score")
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    family: str
    detector: str
    weight: float
    score: float
    def __init__(self, family: _Optional[str] = ..., detector: _Optional[str] = ..., weight: _Optional[float] = ..., score: _Optional[float] = ...) -> None: ...

class FamilyCap(_message.Message):
    __slots__ = ("family", "cap")
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    CAP_FIELD_NUMBER: _ClassVar[int]
    family: str
    cap: float
    def __init__(self, family: _Optional[str] = ..., cap: _Optional[float] = ...) -> None: ...

class WatchCasesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CasesChanged(_message.Message):
    __slots__ = ("cases", "more")
    CASES_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[QueuedCase]
    more: bool
    def __init__(self, cases: _Optional[_Iterable[_Union[QueuedCase, _Mapping]]] = ..., more: _Optional[bool] = ...) -> None: ...

class CaseVersion(_message.Message):
    __slots__ = ("case_id", "version")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    case_id: int
    version: int
    def __init__(self, case_id: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class DecideRequest(_message.Message):
    __slots__ = ("seen", "command")
    SEEN_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    seen: CaseVersion
    command: Command
    def __init__(self, seen: _Optional[_Union[CaseVersion, _Mapping]] = ..., command: _Optional[_Union[Command, _Mapping]] = ...) -> None: ...

class DecideManyRequest(_message.Message):
    __slots__ = ("seen", "command")
    SEEN_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    seen: _containers.RepeatedCompositeFieldContainer[CaseVersion]
    command: Command
    def __init__(self, seen: _Optional[_Iterable[_Union[CaseVersion, _Mapping]]] = ..., command: _Optional[_Union[Command, _Mapping]] = ...) -> None: ...

class DecideManyResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[Decided]
    def __init__(self, results: _Optional[_Iterable[_Union[Decided, _Mapping]]] = ...) -> None: ...

class Decided(_message.Message):
    __slots__ = ("case_id", "case", "failure")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    case_id: int
    case: Case
    failure: Failure
    def __init__(self, case_id: _Optional[int] = ..., case: _Optional[_Union[Case, _Mapping]] = ..., failure: _Optional[_Union[Failure, _Mapping]] = ...) -> None: ...

class Failure(_message.Message):
    __slots__ = ("code", "text")
    CODE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    code: int
    text: str
    def __init__(self, code: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class Command(_message.Message):
    __slots__ = ("assign", "investigate", "escalate", "form_suspicion", "close", "approve", "decline", "reopen", "undo")
    ASSIGN_FIELD_NUMBER: _ClassVar[int]
    INVESTIGATE_FIELD_NUMBER: _ClassVar[int]
    ESCALATE_FIELD_NUMBER: _ClassVar[int]
    FORM_SUSPICION_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    APPROVE_FIELD_NUMBER: _ClassVar[int]
    DECLINE_FIELD_NUMBER: _ClassVar[int]
    REOPEN_FIELD_NUMBER: _ClassVar[int]
    UNDO_FIELD_NUMBER: _ClassVar[int]
    assign: Assign
    investigate: Investigate
    escalate: Escalate
    form_suspicion: FormSuspicion
    close: Close
    approve: Approve
    decline: Decline
    reopen: Reopen
    undo: Undo
    def __init__(self, assign: _Optional[_Union[Assign, _Mapping]] = ..., investigate: _Optional[_Union[Investigate, _Mapping]] = ..., escalate: _Optional[_Union[Escalate, _Mapping]] = ..., form_suspicion: _Optional[_Union[FormSuspicion, _Mapping]] = ..., close: _Optional[_Union[Close, _Mapping]] = ..., approve: _Optional[_Union[Approve, _Mapping]] = ..., decline: _Optional[_Union[Decline, _Mapping]] = ..., reopen: _Optional[_Union[Reopen, _Mapping]] = ..., undo: _Optional[_Union[Undo, _Mapping]] = ...) -> None: ...

class Assign(_message.Message):
    __slots__ = ("to",)
    TO_FIELD_NUMBER: _ClassVar[int]
    to: str
    def __init__(self, to: _Optional[str] = ...) -> None: ...

class Investigate(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Escalate(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class FormSuspicion(_message.Message):
    __slots__ = ("formed_ns", "reason")
    FORMED_NS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    formed_ns: int
    reason: str
    def __init__(self, formed_ns: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class Close(_message.Message):
    __slots__ = ("disposition", "reason", "duplicate_of")
    DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_OF_FIELD_NUMBER: _ClassVar[int]
    disposition: str
    reason: str
    duplicate_of: int
    def __init__(self, disposition: _Optional[str] = ..., reason: _Optional[str] = ..., duplicate_of: _Optional[int] = ...) -> None: ...

class Approve(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class Decline(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class Reopen(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class Undo(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class AddCommentRequest(_message.Message):
    __slots__ = ("case_id", "text")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    case_id: int
    text: str
    def __init__(self, case_id: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class AttachRequest(_message.Message):
    __slots__ = ("head", "content")
    HEAD_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    head: AttachmentHead
    content: bytes
    def __init__(self, head: _Optional[_Union[AttachmentHead, _Mapping]] = ..., content: _Optional[bytes] = ...) -> None: ...

class AttachmentHead(_message.Message):
    __slots__ = ("case_id", "name", "media_type")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    case_id: int
    name: str
    media_type: str
    def __init__(self, case_id: _Optional[int] = ..., name: _Optional[str] = ..., media_type: _Optional[str] = ...) -> None: ...

class GetAttachmentRequest(_message.Message):
    __slots__ = ("attachment_id",)
    ATTACHMENT_ID_FIELD_NUMBER: _ClassVar[int]
    attachment_id: int
    def __init__(self, attachment_id: _Optional[int] = ...) -> None: ...

class AttachmentPiece(_message.Message):
    __slots__ = ("attachment", "content")
    ATTACHMENT_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    attachment: Attachment
    content: bytes
    def __init__(self, attachment: _Optional[_Union[Attachment, _Mapping]] = ..., content: _Optional[bytes] = ...) -> None: ...

class ExportCaseRequest(_message.Message):
    __slots__ = ("case_id", "format")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    case_id: int
    format: str
    def __init__(self, case_id: _Optional[int] = ..., format: _Optional[str] = ...) -> None: ...

class Piece(_message.Message):
    __slots__ = ("content",)
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    def __init__(self, content: _Optional[bytes] = ...) -> None: ...

class Muting(_message.Message):
    __slots__ = ("detector", "actor", "instrument", "family")
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    detector: str
    actor: str
    instrument: str
    family: str
    def __init__(self, detector: _Optional[str] = ..., actor: _Optional[str] = ..., instrument: _Optional[str] = ..., family: _Optional[str] = ...) -> None: ...

class Suppression(_message.Message):
    __slots__ = ("id", "muting", "from_ns", "until_ns", "by", "reason")
    ID_FIELD_NUMBER: _ClassVar[int]
    MUTING_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    id: int
    muting: Muting
    from_ns: int
    until_ns: int
    by: str
    reason: str
    def __init__(self, id: _Optional[int] = ..., muting: _Optional[_Union[Muting, _Mapping]] = ..., from_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., by: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class SuppressRequest(_message.Message):
    __slots__ = ("muting", "until_ns", "reason")
    MUTING_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    muting: Muting
    until_ns: int
    reason: str
    def __init__(self, muting: _Optional[_Union[Muting, _Mapping]] = ..., until_ns: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class LiftRequest(_message.Message):
    __slots__ = ("suppression_id", "reason")
    SUPPRESSION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    suppression_id: int
    reason: str
    def __init__(self, suppression_id: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ListSuppressionsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSuppressionsResponse(_message.Message):
    __slots__ = ("suppressions",)
    SUPPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    suppressions: _containers.RepeatedCompositeFieldContainer[Suppression]
    def __init__(self, suppressions: _Optional[_Iterable[_Union[Suppression, _Mapping]]] = ...) -> None: ...

class ListEntriesRequest(_message.Message):
    __slots__ = ("subject", "after")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    subject: str
    after: int
    def __init__(self, subject: _Optional[str] = ..., after: _Optional[int] = ...) -> None: ...

class ListEntriesResponse(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[AuditEntry]
    def __init__(self, entries: _Optional[_Iterable[_Union[AuditEntry, _Mapping]]] = ...) -> None: ...

class ExportTrailRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VerifyTrailRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VerifyTrailResponse(_message.Message):
    __slots__ = ("sound", "fault")
    SOUND_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    sound: int
    fault: str
    def __init__(self, sound: _Optional[int] = ..., fault: _Optional[str] = ...) -> None: ...
