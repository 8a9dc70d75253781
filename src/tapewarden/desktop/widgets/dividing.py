"""Dividing the room of panes once there is some; after that whoever moves the sash has the say."""

from __future__ import annotations

from collections.abc import Callable

import ttkbootstrap as ttk


def divide_once(panes: ttk.Panedwindow, share: float, then: Callable[[], object] = lambda: None) -> None:
    """Give the left pane its share of the width as soon as there is one, then do the rest."""

    def divide(event: object) -> None:
        if panes.winfo_width() > 1:
            panes.unbind("<Configure>")
            panes.sashpos(0, round(panes.winfo_width() * share))
            then()

    panes.bind("<Configure>", divide, add="+")
