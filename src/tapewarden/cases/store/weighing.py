"""Weighing a case: by its signals, earlier cases of its actor, and what is at stake in other cases."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from tapewarden.cases.store.schema import cases, signals
from tapewarden.cases.store.trail import Work
from tapewarden.cases.triage import Weights, Witness, materiality, weigh
from tapewarden.domain.case import Case
from tapewarden.domain.kinds import DAY
from tapewarden.domain.typology import Family
from tapewarden.domain.weighing import Weighing

_RECENT: Final = 30 * DAY


def weigh_case(work: Work, case: Case, amount: float | None, weights: Weights) -> Weighing:
    """Weigh a case with all its signals, and ``amount`` at stake in it."""
    best = select(signals.c.family, signals.c.detector, func.max(signals.c.score))
    mine = best.where(signals.c.case_id == case.id).group_by(signals.c.family, signals.c.detector)
    witnesses = [Witness(*row) for row in work.connection.execute(mine)]
    return weigh(
        witnesses,
        weights,
        earlier_cases=_earlier_cases(work, case),
        material=_materiality(work, case, amount),
    )


def _earlier_cases(work: Work, case: Case) -> int:
    earlier = select(func.count()).where(
        cases.c.actor == case.actor,
        cases.c.actor != "",
        cases.c.family != Family.ANOMALY.value,  # capped where they count; here they would not be
        cases.c.id != case.id,
        cases.c.start_ns < case.start_ns,
        cases.c.end_ns >= case.start_ns - _RECENT,
    )
    return work.connection.execute(earlier).scalar_one()


def _materiality(work: Work, case: Case, amount: float | None) -> float | None:
    if amount is None:
        return None
    others = select(func.count()).where(cases.c.amount.is_not(None), cases.c.id != case.id)
    smaller = others.where(cases.c.amount < amount)
    run = work.connection.execute
    return materiality(run(smaller).scalar_one(), run(others).scalar_one())
