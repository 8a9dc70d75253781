"""What to look for among signals and cases, as statements of SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, func, or_, select

from tapewarden.cases.store.rows import folded, storable
from tapewarden.cases.store.schema import cases, comments, signal_lines, signals
from tapewarden.domain.casework import CaseFilter, CaseOrder, SignalFilter
from tapewarden.domain.errors import RefusedError

MAX_LIMIT: Final = 1_000


def signals_by(wanted: SignalFilter) -> Select[Any]:
    """Signals with their lines; the page is chosen by ids alone, before rows and lines are read."""
    names = ("detector", "family", "severity", "actor", "instrument", "case_id")
    ids = select(signals.c.id).where(*_equal(signals.c, wanted, names), *_between(signals.c.end_ns, wanted))
    if wanted.suppressed is not None:
        ids = ids.where(signals.c.suppression_id.is_not(None) == wanted.suppressed)
    if wanted.minimum_score is not None:
        ids = ids.where(signals.c.score >= wanted.minimum_score)
    latest: ColumnElement[int] = signals.c.end_ns
    if wanted.text is not None:
        ids = ids.where(_holds(signals.c.words, wanted.text))
        # Reading all rows as they lie takes an eighth of the time of reading them in the order of an index.
        latest = signals.c.end_ns + 0
    page = _page(ids.order_by(latest.desc(), signals.c.id.desc()), wanted).subquery()
    joined = select(signals, signal_lines.c.line).join(page, page.c.id == signals.c.id).join(signal_lines)
    return joined.order_by(signals.c.end_ns.desc(), signals.c.id.desc())


def cases_by(wanted: CaseFilter) -> Select[Any]:
    """A page of cases in their order."""
    return _page(select(cases).where(*_matching(wanted)).order_by(*_ORDERS[wanted.order]), wanted)


def number_of_cases(wanted: CaseFilter) -> Select[Any]:
    """How many cases there are on all pages."""
    return select(func.count()).select_from(cases).where(*_matching(wanted))


_ORDERS: Final = {
    CaseOrder.PRIORITY: (cases.c.priority.desc(), cases.c.id),
    CaseOrder.LATEST: (cases.c.end_ns.desc(), cases.c.id),
    CaseOrder.OLDEST: (cases.c.id,),
}


def _matching(wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    names = ("state", "disposition", "family", "severity", "actor", "instrument")
    yield from _equal(cases.c, wanted, names)
    yield from _between(cases.c.end_ns, wanted)
    if wanted.assignee is not None:
        nobody = cases.c.assignee.is_(None)
        yield cases.c.assignee == storable(wanted.assignee) if wanted.assignee else nobody
    if wanted.minimum_priority is not None:
        yield cases.c.priority >= wanted.minimum_priority
    if wanted.text is not None:
        said = select(comments.c.case_id).where(_holds(comments.c.words, wanted.text))
        yield or_(_holds(cases.c.words, wanted.text), cases.c.id.in_(said))


def _equal(columns: Any, wanted: SignalFilter | CaseFilter, names: tuple[str, ...]) -> Iterator[Any]:  # noqa: ANN401
    for name in names:
        value = getattr(wanted, name)
        if value is not None:
            yield columns[name] == (storable(str(value)) if isinstance(value, str) else value)


def _between(column: Column[int], wanted: SignalFilter | CaseFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since_ns is not None:
        yield column >= wanted.since_ns
    if wanted.until_ns is not None:
        yield column < wanted.until_ns


def _holds(column: Column[str], text: str) -> ColumnElement[bool]:
    return column.contains(folded(text), autoescape=True)


def _page(chosen: Select[Any], wanted: SignalFilter | CaseFilter) -> Select[Any]:
    if not 1 <= wanted.limit <= MAX_LIMIT or wanted.offset < 0:
        raise RefusedError(f"a page has 1 to {MAX_LIMIT} rows and begins at 0 or later")
    return chosen.limit(wanted.limit).offset(wanted.offset)
