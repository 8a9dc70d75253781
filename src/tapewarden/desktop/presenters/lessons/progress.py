"""What really happened, as far as lessons ask: learned from the server, not from keys that were pressed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from tapewarden.client import Arrived, Changed
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.lessons.lesson import Deed, Task
from tapewarden.desktop.presenters.numbers import clock_text
from tapewarden.desktop.presenters.simulation.log import wait_text
from tapewarden.desktop.presenters.simulation.waiting import blindness, longest_wait_s
from tapewarden.domain.case import Case, CaseState
from tapewarden.domain.casework import Queued
from tapewarden.domain.errors import TapewardenError
from tapewarden.domain.simulation import Performed, Result, Wish

_KEYS: Final = {"spoofing": "F6", "same-owner": "F7"}
_KEY_OF_OTHERS: Final = "F8"


class Progress:
    """Watches scenarios, signals and cases while lessons go on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._run = 0
        self._before = 0
        self._opened: set[str] = set()
        self._case_of: dict[str, int] = {}
        self._asked: set[str] = set()
        desk.cases.listen(self._changed)

    def begin(self) -> None:
        """Count from now on: what was let loose or opened before does not."""
        self._run = self._run_now()
        self._before = len(self._desk.simulation.performed)
        self._opened.clear()

    def opened(self, subject: object) -> None:
        """Learn that the window shows a subject, such as the id of a signal."""
        if isinstance(subject, str):
            self._opened.add(subject)

    def is_done(self, task: Task) -> bool:
        """Whether a task was done."""
        match task.deed:
            case Deed.RUN:
                return self._desk.simulation.is_running
            case Deed.INJECT:
                return bool(self._performed(task.scenarios))
            case Deed.DETECT:
                return bool(self._signals(task.scenarios))
            case Deed.OPEN:
                return not self._opened.isdisjoint(self._signals(task.scenarios))
            case Deed.DECIDE:
                return self._is_decided(self._signals(task.scenarios))

    def subject(self, task: Task) -> object:
        """What the view of a task should have under its cursor: a scenario, a line of the log, or a case."""
        match task.deed:
            case Deed.INJECT:
                return task.scenarios[0]
            case Deed.OPEN:
                found = [one for one in self._performed(task.scenarios) if one.signals]
                return (self._run_now(), found[0].number) if found else None
            case Deed.DECIDE:
                cases = self._found_cases(self._signals(task.scenarios))
                return cases[0].id if cases else None
            case _:
                return None

    def told(self, task: Task) -> str:
        """How far a task is that is not done, in a sentence."""
        if self._desk.simulation.error is not None:
            return self._desk.simulation.error
        if not self._desk.simulation.is_running:
            return "No market runs. F5 in Simulation starts one."
        if task.deed is Deed.INJECT:
            return self._how_to_inject(task.scenarios)
        performed = self._performed(task.scenarios)
        if not performed:
            return f"Nothing of this kind was let loose in this lesson yet: {', '.join(task.scenarios)}."
        if not self._signals(task.scenarios):
            look = self._desk.simulation.latest
            return _waiting(performed, None if look is None else longest_wait_s(look, performed))
        if task.deed is Deed.OPEN:
            return "A detector has seen it. F3 puts the cursor on its line; Enter opens the signal."
        cases = [one.id for one in self._found_cases(self._signals(task.scenarios))]
        return f"Waiting for your decision on {_named(cases)}. F3 opens it; press I, then C."

    def _run_now(self) -> int:
        state = self._desk.simulation.state
        return 0 if state is None else state.run

    def _how_to_inject(self, scenarios: Collection[str]) -> str:
        """The keys, and that what the market brought itself does not count."""
        key = next((_KEYS[one] for one in scenarios if one in _KEYS), _KEY_OF_OTHERS)
        keys = f"F3 goes to Simulation, {key} lets it loose."
        look = self._desk.simulation.latest
        blind = "" if look is None else blindness(look, next(iter(scenarios)))
        keys = f"{keys} {blind}" if blind else keys
        state, brought = self._desk.simulation.state, self._brought()
        came = [one.after_ns for one in brought if one.scenario in scenarios and one.after_ns is not None]
        if state is None or not came or state.begin_ns + came[0] > state.now_ns:
            return keys
        begun = clock_text(state.begin_ns + came[0])
        return f"The market has brought one of itself (at {begun}); this step wants one of yours. {keys}"

    def _brought(self) -> tuple[Wish, ...]:
        """What comes to the market without anybody here."""
        state = self._desk.simulation.state
        return () if state is None or state.wish is None else state.wish.wishes

    def _performed(self, scenarios: Collection[str]) -> list[Performed]:
        """What people let loose since the lesson began, on this run or on one that began since."""
        before = self._before if self._run_now() == self._run else 0
        brought = self._brought()
        return [
            one
            for one in self._desk.simulation.performed
            if one.number >= before and one.wish.scenario in scenarios and one.wish not in brought
        ]

    def _signals(self, scenarios: Collection[str]) -> list[str]:
        return [signal for one in self._performed(scenarios) for signal in one.signals]

    def _found_cases(self, signals: Iterable[str]) -> list[Case]:
        for signal in signals:
            if signal not in self._asked:
                self._asked.add(signal)
                self._ask(signal)
        numbers = {self._case_of[signal] for signal in signals if signal in self._case_of}
        found = [self._desk.cases.find(number) for number in sorted(numbers)]
        return [one.case for one in found if one is not None]

    def _is_decided(self, signals: Iterable[str]) -> bool:
        found = self._found_cases(signals)
        return any(one.state is CaseState.CLOSED or one.proposed is not None for one in found)

    def _ask(self, signal: str) -> None:
        def answered(arrived: Arrived) -> None:
            number = arrived.stored.case_id
            if number is None:
                self._asked.discard(signal)
                return
            self._case_of[signal] = number
            self._desk.server.ask(
                lambda server: server.cases.case(number),
                lambda file: self._desk.cases.learn((Queued(file.case, len(file.signals)),)),
                lambda error: self._asked.discard(signal),
            )

        def failed(error: TapewardenError) -> None:
            self._asked.discard(signal)

        self._desk.server.ask(lambda server: server.surveillance.signal(signal), answered, failed)

    def _changed(self, changed: Changed) -> None:
        if changed.more:
            self._asked.clear()  # read them again


def _waiting(performed: Iterable[Performed], wait: float | None) -> str:
    results = {one.result for one in performed}
    if Result.PENDING in results:
        when = "" if wait is None else f", {wait_text(wait)}"
        return (
            "It goes on. What became of it is told when it is over and detectors have seen a minute more of "
            f"the market{when}."
        )
    if Result.MISSED in results:
        return "The detectors missed it. That happens: let it loose again with more intensity, or skip (F4)."
    if Result.NOT_EVALUATED in results:
        return "No detector could judge this market yet (see Health). Try again later, or skip (F4)."
    return "It did nothing in its time. Let it loose again, or skip (F4)."


def _named(cases: Iterable[int]) -> str:
    return " and ".join(f"case {one}" for one in cases) or "its case"
