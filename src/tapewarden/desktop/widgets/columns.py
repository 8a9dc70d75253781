"""Columns of a table, and how they share its width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

LEAST_WIDTH: Final = 40
ACCOUNT: Final = 116
"""For ``most``: wide enough for the name of an account of thirteen letters."""
TRIO: Final = 336
"""For ``most``: wide enough for the names of three accounts that act together."""


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
        whole: Whether its texts are kept whole while others can give: it grows with them. Numbers always are.
        most: As far as it grows; longer texts are cut. As far as any text needs if not given.
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
    most: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether its texts are kept whole."""
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

    What is left goes to those that stretch; if none is there, to those that may cut a text. Where there is
    too little, extra columns are left out, then optional ones until the least of the others is within the
    width. Then those that may give, give alike; if that is not enough, whole texts; and then all. ``needed``
    are the pixels that each column's texts need.
    """
    wanted = needed or [0] * len(columns)
    pairs = list(zip(columns, wanted, strict=True))
    bare = [max(one.floor * scale, wish * (one.kind is Kind.NUMBER)) for one, wish in pairs]
    least = [max(floor, _kept_whole(*pair, scale)) for floor, pair in zip(bare, pairs, strict=True)]
    full = [max(floor, one.width * scale) for one, floor in zip(columns, least, strict=True)]
    left_out = _left_out(columns, least, full, available)
    steps = [_without(left_out, widths) for widths in (full, least, bare, [0.0] * len(columns))]
    if (spare := available - sum(steps[0])) >= 0:
        return [int(width) for width in _widened(columns, left_out, steps[0], spare)]
    wide, narrow = next(pair for pair in pairwise(steps) if sum(pair[1]) <= available)
    share = (sum(wide) - available) / (sum(wide) - sum(narrow))
    return [int(width - share * (width - floor)) for width, floor in zip(wide, narrow, strict=True)]


def _kept_whole(column: Column, needed: float, scale: float) -> float:
    """How wide a column must be for its texts to be whole, as far as it grows for them."""
    if not column.is_whole:
        return 0
    return needed if column.most is None else min(needed, column.most * scale)


def _without(left_out: set[int], widths: Sequence[float]) -> list[float]:
    return [0 if place in left_out else width for place, width in enumerate(widths)]


def _widened(
    columns: Sequence[Column], left_out: set[int], widths: Sequence[float], spare: float
) -> list[float]:
    """With what is left of the width."""
    shown = [place for place in range(len(columns)) if place not in left_out]
    stretching = [place for place in shown if columns[place].stretch]
    elastic = stretching or [place for place in shown if columns[place].most is not None] or shown[-1:]
    share = spare / max(1, len(elastic))
    return [width + share * (place in elastic) for place, width in enumerate(widths)]


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
