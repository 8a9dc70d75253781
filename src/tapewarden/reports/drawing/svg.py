"""Elements of SVG, with every text escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from tapewarden.reports.words import legible

FONT: Final = "DejaVu Sans Mono, monospace"

INK: Final = "#1b2430"
FAINT: Final = "#5d6b7c"
LINE: Final = "#d5dce4"
BUY: Final = "#0b7a6b"
SELL: Final = "#c22f3d"
SUSPECT: Final = "#d6249f"
SIGNAL: Final = "#f2a93b"


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """An element; ``_`` in names of attributes stands for ``-``, and numbers have one decimal.

    >>> element("rect", x=1, stroke_width=0.25)
    '<rect x="1" stroke-width="0.2"/>'
    """
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_value(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def text(words: str, x: float, y: float, **attributes: str | float) -> str:
    """Some words at a place."""
    return element("text", escape(legible(words)), x=x, y=y, **attributes)


def path(points: Iterable[tuple[float, float]], **attributes: str | float) -> str:
    """A line through points; none for fewer than two."""
    steps = [f"{x:.1f},{y:.1f}" for x, y in points]
    return element("path", d="M" + "L".join(steps), fill="none", **attributes) if len(steps) > 1 else ""


def picture(width: int, height: int, parts: Iterable[str]) -> str:
    """The whole picture."""
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        font_family=FONT,
        font_size=9,
    )


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else f"{value:.1f}".removesuffix(".0")
