"""`Cases`: the queue of cases, and what is decided on many of them."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Final

from tapewarden.client import Changed
from tapewarden.desktop.presenters.closing import closing
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.suspicion import suspicion
from tapewarden.desktop.presenters.triage.case_cells import case_cells
from tapewarden.desktop.presenters.triage.case_filters import SavedFilter, saved
from tapewarden.desktop.presenters.triage.case_glance import CaseGlance
from tapewarden.desktop.presenters.triage.deciding import Deciding
from tapewarden.desktop.presenters.triage.page_loader import Page, PageLoader
from tapewarden.desktop.presenters.triage.paged_rows import PagedRows
from tapewarden.desktop.presenters.triage.standing import case_name
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.case import Case
from tapewarden.domain.casework import CaseFilter, Queue, Queued
from tapewarden.domain.commands import Assign, Command
from tapewarden.domain.counting import counted
from tapewarden.domain.errors import RefusedError, TapewardenError

COLUMNS: Final = 10
QUIET_S: Final = 0.3
"""After the last letter of a search, before it is asked for."""

FRESH_S: Final = 1.0
"""Between two times the list is read again because cases changed."""


class Cases:
    """What the view of cases shows.

    Attributes:
        rows: Of the table.
        glance: The case under the cursor.
        filter: The saved filter that is chosen.
        text: What is looked for in names and comments.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._deciding = Deciding(desk)
        self._due: float | None = 0.0
        self._read_at = 0.0
        self._stale = False
        self._counting = True
        self._open: int | None = None
        self.rows = PagedRows[Queued](lambda one: one.case.id, self._cells, COLUMNS)
        self.loader = PageLoader[Queued](desk.server, self.rows, desk.cases.learn)
        self.glance = CaseGlance(desk)
        self.filter = SavedFilter.OPEN
        self.text = ""
        desk.cases.listen(self._changed)

    @property
    def badge(self) -> int | None:
        """Cases that are not closed."""
        return self._open

    def choose(self, text: str, now: float) -> None:
        """Look for a text in names and comments, once nothing more is typed."""
        self.text, self._due = text, now + QUIET_S

    def choose_filter(self, name: SavedFilter) -> None:
        """Show other cases."""
        self.filter, self._due = name, 0.0

    def look_again(self) -> None:
        """Read the list anew."""
        self._due = 0.0

    def look(self, cursor: Hashable, *, chosen: int, now: float) -> None:
        """Take in what has come; while several rows are chosen, none moves."""
        fresh = self._stale and chosen < 2 and not self.loader.loading and now - self._read_at >= FRESH_S
        if fresh or (self._due is not None and now >= self._due):
            self._due = None
            self._begin(now)
        self.loader.look()
        self.glance.look_at(self._case(cursor), now)

    def chosen(self, keys: Sequence[Hashable], action: str) -> list[Case]:
        """The selected cases as they are seen now; none where a command makes no sense.

        Nobody decides on rows that were never shown. Of a single case the server has said whether it would
        allow the command; of several it says so of each once they are decided on.
        """
        cases = [case for key in keys if (case := self._case(key)) is not None]
        refused = None if cases else "no case is selected"
        if len(cases) < len(keys):
            refused = "some selected rows were never shown; choose fewer, or filter"
        elif len(cases) == 1:
            refused = self.glance.refusal(cases[0], action)
        if refused is None:
            return cases
        self._desk.fail(RefusedError(refused))
        return []

    def told(self, cases: Sequence[Case]) -> str:
        """What is selected, in words."""
        return case_name(cases[0].id) if len(cases) == 1 else counted(len(cases), "case")

    def decide(self, cases: Sequence[Case], command: Command, done: str) -> None:
        """Give a command for cases as they were seen; ``done`` says what they are then."""
        self._deciding.decide(cases, command, done)

    def assign(self, cases: Sequence[Case], to: str) -> None:
        """Give them to somebody; an empty name is nobody."""
        name = to.strip() or None
        self.decide(cases, Assign(name), f"assigned to {name or 'nobody'}")

    def close(self, cases: Sequence[Case], disposition: str, reason: str, duplicate_of: str = "") -> None:
        """Close them; of grave ones, propose so. In texts that ``closing`` understands."""
        self.decide(cases, closing(disposition, reason, duplicate_of), f"closed as {disposition}")

    def form_suspicion(self, cases: Sequence[Case], since: str, reason: str) -> None:
        """Say since when suspicion is reasonable, in texts that ``suspicion`` understands."""
        self.decide(cases, suspicion(since, reason), "under suspicion")

    def open(self, key: Hashable) -> None:
        """Show a case in full."""
        if (case := self._case(key)) is not None:
            self._desk.open_view("Case Details", case.id)

    def _case(self, key: Hashable) -> Case | None:
        queued = None if key is None else self.rows.find(key)
        return None if queued is None else self._latest(queued).case

    def _latest(self, queued: Queued) -> Queued:
        return self._desk.cases.find(queued.case.id) or queued

    def _cells(self, queued: Queued) -> Sequence[Cell]:
        return case_cells(self._latest(queued), time.time_ns())

    def _begin(self, now: float) -> None:
        self._stale, self._read_at = False, now
        wanted = saved(self.filter, self._desk.person(), time.time_ns())
        wanted = replace(wanted, text=self.text.strip() or None)

        async def load(server: Services, offset: int, limit: int) -> Page[Queued]:
            queue = await server.cases.queue(replace(wanted, offset=offset, limit=limit))
            return Page(queue.cases, queue.total, queue.cases)

        self.loader.begin(load)

    def _changed(self, changed: Changed) -> None:
        """Read the list anew when nothing would move, and count what is open, at most once a second."""
        if changed.cases or changed.more:
            self._stale = self._counting = True
        elif self._counting:
            self._counting = False
            wanted = CaseFilter(closed=False, limit=1)
            self._desk.server.ask(lambda server: server.cases.queue(wanted), self._counted, self._not_counted)

    def _counted(self, queue: Queue) -> None:
        self._open = queue.total

    def _not_counted(self, error: TapewardenError) -> None:
        self._counting = True
