"""The status line: the last action, and how to undo it."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.desk import Notice
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter

HEIGHT: Final = 26
LASTS_S: Final = 60.0
"""How long a notice stays."""
UNDO_S: Final = 600.0
"""Likewise where the action can be undone: the server undoes nothing that is older."""

_UNDO: Final = "U undo"


class StatusLine(tk.Canvas):
    """The line.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        undo: Undoes the last action.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, undo: Callable[[], object]) -> None:
        super().__init__(
            parent, height=theme.pixels(HEIGHT), background=look.HEADER, highlightthickness=0, borderwidth=0
        )
        self._theme = theme
        self._fitter = Fitter(theme.small)
        self._shown: object = None
        self._notice: Notice | None = None
        self._since = 0.0
        middle = theme.pixels(HEIGHT) // 2
        self._text = self.create_text(theme.pixels(16), middle, anchor="w", font=theme.small)
        self._undo = self.create_text(
            0, middle, anchor="e", font=theme.small, fill=look.ACCENT, tags="undo", text=""
        )
        self.tag_bind("undo", "<Button-1>", lambda event: undo())

    def show(self, notice: Notice) -> None:
        """Show the last action, or why it was not done, for a while; longer while it can be undone."""
        if notice is not self._notice:
            self._notice, self._since = notice, time.monotonic()
        if time.monotonic() - self._since > (UNDO_S if notice.undo is not None else LASTS_S):
            notice = Notice()
        shown = (notice, self.winfo_width())
        if shown == self._shown:
            return
        self._shown = shown
        right = self.winfo_width() - self._theme.pixels(16)
        room = right - self._theme.pixels(16 + 80)
        color = look.COLORS[Tone.BAD if notice.bad else Tone.PLAIN]
        self.itemconfigure(self._text, text=self._fitter.fit(notice.text, room), fill=color)
        self.itemconfigure(self._undo, text=_UNDO if notice.undo is not None else "")
        self.coords(self._undo, right, self._theme.pixels(HEIGHT) // 2)
