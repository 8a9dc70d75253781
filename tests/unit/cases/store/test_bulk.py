"""One command for many cases, undo from the store, lists in their orders, and trust learned from verdicts."""

from dataclasses import replace

import pytest

from tapewarden.cases.store import CaseFilter, CaseOrder, Observation, Store
from tapewarden.cases.triage import precision
from tapewarden.cases.workflow import Assign, Close, Escalate, Investigate, Undo
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.errors import ConflictError, NotFoundError, RefusedError, TapewardenError
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import ALAN, AUDREY, SAM, VERA, VIC

FALSE = Close(Disposition.FALSE_POSITIVE, "a market maker")


def filled(store: Store, number: int) -> list[int]:
    """As many cases, each of one signal."""
    signals = [Observation(signal(f"s{one}", actor=f"a{one}", at_hour=one)) for one in range(number)]
    return list(store.record(signals, 100, "engine").cases)


def states(store: Store) -> list[str]:
    return [one.case.state.value for one in store.cases(CaseFilter(order=CaseOrder.OLDEST), VERA, 200).cases]


def actions(store: Store, case_id: int) -> list[str]:
    return [one.entry.action for one in store.case(case_id, VERA, 200).history]


def test_fifty_cases_are_worked_by_one_call_with_an_entry_each_and_undone_by_one(store: Store) -> None:
    numbers = filled(store, 50)
    done = store.decide_many([(one, 1) for one in numbers], Investigate(), VERA, 101)
    assert all(isinstance(one, Case) and one.state is CaseState.INVESTIGATING for one in done)
    entries = [one.entry for one in store.entries(AUDREY, 102) if one.entry.action == "case.investigate"]
    assert [one.subject for one in entries] == [f"case {one}" for one in numbers]
    undone = store.decide_many([(one, 2) for one in numbers], Undo(), VERA, 103)
    assert all(isinstance(one, Case) and one.state is CaseState.OPEN for one in undone)
    assert states(store) == ["open"] * 50
    assert actions(store, numbers[7]) == ["case.open", "case.investigate", "case.undo"]


def test_fifty_open_cases_are_dismissed_by_one_call_with_an_entry_each_and_undone_by_one(
    store: Store,
) -> None:
    numbers = filled(store, 50)
    done = store.decide_many([(one, 1) for one in numbers], FALSE, VERA, 101)
    assert all(isinstance(one, Case) and one.state is CaseState.CLOSED for one in done)
    entries = [one.entry for one in store.entries(AUDREY, 102) if one.entry.action == "case.close"]
    assert [(one.subject, one.reason) for one in entries] == [
        (f"case {one}", "a market maker") for one in numbers
    ]
    store.decide_many([(one, 2) for one in numbers], Undo(), VERA, 103)
    assert states(store) == ["open"] * 50


def test_what_is_refused_for_one_case_does_not_keep_it_from_others(store: Store) -> None:
    first, second, third = filled(store, 3)
    store.decide(second, 1, Investigate(), ALAN, 101)
    answers = store.decide_many([(first, 1), (second, 2), (third, 7), (77, 1)], Investigate(), VERA, 102)
    kinds: list[type[Case | TapewardenError]] = [type(one) for one in answers]
    assert kinds == [Case, RefusedError, ConflictError, NotFoundError]
    assert states(store) == ["investigating", "investigating", "open"]
    assert actions(store, third) == ["case.open"]


def test_a_bulk_command_is_refused_whole_where_no_item_could_succeed(store: Store) -> None:
    numbers = filled(store, 2)
    with pytest.raises(RefusedError, match="vic may not work on cases"):
        store.decide_many([(one, 1) for one in numbers], Investigate(), VIC, 101)
    with pytest.raises(RefusedError, match="each of them once"):
        store.decide_many([(numbers[0], 1), (numbers[0], 2)], Investigate(), VERA, 101)
    with pytest.raises(RefusedError, match="at most 1000 cases"):
        store.decide_many([(one, 1) for one in range(1_001)], Investigate(), VERA, 101)
    assert states(store) == ["open", "open"]


def test_undo_after_the_case_grew_takes_back_the_persons_change_alone(store: Store) -> None:
    (number,) = filled(store, 1)
    store.decide(number, 1, Investigate(), VERA, 101)
    store.record([Observation(signal("more", actor="a0", severity="high"))], 102, "engine")
    before = store.case(number, VERA, 103).case
    after = store.decide(number, 3, Undo("wrong row"), VERA, 104)
    assert after == replace(before, state=CaseState.OPEN, version=4)


def test_a_closing_that_is_undone_counts_as_no_verdict(store: Store) -> None:
    (number,) = filled(store, 1)
    store.decide(number, 1, Investigate(), VERA, 101)
    store.decide(number, 2, FALSE, VERA, 102)
    assert store.verdicts() == {"SPF-01": (0, 1)}
    with pytest.raises(ConflictError):
        store.decide(number, 2, Undo(), VERA, 103)
    assert store.decide(number, 3, Undo(), VERA, 103).closing is None
    assert store.verdicts() == {}


def test_undo_needs_leave_to_work(store: Store) -> None:
    (number,) = filled(store, 1)
    store.decide(number, 1, Assign("vera"), VERA, 101)
    with pytest.raises(RefusedError, match="vic may not work"):
        store.decide(number, 2, Undo(), VIC, 102)
    with pytest.raises(RefusedError, match="was made by vera"):
        store.decide(number, 2, Undo(), SAM, 102)


def test_lists_come_in_the_order_asked_for_with_signals_and_total(store: Store) -> None:
    filled(store, 3)
    store.record([Observation(signal("more", actor="a1", at_hour=9, score=0.9))], 101, "engine")

    def listed(order: CaseOrder) -> list[str]:
        return [one.case.actor for one in store.cases(CaseFilter(order=order), VERA, 102).cases]

    assert listed(CaseOrder.OLDEST) == ["a0", "a1", "a2"]
    assert listed(CaseOrder.LATEST) == ["a1", "a2", "a0"]
    assert listed(CaseOrder.PRIORITY)[0] == "a1"
    page = store.cases(CaseFilter(order=CaseOrder.OLDEST, limit=1, offset=1), VERA, 103)
    assert ([one.signals for one in page.cases], page.total) == ([2], 3)


def test_cases_that_nobody_works_on_are_found(store: Store) -> None:
    first, second = filled(store, 2)
    store.decide(first, 1, Assign("vera"), VERA, 101)
    found = store.cases(CaseFilter(assignee=""), VERA, 102)
    assert ([one.case.id for one in found.cases], found.total) == ([second], 1)


def test_cases_are_found_by_number_and_looking_is_logged(store: Store) -> None:
    first, second = filled(store, 2)
    assert [one.case.id for one in store.some_cases([second, 77, first], VERA, 101)] == [first, second]
    entry = store.entries(AUDREY, 102, subject="cases")[-1].entry
    assert (entry.action, entry.new) == ("cases.read", {"asked": {}, "seen": [first, second]})


def test_the_history_of_a_case_tells_changes_and_notes_but_not_who_looked(store: Store) -> None:
    (number,) = filled(store, 1)
    store.case(number, VIC, 101)
    store.decide(number, 1, Investigate(), VERA, 102)
    store.comment(number, "look", VERA, 103)
    store.decide(number, 2, Escalate("beyond me"), VERA, 104)
    file = store.case(number, VIC, 105)
    assert [one.entry.action for one in file.history] == [
        "case.open",
        "case.investigate",
        "case.comment",
        "case.escalate",
    ]
    assert {move.action for move in file.moves if move.refused is None} == set()


def test_a_store_trusts_detectors_as_far_as_their_closed_cases_were_right(url: str) -> None:
    first = Store.open(url)
    assert first.weights.precision == {}
    (number, _) = filled(first, 2)
    before = first.case(number, VERA, 100).case.priority
    first.decide(number, 1, Investigate(), VERA, 101)
    first.decide(number, 2, FALSE, VERA, 102)
    first.close()
    again = Store.open(url)
    assert again.weights.precision == {"SPF-01": precision(0, 1)}
    (new,) = again.record([Observation(signal("new", actor="new"))], 103, "engine").cases
    assert again.case(new, VERA, 104).case.priority == pytest.approx(before * 5 / 6)
    again.close()
