"""`CaseActs`: keys and buttons for what may be done about the open case, and the words they ask for."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import filedialog
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.prompt import Field, Prompt
from tapewarden.desktop.presenters.case_details.case_details import CaseDetails
from tapewarden.desktop.presenters.case_details.casework import Casework
from tapewarden.desktop.presenters.case_details.evidence import Evidence
from tapewarden.desktop.presenters.closing import OUTCOMES, closing_fault
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.numbers import date_text
from tapewarden.desktop.presenters.suspicion import suspicion_fault
from tapewarden.desktop.theme import Theme
from tapewarden.domain.casework import ExportFormat
from tapewarden.domain.errors import RefusedError

_REASON: Final = Field(name="Reason")
CLOSING_FIELDS: Final = (
    Field(name="Outcome", choices=tuple(OUTCOMES), notes=tuple(OUTCOMES.values())),
    _REASON,
    Field(name="Duplicate of case (only of a duplicate)", required=False),
)
"""What closing a case asks for."""
_FORMATS: Final = {
    ExportFormat.ZIP: "a bundle that proves itself",
    ExportFormat.PDF: "a report to print and file",
    ExportFormat.HTML: "the same as a page that needs nothing else",
    ExportFormat.XML: "the same for another system",
}


class CaseActs:
    """What may be done, by key and by button.

    Args:
        parent: The view.
        desk: What all views share.
        theme: For fonts and sizes.
        details: The case.
    """

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, details: CaseDetails) -> None:
        self._desk, self._theme, self._details = desk, theme, details
        self._work = Casework(desk, details)
        self._buttons: dict[str, ttk.Button] = {}
        self._shown: list[str] = []
        self.prompt = Prompt(parent.winfo_toplevel(), theme)

    def bindings(self) -> tuple[Binding, ...]:
        """The keys."""
        return (
            Binding("M", "comment", self._comment),
            Binding("A", "assign to me", self._assign_me),
            Binding("Shift+A", "assign to somebody else", self._assign),
            Binding("I", "begin to investigate", self._investigate),
            Binding("E", "escalate", partial(self._reasoned, "escalate", self._work.escalate)),
            Binding("S", "say when suspicion was formed", self._form_suspicion),
            Binding("T", "attach a file", self._attach),
            Binding("Ctrl+E", "export the case", self._export),
            Binding("C", "close the case", self._close),
            Binding("Y", "approve the closing that is proposed", self._approve),
            Binding("D", "decline it", partial(self._reasoned, "decline", self._work.decline)),
            Binding("O", "reopen the case", partial(self._reasoned, "reopen", self._work.reopen)),
        )

    def buttons(self, parent: tk.Misc) -> tk.Frame:
        """The buttons in a row; ``show`` puts those there that fit the state of the case."""
        self._row = tk.Frame(parent, background=look.PANEL)
        acts: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("investigate", "Investigate (I)", "info outline", self._investigate),
            ("comment", "Comment (M)", "secondary outline", self._comment),
            ("assign", "Assign (A)", "info outline", self._assign_me),
            ("escalate", "Escalate (E)", "danger outline", self._key("E")),
            ("form suspicion", "Suspicion… (S)", "warning outline", self._form_suspicion),
            ("attach", "Attach (T)", "secondary outline", self._attach),
            ("export", "Export (Ctrl+E)", "primary", self._export),
            ("approve", "Approve (Y)", "success", self._approve),
            ("decline", "Decline (D)", "danger outline", self._key("D")),
            ("reopen", "Reopen (O)", "secondary outline", self._key("O")),
            ("close", "Close… (C)", "secondary outline", self._close),
        )
        for name, text, style, act in acts:
            self._buttons[name] = ttk.Button(
                self._row, text=text, bootstyle=style, command=act, takefocus=False
            )
        return self._row

    def show(self) -> None:
        """The buttons of what may be done now; the key of any other act says why it may not."""
        known = self._details.file is not None
        names = [name for name in self._buttons if known and self._details.refusal(name) is None]
        if names == self._shown:
            return
        self._shown = names
        for name, button in self._buttons.items():
            button.pack_forget()
            if name in names:
                button.pack(side="left", padx=(0, self._theme.pixels(6)))

    def save(self, piece: Evidence) -> None:
        """Ask where to save a piece of evidence, and do."""
        self._ask_path(
            f"Save: {piece.title}",
            "Save",
            Path.home() / Path(piece.name).name,
            lambda path: self._work.save(piece, path),
            note=f"SHA-256 {piece.digest}",
        )

    def _key(self, key: str) -> Callable[[], object]:
        return next(one.act for one in self.bindings() if one.key == key)

    def _is_open(self) -> bool:
        if self._details.file is None:
            self._desk.fail(RefusedError("no case is open"))
        return self._details.file is not None

    def _named(self) -> str:
        return f"CASE-{self._details.case_id or 0:04}"

    def _comment(self) -> None:
        if self._is_open():
            self.prompt.ask(
                f"Comment on {self._named()}",
                "Comment",
                (Field(name="Comment (Shift+Enter for a new line)", long=True),),
                self._work.comment,
            )

    def _assign_me(self) -> None:
        """At once where it is known who works here; else ask."""
        if not self._is_open() or not self._work.may("assign"):
            return
        assert self._details.file is not None
        person = self._desk.person()
        if person and self._details.file.case.assignee != person:
            self._work.assign(person)
        else:
            self._assign()

    def _assign(self) -> None:
        if self._is_open() and self._work.may("assign"):
            self.prompt.ask(
                f"Assign {self._named()}",
                "Assign",
                (Field(name="To whom (empty for nobody)", initial=self._desk.person(), required=False),),
                lambda to: self._work.assign(to.strip() or None),
            )

    def _investigate(self) -> None:
        if self._is_open() and self._work.may("investigate"):
            self._work.investigate()

    def _reasoned(self, action: str, act: Callable[[str], object]) -> None:
        """What needs nothing but a reason."""
        if self._is_open() and self._work.may(action):
            verb = action.capitalize()
            self.prompt.ask(f"{verb}: {self._named()}", verb, (_REASON,), act)

    def _form_suspicion(self) -> None:
        if self._is_open() and self._work.may("form suspicion"):
            since = Field(name="Since when is suspicion reasonable (UTC)", initial=date_text(time.time_ns()))
            note = "This is said once and starts the clock of reporting."
            self.prompt.ask(
                f"Suspicion: {self._named()}",
                "Say so",
                (since, _REASON),
                self._work.form_suspicion,
                note,
                check=suspicion_fault,
            )

    def _close(self) -> None:
        if not self._is_open() or not self._work.may("close"):
            return
        assert self._details.file is not None
        case, note = self._details.file.case, ""
        if case.needs_four_eyes:
            note = f"Severity {case.severity}: this proposes to close it, a second person must approve."
        self.prompt.ask(
            f"Close {self._named()}",
            "Close",
            CLOSING_FIELDS,
            self._work.close,
            note,
            check=lambda *texts: closing_fault((case,), *texts),
        )

    def _approve(self) -> None:
        if self._is_open() and self._work.may("approve"):
            reason = Field(name="Reason (may be empty)", required=False)
            self.prompt.ask(
                f"Approve the closing of {self._named()}", "Approve", (reason,), self._work.approve
            )

    def _attach(self) -> None:
        if self._is_open():
            self._ask_path(
                f"Attach a file to {self._named()}",
                "Attach",
                None,
                self._work.attach,
                note="Up to 16 MiB. What is attached stays.",
            )

    def _export(self) -> None:
        if self._is_open():
            self._ask_path(
                f"Export {self._named()}",
                "Export",
                Path.home() / self._named(),
                lambda path, wanted: self._work.export(path, ExportFormat(wanted)),
                note="The server enters it into its trail. Tab leads to formats; the name gets their ending.",
                more=(
                    Field(
                        name="As",
                        initial=ExportFormat.ZIP,
                        choices=tuple(_FORMATS),
                        notes=tuple(_FORMATS.values()),
                    ),
                ),
            )

    def _ask_path(
        self,
        title: str,
        verb: str,
        initial: Path | None,
        done: Callable[..., object],
        note: str,
        more: tuple[Field, ...] = (),
    ) -> None:
        """Ask for a file, an existing one unless there is a name for a new one, and for ``more``."""

        def browse() -> str:
            if initial is None:
                return str(filedialog.askopenfilename(parent=self.prompt) or "")
            return str(filedialog.asksaveasfilename(parent=self.prompt, initialfile=initial.name) or "")

        fields = (Field(name="File", initial=str(initial or "")), *more)
        self.prompt.ask(
            title, verb, fields, lambda path, *rest: done(Path(path).expanduser(), *rest), note, browse
        )
