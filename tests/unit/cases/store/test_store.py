"""The store: one transaction per call, its audit entry within, the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tapewarden.cases.store import CaseFilter, Observation, Store
from tapewarden.cases.store.opening import open_database
from tapewarden.cases.workflow import Approve, Assign, Close, Command, Escalate, Investigate, decide
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.errors import ConflictError, NotFoundError, RefusedError, UnavailableError
from tapewarden.domain.staff import Person
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import ADA, AUDREY, PEOPLE, SAM, SUE, VERA, VIC, commands, is_legal

FALSE = Close(Disposition.FALSE_POSITIVE, "a market maker")


def opened(store: Store, name: str = "s1", **fields: str | float) -> int:
    """A new case with one signal."""
    (number,) = store.record([Observation(signal(name, **fields))], 100, "engine").cases  # type: ignore[arg-type]
    return number


def seen(store: Store, number: int) -> Case:
    return store.case(number, VERA, 150).case


def told(store: Store, subject: str) -> list[str]:
    return [one.entry.action for one in store.entries(AUDREY, 999, subject=subject)]


def test_a_case_is_worked_from_signal_to_closing_and_the_trail_tells_all(store: Store) -> None:
    number = opened(store, severity="high")
    store.decide(number, 1, Assign("vera"), VERA, 101)
    store.decide(number, 2, Investigate(), VERA, 102)
    store.comment(number, "pulled eight times", VERA, 103)
    store.decide(number, 3, FALSE, VERA, 104)
    closed = store.decide(number, 4, Approve(), SAM, 105)
    assert seen(store, number) == closed
    assert (closed.state, closed.version) == (CaseState.CLOSED, 5)
    assert closed.closing is not None
    assert (closed.closing.by, closed.closing.approved_by) == ("vera", "sam")
    assert told(store, f"case {number}") == [
        "case.open",
        "case.assign",
        "case.investigate",
        "case.comment",
        "case.close",
        "case.approve",
        "case.read",
    ]


def test_what_is_stored_outlives_the_process(url: str) -> None:
    first = Store.open(url)
    number = opened(first)
    first.decide(number, 1, Investigate(), VERA, 101)
    first.close()
    again = Store.open(url)
    assert seen(again, number).state is CaseState.INVESTIGATING
    again.close()


def test_the_second_editor_gets_a_clear_conflict_and_nothing_is_overwritten(store: Store) -> None:
    number = opened(store)
    store.decide(number, 1, Assign("vera"), VERA, 101)
    with pytest.raises(ConflictError) as caught:
        store.decide(number, 1, Assign("sam"), SAM, 102)
    assert str(caught.value) == (
        f"case {number}: you saw version 1, it is at version 2 since vera (case.assign); look at it again"
    )
    assert seen(store, number).assignee == "vera"
    assert told(store, f"case {number}") == ["case.open", "case.assign", "case.read"]


def test_of_editors_at_once_one_wins_each_version(url: str) -> None:
    stores = [Store.open(url) for _ in range(2)]
    number = opened(stores[0])

    def edit(one: int) -> bool:
        try:
            stores[one % 2].decide(number, 1, Assign(f"person {one}"), VERA, 101)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = [one for one, succeeded in enumerate(pool.map(edit, range(24))) if succeeded]
    assert [f"person {one}" for one in won] == [seen(stores[0], number).assignee]
    assert told(stores[1], f"case {number}") == ["case.open", "case.assign", "case.read"]
    for one in stores:
        one.close()


def test_approving_conflicts_where_the_case_has_grown_since_it_was_seen(store: Store) -> None:
    number = opened(store, severity="high")
    store.decide(number, 1, Investigate(), VERA, 101)
    proposed = store.decide(number, 2, FALSE, VERA, 102)
    opened(store, "s2", at_hour=1)
    with pytest.raises(ConflictError, match=r"since engine \(case.grow\)"):
        store.decide(number, proposed.version, Approve(), SAM, 103)


def test_a_change_whose_entry_cannot_be_written_does_not_happen(url: str) -> None:
    store, engine = Store.open(url), open_database(url)
    number = opened(store)

    def rename(old: str, new: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    rename("audit", "hidden")
    with pytest.raises((DatabaseError, UnavailableError)):
        store.decide(number, 1, Investigate(), VERA, 101)
    with pytest.raises((DatabaseError, UnavailableError)):
        store.comment(number, "lost", VERA, 102)
    with pytest.raises((DatabaseError, UnavailableError)):
        opened(store, "s2", at_hour=1)
    rename("hidden", "audit")
    found = store.case(number, VERA, 103)
    assert (found.case.state, found.case.version, found.comments) == (CaseState.OPEN, 1, ())
    assert [one.signal.id for one in found.signals] == ["s1"]
    store.close()
    engine.dispose()


def test_reads_of_signals_and_cases_are_logged_with_what_was_asked_and_seen(store: Store) -> None:
    number = opened(store)
    store.cases(CaseFilter(actor="acct-1"), VIC, 101)
    store.case(number, VIC, 102)
    listed = store.entries(AUDREY, 103, subject="cases")[0].entry
    assert (listed.actor, listed.at_ns, listed.action) == ("vic", 101, "cases.read")
    assert listed.new == {
        "asked": {"actor": "acct-1", "order": "priority", "limit": 100, "offset": 0},
        "seen": [number],
    }
    assert told(store, f"case {number}") == ["case.open", "case.read"]
    assert set(told(store, "audit")) == {"audit.read"}


CALLS: list[Callable[[Store, Person], object]] = [
    lambda store, person: store.cases(CaseFilter(), person, 1),
    lambda store, person: store.case(1, person, 1),
    lambda store, person: store.comment(1, "hello", person, 1),
    lambda store, person: store.attach(1, "a", "b", b"", person, 1),
    lambda store, person: store.decide(1, 1, Investigate(), person, 1),
    lambda store, person: store.suppressions(person, 1),
    lambda store, person: store.entries(person, 1),
]


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (VIC, {0, 1, 5}),
        (VERA, {0, 1, 2, 3, 4, 5}),
        (ADA, set[int]()),
        (AUDREY, {0, 1, 5, 6}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_each_role_reaches_what_is_its_own(store: Store, person: Person, allowed: set[int]) -> None:
    opened(store)
    for number, call in enumerate(CALLS):
        if number in allowed:
            call(store, person)
        else:
            with pytest.raises(RefusedError, match=f"{person.name} may not"):
                call(store, person)


def test_what_does_not_exist_is_said_to_be_missing(store: Store) -> None:
    number = opened(store)
    store.decide(number, 1, Investigate(), VERA, 101)
    calls: list[Callable[[], object]] = [
        lambda: store.case(77, VERA, 1),
        lambda: store.comment(77, "hello", VERA, 1),
        lambda: store.attach(77, "a", "b", b"", VERA, 1),
        lambda: store.attachment(77, VERA, 1),
        lambda: store.decide(77, 1, Investigate(), VERA, 1),
        lambda: store.decide(number, 2, Close(Disposition.DUPLICATE, "same", duplicate_of=77), VERA, 1),
        lambda: store.lift(77, "why", SAM, 1),
    ]
    for call in calls:
        with pytest.raises(NotFoundError, match="77: there is none"):
            call()


@pytest.mark.parametrize("person", [VIC, ADA, AUDREY])
def test_whoever_may_not_work_learns_nothing_of_the_case(store: Store, person: Person) -> None:
    number = opened(store)
    store.decide(number, 1, Assign("vera"), VERA, 101)
    for case_id, version in ((number, 1), (number, 2), (77, 1)):
        with pytest.raises(RefusedError, match="may not work on cases"):
            store.decide(case_id, version, Investigate(), person, 102)


NUMBERS = count(1)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    severity=st.sampled_from(["low", "high"]),
    steps=st.lists(st.tuples(st.sampled_from(PEOPLE), commands), max_size=12),
)
def test_every_accepted_command_leaves_one_entry_with_old_and_new_value(
    store: Store, severity: str, steps: list[tuple[Person, Command]]
) -> None:
    name = f"p{next(NUMBERS)}"
    number = opened(store, name, actor=name, severity=severity)
    one = seen(store, number)
    accepted = 0
    for person, command in steps:
        try:
            after = store.decide(number, one.version, command, person, 100)
        except (RefusedError, NotFoundError):
            assert seen(store, number) == one
            continue
        accepted += 1
        assert after == decide(one, command, person, 100).case
        assert is_legal(after)
        entry = store.entries(AUDREY, 200, subject=f"case {number}")[-1].entry
        assert entry.old is not None
        assert entry.new is not None
        assert asdict(one) | entry.new == asdict(after)
        assert asdict(after) | entry.old == asdict(one)
        one = after
    changes = [action for action in told(store, f"case {number}") if action != "case.read"]
    assert len(changes) == 1 + accepted
    assert seen(store, number) == one


def test_verdicts_count_cases_that_were_right_and_wrong(store: Store) -> None:
    report = Close(Disposition.SUSPICION_NOT_REPORTED, "below the threshold of the authority")
    for name, command in (("a", FALSE), ("b", report), ("c", report)):
        store.record([Observation(signal(f"{name}{one}", actor=name)) for one in range(3)], 100, "engine")
        (case,) = [one.case for one in store.cases(CaseFilter(actor=name), VERA, 101).cases]
        store.decide(case.id, 1, Investigate(), VERA, 102)
        store.decide(case.id, 2, command, VERA, 103)
    opened(store, "d0", actor="d", detector="SPF-02")
    assert store.verdicts() == {"SPF-01": (2, 1)}


@pytest.mark.parametrize("bad", ["\0", "half \ud800"])
def test_text_that_not_every_database_can_hold_is_refused_on_all(store: Store, bad: str) -> None:
    number = opened(store)
    store.decide(number, 1, Investigate(), VERA, 101)
    calls: list[Callable[[], object]] = [
        lambda: store.comment(number, bad, VERA, 1),
        lambda: store.attach(number, bad, "b", b"", VERA, 1),
        lambda: store.decide(number, 2, Escalate(bad + "why"), VERA, 1),
        lambda: store.decide(number, 2, Assign(bad), VERA, 1),
        lambda: store.cases(CaseFilter(text=bad), VERA, 1),
        lambda: store.entries(AUDREY, 1, subject=bad),
    ]
    for call in calls:
        with pytest.raises(RefusedError, match="must not contain NUL"):
            call()
    assert seen(store, number).version == 2


def test_text_that_is_too_long_is_refused(store: Store) -> None:
    number = opened(store)
    for call in (
        lambda: store.comment(number, "x" * 100_001, VERA, 1),
        lambda: store.cases(CaseFilter(text="x" * 100_001), VERA, 1),
    ):
        with pytest.raises(RefusedError, match="longer than 100,000"):
            call()
    assert len(store.comment(number, "x" * 100_000, VERA, 1).text) == 100_000


def test_two_seniors_close_what_one_proposed(store: Store) -> None:
    number = opened(store, severity="critical")
    store.decide(number, 1, Investigate(), SAM, 101)
    store.decide(number, 2, FALSE, SAM, 102)
    with pytest.raises(RefusedError, match="a second person must approve"):
        store.decide(number, 3, Approve(), SAM, 103)
    assert store.decide(number, 3, Approve(), SUE, 104).state is CaseState.CLOSED
