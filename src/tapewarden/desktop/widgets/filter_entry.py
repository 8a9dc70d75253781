"""`FilterEntry`: a line to filter by, with an example in it while it is empty."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter

_INSET: Final = 8


class FilterEntry(tk.Frame):
    """The line.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        example: What one may write.
        changed: Told the text with every letter.
        done: After Enter.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        example: str,
        changed: Callable[[str], object],
        done: Callable[[], object],
    ) -> None:
        super().__init__(parent, background=look.BACKGROUND)
        self._text = tk.StringVar(self)
        self._entry = ttk.Entry(self, textvariable=self._text, font=theme.text)
        self._entry.pack(fill="both", expand=True)
        self._hint, self._fitter = example, Fitter(theme.small)
        self._example = tk.Label(self._entry, font=theme.small, foreground=look.FAINT, background=look.FIELD)
        self._example.bind("<Button-1>", lambda event: self.begin())
        self._entry.bind("<Configure>", lambda event: self._show_example(), add="+")
        self._show_example()
        self._text.trace_add("write", lambda *ignored: self._changed(changed))
        self._entry.bind("<Return>", lambda event: done())

    @property
    def text(self) -> str:
        """What is written."""
        return self._text.get()

    def write(self, text: str) -> None:
        """Write something else."""
        self._text.set(text)

    def clear(self) -> bool:
        """Take away what is written; whether there was something."""
        written = bool(self.text)
        if written:
            self.write("")
        return written

    def begin(self) -> None:
        """Take the focus, everything selected."""
        self._entry.focus_set()
        self._entry.select_range(0, "end")

    def _changed(self, changed: Callable[[str], object]) -> None:
        self._show_example()
        changed(self.text)

    def _show_example(self) -> None:
        if self.text:
            self._example.place_forget()
        else:
            room = self._entry.winfo_width() - 2 * _INSET
            self._example.configure(text=self._fitter.fit(self._hint, room))
            self._example.place(relx=0, rely=0.5, anchor="w", x=_INSET)
