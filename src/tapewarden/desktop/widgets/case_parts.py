"""`CaseParts`: parts below each other, or one at a time where there is no room for all."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.choice import Choice
from tapewarden.desktop.widgets.pane import Pane

_LOW: Final = 800  # height in pixels of the design below which one part is shown at a time
_LEAST: Final = 62


class CaseParts(tk.Frame):
    """The parts; each shares the height by its weight.

    Args:
        parent: Where they are.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, background=look.BACKGROUND)
        self._theme = theme
        self._panes: list[tuple[str, Pane, int]] = []
        self._chosen = 0
        self._low: bool | None = None
        self._choice = Choice(self, theme, self._choose, look.BACKGROUND)
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self._arrange())

    def add(self, name: str, weight: int) -> Pane:
        """Add a part below the others."""
        pane = Pane(self, self._theme, name)
        pane.configure(height=self._theme.pixels(_LEAST), width=1)
        pane.pack_propagate(False)
        self._panes.append((name, pane, weight))
        return pane

    def next(self) -> None:
        """Show the next part where one is shown at a time."""
        self._choose((self._chosen + 1) % len(self._panes))

    def _choose(self, place: int) -> None:
        self._chosen, self._low = place, None
        self._arrange()

    def _arrange(self) -> None:
        low = self.winfo_height() < self._theme.pixels(_LOW)
        self._choice.show([name for name, _, _ in self._panes], self._chosen)
        if low == self._low:
            return
        self._low = low
        gap = self._theme.pixels(4)
        if low:
            self._choice.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        else:
            self._choice.grid_forget()
        for place, (_, pane, weight) in enumerate(self._panes):
            shown = not low or place == self._chosen
            self.rowconfigure(place + 1, weight=weight if shown else 0)
            if shown:
                pane.grid(row=place + 1, column=0, sticky="nsew", pady=(0, gap))
            else:
                pane.grid_forget()
