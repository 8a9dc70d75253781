"""Columns of a table, and how they share its width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEAST_WIDTH: Final = 40


class Kind(StrEnum):
    """How the cells of a column look."""

    TEXT = "text"
    CODE = "code"
    """Monospaced, to the left: times and names."""
    NUMBER = "number"
    """Monospaced, to the right."""
    CHIP = "chip"
    """A word on a tinted ground."""
    BAR = "bar"
    """A bar with its number."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        title: Its heading.
        width: Of the design, pixels.
        kind: How its cells look.
        stretch: Whether it takes what is left of the width.
        link: Whether a click on one of its cells leads somewhere.
    """

    title: str
    width: int
    kind: Kind = Kind.TEXT
    stretch: bool = False
    link: bool = False


def shared(columns: Sequence[Column], available: int, scale: float) -> list[int]:
    """The width of each column in pixels, of ``available`` in all.

    What is left goes to those that stretch; what is missing is taken from those first, then from all alike.
    """
    widths = [round(column.width * scale) for column in columns]
    elastic = [place for place, column in enumerate(columns) if column.stretch]
    spare = available - sum(widths)
    if elastic:
        for place in elastic:
            widths[place] = max(round(LEAST_WIDTH * scale), widths[place] + spare // len(elastic))
        spare = available - sum(widths)
    if spare < 0:
        total = sum(widths)
        widths = [width * available // total for width in widths]
    return widths
