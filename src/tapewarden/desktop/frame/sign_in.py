"""The sign-in: opens where a server wants to know who calls."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.overlay import Overlay
from tapewarden.desktop.theme import Theme


class SignIn(Overlay):
    """Asks for a token, which is never shown and kept only in memory.

    Args:
        parent: The window.
        theme: For fonts and sizes.
        signed: Takes the token.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, signed: Callable[[str], None]) -> None:
        super().__init__(parent, theme, "Sign in", 520, 250)
        self._signed = signed
        self._why = tk.Label(
            self.body,
            font=theme.text,
            background=look.PANEL,
            foreground=look.MUTED,
            justify="left",
            anchor="w",
            wraplength=theme.pixels(480),
        )
        self._why.pack(fill="x")
        label = tk.Label(
            self.body,
            text="Your token",
            font=theme.small,
            background=look.PANEL,
            foreground=look.TEXT,
            anchor="w",
        )
        label.pack(fill="x", pady=(theme.pixels(12), theme.pixels(4)))
        self._token = ttk.Entry(self.body, show="•", font=theme.number)
        self._token.pack(fill="x")
        self._token.bind("<Return>", lambda event: self._sign())
        ttk.Button(self.body, text="Sign in (Enter)", bootstyle="primary", command=self._sign).pack(
            anchor="e", pady=theme.pixels(12)
        )

    def begin(self, why: str) -> None:
        """Open it and say why."""
        self._why.configure(text=why)
        if not self.is_open:
            self.open(self._token)

    def _sign(self) -> None:
        token = self._token.get().strip()
        self._token.delete(0, "end")
        if token:
            self.close()
            self._signed(token)
