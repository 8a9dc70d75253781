"""`Reader`: a text that is too long for where it is mentioned."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.overlay import Overlay
from tapewarden.desktop.theme import Theme

_KEYS: Final = (("Up", -1, "units"), ("Down", 1, "units"), ("Prior", -1, "pages"), ("Next", 1, "pages"))


class Reader(Overlay):
    """Shows a text, which can be scrolled and copied but not changed, until Esc.

    Args:
        parent: The window.
        theme: For fonts and sizes.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, theme, "", 760, 420)
        self._text = tk.Text(
            self.body,
            width=1,
            height=1,
            font=theme.text,
            background=look.PANEL,
            foreground=look.TEXT,
            selectbackground=look.SELECTED,
            wrap="word",
            highlightthickness=0,
            borderwidth=0,
            state="disabled",
        )
        self._text.pack(fill="both", expand=True)
        for key, steps, what in _KEYS:
            self._text.bind(f"<{key}>", lambda event, steps=steps, what=what: self._scroll(steps, what))  # type: ignore[misc]

    def read(self, title: str, text: str) -> None:
        """Show a text under a title."""
        self.retitle(title)
        self._text.configure(state="normal")
        self._text.delete("1.0", "end")
        self._text.insert("1.0", text)
        self._text.configure(state="disabled")
        self._text.yview_moveto(0)
        self.open(self._text)

    def _scroll(self, steps: int, what: str) -> str:
        self._text.yview_scroll(steps, "pages" if what == "pages" else "units")
        return "break"
