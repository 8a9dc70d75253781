"""`Prompt`: asks for a few words before something is done."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.overlay import Overlay
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme

_LINES: Final = 5  # of a long text
_SHIFT: Final = 0x1


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something to ask for.

    Attributes:
        name: Said above it.
        initial: What is in it at first.
        choices: What may be chosen; none: anything may be written.
        notes: What each choice means, said behind it.
        long: Whether there is room for several lines.
        required: Whether it must not be empty.
    """

    name: str
    initial: str = ""
    choices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    long: bool = False
    required: bool = True


class Prompt(Overlay):
    """Asks; Enter does what was asked for, Esc does nothing, but what was written is there the next time.

    Args:
        parent: The window.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, theme, "", 560, 300)
        self._fields: Sequence[Field] = ()
        self._inputs: list[Any] = []
        self._title = ""
        self._left: dict[str, list[str]] = {}

    def ask(
        self,
        title: str,
        verb: str,
        fields: Sequence[Field],
        done: Callable[..., object],
        note: str = "",
        browse: Callable[[], str] | None = None,
        check: Callable[..., str] | None = None,
    ) -> None:
        """Ask for fields; ``done`` gets their texts in order.

        Args:
            title: What it is about.
            verb: What will be done, on the button.
            fields: What to ask for.
            done: Does it.
            note: What one should know before.
            browse: Lets somebody look for the text of the first field.
            check: Says of the same texts why it cannot be done, so that they can be changed; empty if it can.
        """
        self.retitle(title)
        self._title, self._check = title, check
        for child in self.body.winfo_children():
            child.destroy()
        self._fields, self._done = fields, done
        if note:
            self._label(note, look.MUTED)
        texts = self._left.get(title) or [field.initial for field in fields]
        begun = [replace(field, initial=text) for field, text in zip(fields, texts, strict=True)]
        self._inputs = [self._input(field) for field in begun]
        self._fault = self._label("", look.COLORS[Tone.BAD])
        row = tk.Frame(self.body, background=look.PANEL)
        row.pack(fill="x")
        ttk.Button(row, text=f"{verb} (Enter)", bootstyle="primary", command=self._do).pack(side="right")
        ttk.Button(row, text="Cancel (Esc)", bootstyle="secondary outline", command=self.close).pack(
            side="right", padx=self.theme.pixels(8)
        )
        if browse is not None:
            ttk.Button(
                row, text="Browse…", bootstyle="secondary outline", command=lambda: self._browse(browse)
            ).pack(side="left")
        self.update_idletasks()
        self.resize(self.winfo_reqheight())
        self.open(self._inputs[0])

    @property
    def fault(self) -> str:
        """Why it was not done; empty if nothing speaks against it."""
        return str(self._fault.cget("text"))

    def close(self) -> None:
        """Hide it, and remember what was written for the next time of the same title."""
        texts = self._texts()
        if self.is_open and texts != [field.initial for field in self._fields]:
            self._left[self._title] = texts
        super().close()

    def _input(self, field: Field) -> Any:  # noqa: ANN401 - one of three widgets
        self._label(f"{field.name} · ↑ ↓ choose" if field.choices else field.name, look.TEXT)
        widget: Any
        if field.choices:
            widget = self._list(field)
        elif field.long:
            widget = tk.Text(
                self.body,
                height=_LINES,
                font=self.theme.text,
                background=look.FIELD,
                foreground=look.TEXT,
                insertbackground=look.TEXT,
                wrap="word",
                highlightthickness=1,
                highlightbackground=look.LINE,
                highlightcolor=look.ACCENT,
                borderwidth=0,
            )
            widget.insert("1.0", field.initial)
        else:
            widget = ttk.Entry(self.body, font=self.theme.text)
            widget.insert(0, field.initial)
            widget.select_range(0, "end")
        widget.pack(fill="x", pady=(0, self.theme.pixels(8)))
        widget.bind("<Return>", self._entered)
        return widget

    def _list(self, field: Field) -> tk.Listbox:
        """Choices below each other, none chosen unless one is initial: ↑ and ↓ choose."""
        box = tk.Listbox(
            self.body,
            height=len(field.choices),
            font=self.theme.text,
            exportselection=False,
            activestyle="none",
            background=look.FIELD,
            foreground=look.TEXT,
            selectbackground=look.SELECTED,
            selectforeground=look.TEXT,
            highlightthickness=1,
            highlightbackground=look.LINE,
            highlightcolor=look.ACCENT,
            borderwidth=0,
        )
        notes = field.notes or ("",) * len(field.choices)
        named = zip(field.choices, notes, strict=True)
        box.insert("end", *(f" {choice}: {note}" if note else f" {choice}" for choice, note in named))
        if field.initial:
            _choose(box, field.choices.index(field.initial))
        for key in ("Up", "Down"):
            box.bind(f"<{key}>", lambda event: _choose_first(box))
        return box

    def _label(self, text: str, color: str) -> tk.Label:
        label = tk.Label(
            self.body,
            text=text,
            font=self.theme.small,
            background=look.PANEL,
            foreground=color,
            anchor="w",
            justify="left",
            wraplength=self.theme.pixels(520),
        )
        label.pack(fill="x", pady=(0, self.theme.pixels(3)))
        return label

    def _entered(self, event: Any) -> str | None:  # noqa: ANN401 - what Tk gives has no useful type
        if event.state & _SHIFT and isinstance(event.widget, tk.Text):
            return None
        self._do()
        return "break"

    def _texts(self) -> list[str]:
        return [_text_in(field, widget) for field, widget in zip(self._fields, self._inputs, strict=True)]

    def _do(self) -> None:
        texts = self._texts()
        for field, widget, text in zip(self._fields, self._inputs, texts, strict=True):
            if field.required and not text.strip():
                wanted = "choose one with ↑ ↓." if field.choices else "something must be written here."
                self._refuse(f"{field.name}: {wanted}")
                widget.focus_set()
                return
        if self._check is not None and (fault := self._check(*texts)):
            self._refuse(fault)
            return
        self.close()
        self._left.pop(self._title, None)
        self._done(*texts)

    def _refuse(self, fault: str) -> None:
        """Say why it is not done, in as many lines as that takes."""
        self._fault.configure(text=fault)
        self.update_idletasks()
        self.resize(self.winfo_reqheight())

    def _browse(self, browse: Callable[[], str]) -> None:
        if path := browse():
            self._inputs[0].delete(0, "end")
            self._inputs[0].insert(0, path)
        self._inputs[0].focus_set()


def _choose(box: tk.Listbox, place: int) -> None:
    box.selection_set(place)
    box.activate(place)


def _choose_first(box: tk.Listbox) -> str | None:
    """Where nothing is chosen yet, the first key chooses the first; Tk does the rest."""
    if box.curselection():  # type: ignore[no-untyped-call]
        return None
    _choose(box, 0)
    return "break"


def _text_in(field: Field, widget: Any) -> str:  # noqa: ANN401 - one of three widgets
    if isinstance(widget, tk.Listbox):
        chosen = widget.curselection()  # type: ignore[no-untyped-call]
        return field.choices[chosen[0]] if chosen else ""
    return str(widget.get("1.0", "end-1c") if isinstance(widget, tk.Text) else widget.get())
