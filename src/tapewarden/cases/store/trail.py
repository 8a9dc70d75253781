"""The audit trail in the database: appended within the transaction of what it tells of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from tapewarden.cases.audit import Entry, Link, SignedHead, Value, link
from tapewarden.cases.audit.canonical import canonical
from tapewarden.cases.store.schema import audit, audit_heads, audit_tail
from tapewarden.domain.errors import RefusedError

LOOKS: Final = ("case.read", "case.export")
"""Actions on a case that leave it as it is."""

LONGEST_TEXT: Final = 100_000
"""Characters of one text that people give."""

_PAGE: Final = 1_000


class Work:
    """A transaction that holds the end of the trail: one at a time, on every database."""

    def __init__(self, connection: Connection) -> None:
        tail = connection.execute(select(audit_tail).with_for_update()).one()
        self.connection = connection
        self.number: int = tail.number
        self.digest: bytes = tail.digest
        self.told = False
        self._rows: list[dict[str, Any]] = []

    def tell(self, entry: Entry) -> None:
        """Append an entry; it is kept if and only if the transaction is."""
        require_text(entry.actor, entry.action, entry.subject, entry.reason)
        made = link(self.number + 1, self.digest, entry)
        self.number, self.digest = made.number, made.digest
        self._rows.append(_columns(made))
        self.told = True

    def finish(self) -> None:
        """Write what was told."""
        if self._rows:
            self.connection.execute(insert(audit), self._rows)
            self.connection.execute(update(audit_tail).values(number=self.number, digest=self.digest))
            self._rows = []

    def keep(self, head: SignedHead) -> None:
        """Keep a signed head beside the entries."""
        self.connection.execute(insert(audit_heads).values(**asdict(head)))


def require_text(*texts: str | None) -> None:
    """Raise ``RefusedError`` for text that is too long, or that not every database can hold.

    That is NUL, and half of a surrogate pair.
    """
    for text in texts:
        if text is not None and len(text) > LONGEST_TEXT:
            raise RefusedError(f"text must not be longer than {LONGEST_TEXT:,} characters")
        if text is not None and ("\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)):
            raise RefusedError("text must not contain NUL or lone surrogates")


def history(work: Work, case_id: int) -> tuple[Link, ...]:
    """The latest 1,000 entries that changed a case or added to it, in order."""
    wanted = select(audit).where(audit.c.subject == f"case {case_id}", audit.c.action.not_in(LOOKS))
    rows = work.connection.execute(wanted.order_by(audit.c.number.desc()).limit(_PAGE)).all()
    return tuple(map(linked, reversed(rows)))


def changed_cases(engine: Engine, after: int | None) -> tuple[int, dict[int, int]]:
    """The trail's last number, and how many entries behind ``after`` changed which case or added to it.

    ``None``: only the last number. Looking leaves no entry: it tells which cases changed, not what they are.
    """
    with engine.begin() as connection:
        last: int = connection.execute(select(audit_tail.c.number)).scalar_one()
        if after is None or last <= after:
            return last, {}
        fresh = (audit.c.number > after) & (audit.c.number <= last) & audit.c.subject.like("case %")
        counts = select(audit.c.subject, func.count()).where(fresh, audit.c.action.not_in(LOOKS))
        rows = connection.execute(counts.group_by(audit.c.subject)).all()
    return last, {int(subject.removeprefix("case ")): count for subject, count in rows}


def links(engine: Engine, last: int) -> Iterator[Link]:
    """Entries up to number ``last``, read page by page so that writers need not wait."""
    number = 0
    while number < last:
        chosen = select(audit).where(audit.c.number > number, audit.c.number <= last)
        with engine.begin() as connection:
            rows = connection.execute(chosen.order_by(audit.c.number).limit(_PAGE)).all()
        if not rows:
            return
        yield from map(linked, rows)
        number = rows[-1].number


def heads(engine: Engine, last: int) -> list[SignedHead]:
    """Signed heads up to number ``last``, in order."""
    chosen = select(audit_heads).where(audit_heads.c.number <= last)
    with engine.begin() as connection:
        rows = connection.execute(chosen.order_by(audit_heads.c.number, audit_heads.c.id)).all()
    return list(map(_signed_head, rows))


def head_of(work: Work) -> SignedHead | None:
    """The latest signed head of the trail as it is; ``None`` where nobody signed it yet."""
    same = (audit_heads.c.number == work.number) & (audit_heads.c.digest == work.digest.hex())
    chosen = select(audit_heads).where(same).order_by(audit_heads.c.id.desc()).limit(1)
    row = work.connection.execute(chosen).one_or_none()
    return None if row is None else _signed_head(row)


def linked(row: Row[Any]) -> Link:
    """An entry as it stands in the database, with the digest that stands beside it."""
    entry = Entry(
        at_ns=row.at_ns,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        old=_value(row.old),
        new=_value(row.new),
        reason=row.reason,
    )
    return Link(row.number, entry, row.digest)


def _signed_head(row: Row[Any]) -> SignedHead:
    return SignedHead(row.number, row.digest, row.at_ns, row.signature)


def _columns(made: Link) -> dict[str, Any]:
    entry = made.entry
    return {
        "number": made.number,
        "at_ns": entry.at_ns,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "old": None if entry.old is None else canonical(entry.old),
        "new": None if entry.new is None else canonical(entry.new),
        "reason": entry.reason,
        "digest": made.digest,
    }


def _value(text: str | None) -> Value | None:
    value: Value | None = None if text is None else json.loads(text)
    return value
