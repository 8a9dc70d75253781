"""What to look for among signals and cases, as statements of SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, func, or_, select

from tapewarden.cases.store.rows import folded, storable
from tapewarden.cases.store.schema import cases, comments, signal_lines, signals
from tapewarden.domain.case import TARGETS, CaseState
from tapewarden.domain.casework import CaseFilter, CaseOrder, SignalFilter, SignalOrder
from tapewarden.domain.errors import RefusedError

MAX_LIMIT: Final = 1_000
MAX_GROUPS: Final = 10_000
"""Of signals, that are told at once."""


def signals_by(wanted: SignalFilter) -> Select[Any]:
    """Signals with their lines; the page is chosen by ids alone, before rows and lines are read."""
    latest: ColumnElement[int] = signals.c.end_ns
    if wanted.text is not None:
        # Reading all rows as they lie takes an eighth of the time of reading them in the order of an index.
        latest = signals.c.end_ns + 0
    ranks = [one.label(f"rank_{place}") for place, one in enumerate((*_RANKS[wanted.order], latest))]
    chosen = select(signals.c.id, *ranks).where(*_signals_matching(wanted))
    page = _page(chosen.order_by(*(one.desc() for one in ranks), signals.c.id.desc()), wanted).subquery()
    joined = select(signals, signal_lines.c.line).join(page, page.c.id == signals.c.id).join(signal_lines)
    return joined.order_by(*(page.c[one.name].desc() for one in ranks), page.c.id.desc())


def number_of_signals(wanted: SignalFilter) -> Select[Any]:
    """How many signals there are on all pages."""
    return select(func.count()).select_from(signals).where(*_signals_matching(wanted))


def groups_by(wanted: SignalFilter) -> Select[Any] | None:
    """Name, number and highest score of the groups that an order keeps together, as they follow each other.

    One more than are told; ``None`` for an order that keeps none together.
    """
    column = _TOGETHER.get(wanted.order)
    if column is None:
        return None
    highest = func.max(signals.c.score).label("highest")
    grouped = select(column.label("name"), func.count().label("signals"), highest).group_by(column)
    ordered = grouped.order_by(highest.desc(), column.desc())
    return ordered.where(*_signals_matching(wanted)).limit(MAX_GROUPS + 1)


def cases_by(wanted: CaseFilter) -> Select[Any]:
    """A page of cases in their order."""
    return _page(select(cases).where(*_matching(wanted)).order_by(*_ORDERS[wanted.order]), wanted)


def number_of_cases(wanted: CaseFilter) -> Select[Any]:
    """How many cases there are on all pages."""
    return select(func.count()).select_from(cases).where(*_matching(wanted))


def _together(column: Column[str]) -> tuple[ColumnElement[Any], ...]:
    return func.max(signals.c.score).over(partition_by=column), column, signals.c.score


_TOGETHER: Final = {
    SignalOrder.ACTOR: signals.c.actor,
    SignalOrder.INSTRUMENT: signals.c.instrument,
    SignalOrder.DETECTOR: signals.c.detector,
}

_RANKS: Final[dict[SignalOrder, tuple[ColumnElement[Any], ...]]] = {
    SignalOrder.LATEST: (),
    SignalOrder.SEVERITY: (signals.c.severity_rank, signals.c.score),
    SignalOrder.SCORE: (signals.c.score,),
    **{order: _together(column) for order, column in _TOGETHER.items()},
}

_ORDERS: Final = {
    CaseOrder.PRIORITY: (cases.c.priority.desc(), cases.c.id),
    CaseOrder.LATEST: (cases.c.end_ns.desc(), cases.c.id),
    CaseOrder.OLDEST: (cases.c.id,),
}


def _signals_matching(wanted: SignalFilter) -> Iterator[ColumnElement[bool]]:
    yield from _equal(signals.c, wanted, ("detector", "family", "severity", "actor", "instrument", "case_id"))
    yield from _between(signals.c.end_ns, wanted)
    if wanted.suppressed is not None:
        yield signals.c.suppression_id.is_not(None) == wanted.suppressed
    if wanted.minimum_score is not None:
        yield signals.c.score >= wanted.minimum_score
    if wanted.text is not None:
        yield _holds(signals.c.words, wanted.text)


def _matching(wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    names = ("state", "disposition", "family", "severity", "actor", "instrument")
    yield from _equal(cases.c, wanted, names)
    yield from _between(cases.c.end_ns, wanted)
    if wanted.assignee is not None:
        nobody = cases.c.assignee.is_(None)
        yield cases.c.assignee == storable(wanted.assignee) if wanted.assignee else nobody
    if wanted.ids is not None:
        yield cases.c.id.in_(wanted.ids)
    if wanted.closed is not None:
        yield (cases.c.state == CaseState.CLOSED.value) == wanted.closed
    if wanted.due_before_ns is not None:
        yield _due_before(wanted.due_before_ns)
    if wanted.minimum_priority is not None:
        yield cases.c.priority >= wanted.minimum_priority
    if wanted.text is not None:
        said = select(comments.c.case_id).where(_holds(comments.c.words, wanted.text))
        yield or_(_holds(cases.c.words, wanted.text), cases.c.id.in_(said))


def _due_before(at_ns: int) -> ColumnElement[bool]:
    due = (
        (cases.c.severity == severity.value) & (cases.c.opened_ns < at_ns - target)
        for severity, target in TARGETS.items()
    )
    return (cases.c.state != CaseState.CLOSED.value) & or_(*due)


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
    if isinstance(wanted, CaseFilter) and len(wanted.ids or ()) > MAX_LIMIT:
        raise RefusedError(f"name at most {MAX_LIMIT} cases at once")
    return chosen.limit(wanted.limit).offset(wanted.offset)
