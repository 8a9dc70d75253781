"""`CaseGlance`: the case under the cursor: what may be done with it, and what was done last."""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.numbers import date_text
from tapewarden.desktop.presenters.rows import Cell, ListRows
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.signal_cells import plain
from tapewarden.desktop.presenters.triage.standing import case_name, ending
from tapewarden.domain.case import Case
from tapewarden.domain.casework import CaseFile, Move
from tapewarden.domain.errors import TapewardenError
from tapewarden.domain.trail import Link

REST_S: Final = 0.2
"""How long the cursor must rest on a case before it is read."""

KEYS: Final = {
    "assign": "A",
    "investigate": "I",
    "escalate": "E",
    "form suspicion": "S",
    "close": "C",
    "approve": "Y",
    "decline": "D",
    "reopen": "O",
    "undo": "U",
}
"""The key of each command by the name of its action."""


class _Version(NamedTuple):
    case_id: int
    version: int


class CaseGlance:
    """See above; nothing is asked while somebody walks through a list.

    Attributes:
        file: The case with what belongs to it, once it was read.
        error: Why it could not be read; empty if it could.
        moves: What the server would let this person do, and why not the rest.
        history: What changed it, the latest first.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wanted: _Version | None = None
        self._since: float | None = None
        self.file: CaseFile | None = None
        self.error = ""
        self.moves = ListRows[Move](lambda move: move.action, _move_cells)
        self.history = ListRows[Link](lambda link: link.number, _entry_cells)

    def look_at(self, case: Case | None, now: float) -> None:
        """Have a case under the cursor; ``now`` is of the monotonic clock. Call with every update."""
        wanted = None if case is None else _Version(case.id, case.version)
        if wanted != self._wanted:
            other = wanted is None or self._wanted is None or wanted.case_id != self._wanted.case_id
            self._wanted, self._since = wanted, None if wanted is None else now
            if other:
                self._show(None)
        elif wanted is not None and self._since is not None and now - self._since >= REST_S:
            self._since = None
            self._desk.server.ask(
                lambda server: server.cases.case(wanted.case_id),
                partial(self._read, wanted.case_id),
                partial(self._failed, wanted.case_id),
            )

    def refusal(self, case: Case, action: str) -> str | None:
        """Why the server would refuse a command for this version of a case.

        ``None`` if it would not, and where that was not read yet.
        """
        file = self.file
        if file is None or (file.case.id, file.case.version) != (case.id, case.version):
            return None
        return next((move.refused for move in file.moves if move.action == action), None)

    def title(self) -> str:
        """The case, and where it stands."""
        if self.file is None:
            return "" if self._wanted is None else case_name(self._wanted.case_id)
        return f"{case_name(self.file.case.id)} · {plain(ending(self.file.case))}"

    def _read(self, case_id: int, file: CaseFile) -> None:
        if self._wanted is not None and self._wanted.case_id == case_id:
            self._show(file)

    def _failed(self, case_id: int, error: TapewardenError) -> None:
        if self._wanted is not None and self._wanted.case_id == case_id:
            self._show(None)
            self.error = str(error)

    def _show(self, file: CaseFile | None) -> None:
        self.file, self.error = file, ""
        self.moves.replace(() if file is None else file.moves)
        self.history.replace(() if file is None else reversed(file.history))


def _move_cells(move: Move) -> tuple[Cell, Cell, Cell]:
    may = move.refused is None
    tone = Tone.PLAIN if may else Tone.MUTED
    return (
        Cell(KEYS.get(move.action, ""), Tone.ACCENT if may else Tone.MUTED),
        Cell(move.action, tone),
        Cell(
            "may be done" if move.refused is None else plain(move.refused.partition(": ")[2] or move.refused),
            Tone.GOOD if may else Tone.MUTED,
        ),
    )


def _entry_cells(link: Link) -> tuple[Cell, ...]:
    entry = link.entry
    return (
        Cell(date_text(entry.at_ns)[5:], Tone.MUTED),  # without the year
        Cell(entry.actor),
        Cell(entry.action.removeprefix("case.")),
        Cell(plain(entry.reason), Tone.MUTED),
    )
