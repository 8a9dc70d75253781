"""What a lesson is made of: things to read, questions, and tasks that the server can tell were done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Deed(StrEnum):
    """What a task asks for. All is seen on the server, but that a signal was opened is seen in the window."""

    RUN = "run"
    """A simulated market runs."""
    INJECT = "inject"
    """A scenario was let loose since the lesson began."""
    DETECT = "detect"
    """A detector has seen it."""
    OPEN = "open"
    """A signal of it was opened here."""
    DECIDE = "decide"
    """The case with a signal of it was closed, or was proposed to be closed."""


@dataclass(frozen=True, slots=True)
class Page:
    """Something to read; ``view`` is where to look meanwhile, by its title."""

    text: str
    view: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one right choice, counted from 0; ``because`` is said when it was chosen."""

    text: str
    choices: tuple[str, ...]
    right: int
    because: str
    view: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do in a view; ``scenarios`` is what must be let loose, any one of them."""

    text: str
    deed: Deed
    view: str
    scenarios: tuple[str, ...] = ()


Step: TypeAlias = Page | Question | Task


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. Each question answered right at once, and each task done, is a point."""

    title: str
    steps: tuple[Step, ...]

    @property
    def points(self) -> int:
        """How many there are to be had."""
        return sum(not isinstance(step, Page) for step in self.steps)
