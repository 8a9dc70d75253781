"""`Hands`: a console on the screen, and keys for it as a person presses them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from tapewarden.client import Connection
from tapewarden.desktop.console import TICK_MS, Console
from tapewarden.desktop.presenters.connection import connection_pill
from tapewarden.desktop.views import VIEWS

_PATIENCE_S: Final = 120.0
_UNREAD: Final = "…"  # what a row shows that is not here yet


class Hands:
    """They wait as a person does: the window lives on meanwhile.

    Attributes:
        console: The window, connected.
        views: How many it has.
        tick_ms: Between two of its updates.
    """

    views: Final = len(VIEWS)
    tick_ms: Final = TICK_MS

    def __init__(self, address: str) -> None:
        self.console = Console(Connection(address=address, person="bench"))
        self.console.root.update()
        self.console.root.focus_force()
        self.console.view.main.focus_force()
        self.console.start()
        self.until(lambda: self.pill == "LIVE" and self.console.root.focus_displayof() is not None)

    @property
    def snapshot(self) -> dict[str, Any]:
        """What is on the screen."""
        return self.console.view.snapshot() | {"view": self.console.view.title}

    @property
    def pill(self) -> str:
        """How the connection stands."""
        return connection_pill(self.console.link.status, monotonic()).text

    @property
    def received(self) -> int:
        """Trades that came, those that were dropped too."""
        return self.console.tape.mailbox.received

    @property
    def rows_are_here(self) -> bool:
        """Whether the list shows rows, and every one of them."""
        rows = self.snapshot["rows"]
        return bool(rows) and all(row[0] != _UNREAD for row in rows)

    @property
    def is_at_end(self) -> bool:
        """Whether the last row of the list is in sight."""
        shown = self.snapshot
        return bool(shown["top"] + len(shown["rows"]) >= shown["count"])

    @property
    def is_typing(self) -> bool:
        """Whether keys go to another place than the list."""
        return str(self.console.root.tk.call("focus")) != str(self.console.view.main)

    def rows_have(self, text: str) -> bool:
        """Whether the list shows rows, each with a text somewhere."""
        rows = self.snapshot["rows"]
        return bool(rows) and all(any(text in cell for cell in row) for row in rows)

    def is_shown(self, place: int) -> bool:
        """Whether a view is drawn and its main list has the focus."""
        if self.console.view.title != VIEWS[place].title:
            return False
        self.console.root.update_idletasks()
        return not self.is_typing

    def is_below(self, top: int) -> bool:
        """Whether the list has moved down from a first row, and shows all rows."""
        return bool(self.snapshot["top"] > top) and self.rows_are_here

    def press(self, key: str) -> float:
        """Press a key by its name of xdotool; gives when, by the monotonic clock."""
        return self._send("key", key)

    def write(self, text: str) -> float:
        """Write a text with the keyboard; gives when that began."""
        return self._send("type", "--delay", "1", text)

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is so; ``TimeoutError`` if it never is."""
        deadline = monotonic() + _PATIENCE_S
        while not condition():
            if monotonic() > deadline:
                raise TimeoutError(f"{self.pill}: {self.snapshot}")
            self.console.root.tk.dooneevent(0)

    def rest(self) -> None:
        """Close the window."""
        self.console.quit()

    def _send(self, *command: str) -> float:
        began = monotonic()
        with subprocess.Popen(("xdotool", *command)) as process:
            self.until(lambda: process.poll() is not None)
        return began
