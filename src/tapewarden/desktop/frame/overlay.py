"""`Overlay`: a panel above everything else, until Esc; then the focus is where it was."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme

_TOP: Final = 0.14  # of the height of the window, for what is above a panel that leaves so much


class Overlay(tk.Frame):
    """A panel, as high as it wants to be within the window.

    Args:
        parent: The window.
        theme: For fonts and sizes.
        title: Its heading.
        width: Of the design, pixels.
        height: Likewise.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, title: str, width: int, height: int) -> None:
        super().__init__(parent, background=look.PANEL, highlightthickness=1, highlightbackground=look.ACCENT)
        self.theme = theme
        self._size = (theme.pixels(width), theme.pixels(height))
        self._before: tk.Misc | None = None
        self._head = tk.Label(
            self,
            text=title,
            font=theme.heading,
            background=look.HEADER,
            foreground=look.TEXT,
            anchor="w",
            padx=theme.pixels(14),
            pady=theme.pixels(8),
        )
        self._head.pack(fill="x")
        self.body = tk.Frame(self, background=look.PANEL)
        self.body.pack(fill="both", expand=True, padx=theme.pixels(14), pady=theme.pixels(12))

    def retitle(self, title: str) -> None:
        """Change its heading."""
        self._head.configure(text=title)

    def resize(self, height: int) -> None:
        """Change its height, in pixels of the screen."""
        self._size = (self._size[0], height)
        if self.is_open:
            self._put()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return bool(self.winfo_manager())

    def open(self, focus: tk.Misc) -> None:
        """Show it and give the focus to a part of it."""
        if not self.is_open:
            self._before = self.focus_get()
            self._put()
            self.lift()
            self.update_idletasks()  # only what is on the screen can have the focus
        focus.focus_set()

    def _put(self) -> None:
        width, height = self._size
        room = self.winfo_toplevel().winfo_height()
        top = min(round(_TOP * room), max(0, (room - height) // 2))
        self.place(relx=0.5, y=top, anchor="n", width=width, height=min(height, room))

    def close(self) -> None:
        """Hide it."""
        self.place_forget()
        if self._before is not None and self._before.winfo_exists():
            self._before.focus_set()
