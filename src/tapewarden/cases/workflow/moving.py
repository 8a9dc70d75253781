"""What a person may do with a case as it stands, and why not the rest: for whoever offers the choice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tapewarden.cases.workflow.deciding import require_legal
from tapewarden.cases.workflow.rules import RULES
from tapewarden.cases.workflow.undoing import require_undoable
from tapewarden.domain.case import Case
from tapewarden.domain.casework import Move
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.staff import Person
from tapewarden.domain.trail import Entry


def moves(case: Case, last: Entry | None, by: Person, at_ns: int) -> tuple[Move, ...]:
    """All commands by the names of their actions; ``last`` is the entry of its last change by a person.

    What depends on the words of the command, such as a missing reason, is only found when it is given.
    """
    found = [
        Move(rule.action, _refusal(partial(require_legal, case, kind, by))) for kind, rule in RULES.items()
    ]
    return (*found, Move("undo", _refusal(partial(require_undoable, case, last, by, at_ns))))


def _refusal(check: Callable[[], None]) -> str | None:
    try:
        check()
    except RefusedError as error:
        return str(error)
    return None
