"""`Signals`: what the detectors say, ranked, and what is decided on it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from typing import Final

from tapewarden.client import Changed, DetectorFacts
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.trade_filter import FilterError
from tapewarden.desktop.presenters.triage.chosen_signals import ChosenSignals
from tapewarden.desktop.presenters.triage.deciding import MOST, Deciding
from tapewarden.desktop.presenters.triage.grouped_rows import GroupedRows, Heading
from tapewarden.desktop.presenters.triage.page_loader import Page, PageLoader
from tapewarden.desktop.presenters.triage.paged_rows import PagedRows
from tapewarden.desktop.presenters.triage.signal_cells import SignalCells, plain
from tapewarden.desktop.presenters.triage.signal_filter import read_signal_filter
from tapewarden.desktop.presenters.triage.signal_focus import SignalFocus, cases_of
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.casework import SignalFilter, SignalGroup, SignalOrder, StoredSignal
from tapewarden.domain.commands import Assign, Close, Escalate, Investigate
from tapewarden.domain.counting import counted
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Severity

COLUMNS: Final = 8
QUIET_S: Final = 0.3
"""After the last letter of a filter, before it is asked for."""

FRESH_S: Final = 1.0
"""Between two times the list is read again because signals came."""


class Grouping(StrEnum):
    """How the list is ordered; by the last three in groups."""

    SEVERITY = "Severity"
    SCORE = "Score"
    LATEST = "Latest"
    ACCOUNT = "Account"
    MARKET = "Market"
    PATTERN = "Pattern"


ORDERS: Final = {
    Grouping.SEVERITY: SignalOrder.SEVERITY,
    Grouping.SCORE: SignalOrder.SCORE,
    Grouping.LATEST: SignalOrder.LATEST,
    Grouping.ACCOUNT: SignalOrder.ACTOR,
    Grouping.MARKET: SignalOrder.INSTRUMENT,
    Grouping.PATTERN: SignalOrder.DETECTOR,
}


class Signals:
    """What the view of signals shows.

    Attributes:
        rows: Of the table: signals, where they are grouped under headings.
        chosen: The cases of selected rows.
        focus: The signal under the cursor.
        error: Why the filter cannot be read; ``None`` if it can.
        severity: The only one that is shown; ``None`` for all.
        grouping: How they are ordered.
        fresh: Signals that came since the list was read.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._due: float | None = 0.0
        self._read_at = 0.0
        self._missed = False
        self._deciding = Deciding(desk)
        self._titles: dict[str, str] = {}
        self._pages = PagedRows[StoredSignal](
            lambda one: one.signal.id, SignalCells(desk.cases).ranked, COLUMNS
        )
        self.rows = GroupedRows(self._pages, self._heading)
        self.loader = PageLoader[StoredSignal](
            desk.server, self._pages, desk.cases.learn, lambda page: self.rows.group(page.groups)
        )
        self.chosen = ChosenSignals(desk, self.rows, self._filter_of)
        self.focus = SignalFocus(desk)
        self.error: str | None = None
        self.text = ""
        self.severity: Severity | None = None
        self.grouping = Grouping.SEVERITY
        self.fresh = 0
        desk.signals.listen(self._arrived)
        desk.cases.listen(self._changed)

    @property
    def badge(self) -> int | None:
        """Signals that came since the list was read; all that came while it never was."""
        return self.fresh or None

    @property
    def total(self) -> int:
        """Signals in the list."""
        return len(self._pages)

    def choose(self, text: str, now: float) -> None:
        """Show what fits a filter, once nothing more is typed; one that cannot be read changes nothing."""
        self.text = text
        try:
            read_signal_filter(text)
        except FilterError as error:
            self.error = str(error)
        else:
            self.error = None
            self._due = now + QUIET_S

    def choose_severity(self, severity: Severity | None) -> None:
        """Show one severity, or all."""
        self.severity, self._due = severity, 0.0

    def group(self, grouping: Grouping) -> None:
        """Order the list otherwise."""
        if grouping != self.grouping:
            self.rows.fold_all(folded=False)
        self.grouping, self._due = grouping, 0.0
        if grouping is Grouping.PATTERN and not self._titles:
            self._desk.server.ask(
                lambda server: server.surveillance.detectors(), self._learn_titles, self._desk.fail
            )

    def look_again(self) -> None:
        """Read the list anew, and what is beside it."""
        self._due = 0.0
        self.focus.look_again()

    def look(self, cursor: Hashable, *, at_top: bool, now: float) -> None:
        """Take in what has come; ``at_top`` says that nothing would move that somebody looks at."""
        if self._due is not None and now >= self._due:
            self._due = None
            self._begin(now)
        elif (
            at_top
            and (self.fresh or self._missed)
            and not self.loader.loading
            and now - self._read_at >= FRESH_S
        ):
            self._begin(now)
        self.loader.look()
        self.focus.look_at(None if cursor is None else self.rows.find(cursor), now)

    def assign(self, cases: Sequence[Case], to: str) -> None:
        """Give cases to somebody."""
        self._deciding.decide(cases, Assign(to), f"assigned to {to}")

    def dismiss(self, cases: Sequence[Case], reason: str) -> None:
        """Close cases as false positives."""
        self._deciding.decide(cases, Close(Disposition.FALSE_POSITIVE, reason), "dismissed")

    def escalate(self, cases: Sequence[Case], reason: str) -> None:
        """Hand cases on to a senior."""
        self._deciding.decide(cases, Escalate(reason), "escalated")

    def take_up(self, cases: Sequence[Case]) -> None:
        """Begin to investigate the cases that nobody did; a single one is shown."""
        untouched = [case for case in cases if case.state is CaseState.OPEN and case.proposed is None]
        if untouched:
            self._deciding.decide(untouched, Investigate(), "in review")
        if len(cases) == 1:
            self._desk.open_view("Case Details", cases[0].id)

    def open(self, key: Hashable) -> None:
        """Show the case of a signal; fold the group of a heading, or show it."""
        if isinstance(key, Heading):
            self.rows.fold(key.name, folded=not self.rows.is_folded(key.name))
            return
        stored = self.rows.find(key)
        if stored is None or stored.case_id is None:
            self._desk.fail(RefusedError("this signal is suppressed: it is in no case"))
        else:
            self._desk.open_view("Case Details", stored.case_id)

    def fold(self, key: Hashable, *, folded: bool) -> Hashable:
        """Fold the group away that a row is in, or show it; the key of its heading, ``None`` for no group."""
        group = self.rows.group_of(key)
        if group is None:
            return None
        self.rows.fold(group.name, folded=folded)
        return Heading(group.name)

    def _begin(self, now: float) -> None:
        self.fresh, self._missed, self._read_at = 0, False, now
        wanted = self._wanted()

        async def load(server: Services, offset: int, limit: int) -> Page[StoredSignal]:
            page = await server.surveillance.page_of_signals(replace(wanted, offset=offset, limit=limit))
            return Page(page.signals, page.total, await cases_of(server, page.signals), page.groups)

        self.loader.begin(load)

    def _filter_of(self, group: SignalGroup) -> SignalFilter:
        wanted = replace(self._wanted(), limit=MOST)
        match self.grouping:
            case Grouping.ACCOUNT:
                return replace(wanted, actor=group.name)
            case Grouping.MARKET:
                return replace(wanted, instrument=group.name)
            case _:
                return replace(wanted, detector=group.name)

    def _wanted(self) -> SignalFilter:
        wanted = replace(read_signal_filter(self.text), order=ORDERS[self.grouping])
        return wanted if self.severity is None else replace(wanted, severity=self.severity)

    def _heading(self, group: SignalGroup, folded: bool) -> Cell:
        name = group.name or "Nobody accused"
        if self.grouping is Grouping.PATTERN and group.name in self._titles:
            name = f"{self._titles[group.name]} · {group.name}"
        size = counted(group.signals, "signal")
        return Cell(f"{'▸' if folded else '▾'}  {plain(name)}   {size} · highest score {group.highest:.2f}")

    def _learn_titles(self, detectors: Sequence[DetectorFacts]) -> None:
        self._titles = {one.id: one.title for one in detectors}

    def _arrived(self, place: int, signal: Signal) -> None:
        if self._pages.index(signal.id) is None:
            self.fresh += 1

    def _changed(self, changed: Changed) -> None:
        """After some were missed, ask for all that are in sight; the list is read anew when nothing moves."""
        if changed.more and self._read_at:
            self._missed = True
            self.focus.look_again()
            here = list(islice(self.rows, MOST))
            self._desk.server.ask(
                lambda server: cases_of(server, here), self._desk.cases.learn, self._desk.fail
            )
