"""`Pool`: items of a canvas that are made once, used as needed and hidden when not."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any


class Pool:
    """Items of one kind.

    Args:
        canvas: Where they are.
        make: Makes one of them, such as ``lambda: canvas.create_line(0, 0, 0, 0)``.
    """

    def __init__(self, canvas: tk.Canvas, make: Callable[[], int]) -> None:
        self._canvas = canvas
        self._make = make
        self._items: list[int] = []
        self._used = 0
        self._shown = 0
        self._options: dict[int, dict[str, Any]] = {}

    def begin(self) -> None:
        """Begin to draw: none is used yet."""
        self._used = 0

    def put(self, *coords: float, **options: Any) -> int:  # noqa: ANN401 - options of Tk
        """Use one more, at a place and with options; costs little where neither has changed."""
        if self._used == len(self._items):
            self._items.append(self._make())
        item = self._items[self._used]
        self._canvas.coords(item, *coords)
        if self._used >= self._shown:
            options["state"] = "normal"
        if self._options.get(item) != options:
            self._options[item] = options
            self._canvas.itemconfigure(item, **options)
        self._used += 1
        return item

    def lift(self) -> None:
        """Put all of them above everything else."""
        for item in self._items:
            self._canvas.tag_raise(item)

    def finish(self) -> None:
        """Hide those that were not used."""
        for item in self._items[self._used : self._shown]:
            self._canvas.itemconfigure(item, state="hidden")
            self._options.pop(item, None)
        self._shown = self._used
