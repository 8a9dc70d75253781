"""`Flow`: widgets beside each other, on further lines where there is no room."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme

_GAP: Final = 12
_BETWEEN: Final = 6  # lines


class Flow(tk.Frame):
    """The widgets, in the order in which they were appended.

    Args:
        parent: Where it is.
        theme: For sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, background=look.BACKGROUND)
        self._theme = theme
        self._widgets: list[tk.Widget] = []
        self.bind("<Configure>", lambda event: self.arrange())

    def append(self, widget: tk.Widget) -> None:
        """Have one more widget, whose parent this is."""
        self._widgets.append(widget)
        widget.bind("<Configure>", lambda event: self.arrange(), add="+")

    def arrange(self) -> None:
        """Give each widget its place by the size it asks for."""
        width, gap = self.winfo_width(), self._theme.pixels(_GAP)
        if width <= 1:
            return
        left = top = bottom = 0
        for widget in self._widgets:
            wanted = min(widget.winfo_reqwidth(), width)
            if left and left + wanted > width:
                left, top = 0, bottom + self._theme.pixels(_BETWEEN)
            widget.place_configure(x=left, y=top, width=wanted)
            bottom = max(bottom, top + widget.winfo_reqheight())
            left += wanted + gap
        if bottom != self.winfo_reqheight():
            self.configure(height=max(1, bottom))
