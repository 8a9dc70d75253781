"""`Deciding`: one command for many cases, in one call, and what came of it in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from tapewarden.desktop.presenters.desk import Desk, Notice
from tapewarden.domain.case import Case, CaseState
from tapewarden.domain.casework import CaseFilter, Queue, Queued
from tapewarden.domain.commands import Assign, Close, Command, Decline, Escalate, Investigate, Undo
from tapewarden.domain.counting import counted
from tapewarden.domain.errors import ConflictError, RefusedError, TapewardenError, UncertainError

MOST: Final = 1_000
"""Cases that the server takes in one call."""

_UNDOABLE: Final = (Assign, Investigate, Escalate, Close, Decline)


class Deciding:
    """Gives commands for cases as they were seen; a case that changed meanwhile is refused and read again.

    Args:
        desk: What all views share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def decide(self, cases: Sequence[Case], command: Command, done: str) -> None:
        """Give one command for all of the cases; ``done`` says what they are then, such as ``escalated``."""
        if not cases:
            self._desk.fail(RefusedError("nothing that is selected is in a case"))
        elif len(cases) > MOST:
            self._desk.fail(RefusedError(f"{len(cases):,} cases are selected; choose at most {MOST:,}"))
        else:
            self._give([(case.id, case.version) for case in cases], command, done)

    def _give(self, versions: Sequence[tuple[int, int]], command: Command | Undo, done: str) -> None:
        ids = [case_id for case_id, _ in versions]
        self._desk.say(f"{counted(len(versions), 'case')}: asking the server …")
        self._desk.server.ask(
            lambda services: services.cases.decide_many(versions, command),
            partial(self._decided, ids, command, done),
            partial(self._failed, ids),
        )

    def _decided(
        self,
        ids: Sequence[int],
        command: Command | Undo,
        done: str,
        results: Sequence[Case | TapewardenError],
    ) -> None:
        changed = [one for one in results if isinstance(one, Case)]
        refused = [one for one in results if not isinstance(one, Case)]
        for case in changed:
            known = self._desk.cases.find(case.id)
            self._desk.cases.learn([Queued(case, 0 if known is None else known.signals)])
        if any(isinstance(error, ConflictError) for error in refused):
            self._read_again(ids)
        undo = None
        if changed and isinstance(command, _UNDOABLE):
            versions = [(case.id, case.version) for case in changed]
            undo = partial(self._give, versions, Undo(), "as they were before")
        self._desk.notice = Notice(_told(changed, refused, command, done), undo, bad=bool(refused))

    def _failed(self, ids: Sequence[int], error: TapewardenError) -> None:
        """Nothing was done, or nobody knows: then look."""
        self._desk.fail(error)
        if isinstance(error, UncertainError):
            self._read_again(ids)

    def _read_again(self, ids: Sequence[int]) -> None:
        """So that the next command is for the cases as they are. What was said of the last one stays."""

        def learn(queue: Queue) -> None:
            self._desk.cases.learn(queue.cases)

        wanted = CaseFilter(ids=tuple(ids), limit=len(ids))
        self._desk.server.ask(
            lambda services: services.cases.queue(wanted),
            learn,
            lambda error: None,  # lists are read again once there is a connection
        )


def _told(
    changed: Sequence[Case], refused: Sequence[TapewardenError], command: Command | Undo, done: str
) -> str:
    """What came of it: how many were done, how many wait for a second person, and why others were not."""
    waiting = sum(isinstance(command, Close) and case.state is not CaseState.CLOSED for case in changed)
    parts = []
    if len(changed) > waiting:
        parts.append(f"{counted(len(changed) - waiting, 'case')} {done}")
    if waiting:
        parts.append(f"{counted(waiting, 'case')} proposed to be closed: a second person must approve")
    if refused:
        others = f", and {len(refused) - 1:,} more" if len(refused) > 1 else ""
        parts.append(f"{len(refused):,} refused: {refused[0]}{others}")
    return "; ".join(parts) + "."
