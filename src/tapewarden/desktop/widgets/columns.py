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
        stretch: Whether it takes what is left of the width, and gives first.
        link: Whether a click on one of its cells leads somewhere.
        least: How narrow it may become where there is little room; as wide as ever if not given.
        optional: Whether it may be left out there: those of 1 go first, then those of 2; 0 stays.
        extra: Whether it is there only where all others have their full width.
        whole: Whether its texts are never cut: it grows with them. Numbers never are.
    """

    title: str
    width: int
    kind: Kind = Kind.TEXT
    stretch: bool = False
    link: bool = False
    least: int | None = None
    optional: int = 0
    extra: bool = False
    whole: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether its texts are never cut."""
        return self.whole or self.kind is Kind.NUMBER

    @property
    def floor(self) -> int:
        """How narrow it may become."""
        if self.least is not None:
            return self.least
        return min(LEAST_WIDTH, self.width) if self.stretch else self.width


def shared(
    columns: Sequence[Column], available: int, scale: float, needed: Sequence[int] | None = None
) -> list[int]:
    """The width of each column in pixels, of ``available`` in all; 0 for one that is left out.

    What is left goes to those that stretch. Where there is too little, extra columns are left out, then
    optional ones until the least of the others is within the width, then those that may give, give alike;
    and if that is not enough, all do. ``needed`` are the pixels that each column's texts need; one that is
    whole gets no less.
    """
    wanted = needed or [0] * len(columns)
    least = [max(one.floor * scale, wish * one.is_whole) for one, wish in zip(columns, wanted, strict=True)]
    full = [max(floor, one.width * scale) for one, floor in zip(columns, least, strict=True)]
    left_out = _left_out(columns, least, full, available)
    floors = [0 if place in left_out else floor for place, floor in enumerate(least)]
    widths = [0 if place in left_out else width for place, width in enumerate(full)]
    missing, giving = sum(widths) - available, sum(widths) - sum(floors)
    if missing <= 0:
        shown = [place for place in range(len(columns)) if place not in left_out]
        elastic = [place for place in shown if columns[place].stretch] or shown[-1:]
        for place in elastic:
            widths[place] -= missing / len(elastic)
    elif missing <= giving:
        share = missing / giving
        widths = [width - share * (width - floor) for width, floor in zip(widths, floors, strict=True)]
    else:
        widths = [floor * available / sum(floors) for floor in floors]
    return [int(width) for width in widths]


def _left_out(
    columns: Sequence[Column], least: Sequence[float], full: Sequence[float], available: float
) -> set[int]:
    """The places of columns that are left out: extra ones first, then by what the others need at least."""
    extra = {place for place, one in enumerate(columns) if one.extra}
    left_out = extra if sum(full) > available else set()
    optional = [place for place, one in enumerate(columns) if one.optional]
    for place in sorted(optional, key=lambda place: (columns[place].optional, -place)):
        if sum(least) - sum(least[one] for one in left_out) > available:
            left_out.add(place)
    return left_out
