"""The workflow of cases: legal transitions, reasons, four eyes, roles."""

import re
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.cases.workflow import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
    decide,
)
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.staff import Permission, Person, Role
from tapewarden.domain.typology import Severity
from tests.unit.cases.workflows import (
    ADA,
    ALAN,
    AUDREY,
    PEOPLE,
    SAM,
    SUE,
    VERA,
    VIC,
    case,
    commands,
    is_legal,
)

EDGES = {
    (CaseState.OPEN, CaseState.INVESTIGATING),
    (CaseState.OPEN, CaseState.ESCALATED),
    (CaseState.OPEN, CaseState.CLOSED),
    (CaseState.INVESTIGATING, CaseState.ESCALATED),
    (CaseState.INVESTIGATING, CaseState.CLOSED),
    (CaseState.ESCALATED, CaseState.CLOSED),
    (CaseState.CLOSED, CaseState.INVESTIGATING),
}
HARMLESS = Close(Disposition.FALSE_POSITIVE, "a market maker")


def after(one: Case, *steps: tuple[Person, Command]) -> Case:
    for person, command in steps:
        one = decide(one, command, person, 50).case
    return one


def refusal(one: Case, person: Person, command: Command) -> str:
    with pytest.raises(RefusedError) as caught:
        decide(one, command, person, 50)
    return str(caught.value)


@given(
    st.sampled_from(Severity),
    st.lists(st.tuples(st.sampled_from(PEOPLE), commands, st.integers(0, 60)), max_size=25),
)
def test_no_sequence_of_commands_reaches_an_illegal_state_and_each_leaves_an_entry(
    severity: Severity, steps: list[tuple[Person, Command, int]]
) -> None:
    one = case(severity=severity)
    assert is_legal(one)
    for person, command, at_ns in steps:
        before = one
        try:
            decision = decide(one, command, person, at_ns)
        except RefusedError:
            continue
        one, entry = decision.case, decision.entry
        assert is_legal(one)
        assert one.version == before.version + 1
        assert (entry.actor, entry.at_ns, entry.subject) == (person.name, at_ns, "case 1")
        assert entry.old is not None
        assert entry.new is not None
        assert {**asdict(before), **entry.new} == asdict(one)
        assert {**asdict(one), **entry.old} == asdict(before)
        assert set(entry.old) - {"version"}, "an accepted command changes something"
        assert (before.state, one.state) in EDGES or before.state is one.state


def test_a_case_goes_from_open_over_investigating_and_escalated_to_closed_and_back() -> None:
    one = after(case(), (VERA, Investigate()), (VERA, Escalate("bigger than I thought")), (SAM, HARMLESS))
    assert one.state is CaseState.CLOSED
    assert one.closing is not None
    assert (one.closing.by, one.closing.approved_by, one.closing.at_ns) == ("sam", None, 50)
    one = after(one, (SUE, Reopen("new evidence")))
    assert (one.state, one.closing) == (CaseState.INVESTIGATING, None)


LEGAL: dict[CaseState, set[Any]] = {
    CaseState.OPEN: {Assign, Investigate, Escalate, Close},
    CaseState.INVESTIGATING: {Assign, Escalate, FormSuspicion, Close},
    CaseState.ESCALATED: {Assign, FormSuspicion, Close},
    CaseState.CLOSED: {Reopen},
}
ALL = [
    Assign("alan"),
    Investigate(),
    Escalate("why"),
    FormSuspicion(5, "why"),
    HARMLESS,
    Approve(),
    Decline("why"),
    Reopen("why"),
]


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("command", ALL, ids=lambda command: type(command).__name__)
def test_every_transition_is_legal_or_refused(state: CaseState, command: Command) -> None:
    steps: dict[CaseState, list[tuple[Person, Command]]] = {
        CaseState.OPEN: [],
        CaseState.INVESTIGATING: [(VERA, Investigate())],
        CaseState.ESCALATED: [(VERA, Investigate()), (VERA, Escalate("why"))],
        CaseState.CLOSED: [(VERA, Investigate()), (VERA, HARMLESS)],
    }
    one = after(case(), *steps[state])
    assert one.state is state
    if type(command) in LEGAL[state]:
        assert decide(one, command, SAM, 50).case != one
    else:
        assert re.match(r"case 1: (to .* it must be|nothing is proposed)", refusal(one, SAM, command))


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.CRITICAL])
def test_closing_a_grave_case_takes_a_second_person(severity: Severity) -> None:
    one = after(case(severity=severity), (VERA, Investigate()), (SAM, HARMLESS))
    assert one.state is CaseState.INVESTIGATING
    assert refusal(one, SAM, Approve()) == "case 1: sam proposed to close it; a second person must approve"
    assert "needs senior" in refusal(one, VERA, Approve())
    closed = after(one, (SUE, Approve()))
    assert closed.closing is not None
    assert (closed.state, closed.closing.by, closed.closing.approved_by) == (CaseState.CLOSED, "sam", "sue")


def test_a_proposed_closing_is_declined_by_a_senior_or_withdrawn() -> None:
    one = after(case(severity=Severity.HIGH), (VERA, Investigate()), (VERA, HARMLESS))
    assert "vera proposed" in refusal(one, SAM, Escalate("why"))
    assert "needs senior" in refusal(one, ALAN, Decline("no"))
    assert after(one, (VERA, Decline("too early"))).proposed is None
    assert after(one, (SAM, Decline("look again"))).state is CaseState.INVESTIGATING


def test_a_case_that_nobody_investigated_is_dismissed_but_nothing_is_said_of_suspicion() -> None:
    one = after(case(), (VERA, HARMLESS))
    assert one.closing is not None
    assert (one.state, one.closing.by) == (CaseState.CLOSED, "vera")
    unlooked = Close(Disposition.SUSPICION_NOT_REPORTED, "too small")
    assert "investigate it before it is closed as suspicion not reported" in refusal(case(), SAM, unlooked)


def test_dismissing_a_grave_case_takes_a_second_person_too() -> None:
    one = after(case(severity=Severity.HIGH), (VERA, HARMLESS))
    assert (one.state, one.closing) == (CaseState.OPEN, None)
    assert refusal(one, ALAN, Investigate()).endswith("must be approved or declined first")
    assert after(one, (SAM, Approve())).state is CaseState.CLOSED
    assert after(one, (SAM, Decline("look at it"))).state is CaseState.OPEN


def test_an_escalated_case_is_closed_by_a_senior() -> None:
    one = after(case(), (VERA, Investigate()), (VERA, Escalate("why")))
    assert "needs senior, has analyst" in refusal(one, VERA, HARMLESS)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Close(Disposition.FALSE_POSITIVE, " "), "give a reason"),
        (Close(Disposition.SUSPICION_NOT_REPORTED, ""), "give a reason"),
        (Close(Disposition.SUSPICION_REPORTED, "sent"), "say when suspicion was formed"),
        (Close(Disposition.DUPLICATE, "same"), "names another case"),
        (Close(Disposition.DUPLICATE, "same", duplicate_of=1), "names another case"),
        (Close(Disposition.FALSE_POSITIVE, "fine", duplicate_of=2), "names another case"),
        (FormSuspicion(51, "why"), "later than now"),
        (FormSuspicion(50, ""), "give a reason"),
        (Escalate(""), "give a reason"),
        (Assign(None), "already assigned to nobody"),
        (Assign(" "), "assign to a name"),
        (Assign("x" * 201), "at most 200 characters"),
    ],
)
def test_a_command_that_says_too_little_or_too_much_is_refused(command: Command, why: str) -> None:
    assert why in refusal(after(case(), (VERA, Investigate())), VERA, command)


def test_when_suspicion_was_formed_is_said_once_and_outlives_reopening() -> None:
    reported = Close(Disposition.SUSPICION_REPORTED, "sent to the authority")
    one = after(case(), (VERA, Investigate()), (VERA, FormSuspicion(40, "the pattern repeats")))
    assert one.suspicion_formed_ns == 40
    assert "not changed" in refusal(one, VERA, FormSuspicion(45, "why"))
    assert after(one, (VERA, reported), (SAM, Reopen("supplement"))).suspicion_formed_ns == 40


@pytest.mark.parametrize("person", [VIC, ADA, AUDREY, Person("nobody", frozenset())])
@pytest.mark.parametrize("command", ALL, ids=lambda command: type(command).__name__)
def test_who_may_not_work_changes_nothing(person: Person, command: Command) -> None:
    assert refusal(case(), person, command).startswith(f"{person.name} may not ")


def test_an_entry_holds_old_and_new_value_and_the_reason() -> None:
    one = after(case(), (VERA, Investigate()))
    entry = decide(one, HARMLESS, VERA, 50).entry
    closing: dict[str, Any] = {
        "disposition": "false positive",
        "reason": "a market maker",
        "by": "vera",
        "at_ns": 50,
        "duplicate_of": None,
        "approved_by": None,
    }
    assert (entry.action, entry.reason) == ("case.close", "a market maker")
    assert entry.old == {"version": 2, "state": "investigating", "closing": None}
    assert entry.new == {"version": 3, "state": "closed", "closing": closing}


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.VIEWER, {Permission.READ}),
        (Role.ANALYST, {Permission.READ, Permission.WORK}),
        (Role.SENIOR, {Permission.READ, Permission.WORK, Permission.DECIDE, Permission.PROMOTE}),
        (Role.ADMIN, {Permission.ADMINISTER, Permission.PROMOTE}),
        (Role.AUDITOR, {Permission.READ, Permission.AUDIT}),
    ],
)
def test_a_role_allows_no_more_than_its_work(role: Role, permissions: set[Permission]) -> None:
    assert {one for one in Permission if Person("x", frozenset({role})).may(one)} == permissions
