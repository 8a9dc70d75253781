"""Gathering what a bundle of a case holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from tapewarden.cases.bundle import Contents
from tapewarden.cases.store import notes, trail
from tapewarden.cases.store.rows import CHUNK
from tapewarden.cases.store.schema import audit, signal_lines, signals
from tapewarden.cases.store.trail import Work
from tapewarden.domain.case import Case
from tapewarden.domain.trail import Link


def contents(work: Work, case: Case) -> Contents:
    """A case with all that belongs to it, as its transaction sees it."""
    chosen = select(signal_lines).join(signals).where(signals.c.case_id == case.id)
    ordered = chosen.order_by(signals.c.start_ns, signals.c.end_ns, signals.c.id)
    lines = {row.id: row.line for row in work.connection.execute(ordered)}
    return Contents(
        case,
        tuple(lines.values()),
        notes.comments_of(work, case.id),
        notes.attachments_of(work, case.id),
        tuple(_proven(work, _entries(work, case.id, list(lines)))),
    )


def _entries(work: Work, case_id: int, signal_ids: Sequence[str]) -> list[Link]:
    """The entries that made the case what it is, in their order; not who looked at it."""
    of_case = (audit.c.subject == f"case {case_id}") & audit.c.action.not_in(trail.LOOKS)
    found = list(map(trail.linked, work.connection.execute(select(audit).where(of_case))))
    subjects = [f"signal {name}" for name in signal_ids]
    for some in _chunks(subjects):
        recorded = (audit.c.action == "signal.record") & audit.c.subject.in_(some)
        found += map(trail.linked, work.connection.execute(select(audit).where(recorded)))
    return sorted(found, key=lambda link: link.number)


def _proven(work: Work, links: Sequence[Link]) -> Iterator[tuple[bytes, Link]]:
    """Each entry with the digest of the one before it."""
    before = {0: bytes(32)}
    for some in _chunks([link.number - 1 for link in links]):
        digests = select(audit.c.number, audit.c.digest).where(audit.c.number.in_(some))
        before |= {row.number: row.digest for row in work.connection.execute(digests)}
    return ((before[link.number - 1], link) for link in links)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[first : first + CHUNK] for first in range(0, len(values), CHUNK))
