"""A place for a view that does not exist yet."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from typing import ClassVar

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.view import View


@dataclass(frozen=True, slots=True)
class NothingYet:
    """Its presenter."""

    badge: None = None


class PlaceholderView(View[NothingYet]):
    """Says what will be here."""

    promise: ClassVar[str]

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: NothingYet) -> None:
        super().__init__(parent, desk, theme, presenter)
        head = tk.Label(
            self, text=self.title, font=theme.title, background=look.BACKGROUND, foreground=look.TEXT
        )
        head.place(relx=0.5, rely=0.42, anchor="s")
        text = tk.Label(
            self, text=self.promise, font=theme.text, background=look.BACKGROUND, foreground=look.MUTED
        )
        text.place(relx=0.5, rely=0.44, anchor="n")

    @classmethod
    def present(cls, desk: Desk) -> NothingYet:
        """See ``View``."""
        return NothingYet()

    @property
    def main(self) -> tk.Misc:
        """See ``View``."""
        return self

    def refresh(self) -> None:
        """Nothing changes."""
