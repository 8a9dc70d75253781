"""Real keys for a real window, and waiting until something is so."""

from __future__ import annotations

import gc
import subprocess
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from tapewarden.desktop.console import Console

PATIENCE_S = 60.0
_MODIFIERS = ("Alt_L", "Control_L", "Shift_L")


class Driver:
    """A console that a test drives: Tk runs only while it waits. An error in it is one of the test."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._open = True
        self._errors: list[BaseException] = []
        console.root.report_callback_exception = lambda kind, error, trace: self._errors.append(error)

    def __enter__(self) -> Self:
        self.console.root.update()
        self.console.root.focus_force()
        self.console.view.main.focus_force()
        self.console.start()  # now, since what it opens wants the focus
        self.until(lambda: self.console.root.focus_displayof() is not None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open:
            self.quit()
        del self.console
        gc.collect()  # see the fixture ``collected``
        if error is None and self._errors:
            raise self._errors[0]

    @property
    def snapshot(self) -> dict[str, Any]:
        return self.console.snapshot()

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is so."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert not self._errors, self._errors
            assert time.monotonic() < deadline, self.snapshot
            self.console.root.tk.dooneevent(0)

    def resize(self, width: int, height: int) -> None:
        """Make the window so large, in pixels of the screen."""
        root = self.console.root
        root.geometry(f"{width}x{height}")
        self.until(lambda: root.winfo_width() == width)

    def press(self, *keys: str) -> None:
        """Press keys by the names of xdotool, and let the window see them."""
        self._send("key", *keys, strokes=len(keys))

    def write(self, text: str) -> None:
        """Write a text with the keyboard."""
        self._send("type", "--delay", "1", text, strokes=len(text))

    def _send(self, *command: str, strokes: int) -> None:
        released: list[str] = []
        self.console.root.bind_all("<KeyRelease>", lambda event: released.append(event.keysym))
        subprocess.run(["xdotool", *command], check=True)
        self.until(lambda: sum(name not in _MODIFIERS for name in released) >= strokes)
        self.console.root.unbind_all("<KeyRelease>")

    def leave(self) -> None:
        """Press Ctrl+Q, and wait until the window is gone."""
        self._open = False
        gone: list[object] = []
        self.console.root.bind("<Destroy>", gone.append)
        subprocess.run(["xdotool", "key", "ctrl+q"], check=True)
        tk, deadline = self.console.root.tk, time.monotonic() + PATIENCE_S
        while not gone:
            assert time.monotonic() < deadline
            tk.dooneevent(0)

    def quit(self) -> None:
        self._open = False
        self.console.quit()
