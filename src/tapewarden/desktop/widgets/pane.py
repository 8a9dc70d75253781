"""`Pane`: a part of a view under a heading."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter

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
        self._padding = theme.pixels(10)
        self._fitter = Fitter(theme.bold)
        self._titles: tuple[str, ...] = (title,)
        self._title = tk.Label(
            self.head,
            width=1,
            font=theme.bold,
            background=look.HEADER,
            foreground=look.TEXT,
            anchor="w",
            padx=self._padding,
        )
        self._title.pack(side="left", fill="both", expand=True)
        self._title.bind("<Configure>", lambda event: self._fit())
        self.body = tk.Frame(self, background=look.PANEL)
        self.body.pack(fill="both", expand=True)

    @property
    def title(self) -> str:
        """The heading, in full."""
        return self._titles[0]

    def retitle(self, *titles: str) -> None:
        """Change the heading: to the first of these that has room, or as much of the last one as there is."""
        if self._titles != titles:
            self._titles = titles
            self._fit()

    def _fit(self) -> None:
        room = self._title.winfo_width() - 2 * self._padding
        fitting = (one for one in self._titles if self._fitter.width(one) <= room)
        self._title.configure(text=next(fitting, self._fitter.fit(self._titles[-1], room)))
