"""Labels that do not cover each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MOST_STEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; ``top`` is above ``bottom``."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether they share a point inside."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def moved(self, right: float, down: float) -> Box:
        """The same box elsewhere."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a label would like to be, and whether it gives way upward or downward."""

    box: Box
    upward: bool


def placed(labels: Sequence[Wanted], room: Box) -> list[Box | None]:
    """A place for each label within ``room`` that covers no other one; ``None`` where there is none.

    Earlier labels choose first. Each is pushed sideways into the room, then steps away by its own height.
    """
    taken: list[Box] = []
    places: list[Box | None] = []
    for label in labels:
        place = _free(label, room, taken)
        places.append(place)
        if place is not None:
            taken.append(place)
    return places


def _free(label: Wanted, room: Box, taken: Sequence[Box]) -> Box | None:
    box = label.box
    box = box.moved(max(0.0, room.left - box.left) or min(0.0, room.right - box.right), 0)
    height = (box.bottom - box.top) * (-1 if label.upward else 1)
    for step in range(_MOST_STEPS):
        tried = box.moved(0, step * height)
        inside = tried.left >= room.left and tried.top >= room.top and tried.bottom <= room.bottom
        if inside and not any(tried.meets(other) for other in taken):
            return tried
    return None
