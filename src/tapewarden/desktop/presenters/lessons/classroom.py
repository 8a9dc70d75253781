"""`Classroom`: leads through the lessons, step by step, and counts points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from tapewarden.desktop.presenters.commands import Command
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Page, Question, Step, Task
from tapewarden.desktop.presenters.lessons.progress import Progress
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.counting import counted


class Stage(StrEnum):
    """Where a student stands."""

    AWAY = "away"
    """No lesson goes on."""
    WELCOME = "welcome"
    """Lessons are offered."""
    LESSON = "lesson"
    """At a step of a lesson."""
    SCORE = "score"
    """All lessons are over."""


class Mark(StrEnum):
    """What became of a step."""

    EARNED = "earned"
    MISSED = "missed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the lesson panel shows.

    ``choices`` are answered by their number, from 1. ``note`` says how it stands, ``keys`` what may be
    pressed now.
    """

    title: str
    place: str
    score: str
    text: str
    choices: tuple[str, ...] = ()
    note: str = ""
    tone: Tone = Tone.MUTED
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class _At:
    """A step of a lesson, what was said to its question so far, and whether F2 was pressed too early."""

    lesson: int
    step: int
    wrong: list[int] = field(default_factory=list)
    is_over: bool = False
    hurried: bool = False


class Classroom:
    """The state of the lessons; keys call its methods, and ``sheet`` is what to show.

    Args:
        desk: What all views share.
        lessons: In their order.
    """

    def __init__(self, desk: Desk, lessons: Sequence[Lesson]) -> None:
        self._desk = desk
        self._lessons = lessons
        self._progress = Progress(desk)
        self._at = _At(0, 0)
        self._marks: dict[tuple[int, int], Mark] = {}
        self.stage = Stage.AWAY
        desk.finders.append(self._commands)

    @property
    def is_open(self) -> bool:
        """Whether there is something to show."""
        return self.stage is not Stage.AWAY

    @property
    def points(self) -> int:
        """Earned so far."""
        return self._count(Mark.EARNED)

    @property
    def possible(self) -> int:
        """Points that there are to be had."""
        return sum(one.points for one in self._lessons)

    @property
    def step(self) -> Step | None:
        """The step that the student is at."""
        if self.stage is not Stage.LESSON:
            return None
        return self._lessons[self._at.lesson].steps[self._at.step]

    @property
    def bindings(self) -> list[Binding]:
        """Keys that mean something now."""
        found = [Binding("F2", "lessons: begin, or go on", self.go_on)]
        if not self.is_open:
            return found
        found += [
            Binding("F3", "lessons: show where to look", self.show),
            Binding("F4", "lessons: skip this step", self.skip),
            Binding("Shift+F2", "lessons: leave them", self.leave),
        ]
        if isinstance(self.step, Question) and not self._at.is_over:
            choices = range(len(self.step.choices))
            found += [
                Binding(str(one + 1), f"lessons: answer {one + 1}", partial(self.answer, one))
                for one in choices
            ]
        return found

    # --- what a student does ------------------------------------------------------------------------------

    def welcome(self) -> None:
        """Offer the lessons."""
        self.stage = Stage.WELCOME

    def begin(self, lesson: int) -> None:
        """Begin a lesson, or begin it anew: its points are to be earned again."""
        self._marks = {place: mark for place, mark in self._marks.items() if place[0] != lesson}
        self.stage, self._at = Stage.LESSON, _At(lesson, 0)
        self._progress.begin()

    def go_on(self) -> None:
        """Go on if the step is over; on a page of text it always is."""
        self.look()
        if self.stage is Stage.AWAY:
            self.welcome()
        elif self.stage is Stage.WELCOME:
            self.begin(0)
        elif self.stage is Stage.SCORE:
            self.leave()
        elif isinstance(self.step, Page) or self._at.is_over:
            self._next()
        else:
            self._at.hurried = True

    def answer(self, choice: int) -> None:
        """Answer the question."""
        step = self.step
        if not isinstance(step, Question) or self._at.is_over or not 0 <= choice < len(step.choices):
            return
        if choice == step.right:
            self._mark(Mark.MISSED if self._at.wrong else Mark.EARNED)
        elif choice not in self._at.wrong:
            self._at.wrong.append(choice)

    def show(self) -> None:
        """Show the view that the step speaks of."""
        step = self.step
        if step is not None and step.view is not None:
            subject = self._progress.subject(step) if isinstance(step, Task) else None
            self._desk.open_view(step.view, subject)

    def skip(self) -> None:
        """Go on without the point."""
        if self.stage is Stage.LESSON:
            if not self._at.is_over and not isinstance(self.step, Page):
                self._mark(Mark.SKIPPED)
            self._next()

    def leave(self) -> None:
        """Close the lessons; points stay."""
        self.stage = Stage.AWAY
        self._desk.say("The lessons are closed. F2 opens them again; Ctrl+K finds each one.")

    # --- what is seen -------------------------------------------------------------------------------------

    def opened(self, subject: object) -> None:
        """Learn that the window shows a subject."""
        self._progress.opened(subject)

    def look(self) -> None:
        """See whether the task was done in the meantime."""
        if isinstance(self.step, Task) and not self._at.is_over and self._progress.is_done(self.step):
            self._mark(Mark.EARNED)

    def sheet(self) -> Sheet:
        """What to show now."""
        match self.stage:
            case Stage.LESSON:
                return self._of_step()
            case Stage.SCORE:
                return self._of_score()
            case _:
                return self._of_welcome()

    def _of_welcome(self) -> Sheet:
        titles = ", ".join(one.title for one in self._lessons)
        return Sheet(
            "Lessons",
            f"{len(self._lessons)} lessons",
            "",
            "Learn to read a market and to find those who cheat in it. Everything here is simulated (SIM): "
            f"you cannot break anything. In order: {titles}. In the first one you close your first case; "
            "it takes about four minutes. Press F2 to begin.",
            keys=("F2 begin", "Shift+F2 not now"),
        )

    def _of_step(self) -> Sheet:
        lesson, step, at = self._lessons[self._at.lesson], self.step, self._at
        note, tone = "", Tone.MUTED
        if isinstance(step, Question):
            note, tone = self._of_answer(step)
        elif isinstance(step, Task):
            note, tone = self._of_task(step)
        return Sheet(
            f"Lesson {at.lesson + 1} of {len(self._lessons)} · {lesson.title}",
            f"step {at.step + 1} of {len(lesson.steps)}",
            f"{self.points} of {self.possible} points",
            step.text if step is not None else "",
            step.choices if isinstance(step, Question) else (),
            note,
            tone,
            self._keys(step),
        )

    def _of_task(self, step: Task) -> tuple[str, Tone]:
        if self._at.is_over:
            return ("A market runs." if step.deed is Deed.RUN else "Done."), Tone.GOOD
        early = "Not done yet; F4 skips it. " if self._at.hurried else ""
        return early + self._progress.told(step), Tone.DOUBTFUL

    def _of_answer(self, step: Question) -> tuple[str, Tone]:
        if self._at.is_over:
            return f"Right: {step.because}", Tone.GOOD
        if self._at.wrong:
            return f"No, not {self._at.wrong[-1] + 1}. Think again, then choose another one.", Tone.BAD
        if self._at.hurried:
            return f"Answer first: press 1 to {len(step.choices)}. F4 skips the question.", Tone.DOUBTFUL
        return "", Tone.MUTED

    def _keys(self, step: Step | None) -> tuple[str, ...]:
        keys = []
        if isinstance(step, Question) and not self._at.is_over:
            keys.append(f"1–{len(step.choices)} answer")
        if isinstance(step, Page) or self._at.is_over:
            keys.append("F2 go on")
        if step is not None and step.view is not None:
            keys.append(f"F3 to {step.view}")
        if not isinstance(step, Page) and not self._at.is_over:
            keys.append("F4 skip")
        return (*keys, "Shift+F2 leave")

    def _of_score(self) -> Sheet:
        skipped = self._count(Mark.SKIPPED)
        lines = [f"{one.title} {self._earned(place)}/{one.points}" for place, one in enumerate(self._lessons)]
        return Sheet(
            "Lessons · your score",
            f"{counted(skipped, 'step')} skipped" if skipped else "all done",
            f"{self.points} of {self.possible} points",
            " · ".join(lines) + ". Ctrl+K finds each lesson again; doing one again counts its points anew.",
            keys=("F2 close",),
        )

    # --- the way ------------------------------------------------------------------------------------------

    def _next(self) -> None:
        at = self._at
        if at.step + 1 < len(self._lessons[at.lesson].steps):
            self._at = _At(at.lesson, at.step + 1)
        elif at.lesson + 1 < len(self._lessons):
            self.begin(at.lesson + 1)
        else:
            self.stage = Stage.SCORE

    def _mark(self, mark: Mark) -> None:
        self._at.is_over = True
        self._marks[self._at.lesson, self._at.step] = mark

    def _earned(self, lesson: int) -> int:
        return sum(mark is Mark.EARNED for place, mark in self._marks.items() if place[0] == lesson)

    def _count(self, wanted: Mark) -> int:
        return sum(mark is wanted for mark in self._marks.values())

    def _commands(self, text: str) -> Iterable[Command]:
        for place, one in enumerate(self._lessons):
            yield Command(f"Lesson {place + 1}: {one.title}", "lesson", partial(self.begin, place))
