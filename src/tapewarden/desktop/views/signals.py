"""Signals: what the detectors say, and why."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable, Hashable
from functools import partial
from typing import Final

from tapewarden.desktop.frame.prompt import Field, Prompt
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.signals import Grouping, Signals
from tapewarden.desktop.presenters.triage.standing import second_person
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.view import View
from tapewarden.desktop.widgets.columns import TRIO, Column, Kind
from tapewarden.desktop.widgets.condition_bars import ConditionBars
from tapewarden.desktop.widgets.filtered_table import FilteredTable
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.replay_map import ReplayMap
from tapewarden.desktop.widgets.split import Split, at_least, wider_than_high
from tapewarden.desktop.widgets.table import TableActions, VirtualTable
from tapewarden.domain.case import Case
from tapewarden.domain.casework import StoredSignal
from tapewarden.domain.counting import counted
from tapewarden.domain.typology import Severity

COLUMNS: Final = (
    Column("Time UTC", 104, Kind.CODE, least=100, optional=2),
    Column("Severity", 86, Kind.CHIP, least=78, whole=True),
    Column("Pattern", 136, Kind.CHIP, least=96, whole=True),
    Column("Market", 112, least=104, optional=3, whole=True),
    Column("Account", 116, Kind.CODE, link=True, least=84, whole=True, most=TRIO),
    Column("Score", 92, Kind.BAR, least=58),
    Column("Why it fired", 220, stretch=True, optional=1, least=180),
    Column("State", 104, Kind.CHIP, least=68, whole=True),
)
_PAST: Final = (
    Column("Time UTC", 120, Kind.CODE, optional=1),
    Column("Score", 58, Kind.NUMBER),
    Column("State", 112, Kind.CHIP),
    Column("How it ended", 160, stretch=True, least=90, optional=2),
)
_HINT: Final = (
    "A assign · C case · X dismiss · E escalate · U undo · Shift+↓ range · Ctrl+A all · G group · ← → fold · "
    "[ ] reasons"
)
_EXAMPLE: Final = "filter, such as   wall  acct:acct-0417  sym:BTC-USD@SIM  score>=0.8  is:suppressed   ( / )"
_SEVERITIES: Final = (None, *reversed(Severity))
_SEVERITY_WORDS: Final = ["All" if one is None else one.capitalize() for one in _SEVERITIES]
_GROUPINGS: Final = tuple(Grouping)
_REASON: Final = Field(name="Reason")
_BROAD: Final = 1_000  # pixels of the design
_LEFT: Final = 0.7  # of the width, for the list
_ABOVE: Final = 0.56  # of the height, for the list where what is beside it has to be below
_FOCUS_WIDTHS: Final = (0.46, 0.74)  # where the reasons end, and the market
_FOCUS_HEIGHTS: Final = (0.54, 0.82)


class SignalsView(View[Signals]):
    """Signals on the left, the one under the cursor on the right."""

    title = "Signals"

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: Signals) -> None:
        super().__init__(parent, desk, theme, presenter)
        self._shown: tuple[object, ...] = ()
        self._scene: object = None
        self._wanted: str | None = None
        self._prompt = Prompt(self.winfo_toplevel(), theme)
        self.overlays = (self._prompt,)
        self._panes = Split(self, theme, at_least(_BROAD), (_LEFT,), (_ABOVE,))
        self._panes.pack(fill="both", expand=True)
        self._list = self._build_list()
        self._entry, self._table = self._list.entry, self._list.table
        self._panes.append(self._list)
        self._panes.append(self._build_focus())
        self.bindings = (
            Binding("A", "assign to me", self._assign),
            Binding("Shift+A", "assign to somebody", self._assign_other),
            Binding("C", "open the case: take it up", self._take_up),
            Binding("X", "dismiss", self._dismiss),
            Binding("E", "escalate", self._escalate),
            Binding("/", "filter", self._entry.begin),
            Binding("S", "next severity", self._next_severity),
            Binding("G", "next order or grouping", self._next_grouping),
            Binding("Left", "fold the group away", partial(self._fold, folded=True)),
            Binding("Right", "show the group's signals", partial(self._fold, folded=False)),
            Binding("Shift+Left", "fold all groups away", partial(presenter.rows.fold_all, folded=True)),
            Binding("Shift+Right", "show all groups", partial(presenter.rows.fold_all, folded=False)),
            Binding("R", "read the list again", presenter.look_again),
            Binding("]", "scroll the reasons down", partial(self._scroll_reasons, 4)),
            Binding("[", "scroll the reasons up", partial(self._scroll_reasons, -4)),
        )

    @classmethod
    def present(cls, desk: Desk) -> Signals:
        """See ``View``."""
        return Signals(desk)

    @property
    def main(self) -> tk.Misc:
        """See ``View``."""
        return self._table

    def refresh(self) -> None:
        """See ``View``."""
        selection = self._table.selection
        at_top = self._table.top == 0 and selection.place in (None, 0) and selection.count < 2
        self.presenter.look(selection.cursor, at_top=at_top, now=time.monotonic())
        none = "No signal fits." if self._entry.text or self.presenter.severity else "No signal yet."
        self._table.say_if_empty(self.presenter.loader.nothing(none))
        self._table.refresh()
        if self._wanted is not None and self._table.select(self._wanted):
            self._wanted = None
        self._show_state()
        self._show_focus()

    def take(self, subject: object) -> None:
        """The id of a signal, or a filter."""
        if self.presenter.rows.index(str(subject)) is None:
            self._entry.write(str(subject))
        self._wanted = str(subject)

    def back(self) -> bool:
        """Take the filter away."""
        return self._entry.clear()

    def snapshot(self) -> dict[str, object]:
        """See ``View``."""
        presenter = self.presenter
        return {
            "rows": self._table.visible_rows(),
            "count": len(presenter.rows),
            "fresh": presenter.fresh,
            "top": self._table.top,
            "cursor": self._table.selection.cursor,
            "chosen": self._table.selection.keys,
            "filter": self._entry.text,
            "filter_error": presenter.error,
            "loading": presenter.loader.loading,
            "why": presenter.focus.lines(),
            "market": presenter.focus.scene is not None,
            "similar": self._past.visible_rows(),
        }

    def _build_list(self) -> FilteredTable:
        found = FilteredTable(self._panes, self.theme, _EXAMPLE, self._choose, _HINT)
        actions = TableActions(open=self.presenter.open, follow=self._follow)
        found.fill(COLUMNS, self.presenter.rows, actions, follow_top=True)
        self._severities = found.offer(_SEVERITY_WORDS, self._click_severity)
        self._groupings = found.offer(_GROUPINGS, self._choose_grouping)
        return found

    def _build_focus(self) -> Split:
        panes = Split(self._panes, self.theme, wider_than_high, _FOCUS_WIDTHS, _FOCUS_HEIGHTS)
        why = Pane(panes, self.theme, "Why did this fire?")
        self._why = ConditionBars(why.body, self.theme, "Choose a signal.")
        self._market_pane = Pane(panes, self.theme, "The market then")
        self._market = ReplayMap(self._market_pane.body, self.theme)
        past = Pane(panes, self.theme, "")
        past.retitle("Similar ones, and how they ended", "Similar ones")
        actions = TableActions(open=self._open_past)
        self._past = VirtualTable(
            past.body, self.theme, _PAST, self.presenter.focus.similar, actions, empty="None before."
        )
        for pane, content in ((why, self._why), (self._market_pane, self._market), (past, self._past)):
            content.configure(width=1, height=1)
            content.pack(fill="both", expand=True)
            panes.append(pane)
        return panes

    def _show_state(self) -> None:
        presenter, chosen = self.presenter, self._table.selection.count
        self._severities.show(_SEVERITY_WORDS, _SEVERITIES.index(presenter.severity))
        self._groupings.show(_GROUPINGS, _GROUPINGS.index(presenter.grouping))
        if presenter.error is not None:
            self._list.tell(presenter.error, Tone.BAD)
        elif presenter.loader.error is not None:
            self._list.tell(f"{presenter.loader.error} (R reads again)", Tone.BAD)
        elif chosen > 1:
            self._list.tell(f"{chosen:,} of {len(presenter.rows):,} selected", Tone.ACCENT)
        elif presenter.fresh:
            self._list.tell(f"{presenter.fresh:,} new ↑ (Home)", Tone.DOUBTFUL)
        else:
            way_back = " · Esc shows all" if self._entry.text else ""
            self._list.tell(counted(presenter.total, "signal") + way_back, Tone.MUTED)

    def _show_focus(self) -> None:
        focus = self.presenter.focus
        self._why.show(focus.lines())
        self._past.refresh()
        scene = focus.scene
        if (scene, focus.missing) != self._shown:
            self._shown = (scene, focus.missing)
            self._market.show_scene(scene)
            self._market.say(focus.missing)
            mark = " · SIM" if scene is not None and scene.simulated else ""
            name = "" if scene is None else f" · {scene.instrument.name}{mark}"
            self._market_pane.retitle(f"The market then{name}", f"The market then{mark}", "Market then")

    def _scroll_reasons(self, steps: int) -> None:
        self._why.yview_scroll(steps, "units")

    def _choose(self, text: str) -> None:
        self.presenter.choose(text, time.monotonic())

    def _click_severity(self, place: int) -> None:
        """All are all: also those that a filter hides."""
        if _SEVERITIES[place] is None:
            self._entry.clear()
        self._choose_severity(place)

    def _choose_severity(self, place: int) -> None:
        self.presenter.choose_severity(_SEVERITIES[place])

    def _choose_grouping(self, place: int) -> None:
        self.presenter.group(_GROUPINGS[place])

    def _fold(self, *, folded: bool) -> None:
        """Fold the group of the row under the cursor, and be on its heading; or show its signals."""
        heading = self.presenter.fold(self._table.selection.cursor, folded=folded)
        if heading is not None and folded:
            self._table.select(heading)

    def _next_severity(self) -> None:
        self._table.selection.clear()
        self._choose_severity((_SEVERITIES.index(self.presenter.severity) + 1) % len(_SEVERITIES))

    def _next_grouping(self) -> None:
        self._table.selection.clear()
        self._choose_grouping((_GROUPINGS.index(self.presenter.grouping) + 1) % len(_GROUPINGS))

    def _follow(self, key: Hashable, column: int) -> None:
        """Filter by an account."""
        stored = self.presenter.rows.find(key)
        if stored is not None and stored.signal.actor:
            self._entry.write(f'acct:"{stored.signal.actor}"')

    def _open_past(self, key: Hashable) -> None:
        stored: StoredSignal | None = self.presenter.focus.similar.find(key)
        if stored is not None and stored.case_id is not None:
            self.desk.open_view("Case Details", stored.case_id)

    def _take_up(self) -> None:
        self.presenter.chosen.gather(self._table.selection.keys, self.presenter.take_up)

    def _assign(self) -> None:
        """To oneself at once; where only the server knows who that is, ask."""
        person = self.desk.person()
        if not person:
            self._assign_other()
            return

        def assign(cases: list[Case]) -> None:
            self.presenter.assign(cases, person)

        self.presenter.chosen.gather(self._table.selection.keys, assign)

    def _assign_other(self) -> None:
        self._ask("Assign", Field(name="To whom", initial=self.desk.person()), self.presenter.assign)

    def _dismiss(self) -> None:
        self._ask("Dismiss", _REASON, self.presenter.dismiss)

    def _escalate(self) -> None:
        self._ask("Escalate", _REASON, self.presenter.escalate)

    def _ask(self, verb: str, field: Field, act: Callable[..., object]) -> None:
        """Ask for a word; what is done is for the cases as they are seen now, whatever is selected later."""
        keys, chosen = self._table.selection.keys, self.presenter.chosen

        def ask(cases: list[Case]) -> None:
            if shared := chosen.shared(keys, cases):
                self.desk.say(shared)
            note = second_person(cases) if verb == "Dismiss" else ""
            self._prompt.ask(f"{verb}: {chosen.told(keys, cases)}", verb, (field,), partial(act, cases), note)

        chosen.gather(keys, ask)
