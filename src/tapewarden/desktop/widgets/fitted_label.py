"""`FittedLabel`: a quiet line of text, with an ellipsis where it has no room."""

from __future__ import annotations

import tkinter as tk

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitting import Fitter


class FittedLabel(tk.Label):
    """The line.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        text: What it says.
        background: Of what is around it.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, text: str, background: str = look.BACKGROUND) -> None:
        super().__init__(
            parent,
            font=theme.small,
            background=background,
            foreground=look.MUTED,
            anchor="w",
            width=1,
            borderwidth=0,
            padx=0,
        )
        fitter = Fitter(theme.small)
        self.bind("<Configure>", lambda event: self.configure(text=fitter.fit(text, event.width)))
