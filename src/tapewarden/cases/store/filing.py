"""Filing signals: each is kept once, and goes into a case unless it is suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, insert, select, update

from tapewarden.cases.audit import Entry
from tapewarden.cases.store.rows import CHUNK, Observation, case_columns, case_of, signal_columns, storable
from tapewarden.cases.store.schema import arrivals, cases, signal_lines, signals, suppressions
from tapewarden.cases.store.trail import Work
from tapewarden.cases.store.weighing import weigh_case
from tapewarden.cases.triage import (
    GAP,
    Subject,
    Weights,
    belongs,
    gravity,
    subject,
)
from tapewarden.cases.workflow.deciding import change
from tapewarden.domain.case import Case, CaseState
from tapewarden.domain.signal import Signal


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of signals: how many were new, how many of these suppressed, which cases they touched."""

    new: int
    suppressed: int
    cases: tuple[int, ...]


@dataclass(slots=True)
class _Draft:
    """A case while signals are added to it: as it was, or ``None`` if it is new, and as it will be."""

    case: Case
    before: Case | None
    amount: float | None
    signals: list[str] = field(default_factory=list)


def file_signals(
    work: Work, observations: Sequence[Observation], weights: Weights, at_ns: int, program: str
) -> Filed:
    """File what is not there yet. A signal that is there is left as it is: equal ids are equal signals."""
    known = _known(work, [one.signal.id for one in observations])
    fresh = {one.signal.id: one for one in observations if one.signal.id not in known}
    filing = _Filing(work, weights, at_ns, program)
    for observation in fresh.values():
        filing.add(observation)
    return filing.finish()


class _Filing:
    def __init__(self, work: Work, weights: Weights, at_ns: int, program: str) -> None:
        self._work = work
        self._weights = weights
        self._at_ns = at_ns
        self._program = program
        self._muted = work.connection.execute(select(suppressions).order_by(suppressions.c.id)).all()
        self._drafts: dict[Subject, list[_Draft]] = {}
        self._rows: list[dict[str, Any]] = []
        self._lines: list[dict[str, str]] = []
        self._arrivals: list[dict[str, Any]] = []

    def add(self, observation: Observation) -> None:
        signal = observation.signal
        muted = next((row.id for row in self._muted if is_muted(row, signal)), None)
        draft = None if muted is not None else self._draft_for(observation)
        row = signal_columns(observation, None if draft is None else draft.case.id, muted)
        line = signal.to_json()
        self._rows.append(row)
        self._lines.append({"id": signal.id, "line": line})
        if observation.arrival is not None:
            self._arrivals.append({"id": signal.id, **observation.arrival._asdict()})
        told = {key: row[key] for key in ("case_id", "suppression_id", "amount")}
        told["digest"] = sha256(line.encode()).hexdigest()
        self._tell("signal.record", f"signal {signal.id}", told)

    def finish(self) -> Filed:
        if self._rows:
            self._work.connection.execute(insert(signals), self._rows)
            self._work.connection.execute(insert(signal_lines), self._lines)
        if self._arrivals:
            self._work.connection.execute(insert(arrivals), self._arrivals)
        touched = [draft for drafts in self._drafts.values() for draft in drafts if draft.signals]
        for draft in touched:
            self._keep(draft)
        suppressed = sum(row["suppression_id"] is not None for row in self._rows)
        return Filed(len(self._rows), suppressed, tuple(sorted(draft.case.id for draft in touched)))

    def _draft_for(self, observation: Observation) -> _Draft:
        signal = observation.signal
        about = Subject(*map(storable, subject(signal)))
        drafts = self._drafts.get(about)
        if drafts is None:
            drafts = self._drafts[about] = self._open_cases(about)
        draft = next(
            (one for one in drafts if belongs(signal, one.case.start_ns, one.case.end_ns, GAP)), None
        )
        if draft is None:
            draft = self._opened(signal, about)
            drafts.append(draft)
        _extend(draft, observation)
        return draft

    def _open_cases(self, about: Subject) -> list[_Draft]:
        chosen = select(cases).where(
            cases.c.actor == about.actor,
            cases.c.instrument == about.instrument,
            cases.c.family == about.family,
            cases.c.state != CaseState.CLOSED.value,
        )
        rows = self._work.connection.execute(chosen.order_by(cases.c.id)).all()
        return [_Draft(case, case, row.amount) for row in rows for case in (case_of(row),)]

    def _opened(self, signal: Signal, about: Subject) -> _Draft:
        case = Case(
            id=0,
            actor=about.actor,
            instrument=about.instrument,
            family=about.family,
            severity=gravity(signal),
            priority=0.0,
            start_ns=signal.start_ns,
            end_ns=signal.end_ns,
            opened_ns=self._at_ns,
        )
        columns = {name: value for name, value in case_columns(case).items() if name != "id"}
        number = self._work.connection.execute(
            insert(cases).values(**columns).returning(cases.c.id)
        ).scalar_one()
        return _Draft(replace(case, id=number), None, None)

    def _keep(self, draft: _Draft) -> None:
        weighed = weigh_case(self._work, draft.case, draft.amount, self._weights)
        case = replace(draft.case, priority=weighed.priority)
        if draft.before is None:
            draft.case = case
            self._tell("case.open", f"case {case.id}", {**asdict(case), "signals": draft.signals})
        else:
            decision = change(
                draft.before,
                "case.grow",
                self._program,
                self._at_ns,
                severity=case.severity,
                priority=case.priority,
                start_ns=case.start_ns,
                end_ns=case.end_ns,
            )
            draft.case = decision.case
            self._work.tell(decision.entry)
        values = case_columns(draft.case) | {"amount": draft.amount}
        self._work.connection.execute(update(cases).where(cases.c.id == case.id).values(**values))

    def _tell(self, action: str, about: str, new: dict[str, Any]) -> None:
        self._work.tell(Entry(at_ns=self._at_ns, actor=self._program, action=action, subject=about, new=new))


def is_muted(row: Row[Any], signal: Signal) -> bool:
    """Whether a suppression holds for a signal: all it names is the signal's, and the time is within."""
    named = [(row.detector, signal.detector), (row.actor, signal.actor)]
    named += [(row.instrument, signal.instrument), (row.family, signal.family)]
    return row.from_ns <= signal.end_ns < row.until_ns and all(
        wanted is None or wanted == storable(has) for wanted, has in named
    )


def _extend(draft: _Draft, observation: Observation) -> None:
    signal, case = observation.signal, draft.case
    draft.case = replace(
        case,
        severity=max(case.severity, gravity(signal), key=attrgetter("rank")),
        start_ns=min(case.start_ns, signal.start_ns),
        end_ns=max(case.end_ns, signal.end_ns),
    )
    amounts = [amount for amount in (draft.amount, observation.amount) if amount is not None]
    draft.amount = max(amounts, default=None)
    draft.signals.append(signal.id)


def _known(work: Work, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(ids), CHUNK):
        chosen = select(signals.c.id).where(signals.c.id.in_(ids[first : first + CHUNK]))
        found.update(work.connection.scalars(chosen))
    return found
