"""The queue of cases against a real server, without a window. Each test has a market of its own."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

import pytest

from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.case_cells import case_cells
from tapewarden.desktop.presenters.triage.case_filters import SavedFilter
from tapewarden.desktop.presenters.triage.cases import Cases
from tapewarden.domain.case import Disposition
from tapewarden.domain.casework import Queued
from tapewarden.domain.commands import Assign, Close, Escalate, Investigate, Reopen
from tapewarden.domain.typology import Severity
from tests.unit.cases.workflows import case
from tests.unit.desktop.triage.at_a_desk import Seat, filled_server, many, seated

FILTERS, CONFLICT, MOVES, GRAVE, LIVE = (
    f"{name}-USD" for name in ("FILTERS", "CONFLICT", "MOVES", "GRAVE", "LIVE")
)
SIGNALS = (
    *many(5, FILTERS),
    *many(2, CONFLICT),
    *many(1, MOVES),
    *many(1, GRAVE, severity="critical"),
    *many(2, LIVE),
)
STATUS, ASSIGNEE, AGE = 5, 6, 9


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with filled_server(tmp_path_factory.mktemp("desk") / "server", SIGNALS) as address:
        yield address


@pytest.fixture
def seat(address: str) -> Iterator[Seat]:
    with seated(address) as seat:
        yield seat


class Watching:
    """The cases of a market as their window drives them; the cursor is on the first."""

    def __init__(self, seat: Seat, market: str) -> None:
        self.seat, self.now, self.chosen = seat, 0.0, 1
        self.cases = Cases(seat.desk)
        self.cases.choose(market, self.now)
        seat.until(lambda: seat.link.status.heard_at is not None)
        self.until(lambda: len(self.cases.rows))

    def look(self) -> None:
        rows = self.cases.rows
        for place in range(len(rows)):
            rows.cells(place)
        self.now += 0.05
        self.cases.look(rows.key(0) if len(rows) else None, chosen=self.chosen, now=self.now)

    def until(self, condition: Callable[[], object]) -> None:
        self.seat.until(condition, self.look)

    def told(self, words: str) -> None:
        self.until(lambda: words in self.seat.desk.notice.text)

    def keys(self, number: int) -> list[Hashable]:
        return [self.cases.rows.key(place) for place in range(number)]

    def column(self, place: int) -> list[str]:
        return [self.cases.rows.cells(row)[place].text for row in range(len(self.cases.rows))]

    def shows(self, name: SavedFilter, number: int) -> None:
        self.cases.choose_filter(name)
        self.look()
        self.until(lambda: not self.cases.loader.loading and len(self.cases.rows) == number)


def test_saved_filters_show_whose_cases_are_where(seat: Seat) -> None:
    watching = Watching(seat, FILTERS)
    cases = watching.cases
    cases.assign(cases.chosen(watching.keys(2), "assign"), "ada")
    watching.told("2 cases assigned to ada.")
    cases.decide(cases.chosen(watching.keys(1), "escalate"), Escalate("too large"), "escalated")
    watching.told("1 case escalated.")
    cases.close(cases.chosen(watching.keys(5)[4:], "close"), "false positive", "a market maker")
    watching.told("1 case closed as false positive.")
    watching.shows(SavedFilter.OPEN, 4)
    watching.shows(SavedFilter.MINE, 2)
    assert watching.column(ASSIGNEE) == ["ada", "ada"]
    watching.shows(SavedFilter.UNASSIGNED, 2)
    watching.shows(SavedFilter.ESCALATED, 1)
    watching.shows(SavedFilter.CLOSED, 1)
    assert watching.column(STATUS) == ["DISMISSED"]
    watching.shows(SavedFilter.OVERDUE, 0)


@pytest.mark.parametrize("severity", Severity)
def test_the_age_of_a_case_says_late_and_is_red_beyond_the_target_of_its_severity(severity: Severity) -> None:
    queued = Queued(replace(case(severity=severity), opened_ns=0), 1)
    due_ns = queued.case.due_ns
    assert case_cells(queued, due_ns)[AGE].tone is Tone.MUTED
    late = case_cells(queued, due_ns + 1)[AGE]
    assert (late.tone, late.text.startswith("late ")) == (Tone.BAD, True)


def test_what_the_server_would_not_allow_is_told_with_its_reason_and_not_asked_for(seat: Seat) -> None:
    watching = Watching(seat, MOVES)
    cases = watching.cases
    watching.until(lambda: cases.glance.file is not None)
    moves = {move.action: move.refused for move in cases.glance.moves.items}
    assert moves["investigate"] is None
    assert cases.chosen(watching.keys(1), "reopen") == []
    assert "to reopen it must be closed" in seat.desk.notice.text
    cases.decide(cases.chosen(watching.keys(1), "investigate"), Investigate(), "in review")
    watching.told("1 case in review.")  # what may be done with it now is not read yet
    cases.form_suspicion(cases.chosen(watching.keys(1), "form suspicion"), "2024-01-01 10:00:00", "layers")
    watching.told("1 case under suspicion.")
    watching.until(lambda: cases.glance.title().endswith("investigating"))
    assert seat.desk.notice.undo is None


def test_a_change_of_somebody_else_is_shown_and_never_overwritten(seat: Seat) -> None:
    watching = Watching(seat, CONFLICT)
    before = watching.cases.chosen(watching.keys(2), "close")
    changed = before[0]
    seat.ask(lambda client: client.decide(changed.id, changed.version, Assign("alan")))
    watching.cases.close(before, "false positive", "harmless")
    watching.told("1 case closed as false positive; 1 refused: case")
    assert "since audrey (case.assign)" in seat.desk.notice.text
    watching.until(lambda: watching.column(ASSIGNEE)[:1] == ["alan"])
    file = seat.ask(lambda client: client.case(changed.id))
    assert (file.case.state, file.case.assignee) == ("open", "alan")


def test_who_proposed_to_close_a_grave_case_does_not_approve(seat: Seat) -> None:
    watching = Watching(seat, GRAVE)
    watching.cases.close(watching.cases.chosen(watching.keys(1), "close"), "insufficient evidence", "too old")
    watching.told("1 case proposed to be closed: a second person must approve.")
    watching.until(lambda: watching.column(STATUS) == ["2ND PERSON"])
    watching.until(lambda: watching.cases.glance.file and watching.cases.glance.file.case.version == 2)
    assert watching.cases.chosen(watching.keys(1), "approve") == []
    assert "a second person must approve" in seat.desk.notice.text


def test_cases_that_change_elsewhere_change_here_and_the_open_ones_are_counted(seat: Seat) -> None:
    watching = Watching(seat, LIVE)
    watching.chosen = 2
    first, second = watching.cases.chosen(watching.keys(2), "close")
    harmless = Close(Disposition.FALSE_POSITIVE, "harmless")
    seat.ask(lambda client: client.decide(first.id, 1, harmless))
    watching.until(lambda: watching.column(STATUS)[0] == "DISMISSED")
    watching.until(lambda: watching.cases.badge)
    counted = watching.cases.badge
    watching.chosen = 1
    watching.until(lambda: len(watching.cases.rows) == 1)
    assert watching.keys(1) == [second.id]
    seat.ask(lambda client: client.decide(first.id, 2, Reopen("more came")))
    watching.until(lambda: len(watching.cases.rows) == 2)
    watching.until(lambda: watching.cases.badge == (counted or 0) + 1)
