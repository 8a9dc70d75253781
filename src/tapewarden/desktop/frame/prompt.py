"""`Prompt`: asks for a few words before something is done."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
        long: Whether there is room for several lines.
        required: Whether it must not be empty.
    """

    name: str
    initial: str = ""
    choices: tuple[str, ...] = ()
    long: bool = False
    required: bool = True


class Prompt(Overlay):
    """Asks; Enter does what was asked for, Esc does nothing.

    Args:
        parent: The window.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, theme, "", 560, 300)
        self._fields: Sequence[Field] = ()
        self._inputs: list[Any] = []

    def ask(
        self,
        title: str,
        verb: str,
        fields: Sequence[Field],
        done: Callable[..., object],
        note: str = "",
        browse: Callable[[], str] | None = None,
    ) -> None:
        """Ask for fields; ``done`` gets their texts in order.

        Args:
            title: What it is about.
            verb: What will be done, on the button.
            fields: What to ask for.
            done: Does it.
            note: What one should know before.
            browse: Lets somebody look for the text of the first field.
        """
        self.retitle(title)
        for child in self.body.winfo_children():
            child.destroy()
        self._fields, self._done = fields, done
        if note:
            self._label(note, look.MUTED)
        self._inputs = [self._input(field) for field in fields]
        self._fault = self._label("", look.COLORS[Tone.BAD])
        row = tk.Frame(self.body, background=look.PANEL)
        row.pack(fill="x")
        ttk.Button(row, text=f"{verb} (Enter)", bootstyle="primary", command=self._do).pack(side="right")
        ttk.Button(row, text="Esc", bootstyle="secondary outline", command=self.close).pack(
            side="right", padx=self.theme.pixels(8)
        )
        if browse is not None:
            ttk.Button(
                row, text="Browse…", bootstyle="secondary outline", command=lambda: self._browse(browse)
            ).pack(side="left")
        self.update_idletasks()
        self.resize(self.winfo_reqheight())
        self.open(self._inputs[0])

    def _input(self, field: Field) -> Any:  # noqa: ANN401 - one of three widgets
        self._label(field.name, look.TEXT)
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
        """Choices below each other: ↑ and ↓ choose."""
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
        box.insert("end", *field.choices)
        place = field.choices.index(field.initial) if field.initial else 0
        box.selection_set(place)
        box.activate(place)
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
        return [_text_in(widget) for widget in self._inputs]

    def _do(self) -> None:
        texts = self._texts()
        for field, widget, text in zip(self._fields, self._inputs, texts, strict=True):
            if field.required and not text.strip():
                self._fault.configure(text=f"{field.name}: something must be written here.")
                widget.focus_set()
                return
        self.close()
        self._done(*texts)

    def _browse(self, browse: Callable[[], str]) -> None:
        if path := browse():
            self._inputs[0].delete(0, "end")
            self._inputs[0].insert(0, path)
        self._inputs[0].focus_set()


def _text_in(widget: Any) -> str:  # noqa: ANN401 - one of three widgets
    if isinstance(widget, tk.Listbox):
        return str(widget.get(widget.curselection()[0]))  # type: ignore[no-untyped-call]
    return str(widget.get("1.0", "end-1c") if isinstance(widget, tk.Text) else widget.get())
