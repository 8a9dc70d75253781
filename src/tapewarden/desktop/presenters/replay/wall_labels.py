"""What is written beside orders that are outlined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tapewarden.desktop.presenters.numbers import base_of, brief_size
from tapewarden.desktop.presenters.replay.moments import SIDE_WORDS
from tapewarden.desktop.presenters.replay.replay import Scene
from tapewarden.desktop.presenters.replay.walls import Wall, walls

_MOST: Final = 2
_LONGEST_NAME: Final = 24


@dataclass(frozen=True, slots=True)
class WallLabel:
    """A text, the same without the name of whose it is, and the time and prices (units) it is about."""

    text: str
    brief: str
    from_ns: int
    until_ns: int
    low: int
    high: int


def wall_labels(scene: Scene) -> list[WallLabel]:
    """Of the large walls; where there is none, of the largest groups of orders."""
    if scene.walls:
        return [_label(wall, scene, "wall") for wall in scene.walls]
    return [_label(wall, scene, "orders") for wall in walls(scene.tracks)[:_MOST]]


def _label(wall: Wall, scene: Scene, noun: str) -> WallLabel:
    name = scene.events.accounts[wall.account].name
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - 1] + "…"
    prices = [leg.price for track in wall.tracks for leg in track.legs]
    size = f"{brief_size(wall.peak, scene.instrument)} {base_of(scene.instrument)}"
    brief = f"{SIDE_WORDS[wall.side]} {noun} {size}{_became(wall)}"
    return WallLabel(
        f"{name}  {brief}",
        brief,
        wall.from_ns,
        wall.until_ns,
        min(prices),
        max(prices),
    )


def _became(wall: Wall) -> str:
    if not wall.placed:
        return ""
    canceled, filled = wall.canceled / wall.placed, wall.filled / wall.placed
    parts = [f"{word} {share:.3g}%" for word, share in _shares(canceled, filled) if share > 0]
    return f" → {', '.join(parts)}" if parts else " → still there"


def _shares(canceled: float, filled: float) -> tuple[tuple[str, float], ...]:
    return ("canceled", 100 * min(canceled, 1.0)), ("filled", 100 * min(filled, 1.0))
