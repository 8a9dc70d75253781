"""Triage of signals against a real server, without a window. Each test has a market of its own."""

from collections.abc import Callable, Hashable, Iterator, Sequence

import pytest

from tapewarden.client import CasesClient
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.triage.grouped_rows import Heading
from tapewarden.desktop.presenters.triage.signals import Grouping, Signals
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.casework import CaseFilter
from tapewarden.domain.commands import Assign
from tapewarden.domain.typology import Severity
from tests.unit.desktop.triage.at_a_desk import Seat, filled_server, many, seated

FIFTY, LONG, FILTER, CONFLICT, ONE, BULK, ALIKE, GRAVE, TOGETHER, RANKED = (
    f"{name}-USD"
    for name in ("FIFTY", "LONG", "FILTER", "CONFLICT", "ONE", "BULK", "ALIKE", "GRAVE", "TOGETHER", "RANKED")
)
SIGNALS = (
    *many(60, FIFTY),
    *many(250, LONG),
    *many(5, FILTER),
    *many(3, CONFLICT),
    *many(1, ONE),
    *many(5, BULK),
    *many(3, ALIKE, actor="one"),
    *many(2, GRAVE, severity="high"),
    *many(120, TOGETHER, detector="SPF-02", text="first"),
    *many(3, f"{TOGETHER}-2", text=TOGETHER),
    *many(2, RANKED, severity="low"),
    *many(2, RANKED, severity="high", name="grave"),
)
STATE = 7


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with filled_server(tmp_path_factory.mktemp("desk") / "server", SIGNALS) as address:
        yield address


@pytest.fixture
def seat(address: str) -> Iterator[Seat]:
    with seated(address) as seat:
        yield seat


class Watching:
    """The signals of a market as their window drives them: rows are drawn, the cursor is on the first."""

    def __init__(self, seat: Seat, market: str) -> None:
        self.seat, self.market, self.top, self.now = seat, market, 0, 0.0
        self.signals = Signals(seat.desk)
        self.filter("")
        seat.until(lambda: seat.link.status.heard_at is not None)
        self.until(lambda: len(self.signals.rows))

    def filter(self, words: str) -> None:
        self.signals.choose(f"sym:{self.market} {words}" if self.market else words, self.now)

    def look(self) -> None:
        rows = self.signals.rows
        for place in range(self.top, min(len(rows), self.top + 60)):
            rows.cells(place)
        self.now += 0.05
        cursor = rows.key(self.top) if self.top < len(rows) else None
        self.signals.look(cursor, at_top=self.top == 0, now=self.now)

    def until(self, condition: Callable[[], object]) -> None:
        self.seat.until(condition, self.look)

    def told(self, words: str) -> None:
        self.until(lambda: words in self.seat.desk.notice.text)

    def keys(self, number: int) -> list[Hashable]:
        return [self.signals.rows.key(place) for place in range(number)]

    def chosen(self, keys: Sequence[Hashable]) -> list[Case]:
        """The cases of single rows, or none where that is refused."""
        found: list[Case] = []
        self.signals.chosen.gather(keys, found.extend)
        return found

    def states(self) -> list[str]:
        """Of the cases of the market, as the server has them."""

        async def look(cases: CasesClient) -> list[str]:
            queue = await cases.queue(CaseFilter(instrument=self.market, limit=1_000))
            return sorted(one.case.state for one in queue.cases)

        return self.seat.ask(look)

    def entries(self, action: str, subjects: set[str]) -> list[tuple[str, str, str]]:
        """Who did it to which of the subjects, and why."""
        return [one for one in self.seat.actions(action) if one[1] in subjects]


def test_fifty_selected_signals_are_dismissed_by_one_call_with_fifty_entries_and_undone_by_one(
    seat: Seat,
) -> None:
    watching = Watching(seat, FIFTY)
    keys = watching.keys(50)
    cases = watching.chosen(keys)
    subjects = {f"case {case.id}" for case in cases}
    assert watching.signals.chosen.told(keys, cases) == "50 signals in 50 cases"
    watching.signals.dismiss(cases, "a market maker")
    watching.told("50 cases dismissed.")
    assert watching.states() == ["closed"] * 50 + ["open"] * 10
    entries = watching.entries("case.close", subjects)
    assert len(entries) == len(set(entries)) == 50
    assert {(actor, reason) for actor, _, reason in entries} == {("ada", "a market maker")}
    shown = [watching.signals.rows.cells(place)[STATE].text for place in (0, 49, 50)]
    assert shown == ["DISMISSED", "DISMISSED", "NEW"]
    seat.desk.undo()
    watching.told("50 cases as they were before.")
    assert watching.states() == ["open"] * 60
    assert len(watching.entries("case.undo", subjects)) == 50
    assert watching.signals.rows.cells(0)[STATE].text == "NEW"


def test_pages_are_read_as_they_come_into_sight_in_their_order(seat: Seat) -> None:
    watching = Watching(seat, LONG)
    assert len(watching.signals.rows) == 250
    assert sum(1 for _ in watching.signals.rows) == 100
    watching.top = 200
    watching.until(lambda: watching.signals.rows.cells(249)[0].text != "…")
    scores = [one.signal.score for one in watching.signals.rows]
    assert len(scores) == 150
    assert scores == sorted(scores, reverse=True)
    assert watching.chosen(watching.keys(250)) == []
    assert "never shown" in seat.desk.notice.text


def test_what_is_grave_comes_first_however_sure_the_rest_is(seat: Seat) -> None:
    watching = Watching(seat, RANKED)
    found = [(one.signal.severity, one.signal.score) for one in watching.signals.rows]
    assert found == [("high", 1.0), ("high", 0.5), ("low", 1.0), ("low", 0.5)]


def test_an_empty_list_says_whether_there_is_nothing_or_nobody_knows(seat: Seat) -> None:
    with seated("127.0.0.1:1") as away:
        signals = Signals(away.desk)
        assert signals.loader.nothing("None.") == "Reading the list …"
        away.until(lambda: signals.loader.error, lambda: signals.look(None, at_top=True, now=0.0))
        assert signals.loader.nothing("None.") == "The list could not be read."
    watching = Watching(seat, FILTER)
    watching.filter("nobody says this")
    watching.until(lambda: len(watching.signals.rows) == 0)
    assert watching.signals.loader.nothing("None.") == "None."


def test_a_filter_is_asked_of_the_server_and_what_is_wrong_with_it_is_told(seat: Seat) -> None:
    watching = Watching(seat, FILTER)
    watching.filter("acct:acct-0003")
    watching.until(lambda: len(watching.signals.rows) == 1)
    watching.filter("acct:acct-0003 sev:none")
    assert watching.signals.error is not None
    assert len(watching.signals.rows) == 1
    watching.filter("")
    watching.signals.choose_severity(Severity.CRITICAL)
    watching.until(lambda: not watching.signals.loader.loading and not len(watching.signals.rows))
    watching.signals.choose_severity(None)
    watching.signals.group(Grouping.LATEST)
    watching.until(lambda: len(watching.signals.rows) and watching.keys(1) == [f"{FILTER}-0004"])


def test_a_case_that_somebody_else_changed_is_left_as_it_is_and_read_again(seat: Seat) -> None:
    watching = Watching(seat, CONFLICT)
    cases = watching.chosen(watching.keys(3))
    seat.ask(lambda client: client.decide(cases[1].id, cases[1].version, Assign("alan")))
    watching.signals.dismiss(cases, "harmless")
    watching.told(f"2 cases dismissed; 1 refused: case {cases[1].id}: you saw version 1, it is at version 2")
    assert seat.desk.notice.bad
    watching.until(lambda: watching.chosen(watching.keys(3))[1].assignee == "alan")
    seat.desk.undo()
    watching.told("2 cases as they were before.")
    assert watching.states() == ["open"] * 3


def test_taking_up_a_signal_opens_its_case_and_is_one_entry(seat: Seat) -> None:
    watching = Watching(seat, ONE)
    (case,) = watching.chosen(watching.keys(1))
    watching.signals.take_up([case])
    watching.told("1 case in review.")
    watching.signals.take_up(watching.chosen(watching.keys(1)))
    assert seat.opened == [("Case Details", case.id)] * 2
    subject = f"case {case.id}"
    assert watching.entries("case.investigate", {subject}) == [("ada", subject, "")]


def test_assigning_and_escalating_are_one_call_for_all_that_is_selected(seat: Seat) -> None:
    watching = Watching(seat, BULK)
    cases = watching.chosen(watching.keys(5))
    watching.signals.assign(cases, "ada")
    watching.told("5 cases assigned to ada.")
    watching.signals.escalate(watching.chosen(watching.keys(5)), "all of one owner")
    watching.told("5 cases escalated.")
    assert {case.state for case in watching.chosen(watching.keys(5))} == {CaseState.ESCALATED}
    subjects = {f"case {case.id}" for case in cases}
    for action in ("case.assign", "case.escalate"):
        assert len(watching.entries(action, subjects)) == 5


def test_the_signal_under_the_cursor_is_explained_and_its_like_are_found(seat: Seat) -> None:
    watching = Watching(seat, ALIKE)
    focus = watching.signals.focus
    watching.top = 1
    watching.until(lambda: focus.missing.startswith("The market then is not known"))
    watching.until(lambda: len(focus.similar) == 1)
    assert focus.similar.cells(0)[3].text.endswith(" open")
    watching.signals.look_again()
    assert focus.missing.startswith("Reading")
    watching.until(lambda: focus.missing.startswith("The market then is not known"))
    assert getattr(focus.lines()[0], "title", "") == f"Spoofing · {ALIKE} · one"
    cases = watching.chosen(watching.keys(1))
    assert watching.signals.chosen.told(watching.keys(1), cases).endswith(" with 3 signals in all")


def test_closing_a_grave_case_is_proposed(seat: Seat) -> None:
    watching = Watching(seat, GRAVE)
    watching.signals.dismiss(watching.chosen(watching.keys(2)), "harmless")
    watching.told("2 cases proposed to be closed: a second person must approve.")
    cases = watching.chosen(watching.keys(2))
    proposed = [case.proposed.disposition for case in cases if case.proposed is not None]
    assert proposed == [Disposition.FALSE_POSITIVE] * 2
    assert watching.signals.rows.cells(0)[STATE].text == "2ND PERSON"


def test_a_heading_says_what_its_group_is_and_folds_it_away(seat: Seat) -> None:
    watching = Watching(seat, "")
    rows = grouped(watching, Grouping.PATTERN)
    assert [row[0].text for row in rows] == [
        "▾  SPF-02   120 signals · highest score 1.00",
        "▾  SPF-01   3 signals · highest score 1.00",
    ]
    watching.signals.open(Heading("SPF-02"))
    assert len(watching.signals.rows) == 5
    assert watching.signals.fold(watching.signals.rows.key(3), folded=True) == Heading("SPF-01")
    assert len(watching.signals.rows) == 2


def test_what_is_decided_on_a_heading_is_decided_on_all_of_its_group_shown_or_not(seat: Seat) -> None:
    watching = Watching(seat, "")
    grouped(watching, Grouping.MARKET)
    found: list[Case] = []
    place = watching.signals.rows.index(Heading(TOGETHER))
    assert place is not None
    keys = [Heading(TOGETHER), watching.signals.rows.key(place + 1)]
    watching.signals.chosen.gather(keys, found.extend)
    watching.until(lambda: found)
    assert watching.signals.chosen.told(keys, found) == "120 signals in 120 cases"
    assert watching.signals.chosen.shared(keys, found) == ""
    watching.signals.assign(found, "ada")
    watching.told("120 cases assigned to ada.")


def test_why_others_of_a_case_are_decided_on_too_is_said(seat: Seat) -> None:
    watching = Watching(seat, ALIKE)
    cases = watching.chosen(watching.keys(1))
    assert (
        "2 signals more, in the same case: a signal has no state of its own"
        in watching.signals.chosen.shared(watching.keys(1), cases)
    )
    assert watching.signals.chosen.shared(watching.keys(3), cases) == ""


def test_signals_are_counted_before_anybody_looks_at_the_list(seat: Seat) -> None:
    signals = Signals(seat.desk)
    seat.until(lambda: signals.badge == len(SIGNALS))


def grouped(watching: Watching, grouping: Grouping) -> list[Sequence[Cell]]:
    """Group the signals of two markets; gives their headings."""
    rows = watching.signals.rows
    watching.signals.choose(TOGETHER, watching.now)
    watching.signals.group(grouping)
    watching.until(lambda: watching.signals.total == 123 and isinstance(rows.key(0), Heading))
    return [rows.cells(place) for place in range(len(rows)) if isinstance(rows.key(place), Heading)]
