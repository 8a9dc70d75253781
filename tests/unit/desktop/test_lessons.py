"""Lessons: their words, and that points are earned by what happens on the server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.lessons.classroom import Classroom, Stage
from tapewarden.desktop.presenters.lessons.content import LESSONS
from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Page, Question, Task
from tapewarden.desktop.presenters.simulation.watch import Look
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.simulation import MarketWish, Result, Truth
from tapewarden.simulator.scenarios.registry import all_scenarios
from tests.unit.desktop.scripted import SCENARIO, Scene, performed, state

VIEWS = {"Trade Stream", "Signals", "Cases", "Case Details", "Simulation", "Health"}
MOST_TEXT, MOST_CHOICE, MOST_REASON = 430, 96, 150

SHORT = Lesson(
    "Spoofing",
    (
        Page("Read this."),
        Question("Which one?", ("this", "that"), 1, "because."),
        Task("Let it loose.", Deed.INJECT, "Simulation", ("spoofing",)),
        Task("Open it.", Deed.OPEN, "Simulation", ("spoofing",)),
        Task("Decide.", Deed.DECIDE, "Cases", ("spoofing",)),
    ),
)
SEEN = performed(0, "spoofing", Result.DETECTED, ("signal-1",))


def begun(*lessons: Lesson) -> tuple[Classroom, Scene]:
    scene = Scene()
    classroom = Classroom(scene.desk, lessons or (SHORT,))
    scene.look()
    classroom.go_on()
    classroom.go_on()
    return classroom, scene


def at_task(deed: Deed) -> tuple[Classroom, Scene]:
    """A lesson at its task of a kind, everything before it done."""
    classroom, scene = begun()
    classroom.go_on()
    classroom.answer(1)
    classroom.go_on()
    if deed is not Deed.INJECT:
        scene.look(performed(0, "spoofing"))
        classroom.go_on()
    if deed is Deed.DECIDE:
        scene.look(SEEN)
        scene.file("signal-1", 7)
        classroom.opened("signal-1")
        classroom.go_on()
    assert isinstance(classroom.step, Task)
    assert classroom.step.deed is deed
    return classroom, scene


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.title)
def test_a_lesson_can_be_read_in_its_panel_and_followed(lesson: Lesson) -> None:
    assert isinstance(lesson.steps[0], Page | Task)
    assert sum(isinstance(one, Question) for one in lesson.steps) >= 2
    for step in lesson.steps:
        assert len(step.text) <= MOST_TEXT, step.text
        assert step.view is None or step.view in VIEWS
        if isinstance(step, Question):
            assert 0 <= step.right < len(step.choices) <= 4
            assert max(map(len, step.choices)) <= MOST_CHOICE
            assert len(step.because) <= MOST_REASON
        if isinstance(step, Task):
            assert set(step.scenarios) <= set(all_scenarios())
            assert bool(step.scenarios) == (step.deed is not Deed.RUN)
    deeds = [one.deed for one in lesson.steps if isinstance(one, Task)]
    assert deeds[-3:] == [Deed.INJECT, Deed.OPEN, Deed.DECIDE]


def test_there_are_five_lessons_and_the_right_answer_is_not_always_the_same() -> None:
    assert len(LESSONS) == 5
    right = {one.right for lesson in LESSONS for one in lesson.steps if isinstance(one, Question)}
    assert len(right) > 1


def test_lessons_are_offered_and_can_be_left() -> None:
    classroom = Classroom(Scene().desk, (SHORT,))
    assert not classroom.is_open
    assert [one.key for one in classroom.bindings] == ["F2"]
    classroom.go_on()
    assert classroom.stage is Stage.WELCOME
    assert "F2 begin" in classroom.sheet().keys
    classroom.leave()
    assert not classroom.is_open


def test_a_page_is_over_when_it_was_read_and_f3_leads_where_to_look() -> None:
    classroom, scene = begun(Lesson("A", (Page("Look.", "Trade Stream"), Page("Again."))))
    classroom.show()
    assert scene.shown == [("Trade Stream", None)]
    classroom.go_on()
    assert classroom.sheet().text == "Again."


def test_a_question_gives_its_point_only_to_who_is_right_at_once() -> None:
    classroom, _ = begun()
    classroom.go_on()
    classroom.go_on()
    assert classroom.sheet().text == "Which one?"
    assert [one.key for one in classroom.bindings][-2:] == ["1", "2"]
    classroom.answer(0)
    assert classroom.sheet().note.startswith("No, not 1.")
    classroom.answer(1)
    assert classroom.sheet().note == "Right: because."
    assert classroom.points == 0
    classroom.begin(0)
    classroom.go_on()
    classroom.answer(1)
    assert classroom.points == 1


def test_what_was_let_loose_before_the_lesson_does_not_count() -> None:
    scene = Scene()
    classroom = Classroom(scene.desk, (SHORT,))
    scene.look(performed(0, "spoofing"))
    classroom.begin(0)
    for _ in range(2):
        classroom.skip()
    classroom.look()
    assert classroom.points == 0
    scene.look(performed(0, "spoofing"), performed(1, "wash"))
    classroom.look()
    assert classroom.points == 0
    scene.look(performed(0, "spoofing"), performed(1, "wash"), performed(2, "spoofing"))
    classroom.look()
    assert classroom.points == 1


def test_what_a_market_brings_itself_does_not_count_but_is_spoken_of() -> None:
    scene = Scene()
    classroom = Classroom(scene.desk, (SHORT,))
    classroom.begin(0)  # before anybody looked at the market
    classroom.skip()
    classroom.skip()
    brought = performed(0, "spoofing")
    scene.look(brought, wish=MarketWish(wishes=(brought.wish,)))
    classroom.look()
    assert classroom.points == 0
    assert "has brought one of itself (at 22:13:20)" in classroom.sheet().note
    assert "F6 lets it loose" in classroom.sheet().note
    scene.look(brought, performed(1, "spoofing"), wish=MarketWish(wishes=(brought.wish,)))
    classroom.look()
    assert classroom.points == 1


def test_f2_before_its_time_says_what_is_missing() -> None:
    classroom, scene = begun()
    classroom.go_on()
    classroom.go_on()
    assert classroom.sheet().note == "Answer first: press 1 to 2. F4 skips the question."
    classroom.answer(1)
    assert classroom.sheet().note == "Right: because."
    classroom.go_on()
    classroom.go_on()
    assert classroom.sheet().note.startswith("Not done yet; F4 skips it. ")
    classroom.leave()
    assert "F2 opens them again" in scene.desk.notice.text


def test_on_a_market_that_began_since_everything_counts() -> None:
    scene = Scene()
    classroom = Classroom(scene.desk, (SHORT,))
    scene.look(performed(0, "spoofing"))
    classroom.begin(0)
    classroom.skip()
    classroom.skip()
    scene.look(performed(0, "spoofing"), run=2)
    classroom.look()
    assert classroom.points == 1


def test_before_a_scheme_is_let_loose_it_is_said_who_cannot_see_it_and_then_how_long_it_takes() -> None:
    classroom, scene = at_task(Deed.INJECT)
    market = replace(state(wish=MarketWish(speed=20)), instruments=("BTC-USD@SIM",))
    scenarios = {"spoofing": replace(SCENARIO, usual_length_ns=5 * MINUTE)}
    blind = Look(market, Truth(1), scenarios, {"SPF-01": ("BTC-USD@SIM",)})
    scene.show(blind)
    assert "lets it loose. SPF-01 cannot judge on any market yet" in classroom.sheet().note
    scene.show(replace(blind, unready={"SPF-01": ()}))
    assert classroom.sheet().note.endswith("lets it loose.")
    scene.show(replace(blind, truth=Truth(1, (performed(0, "spoofing"),))))
    classroom.go_on()
    assert classroom.sheet().note.endswith("a minute more of the market, in ~18 s.")


def test_only_a_signal_of_what_was_let_loose_counts_as_opened() -> None:
    classroom, scene = at_task(Deed.OPEN)
    assert "told when it is over and detectors have seen a minute more" in classroom.sheet().note
    scene.look(SEEN)
    assert "Enter opens the signal" in classroom.sheet().note
    classroom.opened("another")
    classroom.look()
    assert classroom.sheet().note != "Done."
    classroom.opened("signal-1")
    classroom.look()
    assert classroom.sheet().note == "Done."


def test_f3_leads_to_the_scenario_to_the_line_of_the_log_and_to_the_case() -> None:
    classroom, scene = at_task(Deed.INJECT)
    classroom.show()
    scene.look(performed(0, "spoofing"))
    classroom.go_on()
    classroom.show()
    scene.look(SEEN)
    scene.file("signal-1", 7)
    classroom.show()
    classroom.opened("signal-1")
    classroom.go_on()
    classroom.show()
    assert scene.shown == [
        ("Simulation", "spoofing"),
        ("Simulation", None),
        ("Simulation", (1, 0)),
        ("Cases", 7),
    ]


def test_a_case_counts_once_the_server_says_that_it_is_closed() -> None:
    classroom, scene = at_task(Deed.DECIDE)
    assert classroom.sheet().note.startswith("Waiting for your decision on case 7.")
    before = classroom.points
    classroom.look()
    assert classroom.points == before
    scene.decide(7)
    classroom.look()
    assert classroom.points == before + 1


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result.MISSED, "The detectors missed it"),
        (Result.NOT_EVALUATED, "No detector could judge this market yet"),
        (Result.IDLE, "It did nothing"),
    ],
)
def test_who_waits_for_what_will_not_come_is_told_so(result: Result, words: str) -> None:
    classroom, scene = at_task(Deed.OPEN)
    scene.look(performed(0, "spoofing", result))
    assert words in classroom.sheet().note
    classroom.skip()
    assert isinstance(classroom.step, Task)
    assert classroom.step.deed is Deed.DECIDE


def test_without_a_market_the_panel_says_how_to_start_one() -> None:
    scene = Scene()
    classroom = Classroom(scene.desk, (SHORT,))
    classroom.begin(0)
    classroom.skip()
    classroom.skip()
    assert classroom.sheet().note == "No market runs. F5 in Simulation starts one."
    scene.refuse(RefusedError("ada may not administer"))
    assert "ada may not administer" in classroom.sheet().note


def test_the_score_counts_each_lesson_and_a_lesson_may_be_done_again() -> None:
    classroom, scene = at_task(Deed.DECIDE)
    scene.decide(7)
    classroom.go_on()
    assert classroom.stage is Stage.SCORE
    sheet = classroom.sheet()
    assert (sheet.score, sheet.place) == ("4 of 4 points", "all done")
    assert "Spoofing 4/4" in sheet.text
    again = next(one for finder in scene.desk.finders for one in finder("lesson"))
    again.act()
    assert (classroom.stage, classroom.points) == (Stage.LESSON, 0)


@given(keys=st.lists(st.sampled_from(["F2", "F3", "F4", "1", "2", "3", "4", "leave", "deed"]), max_size=80))
def test_whatever_is_pressed_there_is_something_to_show_and_no_point_too_many(keys: list[str]) -> None:
    scene = Scene()
    classroom = Classroom(scene.desk, LESSONS)
    number = 0
    for key in keys:
        if key == "deed" and isinstance(classroom.step, Task) and classroom.step.scenarios:
            scene.look(performed(number, classroom.step.scenarios[0]))
            number += 1
        elif key == "leave":
            classroom.leave()
        else:
            for binding in classroom.bindings:
                if binding.key == key:
                    binding.act()
        classroom.look()
        sheet = classroom.sheet()
        assert sheet.title
        assert sheet.text
        assert sheet.keys
        assert 0 <= classroom.points <= sum(one.points for one in LESSONS)


def test_who_only_skips_comes_to_the_end_without_a_point() -> None:
    classroom, _ = begun(*LESSONS)
    for _ in range(sum(len(one.steps) for one in LESSONS)):
        classroom.skip()
    assert (classroom.stage, classroom.points) == (Stage.SCORE, 0)
    assert classroom.sheet().place == f"{classroom.possible} steps skipped"
