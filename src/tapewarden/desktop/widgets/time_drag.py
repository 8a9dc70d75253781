"""`TimeDrag`: on a canvas with a time axis a click picks a time and dragging chooses a range."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any, Final

from tapewarden.desktop import theme as look

_LEAST: Final = 5  # pixels; less is a click


class TimeDrag:
    """Listens to a canvas and draws the chosen range on it.

    Args:
        canvas: Where.
        x_of: Where a time, ns UTC, is.
        time_at: The time at a pixel.
        picked: Told the time of a click.
        chosen: Told a range after dragging.
    """

    def __init__(
        self,
        canvas: tk.Canvas,
        x_of: Callable[[int], float],
        time_at: Callable[[float], float],
        picked: Callable[[int], object],
        chosen: Callable[[int, int], object],
    ) -> None:
        self._canvas, self._x_of, self._time_at = canvas, x_of, time_at
        self._picked, self._chosen = picked, chosen
        self._began: float | None = None
        self._span: tuple[int, int] | None = None
        self._items = [canvas.create_line(0, 0, 0, 0, fill=look.ACCENT, state="hidden") for _ in range(3)]
        canvas.bind("<Button-1>", self._pressed)
        canvas.bind("<B1-Motion>", self._moved)
        canvas.bind("<ButtonRelease-1>", self._released)

    def show(self, span: tuple[int, int] | None) -> None:
        """Show a range, or none; again after the axis has changed."""
        self._span = span
        if span is None:
            self._hide()
        else:
            self._draw(self._x_of(span[0]), self._x_of(span[1]))

    def _draw(self, left: float, right: float) -> None:
        bottom = self._canvas.winfo_height()
        lines = ((left, 0, left, bottom), (right, 0, right, bottom), (left, 1, right, 1))
        for item, line in zip(self._items, lines, strict=True):
            self._canvas.coords(item, *line)
            self._canvas.itemconfigure(item, state="normal", width=3 if item == self._items[2] else 1)
            self._canvas.tag_raise(item)

    def _hide(self) -> None:
        for item in self._items:
            self._canvas.itemconfigure(item, state="hidden")

    def _pressed(self, event: Any) -> None:  # noqa: ANN401 - what Tk gives has no useful type
        self._began = event.x
        self._picked(int(self._time_at(event.x)))

    def _moved(self, event: Any) -> None:  # noqa: ANN401 - as above
        if self._began is not None and abs(event.x - self._began) >= _LEAST:
            self._draw(*sorted((self._began, event.x)))

    def _released(self, event: Any) -> None:  # noqa: ANN401 - as above
        if self._began is None:
            return
        began, self._began = self._began, None
        if abs(event.x - began) >= _LEAST:
            low, high = sorted((self._time_at(began), self._time_at(event.x)))
            self._chosen(int(low), int(high))
        else:
            self.show(self._span)
