"""Signals: what the detectors say, and why."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable, Hashable
from functools import partial
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.prompt import Field, Prompt
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.numbers import counted
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.signals import Grouping, Signals
from tapewarden.desktop.presenters.triage.standing import second_person
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.view import View
from tapewarden.desktop.widgets.choice import Choice
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.condition_bars import ConditionBars
from tapewarden.desktop.widgets.dividing import divide_once
from tapewarden.desktop.widgets.filter_entry import FilterEntry
from tapewarden.desktop.widgets.fitted_label import FittedLabel
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.replay_map import ReplayMap
from tapewarden.desktop.widgets.table import TableActions, VirtualTable
from tapewarden.domain.casework import StoredSignal
from tapewarden.domain.typology import Severity

COLUMNS: Final = (
    Column("Time UTC", 104, Kind.CODE, optional=2),
    Column("Severity", 84, Kind.CHIP),
    Column("Pattern", 146, Kind.CHIP, least=100),
    Column("Market", 122, least=104, optional=2),
    Column("Account", 120, Kind.CODE, link=True, least=84, optional=3),
    Column("Score", 96, Kind.BAR),
    Column("Why it fired", 160, stretch=True, optional=1, least=90),
    Column("State", 112, Kind.CHIP),
)
_PAST: Final = (
    Column("Time UTC", 120, Kind.CODE, optional=1),
    Column("Score", 58, Kind.NUMBER),
    Column("State", 112, Kind.CHIP),
    Column("How it ended", 160, stretch=True, least=90, optional=2),
)
_HINT: Final = (
    "A assign · C case · X dismiss · E escalate · U undo · Shift+↓ range · Ctrl+A all · / filter · "
    "[ ] reasons"
)
_EXAMPLE: Final = "filter, such as   wall  acct:acct-0417  sym:BTC-USD@SIM  score>=0.8  is:suppressed   ( / )"
_SEVERITIES: Final = (None, *reversed(Severity))
_GROUPINGS: Final = tuple(Grouping)
_REASON: Final = Field(name="Reason")
_LEFT: Final = 0.63  # of the width, for the table
_WHY: Final = 0.54  # of the height, for the reasons
_MARKET: Final = 0.82  # of the height, for the reasons and the market


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
        self._panes = ttk.Panedwindow(self, orient="horizontal")
        self._panes.pack(fill="both", expand=True)
        self._panes.add(self._build_list(), weight=4)
        self._panes.add(self._build_focus(), weight=3)
        divide_once(self._panes, _LEFT, self._divide_focus)
        self.bindings = (
            Binding("A", "assign to me", self._assign),
            Binding("Shift+A", "assign to somebody", self._assign_other),
            Binding("C", "open the case: take it up", self._take_up),
            Binding("X", "dismiss", self._dismiss),
            Binding("E", "escalate", self._escalate),
            Binding("/", "filter", self._entry.begin),
            Binding("S", "next severity", self._next_severity),
            Binding("G", "group: next order", self._next_grouping),
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

    def _build_list(self) -> tk.Frame:
        frame, gap = tk.Frame(self._panes, background=look.BACKGROUND), self.theme.pixels(6)
        self._entry = FilterEntry(frame, self.theme, _EXAMPLE, self._choose, self._focus_table)
        self._entry.pack(fill="x", pady=(0, gap))
        line = tk.Frame(frame, background=look.BACKGROUND)
        line.pack(fill="x", pady=(0, gap))
        self._state = tk.Label(line, font=self.theme.small, background=look.BACKGROUND, anchor="e")
        self._state.pack(side="right", padx=(gap, 0))
        self._groupings = Choice(line, self.theme, self._choose_grouping, look.BACKGROUND)
        self._severities = Choice(line, self.theme, self._choose_severity, look.BACKGROUND)
        for choice, words in ((self._severities, _severity_words()), (self._groupings, list(_GROUPINGS))):
            choice.configure(width=choice.wanted_width(words))
            choice.pack(side="left", padx=(0, 2 * gap))
        actions = TableActions(open=self.presenter.open, follow=self._follow)
        self._table = VirtualTable(
            frame, self.theme, COLUMNS, self.presenter.rows, actions, follow_top=True, empty="No signal fits."
        )
        self._table.pack(fill="both", expand=True)
        FittedLabel(frame, self.theme, _HINT).pack(fill="x", pady=(gap // 2, 0))
        return frame

    def _build_focus(self) -> ttk.Panedwindow:
        panes = ttk.Panedwindow(self._panes, orient="vertical")
        why = Pane(panes, self.theme, "Why did this fire?")
        self._why = ConditionBars(why.body, self.theme, "Choose a signal.")
        self._why.pack(fill="both", expand=True)
        self._market_pane = Pane(panes, self.theme, "The market then")
        self._market = ReplayMap(self._market_pane.body, self.theme)
        self._market.configure(height=self.theme.pixels(150))
        self._market.pack(fill="both", expand=True)
        past = Pane(panes, self.theme, "Similar ones, and how they ended")
        self._past = VirtualTable(
            past.body,
            self.theme,
            _PAST,
            self.presenter.focus.similar,
            TableActions(open=self._open_past),
            empty="None before.",
        )
        self._past.configure(height=self.theme.pixels(120))
        self._past.pack(fill="both", expand=True)
        panes.add(why, weight=5)
        panes.add(self._market_pane, weight=3)
        panes.add(past, weight=2)
        self._focus_panes = panes
        return panes

    def _divide_focus(self) -> None:
        self.update_idletasks()
        height = self._panes.winfo_height()
        self._focus_panes.sashpos(0, round(height * _WHY))
        self._focus_panes.sashpos(1, round(height * _MARKET))

    def _show_state(self) -> None:
        presenter, chosen = self.presenter, self._table.selection.count
        self._severities.show(_severity_words(), _SEVERITIES.index(presenter.severity))
        self._groupings.show(list(_GROUPINGS), _GROUPINGS.index(presenter.grouping))
        if presenter.error is not None:
            text, tone = presenter.error, Tone.BAD
        elif presenter.loader.error is not None:
            text, tone = f"{presenter.loader.error} (R reads again)", Tone.BAD
        elif chosen > 1:
            text, tone = f"{chosen:,} of {len(presenter.rows):,} selected", Tone.ACCENT
        elif presenter.fresh:
            text, tone = f"{presenter.fresh:,} new ↑ (Home)", Tone.DOUBTFUL
        else:
            text, tone = counted(len(presenter.rows), "signal"), Tone.MUTED
        if self._state.cget("text") != text:
            self._state.configure(text=text, foreground=look.COLORS[tone])

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
            self._market_pane.retitle(f"The market then{name}")

    def _scroll_reasons(self, steps: int) -> None:
        self._why.yview_scroll(steps, "units")

    def _focus_table(self) -> None:
        self._table.focus_set()

    def _choose(self, text: str) -> None:
        self._table.selection.clear()
        self.presenter.choose(text, time.monotonic())

    def _choose_severity(self, place: int) -> None:
        self._table.selection.clear()
        self.presenter.choose_severity(_SEVERITIES[place])

    def _choose_grouping(self, place: int) -> None:
        self._table.selection.clear()
        self.presenter.group(_GROUPINGS[place])

    def _next_severity(self) -> None:
        self._choose_severity((_SEVERITIES.index(self.presenter.severity) + 1) % len(_SEVERITIES))

    def _next_grouping(self) -> None:
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
        self.presenter.take_up(self.presenter.chosen(self._table.selection.keys))

    def _assign(self) -> None:
        """To oneself at once; where only the server knows who that is, ask."""
        person = self.desk.person()
        if not person:
            self._assign_other()
        elif cases := self.presenter.chosen(self._table.selection.keys):
            self.presenter.assign(cases, person)

    def _assign_other(self) -> None:
        self._ask("Assign", Field(name="To whom", initial=self.desk.person()), self.presenter.assign)

    def _dismiss(self) -> None:
        self._ask("Dismiss", _REASON, self.presenter.dismiss)

    def _escalate(self) -> None:
        self._ask("Escalate", _REASON, self.presenter.escalate)

    def _ask(self, verb: str, field: Field, act: Callable[..., object]) -> None:
        """Ask for a word; what is done is for the cases as they are seen now, whatever is selected later."""
        keys = self._table.selection.keys
        if cases := self.presenter.chosen(keys):
            note = second_person(cases) if verb == "Dismiss" else ""
            title = f"{verb}: {self.presenter.told(keys, cases)}"
            self._prompt.ask(title, verb, (field,), partial(act, cases), note)


def _severity_words() -> list[str]:
    return ["All" if one is None else one.capitalize() for one in _SEVERITIES]
