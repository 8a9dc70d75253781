"""Commands on cases within a transaction: on the version that was seen, with an entry for each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import select, update

from tapewarden.cases.store import notes, trail
from tapewarden.cases.store.rows import case_columns, case_of
from tapewarden.cases.store.schema import audit, cases
from tapewarden.cases.store.trail import Work, require_text
from tapewarden.cases.workflow import decide as decided
from tapewarden.cases.workflow import require, require_to, undo
from tapewarden.cases.workflow.rules import RULES
from tapewarden.domain.case import Case
from tapewarden.domain.commands import Close, Command, Undo
from tapewarden.domain.errors import ConflictError, NotFoundError, RefusedError, TapewardenError
from tapewarden.domain.staff import Permission, Person
from tapewarden.domain.trail import Entry

MOST_AT_ONCE: Final = 1_000
"""Cases that one command may be given to at once."""

_BY_PEOPLE: Final = (*(f"case.{rule.action}" for rule in RULES.values()), "case.undo")
_NO_CHANGES: Final = (*trail.LOOKS, "case.comment", "case.attach")


def require_to_give(by: Person, command: Command | Undo) -> None:
    """Raise ``RefusedError`` unless the person may give such a command at all, in such words."""
    if isinstance(command, Undo):
        require(by, Permission.WORK)
    else:
        require_to(by, command)
    require_text(*(value for value in asdict(command).values() if isinstance(value, str)))


def require_few(versions: Sequence[tuple[int, int]]) -> None:
    """Raise ``RefusedError`` for too many cases, or one that is named twice."""
    numbers = [case_id for case_id, _ in versions]
    if len(numbers) > MOST_AT_ONCE or len(set(numbers)) < len(numbers):
        raise RefusedError(f"name at most {MOST_AT_ONCE} cases at once, each of them once")


def answer(
    work: Work, case_id: int, version: int, command: Command | Undo, by: Person, at_ns: int
) -> Case | TapewardenError:
    """As ``decide``, with the error as an answer: nothing was done then, and the transaction goes on."""
    try:
        return decide(work, case_id, version, command, by, at_ns)
    except TapewardenError as error:
        return error


def decide(work: Work, case_id: int, version: int, command: Command | Undo, by: Person, at_ns: int) -> Case:
    """Carry out a command on the case as it was seen; everything is checked before anything is written."""
    before = case_by(work, case_id)
    if before.version != version:
        raise _conflict(work, before, version)
    if isinstance(command, Undo):
        decision = undo(before, last_change(work, case_id), by, at_ns, command.reason)
    else:
        decision = decided(before, command, by, at_ns)
    if isinstance(command, Close) and command.duplicate_of is not None:
        notes.require_case(work, command.duplicate_of)
    columns = case_columns(decision.case)
    work.connection.execute(update(cases).where(cases.c.id == case_id).values(**columns))
    work.tell(decision.entry)
    return decision.case


def case_by(work: Work, case_id: int) -> Case:
    """The case with a number; ``NotFoundError`` if there is none."""
    row = work.connection.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"case {case_id}: there is none")
    return case_of(row)


def last_change(work: Work, case_id: int) -> Entry | None:
    """The entry of a case's last change by a person; ``None`` if none changed it."""
    changes = select(audit).where(audit.c.subject == f"case {case_id}", audit.c.action.in_(_BY_PEOPLE))
    row = work.connection.execute(changes.order_by(audit.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else trail.linked(row).entry


def _conflict(work: Work, case: Case, seen: int) -> ConflictError:
    about = select(audit.c.actor, audit.c.action).where(audit.c.subject == f"case {case.id}")
    changes = about.where(audit.c.action.not_in(_NO_CHANGES)).order_by(audit.c.number.desc()).limit(1)
    last = work.connection.execute(changes).one()
    return ConflictError(
        f"case {case.id}: you saw version {seen}, it is at version {case.version} since {last.actor}"
        f" ({last.action}); look at it again"
    )
