"""What belongs to cases: their signals, what people add, what they look for, and what they see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.signal import Signal
from tapewarden.domain.trail import Link
from tapewarden.domain.typology import Severity


@dataclass(frozen=True, slots=True)
class StoredSignal:
    """A signal and what became of it: in a case, or suppressed."""

    signal: Signal
    amount: float | None
    case_id: int | None
    suppression_id: int | None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a case; never changed."""

    id: int
    case_id: int
    at_ns: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a case: ``size`` in bytes, ``digest`` their SHA-256 in hexadecimal; never changed."""

    id: int
    case_id: int
    at_ns: int
    by: str
    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Move:
    """A command, by the name of its action, that may be given now; or ``refused`` says why it may not."""

    action: str
    refused: str | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that belongs to it.

    ``history`` holds the entries of the audit trail that changed or added something, in order; ``moves``
    what the person who looks may do with the case as it stands.
    """

    case: Case
    signals: tuple[StoredSignal, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    history: tuple[Link, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Queued:
    """A case in a list, with how many signals it holds."""

    case: Case
    signals: int


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of cases; ``total`` is how many there are on all pages."""

    cases: tuple[Queued, ...]
    total: int


class ExportFormat(StrEnum):
    """As what a case is handed on. All but the first are reports for people and authorities."""

    ZIP = "zip"
    """A bundle that proves itself."""
    HTML = "html"
    PDF = "pdf"
    XML = "xml"


class CaseOrder(StrEnum):
    """What comes first in a list of cases."""

    PRIORITY = "priority"
    """The most urgent."""
    LATEST = "latest"
    """The one with the latest signal."""
    OLDEST = "oldest"
    """The one that was opened first."""


class SignalOrder(StrEnum):
    """What comes first in a list of signals; of equals, the latest."""

    LATEST = "latest"
    SEVERITY = "severity"
    """The gravest; of these the highest score."""
    SCORE = "score"
    """The highest score."""
    ACTOR = "actor"
    """Those of one actor together: first the actor with the highest score, and its highest score first."""
    INSTRUMENT = "instrument"
    """Likewise by instrument."""
    DETECTOR = "detector"
    """Likewise by detector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases; ``None`` means any. ``limit`` of them from ``offset`` on, by ``order``.

    ``ids`` are numbers of cases, at least one; ``closed`` whether they are; ``due_before_ns`` finds those
    that are not, and were to be by then (``Case.due_ns``).

    ``assignee`` is a name, or empty for cases that nobody works on. ``since_ns`` and ``until_ns`` bound the
    end of the latest signal, the second one excluded. ``text`` is searched in names and comments, without
    regard to case.
    """

    state: CaseState | None = None
    disposition: Disposition | None = None
    assignee: str | None = None
    family: str | None = None
    severity: Severity | None = None
    actor: str | None = None
    instrument: str | None = None
    minimum_priority: float | None = None
    since_ns: int | None = None
    until_ns: int | None = None
    text: str | None = None
    ids: tuple[int, ...] | None = None
    closed: bool | None = None
    due_before_ns: int | None = None
    order: CaseOrder = CaseOrder.PRIORITY
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFilter:
    """Which signals; ``None`` means any. ``limit`` of them from ``offset`` on, by ``order``.

    ``since_ns`` and ``until_ns`` bound the end of a signal, the second one excluded. ``text`` is searched in
    ids, names and words, without regard to case.
    """

    detector: str | None = None
    family: str | None = None
    severity: Severity | None = None
    actor: str | None = None
    instrument: str | None = None
    case_id: int | None = None
    suppressed: bool | None = None
    minimum_score: float | None = None
    since_ns: int | None = None
    until_ns: int | None = None
    text: str | None = None
    order: SignalOrder = SignalOrder.LATEST
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """Signals of one actor, instrument or detector: its name, how many they are, and their highest score."""

    name: str
    signals: int
    highest: float


@dataclass(frozen=True, slots=True)
class SignalPage:
    """A page of signals; ``total`` is how many there are on all pages.

    ``groups`` are those on all pages as they follow each other, where the order keeps groups together.
    """

    signals: tuple[StoredSignal, ...]
    total: int
    groups: tuple[SignalGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Muting:
    """What to suppress: signals with all that is named here. At least one must be."""

    detector: str | None = None
    actor: str | None = None
    instrument: str | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A suppression in force from ``from_ns`` until before ``until_ns``, in the event time of signals."""

    id: int
    muting: Muting
    from_ns: int
    until_ns: int
    by: str
    reason: str
