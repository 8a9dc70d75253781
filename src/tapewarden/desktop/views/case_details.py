"""Case Details: one case, and the market around it."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Hashable, Iterable
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.reader import Reader
from tapewarden.desktop.presenters.case_details.case_details import CaseDetails
from tapewarden.desktop.presenters.case_details.evidence import EvidenceKind
from tapewarden.desktop.presenters.case_details.header import header_of, header_while_reading, standing
from tapewarden.desktop.presenters.conditions import Bar, Heading, model_bars, rule_bars
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.reasons import said
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.case_acts import CaseActs
from tapewarden.desktop.views.view import View
from tapewarden.desktop.widgets.case_header import CaseHeader
from tapewarden.desktop.widgets.case_parts import CaseParts
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.condition_bars import ConditionBars
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.replay_desk import ReplayDesk
from tapewarden.desktop.widgets.split import Split
from tapewarden.desktop.widgets.table import TableActions, VirtualTable
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal

_EVIDENCE: Final = (
    Column("Kind", 58),
    Column("What", 150, stretch=True, least=96),
    Column("Time UTC", 140, Kind.CODE, optional=True),
    Column("SHA-256", 86, Kind.CODE, least=78),
    Column("", 50, link=True),
)
_RELATED: Final = (
    Column("", 96),
    Column("Who or what", 150, Kind.CODE, stretch=True, least=120),
    Column("Note", 220, least=100),
)
_LOG: Final = (
    Column("Time UTC", 156, Kind.CODE, least=84),
    Column("Who", 104, least=72),
    Column("What", 150, stretch=True, least=120),
)
_LEFT: Final = 0.63  # of the width, for the market
_NARROW: Final = 640  # pixels of the design that buttons must leave to the header beside them
_NOTHING: Final = (
    "No case is open.\n\nOpen one from Cases or from a signal, or press Enter for the most urgent one."
)


class CaseDetailsView(View[CaseDetails]):
    """The market on the left, what the case rests on and what was done about it on the right."""

    title = "Case Details"

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: CaseDetails) -> None:
        super().__init__(parent, desk, theme, presenter)
        self._drawn: object = None
        self._fitter = Fitter(theme.text)
        self._acts = CaseActs(self, desk, theme, presenter)
        self._reader = Reader(self.winfo_toplevel(), theme)
        self.overlays = (self._acts.prompt, self._reader)
        self._nothing = tk.Label(
            self, text=_NOTHING, font=theme.text, background=look.BACKGROUND, foreground=look.MUTED
        )
        self._body = tk.Frame(self, background=look.BACKGROUND)
        self._build_head()
        self._build_panes()
        self.bindings = self._bindings()
        self._nothing.place(relx=0.5, rely=0.45, anchor="center")

    @classmethod
    def present(cls, desk: Desk) -> CaseDetails:
        """See ``View``."""
        return CaseDetails(desk)

    @property
    def main(self) -> tk.Misc:
        """See ``View``."""
        return self._market.table if self.presenter.case_id is not None else self

    def take(self, subject: object) -> None:
        """The number of a case: open it."""
        assert isinstance(subject, int)
        self.presenter.open(subject)
        self.refresh()
        self.main.focus_set()

    def back(self) -> bool:
        """Take the warning away, else the chosen time; the case stays open for who comes back to it."""
        if self.presenter.warning:
            self.presenter.warn("")
        elif not self._market.drop_range():
            return False
        self.refresh()
        return True

    def refresh(self) -> None:
        """What has changed; of the replay only the cursor while it plays."""
        presenter = self.presenter
        if presenter.replay is not None:
            presenter.replay.advance(time.monotonic())
        if presenter.version != self._drawn:
            self._drawn = presenter.version
            self._show()
        self._market.follow()

    def snapshot(self) -> dict[str, object]:
        """See ``View``."""
        file = self.presenter.file
        return {
            "case": self.presenter.case_id,
            "case_state": None if file is None else str(file.case.state),
            "signal": None if self.presenter.signal is None else self.presenter.signal.id,
            "missing": self.presenter.missing,
            "warning": self.presenter.warning,
            "fault": self._acts.prompt.fault if self._acts.prompt.is_open else "",
            "standing": self._standing.cget("text"),
            "evidence": [piece.title for piece in self.presenter.evidence.items],
            "log": [line.text for line in self.presenter.log.items],
            "verified": self._log_pane.title,
            **self._market.snapshot(),
        }

    def _build_head(self) -> None:
        theme, gap = self.theme, self.theme.pixels(6)
        self._head = tk.Frame(self._body, background=look.PANEL)
        self._head.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        self._header = CaseHeader(self._head, theme)
        self._buttons = self._acts.buttons(self._head)
        for part in (self._head, self._buttons):
            part.bind("<Configure>", lambda event: self._arrange())
        self._bar = tk.Frame(self._body, background=look.HEADER)
        self._warning = self._line(Tone.BAD)
        self._standing = self._line(Tone.DOUBTFUL)

    def _line(self, tone: Tone) -> tk.Label:
        return tk.Label(
            self._bar,
            font=self.theme.text,
            background=look.HEADER,
            foreground=look.COLORS[tone],
            anchor="w",
            justify="left",
            padx=self.theme.pixels(12),
            pady=self.theme.pixels(5),
        )

    def _arrange(self) -> None:
        """Buttons beside the header, or below it where they leave it no room."""
        room = self._head.winfo_width() - self._buttons.winfo_reqwidth()
        narrow = room < self.theme.pixels(_NARROW)
        gap = self.theme.pixels(6)
        self._head.columnconfigure(0, weight=1)
        self._header.grid(row=0, column=0, sticky="ew")
        self._buttons.grid(
            row=int(narrow), column=int(not narrow), sticky="w", padx=gap, pady=(0, gap) if narrow else gap
        )

    def _build_panes(self) -> None:
        panes = Split(self._body, self.theme, lambda width, height: True, (_LEFT,), ())
        self._market = ReplayDesk(panes, self.theme)
        self._parts = self._build_right(panes)
        panes.append(self._market)
        panes.append(self._parts)
        panes.grid(row=2, column=0, sticky="nsew")
        self._body.columnconfigure(0, weight=1)
        self._body.rowconfigure(2, weight=1)

    def _build_right(self, parent: tk.Misc) -> CaseParts:
        theme, presenter = self.theme, self.presenter
        parts = CaseParts(parent, theme)
        self._rules_pane = parts.add("Rules", 11)
        self._rules = ConditionBars(self._rules_pane.body, theme, "No rule fired here.")
        self._models_pane = parts.add("Models", 1)
        self._models = ConditionBars(
            self._models_pane.body, theme, "No model found this actor unusual there then, or none judges."
        )
        self._models_pane.retitle("Model scores")
        self._evidence_pane = parts.add("Evidence", 3)
        actions = TableActions(open=self._open_evidence, follow=self._save_evidence)
        self._evidence = VirtualTable(
            self._evidence_pane.body, theme, _EVIDENCE, presenter.evidence, actions, empty="No evidence yet."
        )
        self._related_pane = parts.add("Related", 3)
        self._related_pane.retitle("Related accounts and cases")
        self._related = VirtualTable(
            self._related_pane.body, theme, _RELATED, presenter.related, TableActions(open=self._open_related)
        )
        self._log_pane = parts.add("Log", 4)
        self._log = VirtualTable(
            self._log_pane.body, theme, _LOG, presenter.log, TableActions(open=self._read_entry)
        )
        for content in (self._rules, self._models, self._evidence, self._related, self._log):
            content.configure(width=1, height=1)
            content.pack(fill="both", expand=True)
        return parts

    def _bindings(self) -> tuple[Binding, ...]:
        market = self._market
        return (
            Binding("Space", "play, or stand still", market.toggle),
            Binding("Right", "next event", lambda: market.step(1)),
            Binding("Left", "event before", lambda: market.step(-1)),
            Binding("Shift+Right", "a second on", lambda: market.shift(SECOND)),
            Binding("Shift+Left", "a second back", lambda: market.shift(-SECOND)),
            Binding("]", "play faster", lambda: market.change_speed(1)),
            Binding("[", "play slower", lambda: market.change_speed(-1)),
            Binding("N", "next signal", lambda: self._seek_signal(back=False)),
            Binding("P", "signal before", lambda: self._seek_signal(back=True)),
            Binding("R", "begin a range of time here, or end it", market.mark_range),
            Binding("F", "events of the suspect only, or all", market.toggle_concerned),
            Binding("V", "next part on the right", self._parts.next),
            Binding("L", "read the case and its market again", self.presenter.look_again),
            Binding("Enter", "open the most urgent case", self._open_most_urgent),
            *self._acts.bindings(),
        )

    def _show(self) -> None:
        """Everything but the cursor."""
        presenter, file = self.presenter, self.presenter.file
        if presenter.case_id is None:
            self._body.pack_forget()
            self._nothing.place(relx=0.5, rely=0.45, anchor="center")
        else:
            self._nothing.place_forget()
            self._body.pack(fill="both", expand=True)
        replay = presenter.replay
        simulated = replay is not None and replay.scene.simulated
        header = None
        if file is not None:
            header = header_of(file, simulated=simulated)
        elif presenter.case_id is not None:
            header = header_while_reading(presenter.case_id, presenter.missing)
        self._header.show(header)
        self._acts.show()
        self._show_bar()
        looked_at = presenter.signal
        self._rules.show(self._conditions())
        self._models.show(model_bars(presenter.unusual))
        self._market.show(replay, looked_at, presenter.missing)
        for table in (self._evidence, self._related, self._log):
            table.refresh()
        self._retitle()

    def _conditions(self) -> list[Heading | Bar]:
        """Of the signal that is looked at, with what speaks against it; then of the others."""
        looked_at, grounds = self.presenter.signal, self.presenter.grounds
        first = [] if looked_at is None else [looked_at]
        others = [one for one in self.presenter.signals if one is not looked_at]
        told = [] if grounds is None else said(grounds)
        return [*rule_bars(_of_rules(first)), *told, *rule_bars(_of_rules(others))]

    def _retitle(self) -> None:
        presenter = self.presenter
        place, count = presenter.focus + 1, len(presenter.signals)
        self._rules_pane.retitle(f"Triggered rules · signal {place} of {count} first" if count else "Rules")
        self._evidence_pane.retitle(f"Evidence ({len(presenter.evidence)})")
        verified, found = "", presenter.verification
        if found is not None:
            verified = f" · ✔ chain verified, {found.sound:,} entries"
            if found.fault is not None:
                verified = f" · ✘ CHAIN BROKEN: {found.fault}"
        elif presenter.unverified:
            verified = f" · not verified: {presenter.unverified}"
        self._log_pane.retitle(f"Investigation log{verified}")

    def _show_bar(self) -> None:
        """What must be seen above everything else, if anything must."""
        presenter, file = self.presenter, self.presenter.file
        texts = (presenter.warning, "" if file is None else standing(file.case))
        room = self.winfo_width() - self.theme.pixels(40)
        for label, text in zip((self._warning, self._standing), texts, strict=True):
            label.configure(text=self._fitter.fit(text, max(room, 100)))
            if text:
                label.pack(fill="x")
            else:
                label.pack_forget()
        if any(texts):
            self._bar.grid(row=1, column=0, sticky="ew", pady=(0, self.theme.pixels(6)))
        else:
            self._bar.grid_remove()

    def _seek_signal(self, *, back: bool) -> None:
        self.presenter.seek_signal(back=back)
        self.refresh()

    def _open_most_urgent(self) -> None:
        if self.presenter.case_id is None:
            self.presenter.open_most_urgent()

    def _open_evidence(self, key: Hashable) -> None:
        """A signal: look at it. Orders: list them. A file: save it."""
        piece = self.presenter.evidence.find(key)
        if piece is None:
            return
        if piece.kind is EvidenceKind.SIGNAL:
            ids = [one.id for one in self.presenter.signals]
            self.presenter.choose_signal(ids.index(piece.key.partition(" ")[2]))
        elif piece.kind is EvidenceKind.ORDERS:
            self._market.toggle_concerned()
        else:
            self._acts.save(piece)

    def _read_entry(self, key: Hashable) -> None:
        line = self.presenter.log.find(key)
        if line is not None:
            self._reader.read(f"Entry {line.number} of the audit trail", line.full_text)

    def _save_evidence(self, key: Hashable, column: int) -> None:
        piece = self.presenter.evidence.find(key)
        if piece is not None:
            self._acts.save(piece)

    def _open_related(self, key: Hashable) -> None:
        related = self.presenter.related.find(key)
        if related is not None and related.case_id is not None:
            self.take(related.case_id)


def _of_rules(signals: Iterable[Signal]) -> list[Signal]:
    return [one for one in signals if one.anomaly is None]
