"""`Store`: signals, cases and their audit trail in one database, for many people at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, func, select, update

from tapewarden.cases.audit import Entry, Link, SignedHead, Value, sign, write_trail
from tapewarden.cases.store import muting, notes, trail
from tapewarden.cases.store.filing import Filed, file_signals
from tapewarden.cases.store.filters import CaseFilter, SignalFilter, cases_by, signals_by
from tapewarden.cases.store.opening import open_database
from tapewarden.cases.store.rows import Arrival, Observation, StoredSignal, case_columns, case_of, signal_of
from tapewarden.cases.store.schema import arrivals, audit, cases, signal_lines, signals
from tapewarden.cases.store.trail import Work, require_text, working
from tapewarden.cases.triage import Weights
from tapewarden.cases.workflow import Close, Command, decide, require, require_to
from tapewarden.domain.case import Case, Disposition
from tapewarden.domain.errors import ConflictError, NotFoundError
from tapewarden.domain.staff import Permission, Person

_RIGHT: Final = (Disposition.SUSPICION_REPORTED.value, Disposition.SUSPICION_NOT_REPORTED.value)
_NO_CHANGES: Final = ("case.read", "case.comment", "case.attach")
_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that belongs to it."""

    case: Case
    signals: tuple[StoredSignal, ...]
    comments: tuple[notes.Comment, ...]
    attachments: tuple[notes.Attachment, ...]


class Store:
    """Every method is one transaction that ends with its audit entry: both are kept, or neither.

    Methods take the person who asks and the time, ns UTC, and raise ``RefusedError`` where the person's roles
    do not allow it. Transactions are made one after the other on every database, so that the chain has one
    end; they take milliseconds. Threads may share a store.
    """

    def __init__(self, engine: Engine, weights: Weights | None = None) -> None:
        self._engine = engine
        self.weights = weights or Weights()

    @staticmethod
    def open(url: str) -> Store:
        """The store at a URL, made or brought up to date; see ``open_database``."""
        return Store(open_database(url))

    def close(self) -> None:
        """Give up the connections."""
        self._engine.dispose()

    def record(self, observations: Sequence[Observation], at_ns: int, program: str) -> Filed:
        """File signals into cases, each once. ``program`` is what observed them, for the audit trail."""
        with working(self._engine) as work:
            return file_signals(work, observations, self.weights, at_ns, program)

    def decide(self, case_id: int, version: int, command: Command, by: Person, at_ns: int) -> Case:
        """Carry out a command on the case as ``by`` saw it.

        Raises:
            ConflictError: The case has changed since that version. Nothing was done.
            NotFoundError: There is no such case, or no such case to be a duplicate of.
        """
        require_to(by, command)  # first: whoever may not work learns nothing of the case
        require_text(*(value for value in asdict(command).values() if isinstance(value, str)))
        with working(self._engine) as work:
            before = _case(work, case_id)
            if before.version != version:
                raise _conflict(work, before, version)
            decision = decide(before, command, by, at_ns)
            if isinstance(command, Close) and command.duplicate_of is not None:
                notes.require_case(work, command.duplicate_of)
            columns = case_columns(decision.case)
            work.connection.execute(update(cases).where(cases.c.id == case_id).values(**columns))
            work.tell(decision.entry)
            return decision.case

    def comment(self, case_id: int, text: str, by: Person, at_ns: int) -> notes.Comment:
        """Add a comment, in any state of the case."""
        require(by, Permission.WORK)
        with working(self._engine) as work:
            return notes.add_comment(work, case_id, text, by.name, at_ns)

    def attach(
        self, case_id: int, name: str, media_type: str, content: bytes, by: Person, at_ns: int
    ) -> notes.Attachment:
        """Add a file, in any state of the case."""
        require(by, Permission.WORK)
        with working(self._engine) as work:
            return notes.add_attachment(work, case_id, name, media_type, content, by.name, at_ns)

    def suppress(
        self, what: muting.Muting, until_ns: int, reason: str, by: Person, at_ns: int
    ) -> muting.Suppression:
        """Keep further signals out of cases until a time."""
        require(by, Permission.DECIDE)
        with working(self._engine) as work:
            return muting.suppress(work, what, until_ns, reason, by.name, at_ns)

    def lift(self, suppression_id: int, reason: str, by: Person, at_ns: int) -> muting.Suppression:
        """End a suppression before its time."""
        require(by, Permission.DECIDE)
        with working(self._engine) as work:
            return muting.lift(work, suppression_id, reason, by.name, at_ns)

    def suppressions(self, by: Person, at_ns: int) -> tuple[muting.Suppression, ...]:
        """All suppressions there ever were."""
        with self._reading(by, Permission.READ, at_ns, "suppressions") as (work, seen):
            found = muting.all_suppressions(work)
            seen.extend(one.id for one in found)
            return found

    def signals(self, wanted: SignalFilter, by: Person, at_ns: int) -> list[StoredSignal]:
        """Signals, the latest first."""
        with self._reading(by, Permission.READ, at_ns, "signals", asdict(wanted)) as (work, seen):
            found = [signal_of(row) for row in work.connection.execute(signals_by(wanted))]
            seen.extend(one.signal.id for one in found)
            return found

    def cases(self, wanted: CaseFilter, by: Person, at_ns: int) -> list[Case]:
        """Cases, the most urgent first."""
        with self._reading(by, Permission.READ, at_ns, "cases", asdict(wanted)) as (work, seen):
            found = [case_of(row) for row in work.connection.execute(cases_by(wanted))]
            seen.extend(one.id for one in found)
            return found

    def case(self, case_id: int, by: Person, at_ns: int) -> CaseFile:
        """A case with its signals, comments and attachments. ``NotFoundError`` if there is none."""
        with self._reading(by, Permission.READ, at_ns, f"case {case_id}") as (work, seen):
            case = _case(work, case_id)
            seen.append(case_id)
            return CaseFile(
                case,
                _signals_of(work, case_id),
                notes.comments_of(work, case_id),
                notes.attachments_of(work, case_id),
            )

    def attachment(self, attachment_id: int, by: Person, at_ns: int) -> tuple[notes.Attachment, bytes]:
        """A file as it was attached. ``InputError`` where its bytes were altered since."""
        with self._reading(by, Permission.READ, at_ns, f"attachment {attachment_id}") as (work, seen):
            seen.append(attachment_id)
            return notes.attached(work, attachment_id)

    def arrival(self, signal_id: str) -> Arrival | None:
        """When a signal was observed, ``None`` if on a tape; ``NotFoundError`` if there is no such signal."""
        with self._engine.begin() as connection:
            known = connection.execute(select(signals.c.id).where(signals.c.id == signal_id)).one_or_none()
            row = connection.execute(select(arrivals).where(arrivals.c.id == signal_id)).one_or_none()
        if known is None:
            raise NotFoundError(f"signal {signal_id}: there is none")
        return None if row is None else Arrival(row.frame, row.detected_ns)

    def verdicts(self) -> dict[str, tuple[int, int]]:
        """How often each detector was right and wrong: closed cases with and without suspicion.

        What ``triage.precision`` needs. Insufficient evidence and duplicates say nothing.
        """
        columns = (signals.c.detector, cases.c.disposition, func.count(signals.c.case_id.distinct()))
        judged = (*_RIGHT, Disposition.FALSE_POSITIVE.value)
        chosen = select(*columns).join(cases).where(cases.c.disposition.in_(judged)).group_by(*columns[:2])
        found: dict[str, tuple[int, int]] = {}
        with self._engine.begin() as connection:
            for detector, disposition, count in connection.execute(chosen):
                right, wrong = found.get(detector, (0, 0))
                is_right = disposition in _RIGHT
                found[detector] = (right + count * is_right, wrong + count * (not is_right))
        return found

    def entries(self, by: Person, at_ns: int, *, subject: str | None = None, after: int = 0) -> list[Link]:
        """Up to 1,000 entries behind number ``after``: of a subject such as ``case 7``, or all."""
        asked = {"subject": subject, "after": after}
        wanted = select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(_PAGE)
        if subject is not None:
            wanted = wanted.where(audit.c.subject == subject)
        with self._reading(by, Permission.AUDIT, at_ns, "audit", asked) as (work, seen):
            found = [trail.linked(row) for row in work.connection.execute(wanted)]
            seen.extend(one.number for one in found)
            return found

    def sign(self, key: Ed25519PrivateKey, at_ns: int) -> SignedHead:
        """Sign the head of the trail as it is; keep the result elsewhere too, where nobody here can write."""
        with working(self._engine) as work:
            head = sign(key, work.number, work.digest, at_ns)
            work.keep(head)
            return head

    def export(self, key: Ed25519PrivateKey, by: Person, at_ns: int) -> Iterator[str]:
        """The trail as lines for ``audit.verify``, closed by a fresh head; the export is its last entry."""
        require(by, Permission.AUDIT)
        with working(self._engine) as work:
            work.tell(Entry(at_ns=at_ns, actor=by.name, action="audit.export", subject="audit"))
            head = sign(key, work.number, work.digest, at_ns)
            work.keep(head)
        return write_trail(trail.links(self._engine, head.number), trail.heads(self._engine, head.number))

    @contextmanager
    def _reading(
        self, by: Person, permission: Permission, at_ns: int, about: str, asked: dict[str, Any] | None = None
    ) -> Iterator[tuple[Work, list[int | str]]]:
        """A transaction that tells the trail what was asked for and what was seen."""
        require(by, permission)
        given = {name: value for name, value in (asked or {}).items() if value is not None}
        require_text(*(value for value in given.values() if isinstance(value, str)))
        seen: list[int | str] = []
        with working(self._engine) as work:
            yield work, seen
            told: Value = {"asked": given, "seen": seen}
            action = f"{about.split(maxsplit=1)[0]}.read"
            work.tell(Entry(at_ns=at_ns, actor=by.name, action=action, subject=about, new=told))


def _case(work: Work, case_id: int) -> Case:
    row = work.connection.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"case {case_id}: there is none")
    return case_of(row)


def _signals_of(work: Work, case_id: int) -> tuple[StoredSignal, ...]:
    chosen = select(signals, signal_lines.c.line).join(signal_lines).where(signals.c.case_id == case_id)
    ordered = chosen.order_by(signals.c.start_ns, signals.c.end_ns, signals.c.id)
    return tuple(signal_of(row) for row in work.connection.execute(ordered))


def _conflict(work: Work, case: Case, seen: int) -> ConflictError:
    about = select(audit.c.actor, audit.c.action).where(audit.c.subject == f"case {case.id}")
    changes = about.where(audit.c.action.not_in(_NO_CHANGES)).order_by(audit.c.number.desc()).limit(1)
    last = work.connection.execute(changes).one()
    return ConflictError(
        f"case {case.id}: you saw version {seen}, it is at version {case.version} since {last.actor}"
        f" ({last.action}); look at it again"
    )
