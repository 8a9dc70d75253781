"""`View`: what every view of the desktop is."""

from __future__ import annotations

import tkinter as tk
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.overlay import Overlay
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.theme import Theme


class Presenter(Protocol):
    """What a view shows, worked out without Tk; it lives as long as the window."""

    @property
    def badge(self) -> int | None:
        """The number beside the view's name on the left; ``None`` for none."""


P = TypeVar("P", bound=Presenter)


class View(tk.Frame, Generic[P]):
    """A view. The console makes its presenter at once and the view when it is first shown.

    Args:
        parent: Where it is.
        desk: What all views share.
        theme: For fonts and sizes.
        presenter: What ``present`` made.
    """

    title: ClassVar[str]
    """Its name on the left and in the command search."""

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: P) -> None:
        super().__init__(parent, background=look.BACKGROUND)
        self.desk = desk
        self.theme = theme
        self.presenter = presenter
        self.bindings: Sequence[Binding] = ()
        """Its keys; a single letter does nothing while a text field has the focus."""
        self.overlays: Sequence[Overlay] = ()
        """Its panels above everything; while one is open the view's keys do nothing, and Esc closes it."""

    @classmethod
    @abstractmethod
    def present(cls, desk: Desk) -> P:
        """Make the presenter: subscribe to streams, ask first questions."""

    @property
    @abstractmethod
    def main(self) -> tk.Misc:
        """What gets the focus when the view is shown: its list, if it has one."""

    @abstractmethod
    def refresh(self) -> None:
        """Show what the presenter knows now; every 50 ms while the view is shown, so it must be quick."""

    def take(self, subject: object) -> None:
        """Show a subject that another view handed over with ``desk.open_view``."""

    def back(self) -> bool:
        """Close what is open within the view; whether there was something, else Esc leaves the view."""
        return False

    def snapshot(self) -> dict[str, object]:
        """What a test wants to know of it."""
        return {}
