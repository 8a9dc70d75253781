"""Simulation: a market under control, schemes let loose on it, and who saw them."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.simulation.control import Scheme, SimulationControl
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.view import View
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.form_card import FormCard, offer
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.split import Split
from tapewarden.desktop.widgets.table import TableActions, VirtualTable

_LOG: Final = (
    Column("Time", 80, Kind.CODE, optional=2),
    Column("Origin", 64, Kind.CHIP),
    Column("Scenario", 190, least=116, whole=True),
    Column("Market", 112, least=90, whole=True),
    Column("Parameters and seed", 290, stretch=True, least=150, optional=1),
    Column("Result", 114, Kind.CHIP, least=104),
    Column("Seen after", 98, Kind.NUMBER, least=90, optional=4),
    Column("Signal", 110, Kind.CODE, link=True, least=84, optional=3),
)
_SCENARIOS: Final = (
    Column("Scenario", 160, least=92, whole=True),
    Column("Kind", 108, Kind.CHIP),
    Column("What", 260, stretch=True, least=150, optional=1),
)
_LEFT: Final = 0.7  # of the width, for the log
_CARDS: Final = 204
_SIGNAL: Final = 7  # the column
_SCHEME: Final = (8, 5, 5, 5)  # market, intensity, minutes, seed


class SimulationView(View[SimulationControl]):
    """Simulation: a market under control, schemes let loose on it, and who saw them."""

    title = "Simulation"

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: SimulationControl) -> None:
        super().__init__(parent, desk, theme, presenter)
        self.bindings = (
            Binding("F5", "start a normal market", presenter.start),
            Binding("Shift+F5", "end the market", presenter.stop),
            Binding("F6", "let spoofing loose", partial(presenter.inject, presenter.spoofing)),
            Binding("F7", "let wash trading loose", partial(presenter.inject, presenter.wash)),
            Binding("F8", "let the scenario of the list loose", self._inject_other),
            Binding("F9", "reset, after a question", presenter.ask_reset),
            Binding("Y", "yes, reset", presenter.reset),
            Binding("L", "the list of scenarios", self._to_list),
        )
        self._status = status = tk.Label(
            self, font=theme.bold, background=look.BACKGROUND, anchor="w", justify="left", width=1
        )
        status.pack(fill="x", pady=(0, theme.pixels(6)))
        status.bind("<Configure>", lambda event: status.configure(wraplength=event.width))
        self._wanted: object = None
        self._choices: list[tuple[ttk.Combobox, Scheme]] = []
        self._build_cards()
        self._build_tables()

    @classmethod
    def present(cls, desk: Desk) -> SimulationControl:
        """See ``View``."""
        return SimulationControl(desk)

    @property
    def main(self) -> tk.Misc:
        """See ``View``."""
        return self._log

    def refresh(self) -> None:
        """See ``View``."""
        presenter = self.presenter
        presenter.learn()
        text, tone = presenter.status()
        if self._status.cget("text") != text:
            self._status.configure(text=text, foreground=look.COLORS[tone])
        for choice, _ in self._choices:
            offer(choice, presenter.markets)
        self._normal.retitle(*presenter.market_titles())
        self._normal.allow(presenter.may_start)
        self._tell_schemes()
        self._tell_reset()
        self._log.refresh()
        self._list.refresh()
        self._seek()

    def take(self, subject: object) -> None:
        """Put the cursor on a scenario of the list by its id, or on a line of the log by its key."""
        self._wanted = subject  # which may come a moment later

    def back(self) -> bool:
        """See ``View``."""
        if self.presenter.question is None:
            return False
        self.presenter.keep()
        return True

    def snapshot(self) -> dict[str, object]:
        """See ``View``."""
        return {
            "status": self._status.cget("text"),
            "log": self._log.visible_rows(),
            "chosen": self.presenter.other.scenario,
            "scenarios": len(self.presenter.scenarios),
            "question": self.presenter.question,
            "cursor": self._log.selection.cursor,
        }

    # --- parts --------------------------------------------------------------------------------------------

    def _build_cards(self) -> None:
        presenter, theme = self.presenter, self.theme
        cards = tk.Frame(self, background=look.BACKGROUND, height=theme.pixels(_CARDS))
        cards.pack(fill="x")
        self._normal = normal = FormCard(cards, theme, "", "Start (F5)", presenter.start, "success")
        for name, one in presenter.market.fields.items():
            normal.add_entry(one.label, one.usual, partial(self._typed, presenter.market.texts, name))
        self._spoofing = self._scheme_card(cards, "Spoofing", "F6", presenter.spoofing)
        self._wash = self._scheme_card(cards, "Wash trading", "F7", presenter.wash)
        self._reset = FormCard(cards, theme, "Reset", "Reset … (F9)", self._reset_pressed, "danger")
        shown = ((normal, 9), (self._spoofing, 8), (self._wash, 8), (self._reset, 6))
        whole, gap, begin = sum(weight for _, weight in shown), theme.pixels(8), 0
        for card, weight in shown:  # not by grid: columns of equal weights can swing by a pixel for ever
            left = gap if begin else 0
            card.place(relx=begin / whole, x=left, relwidth=weight / whole, width=-left, relheight=1)
            begin += weight

    def _scheme_card(self, parent: tk.Misc, title: str, key: str, scheme: Scheme) -> FormCard:
        act = partial(self.presenter.inject, scheme)
        card = FormCard(parent, self.theme, title, f"Let loose ({key})", act, "warning", columns=_SCHEME)
        self._add_scheme_fields(card, scheme)
        return card

    def _add_scheme_fields(self, card: FormCard, scheme: Scheme) -> None:
        choice = card.add_choice("Market", scheme.market, partial(setattr, scheme, "market"))
        self._choices.append((choice, scheme))
        for name, one in scheme.form.fields.items():
            card.add_entry(one.label, one.usual, partial(self._typed, scheme.form.texts, name))

    def _build_tables(self) -> None:
        theme = self.theme
        panes = Split(self, theme, lambda width, height: True, (_LEFT,), ())
        panes.pack(fill="both", expand=True, pady=(theme.pixels(8), 0))
        log = Pane(panes, theme, "Log · all of it simulated, in market time · Enter opens the signal")
        self._log = VirtualTable(
            log.body,
            theme,
            _LOG,
            self.presenter.log,
            TableActions(open=self.presenter.open_signal, follow=self._followed),
            follow_top=True,
            empty="Nothing was let loose yet. F5 starts a market, F6 lets a spoofer loose on it.",
        )
        self._log.pack(fill="both", expand=True)
        side = tk.Frame(panes, background=look.BACKGROUND)
        let_loose = ("Let loose (F8)", self._inject_other, "warning")
        self._other = FormCard(side, theme, "", *let_loose, columns=_SCHEME, flat=True)
        self._other.pack(side="bottom", fill="x", pady=(theme.pixels(8), 0))
        self._add_scheme_fields(self._other, self.presenter.other)
        chosen = Pane(side, theme, "")
        chosen.retitle("All scenarios · L, then ↑ ↓", "All scenarios (L)")
        chosen.pack(fill="both", expand=True)
        self._list = VirtualTable(
            chosen.body,
            theme,
            _SCENARIOS,
            self.presenter.scenarios,
            TableActions(open=lambda key: self._inject_other(), select=self._chosen),
            empty="The server has not told yet what it can let loose.",
        )
        self._list.pack(fill="both", expand=True)
        panes.append(log)
        panes.append(side)

    # --- what happens -------------------------------------------------------------------------------------

    def _typed(self, texts: dict[str, str], name: str, text: str) -> None:
        texts[name] = text

    def _followed(self, key: object, column: int) -> None:
        if column == _SIGNAL and isinstance(key, tuple):
            self.presenter.open_signal(key)

    def _chosen(self) -> None:
        self.presenter.choose(self._list.selection.cursor)

    def _to_list(self) -> None:
        self._list.focus_set()
        self._chosen()

    def _inject_other(self) -> None:
        self.presenter.inject(self.presenter.other)

    def _seek(self) -> None:
        """Go to what another view wants to be seen here, as soon as it is there."""
        for kind, table in ((tuple, self._log), (str, self._list)):
            if isinstance(self._wanted, kind) and table.select(self._wanted):
                table.focus_set()
                self._wanted = None

    def _reset_pressed(self) -> None:
        if self.presenter.question is None:
            self.presenter.ask_reset()
        else:
            self.presenter.reset()

    def _tell_schemes(self) -> None:
        for card, scheme in (
            (self._spoofing, self.presenter.spoofing),
            (self._wash, self.presenter.wash),
        ):
            card.tell(self.presenter.description(scheme.scenario))
        self._other.retitle(self.presenter.chosen)

    def _tell_reset(self) -> None:
        text, tone = self.presenter.reset_text()
        self._reset.tell(text, look.COLORS[tone])
