"""Undo takes back a slip and nothing else; moves say beforehand what will be refused."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.cases.audit import Entry
from tapewarden.cases.audit.canonical import canonical
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
    moves,
    undo,
)
from tapewarden.cases.workflow.rules import RULES
from tapewarden.cases.workflow.undoing import UNDO_WITHIN
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.staff import Person
from tapewarden.domain.typology import Severity
from tests.unit.cases.workflows import ALAN, PEOPLE, SAM, SUE, VERA, VIC, case, commands, is_legal

FALSE = Close(Disposition.FALSE_POSITIVE, "a market maker")
WORDS: dict[type[Command], Command] = {
    Assign: Assign("alan"),
    Investigate: Investigate(),
    Escalate: Escalate("beyond me"),
    FormSuspicion: FormSuspicion(1, "layers"),
    Close: FALSE,
    Approve: Approve(),
    Decline: Decline("look again"),
    Reopen: Reopen("more came"),
}


def stored(entry: Entry) -> Entry:
    """The entry as it comes back from a database."""
    return replace(entry, old=json.loads(canonical(entry.old)))


def worked(severity: Severity, steps: list[tuple[Person, Command]]) -> tuple[Case, Case, Entry | None]:
    """A case before and after its last change, and the entry of that."""
    before = after = case(severity=severity)
    last = None
    for person, command in steps:
        try:
            decision = decide(after, command, person, 100)
        except RefusedError:
            continue
        before, after, last = after, decision.case, decision.entry
    return before, after, None if last is None else stored(last)


histories = st.tuples(
    st.sampled_from(Severity), st.lists(st.tuples(st.sampled_from(PEOPLE), commands), max_size=12)
)


@given(histories, st.sampled_from(PEOPLE))
def test_what_is_undone_is_as_it_was_but_for_its_version(
    history: tuple[Severity, list[tuple[Person, Command]]], person: Person
) -> None:
    before, after, last = worked(*history)
    try:
        decision = undo(after, last, person, 101)
    except RefusedError:
        return
    assert decision.case == replace(before, version=after.version + 1)
    assert is_legal(decision.case)
    assert decision.entry.action == "case.undo"
    assert last is not None
    assert last.actor == person.name


@pytest.mark.parametrize("command", [Assign("sam"), Investigate()])
def test_an_undo_is_a_change_of_its_own_that_is_not_undone(command: Command) -> None:
    changed = decide(case(), command, VERA, 100)
    undone = undo(changed.case, stored(changed.entry), VERA, 101, "wrong row")
    assert undone.entry.reason == "wrong row"
    assert undone.case.version == 3
    with pytest.raises(RefusedError, match=r"the last change, case\.undo, cannot be undone"):
        undo(undone.case, stored(undone.entry), VERA, 102)


def test_only_who_made_the_change_undoes_it_and_only_for_a_while() -> None:
    changed = decide(case(), Investigate(), VERA, 100)
    with pytest.raises(RefusedError, match="was made by vera"):
        undo(changed.case, changed.entry, ALAN, 101)
    with pytest.raises(RefusedError, match="more than 10 minutes ago"):
        undo(changed.case, changed.entry, VERA, 101 + UNDO_WITHIN)
    with pytest.raises(RefusedError, match="nobody changed it yet"):
        undo(case(), None, VERA, 101)


def test_what_is_said_once_and_what_a_second_person_decided_stays() -> None:
    looked = decide(case(severity=Severity.HIGH), Investigate(), VERA, 100).case
    formed = decide(looked, FormSuspicion(1, "layers"), VERA, 100)
    proposed = decide(formed.case, FALSE, VERA, 100)
    approved = decide(proposed.case, Approve(), SAM, 100)
    reopened = decide(approved.case, Reopen("more came"), SAM, 100)
    for decision, person in ((formed, VERA), (approved, SAM), (reopened, SAM)):
        with pytest.raises(RefusedError, match="cannot be undone"):
            undo(decision.case, stored(decision.entry), person, 101)
    assert undo(proposed.case, stored(proposed.entry), VERA, 101).case.proposed is None


@given(histories, st.sampled_from(PEOPLE))
def test_moves_refuse_what_would_be_refused_and_nothing_else(
    history: tuple[Severity, list[tuple[Person, Command]]], person: Person
) -> None:
    _, after, last = worked(*history)
    found = {move.action: move.refused for move in moves(after, last, person, 101)}
    for kind, rule in RULES.items():
        try:
            decide(after, WORDS[kind], person, 101)
            refused = None
        except RefusedError as error:
            refused = str(error)
        if found[rule.action] is None:
            assert refused is None or "already assigned" in refused or "was formed before" in refused
        else:
            assert found[rule.action] == refused
    assert (found["undo"] is None) == is_undone(after, last, person)


def is_undone(after: Case, last: Entry | None, person: Person) -> bool:
    try:
        undo(after, last, person, 101)
    except RefusedError:
        return False
    return True


def test_moves_name_the_reason() -> None:
    found = {move.action: move.refused for move in moves(case(), None, VIC, 1)}
    assert found["investigate"] == "vic may not work on cases: needs analyst or senior, has viewer"
    found = {move.action: move.refused for move in moves(case(CaseState.CLOSED), None, SUE, 1)}
    assert found["reopen"] is None
    assert found["investigate"] == "case 1: to investigate it must be open, it is closed"
