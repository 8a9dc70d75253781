"""`Pane`: a part of a view under a heading."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme

_HEAD: Final = 32


class Pane(tk.Frame):
    """A heading, room for buttons beside it (``head``), and ``body`` below.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        title: Its heading; ``retitle`` changes it.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, title: str) -> None:
        super().__init__(parent, background=look.PANEL)
        self.head = tk.Frame(self, background=look.HEADER, height=theme.pixels(_HEAD))
        self.head.pack(fill="x")
        self.head.pack_propagate(False)
        self._title = tk.Label(
            self.head,
            text=title,
            font=theme.bold,
            background=look.HEADER,
            foreground=look.TEXT,
            anchor="w",
            padx=theme.pixels(10),
        )
        self._title.pack(side="left", fill="y")
        self.body = tk.Frame(self, background=look.PANEL)
        self.body.pack(fill="both", expand=True)

    @property
    def title(self) -> str:
        """The heading."""
        return str(self._title.cget("text"))

    def retitle(self, title: str) -> None:
        """Change the heading."""
        if self._title.cget("text") != title:
            self._title.configure(text=title)
