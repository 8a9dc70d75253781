"""Cases: what people investigate."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from tapewarden.desktop.frame.prompt import Field, Prompt
from tapewarden.desktop.presenters.closing import closing_fault
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.numbers import date_text
from tapewarden.desktop.presenters.suspicion import suspicion_fault
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.case_filters import SavedFilter
from tapewarden.desktop.presenters.triage.cases import Cases
from tapewarden.desktop.presenters.triage.standing import second_person
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.case_acts import CLOSING_FIELDS
from tapewarden.desktop.views.view import View
from tapewarden.desktop.widgets.columns import TRIO, Column, Kind
from tapewarden.desktop.widgets.filtered_table import FilteredTable
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.split import Split, at_least, wider_than_high
from tapewarden.desktop.widgets.table import TableActions, VirtualTable
from tapewarden.domain.case import Case, Disposition
from tapewarden.domain.commands import Approve, Command, Decline, Escalate, Investigate, Reopen
from tapewarden.domain.counting import counted

COLUMNS: Final = (
    Column("Case", 84, Kind.CODE, whole=True),
    Column("Severity", 88, Kind.CHIP, least=82, whole=True),
    Column("Pattern", 116, Kind.CHIP, least=96, whole=True),
    Column("Market", 112, least=104, optional=3, whole=True),
    Column("Account", 130, Kind.CODE, stretch=True, least=90, whole=True, most=TRIO),
    Column("Status", 112, Kind.CHIP, least=68, whole=True),
    Column("Assignee", 100, least=80, optional=2),
    Column("Risk", 90, Kind.BAR, least=48),
    Column("Signals", 72, Kind.NUMBER, optional=1),
    Column("Age", 108, Kind.NUMBER, least=72, optional=4),
)
_MOVES: Final = (
    Column("Key", 40, Kind.CODE),
    Column("Move", 112, least=72, whole=True),
    Column("Now", 140, stretch=True, least=72),
)
_HISTORY: Final = (
    Column("Time UTC", 120, Kind.CODE, optional=2),
    Column("Who", 110, least=96, whole=True, most=TRIO),
    Column("What", 88),
    Column("Why", 120, stretch=True, optional=1, least=90),
)
_EXAMPLE: Final = "search in names and comments   ( / )"
_FILTERS: Final = tuple(SavedFilter)
_BROAD: Final = 1_400  # pixels of the design
_LEFT: Final = 0.7  # of the width, for the queue
_ABOVE: Final = 0.6  # of the height, for the queue where what is beside it has to be below
_MOVES_WIDTH: Final = 0.4
_MOVES_HEIGHT: Final = 0.4
_REASON: Final = Field(name="Reason")
_NOTES: Final = {"form suspicion": "This is said once and starts the clock of reporting."}


class CasesView(View[Cases]):
    """The queue on the left; what may be done with the case under the cursor on the right."""

    title = "Cases"

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: Cases) -> None:
        super().__init__(parent, desk, theme, presenter)
        self._prompt = Prompt(self.winfo_toplevel(), theme)
        self.overlays = (self._prompt,)
        self._panes = Split(self, theme, at_least(_BROAD), (_LEFT,), (_ABOVE,))
        self._panes.pack(fill="both", expand=True)
        self._queue = self._build_queue()
        self._entry, self._table = self._queue.entry, self._queue.table
        self._panes.append(self._queue)
        self._panes.append(self._build_glance())
        self.bindings = self._made_bindings()

    @classmethod
    def present(cls, desk: Desk) -> Cases:
        """See ``View``."""
        return Cases(desk)

    @property
    def main(self) -> tk.Misc:
        """See ``View``."""
        return self._table

    def refresh(self) -> None:
        """See ``View``."""
        selection = self._table.selection
        self.presenter.look(selection.cursor, chosen=selection.count, now=time.monotonic())
        self._table.say_if_empty(self.presenter.loader.nothing("No case is here."))
        for table in (self._table, self._moves, self._history):
            table.refresh()
        self._show_state()

    def take(self, subject: object) -> None:
        """A text to look for, or a case."""
        self._entry.write(str(subject))

    def back(self) -> bool:
        """Take the search away."""
        return self._entry.clear()

    def snapshot(self) -> dict[str, object]:
        """See ``View``."""
        return {
            "rows": self._table.visible_rows(),
            "count": len(self.presenter.rows),
            "cursor": self._table.selection.cursor,
            "chosen": self._table.selection.keys,
            "filter": self._entry.text,
            "saved_filter": self.presenter.filter,
            "moves": self._moves.visible_rows(),
            "loading": self.presenter.loader.loading,
        }

    def _made_bindings(self) -> tuple[Binding, ...]:
        return (
            Binding("A", "assign to me", self._assign),
            Binding("Shift+A", "assign to somebody, or to nobody", self._assign_other),
            Binding("I", "begin to investigate", self._investigate),
            Binding("E", "escalate", partial(self._reasoned, "escalate", Escalate, "escalated")),
            Binding("S", "say when suspicion was formed", self._form_suspicion),
            Binding("C", "close", self._close),
            Binding("X", "dismiss as false positive", self._dismiss),
            Binding(
                "Y",
                "approve the closing that is proposed",
                partial(self._reasoned, "approve", Approve, "closed as proposed"),
            ),
            Binding("D", "decline it", partial(self._reasoned, "decline", Decline, "not to be closed yet")),
            Binding("O", "reopen", partial(self._reasoned, "reopen", Reopen, "in review again")),
            Binding("/", "search", self._entry.begin),
            Binding("F", "next saved filter", partial(self._step_filter, 1)),
            Binding("Shift+F", "saved filter before", partial(self._step_filter, -1)),
            Binding("R", "read the list again", self.presenter.look_again),
        )

    def _build_queue(self) -> FilteredTable:
        found = FilteredTable(self._panes, self.theme, _EXAMPLE, self._choose)
        actions = TableActions(open=self.presenter.open)
        found.fill(COLUMNS, self.presenter.rows, actions)
        self._filters = found.offer(_FILTERS, self._choose_filter)
        return found

    def _build_glance(self) -> Split:
        glance = self.presenter.glance
        panes = Split(self._panes, self.theme, wider_than_high, (_MOVES_WIDTH,), (_MOVES_HEIGHT,))
        self._moves_pane = Pane(panes, self.theme, "What may be done")
        self._moves = VirtualTable(self._moves_pane.body, self.theme, _MOVES, glance.moves)
        history = Pane(panes, self.theme, "What was done")
        self._history = VirtualTable(history.body, self.theme, _HISTORY, glance.history)
        for pane, table in ((self._moves_pane, self._moves), (history, self._history)):
            table.configure(width=1, height=1)
            table.pack(fill="both", expand=True)
            panes.append(pane)
        return panes

    def _show_state(self) -> None:
        presenter, chosen = self.presenter, self._table.selection.count
        self._filters.show(_FILTERS, _FILTERS.index(presenter.filter))
        self._moves_pane.retitle(presenter.glance.title() or "What may be done")
        if presenter.loader.error is not None:
            self._queue.tell(f"{presenter.loader.error} (R reads again)", Tone.BAD)
        elif presenter.glance.error:
            self._queue.tell(presenter.glance.error, Tone.BAD)
        elif chosen > 1:
            self._queue.tell(f"{chosen:,} of {len(presenter.rows):,} selected", Tone.ACCENT)
        else:
            self._queue.tell(counted(len(presenter.rows), "case"), Tone.MUTED)

    def _choose(self, text: str) -> None:
        self.presenter.choose(text, time.monotonic())

    def _choose_filter(self, place: int) -> None:
        self.presenter.choose_filter(_FILTERS[place])

    def _step_filter(self, steps: int) -> None:
        self._table.selection.clear()
        self._choose_filter((_FILTERS.index(self.presenter.filter) + steps) % len(_FILTERS))

    def _investigate(self) -> None:
        if cases := self._chosen("investigate"):
            self.presenter.decide(cases, Investigate(), "in review")

    def _assign(self) -> None:
        """To oneself at once; where only the server knows who that is, ask."""
        person = self.desk.person()
        if not person:
            self._assign_other()
        elif cases := self._chosen("assign"):
            self.presenter.assign(cases, person)

    def _assign_other(self) -> None:
        field = Field(name="To whom (empty for nobody)", initial=self.desk.person(), required=False)
        self._ask("assign", "Assign", (field,), self.presenter.assign)

    def _reasoned(self, action: str, command: Callable[[str], Command], done: str) -> None:
        """What needs nothing but a reason."""

        def decide(cases: Sequence[Case], reason: str) -> None:
            self.presenter.decide(cases, command(reason), done)

        reason = Field(name="Reason (may be empty)", required=False) if command is Approve else _REASON
        self._ask(action, action.capitalize(), (reason,), decide)

    def _form_suspicion(self) -> None:
        since = Field(name="Since when is suspicion reasonable (UTC)", initial=date_text(time.time_ns()))
        self._ask(
            "form suspicion",
            "Say so",
            (since, _REASON),
            self.presenter.form_suspicion,
            lambda cases, *texts: suspicion_fault(*texts),
        )

    def _close(self) -> None:
        self._ask("close", "Close", CLOSING_FIELDS, self.presenter.close, closing_fault)

    def _dismiss(self) -> None:
        def dismiss(cases: Sequence[Case], reason: str) -> None:
            self.presenter.close(cases, Disposition.FALSE_POSITIVE, reason)

        self._ask("close", "Dismiss", (_REASON,), dismiss)

    def _chosen(self, action: str) -> list[Case]:
        return self.presenter.chosen(self._table.selection.keys, action)

    def _ask(
        self,
        action: str,
        verb: str,
        fields: tuple[Field, ...],
        act: Callable[..., object],
        check: Callable[..., str] = lambda *seen: "",
    ) -> None:
        """Ask for words; what is done is for the cases as they are seen now, whatever is selected later."""
        if cases := self._chosen(action):
            title = f"{verb}: {self.presenter.told(cases)}"
            note = second_person(cases) if action == "close" else _NOTES.get(action, "")
            self._prompt.ask(title, verb, fields, partial(act, cases), note, check=partial(check, cases))
