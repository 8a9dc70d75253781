"""What is wrong with where a window has put things: texts cut off, over each other, or out of sight."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from itertools import combinations
from tkinter import font as fonts
from typing import NamedTuple

SLACK = 2
"""Pixels by which boxes may differ: Tk rounds them up."""


class Written(NamedTuple):
    """A text on a canvas and its box."""

    text: str
    left: int
    top: int
    right: int
    bottom: int

    def covers(self, other: Written) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > SLACK and down > 2 * SLACK


def faults(root: tk.Misc) -> list[str]:
    """What is wrong with a window and all that is visible in it, a line each."""
    return [
        f"{type(widget).__name__} {widget}: {fault}" for widget in _visible(root) for fault in _of(widget)
    ]


def _visible(widget: tk.Misc) -> Iterator[tk.Misc]:
    if widget.winfo_ismapped():
        yield widget
        for child in widget.winfo_children():
            yield from _visible(child)


def _of(widget: tk.Misc) -> Iterator[str]:
    parent = widget.master
    if isinstance(parent, tk.Misc) and not isinstance(widget, tk.Toplevel | tk.Tk):
        yield from _out_of(widget, parent)
    if isinstance(widget, tk.Canvas):
        yield from _on_canvas(widget)
    elif widget.winfo_class() in {"Label", "TButton", "TLabel"}:
        yield from _cut(widget)


def _out_of(widget: tk.Misc, parent: tk.Misc) -> Iterator[str]:
    right, bottom = widget.winfo_x() + widget.winfo_width(), widget.winfo_y() + widget.winfo_height()
    if min(widget.winfo_x(), widget.winfo_y()) < -SLACK:
        yield "begins outside of what it is in"
    if right > parent.winfo_width() + SLACK or bottom > parent.winfo_height() + SLACK:
        size = f"{parent.winfo_width()}x{parent.winfo_height()}"
        yield f"ends at {right},{bottom}, outside of what it is in, {size}"


def _cut(widget: tk.Misc) -> Iterator[str]:
    """Of a label or a button: a line of it is wider than it is, or it is higher."""
    text = str(widget.cget("text"))
    if not text:
        return
    if widget.winfo_class() == "TButton":
        if widget.winfo_width() < widget.winfo_reqwidth() - SLACK:
            yield f"{text!r} is cut"
        return
    font = fonts.nametofont(str(widget.cget("font")), widget)
    wrap = int(str(widget.cget("wraplength")))
    if not wrap and font.measure(text) > widget.winfo_width() + SLACK:
        yield f"{text!r} is cut"
    if font.metrics("linespace") > widget.winfo_height() + SLACK:
        yield f"{text!r} is cut at its foot"
    if wrap and _lines(text, font, wrap) * font.metrics("linespace") > widget.winfo_height() + SLACK:
        yield f"{text!r} is higher than its place"


def _on_canvas(canvas: tk.Canvas) -> Iterator[str]:
    scrolls = bool(canvas.cget("scrollregion"))
    written = list(_written(canvas))
    for one in written:
        if one.left < -SLACK or one.right > canvas.winfo_width() + SLACK:
            yield f"{one.text!r} is cut at a side"
        if not scrolls and (one.top < -SLACK or one.bottom > canvas.winfo_height() + SLACK):
            yield f"{one.text!r} is cut at head or foot"
    for one, other in combinations(written, 2):
        if one.covers(other):
            yield f"{one.text!r} and {other.text!r} lie over each other"


def _written(canvas: tk.Canvas) -> Iterator[Written]:
    for item in canvas.find_all():
        if str(canvas.type(item)) != "text" or _option(canvas, item, "state") == "hidden":
            continue
        text = _option(canvas, item, "text")
        if text.strip():
            yield Written(text, *canvas.bbox(item))


def _option(canvas: tk.Canvas, item: int, name: str) -> str:
    return str(canvas.itemcget(item, name))  # type: ignore[no-untyped-call]


def _lines(text: str, font: fonts.Font, width: int) -> int:
    """How many lines Tk breaks a text into."""
    count, line = 1, ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if font.measure(longer) > width:
            count, line = count + 1, word
        else:
            line = longer
    return count
