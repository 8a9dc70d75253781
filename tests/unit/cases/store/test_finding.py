"""Filters, search, comments and attachments."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import text

from tapewarden.cases.store import MAX_ATTACHMENT, CaseFilter, Observation, SignalFilter, SignalOrder, Store
from tapewarden.cases.store.filters import signals_by
from tapewarden.cases.store.opening import open_database
from tapewarden.cases.workflow import Assign, Close, Investigate
from tapewarden.domain.case import CaseState, Disposition
from tapewarden.domain.casework import SignalGroup
from tapewarden.domain.errors import InputError, RefusedError
from tapewarden.domain.kinds import HOUR
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Severity
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import AUDREY, VERA

SIGNALS = (
    signal("1", at_hour=1, score=0.9, text="Pulled 100% of a wall"),
    signal("2", at_hour=2, detector="SPF-02", text="layers_pulled"),
    signal("3", at_hour=3, actor="acct-2", severity="high", score=0.2),
    signal("4", at_hour=4, actor="o'Brien", instrument="ETH-USD@SIM", family="wash", detector="WSH-01"),
)
HOSTILE = (
    "' OR 1=1 --",
    "'; DROP TABLE cases; --",
    "%",
    "_",
    "\\",
    '"',
    "../../etc/passwd",
    "\u202e",
    "$1",
    "{}",
)


@pytest.fixture
def filled(store: Store) -> Store:
    """Cases 1 (signals 1 and 2, closed), 2 (signal 3, assigned) and 3 (signal 4)."""
    store.record([Observation(one) for one in SIGNALS], 100, "engine")
    store.decide(1, 1, Investigate(), VERA, 101)
    store.decide(1, 2, Close(Disposition.FALSE_POSITIVE, "fine"), VERA, 102)
    store.decide(2, 1, Assign("vera"), VERA, 103)
    store.comment(3, "Same device as SEVEN others", VERA, 104)
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (SignalFilter(), "4321"),
        (SignalFilter(limit=2), "43"),
        (SignalFilter(limit=2, offset=1), "32"),
        (SignalFilter(detector="SPF-01"), "31"),
        (SignalFilter(family="wash"), "4"),
        (SignalFilter(severity=Severity.HIGH), "3"),
        (SignalFilter(actor="acct-1"), "21"),
        (SignalFilter(instrument="ETH-USD@SIM"), "4"),
        (SignalFilter(case_id=1), "21"),
        (SignalFilter(suppressed=True), ""),
        (SignalFilter(suppressed=False), "4321"),
        (SignalFilter(minimum_score=0.5), "421"),
        (SignalFilter(since_ns=2 * HOUR, until_ns=4 * HOUR), "32"),
        (SignalFilter(text="oF a wALL"), "1"),
        (SignalFilter(text="%"), "1"),
        (SignalFilter(text="_"), "2"),
        (SignalFilter(text="O'Brien"), "4"),
        (SignalFilter(actor="o'Brien", text="wash"), ""),
        (SignalFilter(order=SignalOrder.SEVERITY), "3142"),
        (SignalFilter(order=SignalOrder.SEVERITY, limit=2, offset=1), "14"),
        (SignalFilter(order=SignalOrder.SEVERITY, text="acct"), "312"),
        (SignalFilter(order=SignalOrder.SCORE), "1423"),
        (SignalFilter(order=SignalOrder.SCORE, limit=2, offset=1), "42"),
        (SignalFilter(order=SignalOrder.SCORE, text="acct"), "123"),
        (SignalFilter(order=SignalOrder.ACTOR), "1243"),
        (SignalFilter(order=SignalOrder.INSTRUMENT), "1234"),
        (SignalFilter(order=SignalOrder.DETECTOR, limit=3, offset=1), "342"),
    ],
)
def test_signals_are_found_by_each_filter_in_their_order(
    filled: Store, wanted: SignalFilter, found: str
) -> None:
    assert "".join(one.signal.id for one in filled.signals(wanted, VERA, 200)) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CaseFilter(), [1, 3, 2]),
        (CaseFilter(limit=1, offset=1), [3]),
        (CaseFilter(state=CaseState.OPEN), [3, 2]),
        (CaseFilter(disposition=Disposition.FALSE_POSITIVE), [1]),
        (CaseFilter(assignee="vera"), [2]),
        (CaseFilter(family="wash"), [3]),
        (CaseFilter(severity=Severity.HIGH), [2]),
        (CaseFilter(actor="acct-2"), [2]),
        (CaseFilter(instrument="BTC-USD@SIM"), [1, 2]),
        (CaseFilter(minimum_priority=30), [1, 3]),
        (CaseFilter(since_ns=3 * HOUR), [3, 2]),
        (CaseFilter(until_ns=4 * HOUR), [1, 2]),
        (CaseFilter(text="ACCT"), [1, 2]),
        (CaseFilter(text="seven"), [3]),
        (CaseFilter(ids=(2, 1, 77)), [1, 2]),
        (CaseFilter(closed=True), [1]),
        (CaseFilter(closed=False), [3, 2]),
        (CaseFilter(due_before_ns=24 * HOUR + 100), []),
        (CaseFilter(due_before_ns=24 * HOUR + 101), [2]),
        (CaseFilter(due_before_ns=80 * HOUR), [3, 2]),
    ],
)
def test_cases_are_found_by_each_filter_the_most_urgent_first(
    filled: Store, wanted: CaseFilter, found: list[int]
) -> None:
    assert [one.case.id for one in filled.cases(wanted, VERA, 200).cases] == found


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_text(filled: Store, hostile: str) -> None:
    filled.comment(1, hostile, VERA, 105)
    filled.attach(1, hostile, hostile, hostile.encode(), VERA, 106)
    filled.record([Observation(signal("5", actor=hostile, text=hostile, at_hour=9))], 107, "engine")
    filled.decide(4, 1, Assign(hostile), VERA, 108)
    assert [one.case.id for one in filled.cases(CaseFilter(text=hostile), VERA, 200).cases] == [1, 4]
    assert [one.case.id for one in filled.cases(CaseFilter(assignee=hostile), VERA, 200).cases] == [4]
    assert [one.signal.actor for one in filled.signals(SignalFilter(actor=hostile), VERA, 200)] == [hostile]
    assert filled.entries(AUDREY, 200, subject=hostile) == []
    assert filled.cases(CaseFilter(), VERA, 200).total == 4


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (1001, 0), (1, -1)])
def test_a_page_is_bounded(store: Store, limit: int, offset: int) -> None:
    with pytest.raises(RefusedError, match="a page has 1 to 1000 rows"):
        store.signals(SignalFilter(limit=limit, offset=offset), VERA, 1)
    with pytest.raises(RefusedError, match="a page has 1 to 1000 rows"):
        store.cases(CaseFilter(limit=limit, offset=offset), VERA, 1)


def test_a_question_for_cases_names_a_thousand_at_most(store: Store) -> None:
    with pytest.raises(RefusedError, match="name at most 1000 cases at once"):
        store.cases(CaseFilter(ids=tuple(range(1001))), VERA, 1)


def test_a_page_of_signals_says_how_many_there_are_on_all_pages(filled: Store) -> None:
    page = filled.page_of_signals(SignalFilter(actor="acct-1", limit=1), VERA, 200)
    assert ([one.signal.id for one in page.signals], page.total) == (["2"], 2)


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (SignalOrder.ACTOR, lambda one: one.actor),
        (SignalOrder.INSTRUMENT, lambda one: one.instrument),
        (SignalOrder.DETECTOR, lambda one: one.detector),
    ],
)
@pytest.mark.parametrize("text", [None, "acct"])
def test_groups_are_what_follows_each_other_on_all_pages(
    filled: Store, order: SignalOrder, name: Callable[[Signal], str], text: str | None
) -> None:
    wanted = SignalFilter(order=order, text=text)
    runs = groupby((one.signal for one in filled.signals(wanted, VERA, 200)), name)
    expected = [_group(key, list(run)) for key, run in runs]
    page = filled.page_of_signals(replace(wanted, limit=1, offset=1), VERA, 200)
    assert list(page.groups) == expected
    assert sum(one.signals for one in page.groups) == page.total


@pytest.mark.parametrize("order", [SignalOrder.LATEST, SignalOrder.SEVERITY, SignalOrder.SCORE])
def test_an_order_that_keeps_nothing_together_has_no_groups(filled: Store, order: SignalOrder) -> None:
    assert filled.page_of_signals(SignalFilter(order=order), VERA, 200).groups == ()


@pytest.mark.parametrize(
    ("order", "index"),
    [
        (SignalOrder.SEVERITY, "ix_signals_severity_rank_score_end_ns_id"),
        (SignalOrder.SCORE, "ix_signals_score_end_ns_id"),
        (SignalOrder.LATEST, "ix_signals_end_ns_id"),
    ],
)
def test_a_page_of_signals_is_read_along_an_index_of_its_order(
    tmp_path: Path, order: SignalOrder, index: str
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/store.db")
    chosen = signals_by(SignalFilter(order=order, limit=100, offset=50_000))
    statement = chosen.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.begin() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    engine.dispose()
    assert f"SCAN signals USING COVERING INDEX {index}" in plan


def test_pages_by_severity_follow_each_other_without_a_gap(store: Store) -> None:
    grades = [severity for severity in Severity for _ in range(25)]
    found = [
        signal(f"{place:03}", at_hour=place % 7, severity=severity, score=place % 5 / 4)
        for place, severity in enumerate(grades)
    ]
    store.record([Observation(one) for one in found], 100, "engine")
    wanted = SignalFilter(order=SignalOrder.SEVERITY, limit=7)
    pages = [store.signals(replace(wanted, offset=offset), VERA, 200) for offset in range(0, 100, 7)]
    expected = sorted(found, key=lambda one: (Severity(one.severity).rank, one.score, one.end_ns, one.id))
    assert [one.signal.id for page in pages for one in page] == [one.id for one in reversed(expected)]


def test_a_case_file_holds_its_comments_and_attachments_in_order(filled: Store) -> None:
    filled.comment(3, "and again", VERA, 105)
    attached = filled.attach(3, "book.png", "image/png", b"\x00\xff", VERA, 106)
    file = filled.case(3, VERA, 107)
    assert [(one.by, one.at_ns, one.text) for one in file.comments] == [
        ("vera", 104, "Same device as SEVEN others"),
        ("vera", 105, "and again"),
    ]
    assert file.attachments == (attached,)
    assert (attached.size, attached.digest) == (2, sha256(b"\x00\xff").hexdigest())
    assert filled.attachment(attached.id, VERA, 108) == (attached, b"\x00\xff")
    entry = filled.entries(AUDREY, 109, subject="case 3")[-2].entry
    assert entry.action == "case.attach"
    assert entry.new is not None
    assert entry.new["digest"] == attached.digest


def test_an_attachment_whose_bytes_were_altered_is_not_handed_out(url: str) -> None:
    store, engine = Store.open(url), open_database(url)
    store.record([Observation(signal())], 100, "engine")
    attached = store.attach(1, "book.png", "image/png", b"as it was", VERA, 101)
    with engine.begin() as connection:
        connection.execute(text("UPDATE attachment_bytes SET content = :other"), {"other": b"as it is"})
    with pytest.raises(InputError, match=f"attachment {attached.id}: expected bytes with SHA-256"):
        store.attachment(attached.id, VERA, 102)
    store.close()
    engine.dispose()


def test_empty_comments_nameless_and_oversize_attachments_are_refused(filled: Store) -> None:
    with pytest.raises(RefusedError, match="a comment says something"):
        filled.comment(1, " \n", VERA, 1)
    with pytest.raises(RefusedError, match="an attachment has a name"):
        filled.attach(1, " ", "text/plain", b"x", VERA, 1)
    with pytest.raises(RefusedError, match="at most 16777216 bytes"):
        filled.attach(1, "a", "text/plain", bytes(MAX_ATTACHMENT + 1), VERA, 1)


def _group(name: str, found: list[Signal]) -> SignalGroup:
    return SignalGroup(name, len(found), max(one.score for one in found))
