"""Suppression: signals that are kept but open no case, for a stated reason and until a stated time."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, insert, select, update

from tapewarden.cases.audit import Entry
from tapewarden.cases.store.schema import suppressions
from tapewarden.cases.store.trail import Work, require_text
from tapewarden.domain.casework import Muting, Suppression
from tapewarden.domain.errors import NotFoundError, RefusedError


def suppress(work: Work, muting: Muting, until_ns: int, reason: str, by: str, at_ns: int) -> Suppression:
    """Begin to suppress, from now on. ``RefusedError`` without a reason, an end or a target."""
    named = asdict(muting)
    require_text(*named.values(), reason)
    if not any(named.values()) or not reason.strip() or until_ns <= at_ns:
        raise RefusedError("a suppression names what it mutes, gives a reason, and ends later than now")
    columns = {**named, "from_ns": at_ns, "until_ns": until_ns, "by": by, "reason": reason}
    stored = insert(suppressions).values(**columns).returning(suppressions.c.id)
    number = work.connection.execute(stored).scalar_one()
    made = Suppression(id=number, muting=muting, from_ns=at_ns, until_ns=until_ns, by=by, reason=reason)
    _tell(work, "suppression.begin", made.id, by, at_ns, reason, None, asdict(made))
    return made


def lift(work: Work, number: int, reason: str, by: str, at_ns: int) -> Suppression:
    """End a suppression before its time. ``RefusedError`` without a reason, or if it has ended."""
    row = work.connection.execute(select(suppressions).where(suppressions.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"suppression {number}: there is none")
    if not reason.strip() or not row.from_ns <= at_ns < row.until_ns:
        raise RefusedError(f"suppression {number}: give a reason, and lift it only while it is in force")
    before = _suppression(row)
    after = replace(before, until_ns=at_ns)
    work.connection.execute(update(suppressions).where(suppressions.c.id == number).values(until_ns=at_ns))
    _tell(
        work, "suppression.lift", number, by, at_ns, reason, {"until_ns": row.until_ns}, {"until_ns": at_ns}
    )
    return after


def all_suppressions(work: Work) -> tuple[Suppression, ...]:
    """All there ever were, oldest first."""
    chosen = select(suppressions).order_by(suppressions.c.id)
    return tuple(map(_suppression, work.connection.execute(chosen)))


def _suppression(row: Row[Any]) -> Suppression:
    return Suppression(
        id=row.id,
        muting=Muting(detector=row.detector, actor=row.actor, instrument=row.instrument, family=row.family),
        from_ns=row.from_ns,
        until_ns=row.until_ns,
        by=row.by,
        reason=row.reason,
    )


def _tell(
    work: Work,
    action: str,
    number: int,
    by: str,
    at_ns: int,
    reason: str,
    old: dict[str, Any] | None,
    new: dict[str, Any],
) -> None:
    about = f"suppression {number}"
    work.tell(Entry(at_ns=at_ns, actor=by, action=action, subject=about, old=old, new=new, reason=reason))
