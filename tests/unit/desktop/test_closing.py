"""Closing cases, and suspicion: what is said before the server is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tapewarden.cases.workflow.deciding import decide
from tapewarden.desktop.presenters.closing import OUTCOMES, closing_fault
from tapewarden.desktop.presenters.suspicion import suspicion_fault
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.commands import Close
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.staff import Person, Role
from tapewarden.domain.typology import Severity

NEW = Case(
    id=3,
    actor="m-1",
    instrument="BTC-USD",
    family="spoofing",
    severity=Severity.HIGH,
    priority=50.0,
    start_ns=1,
    end_ns=2,
    opened_ns=3,
)
LOOKED_AT = replace(NEW, state=CaseState.INVESTIGATING)
SUSPECT = replace(LOOKED_AT, suspicion_formed_ns=4)
SENIOR = Person("sam", frozenset({Role.SENIOR}))


@pytest.mark.parametrize("case", [NEW, LOOKED_AT, SUSPECT], ids=["new", "looked at", "suspect"])
@pytest.mark.parametrize("outcome", Disposition)
def test_an_outcome_is_refused_in_the_window_just_where_the_server_refuses_it(
    case: Case, outcome: Disposition
) -> None:
    other = "CASE-0004" if outcome is Disposition.DUPLICATE else ""
    fault = closing_fault([case], outcome, "a reason", other)
    command = Close(outcome, "a reason", 4 if other else None)
    if not fault:
        decide(case, command, SENIOR, 10)
        return
    with pytest.raises(RefusedError) as refused:
        decide(case, command, SENIOR, 10)
    assert fault.startswith(f"C{str(refused.value)[1:]}.")


def test_who_may_not_close_a_case_so_yet_is_told_the_key_that_helps() -> None:
    assert "I (investigate)" in closing_fault([NEW], "suspicion not reported", "why")
    assert "S (suspicion)" in closing_fault([SUSPECT, LOOKED_AT], "suspicion reported", "why")


def test_a_duplicate_and_nothing_else_names_another_case() -> None:
    assert "number of a case" in closing_fault([NEW], "duplicate", "why", "the other one")
    assert "names the case" in closing_fault([NEW], "duplicate", "why")
    assert "names the case" in closing_fault([NEW], "false positive", "why", "4")


def test_every_outcome_is_explained() -> None:
    assert set(OUTCOMES) == set(Disposition)


def test_a_time_that_is_none_is_refused_with_an_example() -> None:
    assert "2026-11-30 19:20" in suspicion_fault("yesterday", "why")
    assert suspicion_fault("2024-01-01 10:00", "why") == ""
