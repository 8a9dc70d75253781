"""`Store`: signals, cases and their audit trail in one database, for many people at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from hashlib import sha256
from typing import Any, BinaryIO, Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, func, select

from tapewarden.cases.audit import SignedHead, sign, write_trail
from tapewarden.cases.bundle import Contents, Manifest, pack
from tapewarden.cases.store import deciding, exporting, muting, notes, trail
from tapewarden.cases.store.filing import Filed, file_signals
from tapewarden.cases.store.filters import (
    MAX_GROUPS,
    cases_by,
    groups_by,
    number_of_cases,
    number_of_signals,
    signals_by,
)
from tapewarden.cases.store.opening import open_database
from tapewarden.cases.store.promoting import Models
from tapewarden.cases.store.rows import CHUNK, Arrival, Observation, case_of, signal_of
from tapewarden.cases.store.schema import arrivals, audit, cases, signal_lines, signals
from tapewarden.cases.store.staffing import Staff
from tapewarden.cases.store.trail import Work, require_text
from tapewarden.cases.store.transacting import PATIENCE_S, transact
from tapewarden.cases.store.weighing import weigh_case
from tapewarden.cases.triage import Weights, precision
from tapewarden.cases.workflow import moves, require
from tapewarden.domain.case import Case, Disposition
from tapewarden.domain.casework import (
    Attachment,
    CaseFile,
    CaseFilter,
    Comment,
    ExportFormat,
    Muting,
    Queue,
    Queued,
    SignalFilter,
    SignalGroup,
    SignalPage,
    StoredSignal,
    Suppression,
)
from tapewarden.domain.commands import Command, Undo
from tapewarden.domain.errors import NotFoundError, RefusedError, TapewardenError
from tapewarden.domain.staff import Permission, Person
from tapewarden.domain.trail import Entry, Link, Value
from tapewarden.domain.weighing import Weighing

_RIGHT: Final = (Disposition.SUSPICION_REPORTED.value, Disposition.SUSPICION_NOT_REPORTED.value)
_PAGE: Final = 1_000

Found = TypeVar("Found")
Seen = Iterable[int | str]


class Store:
    """Every method is one transaction that ends with its audit entry: both are kept, or neither.

    Methods take the person who asks and the time, ns UTC, and raise ``RefusedError`` where the person's roles
    do not allow it. Transactions are made one after the other on every database, so that the chain has one
    end; they take milliseconds. Threads may share a store.

    A PostgreSQL that is gone for less than ``patience_s`` seconds is waited for; after that, methods raise
    ``UnavailableError``, or ``UncertainError`` where it cannot be known whether a change was kept.
    """

    def __init__(
        self, engine: Engine, weights: Weights | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._engine = engine
        self._patience_s = patience_s
        self.weights = weights or Weights()
        self.staff = Staff(self._transact)
        self.models = Models(self._transact)

    @staticmethod
    def open(url: str) -> Store:
        """The store at a URL, made or brought up to date; see ``open_database``.

        It trusts each detector as far as its closed cases were right.
        """
        store = Store(open_database(url))
        store.weights = Weights(
            precision={detector: precision(*counts) for detector, counts in store.verdicts().items()}
        )
        return store

    def close(self) -> None:
        """Give up the connections."""
        self._engine.dispose()

    def record(self, observations: Sequence[Observation], at_ns: int, program: str) -> Filed:
        """File signals into cases, each once. ``program`` is what observed them, for the audit trail."""
        return self._transact(lambda work: file_signals(work, observations, self.weights, at_ns, program))

    def decide(self, case_id: int, version: int, command: Command | Undo, by: Person, at_ns: int) -> Case:
        """Carry out a command on the case as ``by`` saw it.

        Raises:
            ConflictError: The case has changed since that version. Nothing was done.
            NotFoundError: There is no such case, or no such case to be a duplicate of.
        """
        deciding.require_to_give(by, command)  # first: whoever may not work learns nothing of the case
        return self._transact(lambda work: deciding.decide(work, case_id, version, command, by, at_ns))

    def decide_many(
        self, versions: Sequence[tuple[int, int]], command: Command | Undo, by: Person, at_ns: int
    ) -> list[Case | TapewardenError]:
        """Carry out one command on several cases, each with the version that ``by`` saw.

        What is refused for one case does not keep it from others: the answers stand in the order of the
        cases, each the case as it is afterwards or the error that ``decide`` would raise. Each change has an
        entry of its own in the trail.
        """
        deciding.require_to_give(by, command)
        deciding.require_few(versions)
        return self._transact(
            lambda work: [
                deciding.answer(work, case_id, version, command, by, at_ns) for case_id, version in versions
            ]
        )

    def comment(self, case_id: int, text: str, by: Person, at_ns: int) -> Comment:
        """Add a comment, in any state of the case."""
        require(by, Permission.WORK)
        return self._transact(lambda work: notes.add_comment(work, case_id, text, by.name, at_ns))

    def attach(
        self, case_id: int, name: str, media_type: str, content: bytes, by: Person, at_ns: int
    ) -> Attachment:
        """Add a file, in any state of the case."""
        require(by, Permission.WORK)
        return self._transact(
            lambda work: notes.add_attachment(work, case_id, name, media_type, content, by.name, at_ns)
        )

    def suppress(self, what: Muting, until_ns: int, reason: str, by: Person, at_ns: int) -> Suppression:
        """Keep further signals out of cases until a time."""
        require(by, Permission.DECIDE)
        return self._transact(lambda work: muting.suppress(work, what, until_ns, reason, by.name, at_ns))

    def lift(self, suppression_id: int, reason: str, by: Person, at_ns: int) -> Suppression:
        """End a suppression before its time."""
        require(by, Permission.DECIDE)
        return self._transact(lambda work: muting.lift(work, suppression_id, reason, by.name, at_ns))

    def suppressions(self, by: Person, at_ns: int) -> tuple[Suppression, ...]:
        """All suppressions there ever were."""

        def read(work: Work) -> tuple[tuple[Suppression, ...], Seen]:
            found = muting.all_suppressions(work)
            return found, [one.id for one in found]

        return self._read(by, Permission.READ, at_ns, "suppressions", read)

    def signals(self, wanted: SignalFilter, by: Person, at_ns: int) -> list[StoredSignal]:
        """Signals, in their order."""

        def read(work: Work) -> tuple[list[StoredSignal], Seen]:
            found = [signal_of(row) for row in work.connection.execute(signals_by(wanted))]
            return found, [one.signal.id for one in found]

        return self._read(by, Permission.READ, at_ns, "signals", read, asdict(wanted))

    def page_of_signals(self, wanted: SignalFilter, by: Person, at_ns: int) -> SignalPage:
        """A page of signals, how many there are on all pages and in which groups.

        Counting costs as much again as reading the page, or more.
        """

        def read(work: Work) -> tuple[SignalPage, Seen]:
            found = tuple(signal_of(row) for row in work.connection.execute(signals_by(wanted)))
            total = work.connection.execute(number_of_signals(wanted)).scalar_one()
            return SignalPage(found, total, _groups(work, wanted)), [one.signal.id for one in found]

        return self._read(by, Permission.READ, at_ns, "signals", read, asdict(wanted))

    def signal(self, signal_id: str, by: Person, at_ns: int) -> StoredSignal:
        """One signal; ``NotFoundError`` if there is none."""

        def read(work: Work) -> tuple[StoredSignal, Seen]:
            chosen = select(signals, signal_lines.c.line).join(signal_lines).where(signals.c.id == signal_id)
            row = work.connection.execute(chosen).one_or_none()
            if row is None:
                raise NotFoundError(f"signal {signal_id}: there is none")
            return signal_of(row), [signal_id]

        return self._read(by, Permission.READ, at_ns, f"signal {signal_id}", read)

    def cases(self, wanted: CaseFilter, by: Person, at_ns: int) -> Queue:
        """A page of cases, each with how many signals it holds."""

        def read(work: Work) -> tuple[Queue, Seen]:
            found = [case_of(row) for row in work.connection.execute(cases_by(wanted))]
            total = work.connection.execute(number_of_cases(wanted)).scalar_one()
            return Queue(_queued(work, found), total), [one.id for one in found]

        return self._read(by, Permission.READ, at_ns, "cases", read, asdict(wanted))

    def some_cases(self, ids: Sequence[int], by: Person, at_ns: int) -> tuple[Queued, ...]:
        """The cases with these numbers, at most 500 of them, in order; numbers of none are left out."""

        def read(work: Work) -> tuple[tuple[Queued, ...], Seen]:
            chosen = select(cases).where(cases.c.id.in_(ids[:CHUNK])).order_by(cases.c.id)
            found = [case_of(row) for row in work.connection.execute(chosen)]
            return _queued(work, found), [one.id for one in found]

        return self._read(by, Permission.READ, at_ns, "cases", read)

    def weighing(self, case_id: int, by: Person, at_ns: int) -> Weighing:
        """How the priority of a case comes about; ``NotFoundError`` if there is none.

        As things are now: other cases may have come since its own priority was set with its latest signal.
        """

        def read(work: Work) -> tuple[Weighing, Seen]:
            case = deciding.case_by(work, case_id)
            amount = select(cases.c.amount).where(cases.c.id == case_id)
            at_stake = work.connection.execute(amount).scalar_one()
            return weigh_case(work, case, at_stake, self.weights), [case_id]

        return self._read(by, Permission.READ, at_ns, f"case {case_id}", read)

    def case(self, case_id: int, by: Person, at_ns: int) -> CaseFile:
        """A case with what belongs to it. ``NotFoundError`` if there is none.

        Of signals and entries it holds the latest 1,000 each; ``signals`` and ``entries`` page through all.
        """

        def read(work: Work) -> tuple[CaseFile, Seen]:
            case = deciding.case_by(work, case_id)
            last = deciding.last_change(work, case_id)
            found = CaseFile(
                case=case,
                signals=_signals_of(work, case_id),
                comments=notes.comments_of(work, case_id),
                attachments=notes.attachments_of(work, case_id),
                history=trail.history(work, case_id),
                moves=moves(case, last, by, at_ns),
            )
            return found, [case_id]

        return self._read(by, Permission.READ, at_ns, f"case {case_id}", read)

    def attachment(self, attachment_id: int, by: Person, at_ns: int) -> tuple[Attachment, bytes]:
        """A file as it was attached. ``InputError`` where its bytes were altered since."""

        def read(work: Work) -> tuple[tuple[Attachment, bytes], Seen]:
            return notes.attached(work, attachment_id), [attachment_id]

        return self._read(by, Permission.READ, at_ns, f"attachment {attachment_id}", read)

    def changed_cases(self, after: int | None) -> tuple[int, dict[int, int]]:
        """The trail's last number, and how many entries behind ``after`` changed which case."""
        return trail.changed_cases(self._engine, after)

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
        wanted = select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(_PAGE)
        if subject is not None:
            wanted = wanted.where(audit.c.subject == subject)

        def read(work: Work) -> tuple[list[Link], Seen]:
            found = [trail.linked(row) for row in work.connection.execute(wanted)]
            return found, [one.number for one in found]

        return self._read(by, Permission.AUDIT, at_ns, "audit", read, {"subject": subject, "after": after})

    def sign(self, key: Ed25519PrivateKey, at_ns: int) -> SignedHead:
        """Sign the head of the trail as it is; keep the result elsewhere too, where nobody here can write.

        A head that did not move since it was signed last is not signed again.
        """

        def signed(work: Work) -> SignedHead:
            last = trail.head_of(work)
            if last is not None and last.is_signed_by(key.public_key()):
                return last
            head = sign(key, work.number, work.digest, at_ns)
            work.keep(head)
            return head

        return self._transact(signed)

    def export(self, key: Ed25519PrivateKey, by: Person, at_ns: int) -> Iterator[str]:
        """The trail as lines for ``audit.verify``, closed by a fresh head; the export is its last entry."""
        require(by, Permission.AUDIT)

        def told(work: Work) -> SignedHead:
            work.tell(Entry(at_ns=at_ns, actor=by.name, action="audit.export", subject="audit"))
            head = sign(key, work.number, work.digest, at_ns)
            work.keep(head)
            return head

        head = self._transact(told)
        return write_trail(trail.links(self._engine, head.number), trail.heads(self._engine, head.number))

    def export_case(
        self, case_id: int, key: Ed25519PrivateKey, out: BinaryIO, by: Person, at_ns: int
    ) -> None:
        """Write a case as a bundle that proves itself; see ``cases.bundle``.

        For who works on cases or audits them. The export is an entry of the trail, under a fresh head.
        """
        _require_to_export(by)

        def told(work: Work) -> tuple[Manifest, tuple[Attachment, ...], tuple[bytes, Link], SignedHead]:
            contents = exporting.contents(work, deciding.case_by(work, case_id))
            manifest = Manifest(contents, key.public_key())
            export, head = _tell_export(work, case_id, {"manifest": manifest.digest}, key, by, at_ns)
            return manifest, contents.attachments, export, head

        manifest, attachments, export, head = self._transact(told)
        files = ((one.id, self._transact(partial(_content, number=one.id))) for one in attachments)
        pack(out, manifest, files, export, head)

    def export_report(
        self,
        case_id: int,
        made: Callable[[Contents, ExportFormat], bytes],
        wanted: ExportFormat,
        key: Ed25519PrivateKey,
        by: Person,
        at_ns: int,
    ) -> bytes:
        """What ``made`` makes of a case, outside of transactions, for it may take its time.

        For those who may export. Before it is given out, the export is an entry of the trail, with the hash
        of what was made, under a fresh head.
        """
        _require_to_export(by)
        contents = self._transact(lambda work: exporting.contents(work, deciding.case_by(work, case_id)))
        report = made(contents, wanted)
        new: dict[str, Any] = {
            "format": wanted,
            "sha256": sha256(report).hexdigest(),
            "version": contents.case.version,
        }
        self._transact(lambda work: _tell_export(work, case_id, new, key, by, at_ns))
        return report

    def tell(self, action: str, subject: str, new: dict[str, Any] | None, by: Person, at_ns: int) -> None:
        """Enter what a person did beside signals, cases and models, such as with a simulated market."""
        entry = Entry(at_ns=at_ns, actor=by.name, action=action, subject=subject, new=new)
        self._transact(lambda work: work.tell(entry))

    def _transact(self, body: Callable[[Work], Found]) -> Found:
        return transact(self._engine, body, self._patience_s)

    def _read(
        self,
        by: Person,
        permission: Permission,
        at_ns: int,
        about: str,
        body: Callable[[Work], tuple[Found, Seen]],
        asked: dict[str, Any] | None = None,
    ) -> Found:
        """What ``body`` finds, in a transaction that tells the trail what was asked for and what was seen."""
        require(by, permission)
        given = {name: value for name, value in (asked or {}).items() if value is not None}
        require_text(*(value for value in given.values() if isinstance(value, str)))

        def read(work: Work) -> Found:
            found, seen = body(work)
            told: dict[str, Any] = {"asked": given, "seen": list(seen)}
            action = f"{about.split(maxsplit=1)[0]}.read"
            work.tell(Entry(at_ns=at_ns, actor=by.name, action=action, subject=about, new=told))
            return found

        return self._transact(read)


def _require_to_export(by: Person) -> None:
    require(by, Permission.AUDIT if by.may(Permission.AUDIT) else Permission.WORK)


def _tell_export(
    work: Work, case_id: int, new: Value, key: Ed25519PrivateKey, by: Person, at_ns: int
) -> tuple[tuple[bytes, Link], SignedHead]:
    """Enter an export into the trail, and sign: the entry with the digest before it, and the head."""
    before = work.digest
    entry = Entry(at_ns=at_ns, actor=by.name, action="case.export", subject=f"case {case_id}", new=new)
    work.tell(entry)
    head = sign(key, work.number, work.digest, at_ns)
    work.keep(head)
    return (before, Link(work.number, entry, work.digest)), head


def _groups(work: Work, wanted: SignalFilter) -> tuple[SignalGroup, ...]:
    chosen = groups_by(wanted)
    found = [] if chosen is None else [SignalGroup(*row) for row in work.connection.execute(chosen)]
    if len(found) > MAX_GROUPS:
        raise RefusedError(f"there are more than {MAX_GROUPS:,} groups: filter the signals first")
    return tuple(found)


def _content(work: Work, number: int) -> bytes:
    return notes.attached(work, number)[1]


def _queued(work: Work, found: Sequence[Case]) -> tuple[Queued, ...]:
    """Cases with how many signals each holds."""
    numbers = [case.id for case in found]
    counted: dict[int, int] = {}
    for first in range(0, len(numbers), CHUNK):
        of_these = signals.c.case_id.in_(numbers[first : first + CHUNK])
        counts = select(signals.c.case_id, func.count()).where(of_these).group_by(signals.c.case_id)
        counted |= {row[0]: row[1] for row in work.connection.execute(counts)}
    return tuple(Queued(case, counted.get(case.id, 0)) for case in found)


def _signals_of(work: Work, case_id: int) -> tuple[StoredSignal, ...]:
    """The latest signals of a case, in order of time."""
    chosen = select(signals, signal_lines.c.line).join(signal_lines).where(signals.c.case_id == case_id)
    ordered = chosen.order_by(signals.c.start_ns.desc(), signals.c.end_ns.desc(), signals.c.id.desc())
    found = [signal_of(row) for row in work.connection.execute(ordered.limit(_PAGE))]
    return tuple(reversed(found))
