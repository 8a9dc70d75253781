"""Measure what walls do on simulated markets; rewrite `docs/explanation/spoofability.md` and its picture.

Run as `python -m tools.spoofability` or `make spoofability`. It takes some five minutes on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from tapewarden.evaluation.plots import Picture, curve, mark
from tapewarden.evaluation.published import FIRST_SEED
from tapewarden.evaluation.spoofability import (
    AFTER,
    STANDS,
    Effect,
    Floats,
    band,
    beliefs,
    effect,
    gains,
    mean_of,
    pushes,
)
from tools.build_docs import rewrite, tell

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "explanation" / "spoofability.md"
PICTURE: Final = ROOT / "docs" / "images" / "spoofability.svg"

PAIRS: Final = 300
PERFORMANCES: Final = 200
SHARES: Final = (0.25, 0.5, 1.0, 2.0)
SHOWN: Final = 1.0
"""The wall whose path is drawn."""
SEVERITIES: Final = (0.5, 1.0)
WINDOWS: Final = {
    "first 20 s": (1, 20),
    "all the time it stands": (1, STANDS),
    "a minute after": (STANDS + 1, STANDS + AFTER),
}
NAMES: Final = {True: "with readers", False: "without readers"}

Pushes = Mapping[bool, Mapping[float, Floats]]
Gains = Mapping[tuple[float, bool], Mapping[str, Floats]]


def effect_table(found: Pushes) -> Iterator[str]:
    """One row for each size of wall, with readers and without."""
    yield f"| wall, share of depth | market | {' | '.join(WINDOWS)} |"
    yield f"|---:|---|{'---:|' * len(WINDOWS)}"
    for readers, walls in found.items():
        for share, paths in walls.items():
            cells = [told(effect(paths, *window)) for window in WINDOWS.values()]
            yield f"| {share:g} | {NAMES[readers]} | {' | '.join(cells)} |"


def gain_table(found: Gains) -> Iterator[str]:
    """One row for each severity, with readers and without."""
    yield "| severity | market | with walls | without walls | what the walls add |"
    yield "|---:|---|---:|---:|---:|"
    for (severity, readers), earned in found.items():
        each = [*earned.values(), earned["with walls"] - earned["without walls"]]
        yield f"| {severity:g} | {NAMES[readers]} | {' | '.join(told(mean_of(one)) for one in each)} |"


def belief_table(found: Mapping[str, Floats]) -> Iterator[str]:
    """What readers came with, and what they have learned."""
    yield "| belief | ticks |"
    yield "|---|---:|"
    for name, values in found.items():
        yield f"| {name} | {told(mean_of(values))} |"


def told(one: Effect) -> str:
    """A mean with its interval."""
    mean, low, high = (f"{round(value, 2) + 0.0:.2f}" for value in (one.mean, one.low, one.high))
    return f"{mean} ({low} to {high})".replace("-", "−")


def picture(found: Pushes) -> str:
    """The mean path of the price, and the effect by size."""
    pairs = len(next(iter(found[True].values())))
    caption = (
        f"Left: a wall as large as {SHOWN:g} × the depth. Mean of {pairs} pairs; shaded: intervals of 95 %."
    )
    with Picture("A wall moves those who read the book", caption, panels=2) as drawn:
        left = drawn.panel("seconds since the wall was shown", "price toward where the wall presses, bp")
        right = drawn.panel("wall, share of the depth", "the same, mean while it stands, bp")
        for readers, walls in found.items():
            middle, low, high = band(walls[SHOWN])
            curve(left, np.arange(len(middle)), middle, NAMES[readers], band=(low, high))
            each = [effect(paths) for paths in walls.values()]
            around = ([one.low for one in each], [one.high for one in each])
            curve(right, list(walls), [one.mean for one in each], NAMES[readers], band=around, points=True)
        mark(left, STANDS, "pulled", across=False)
    return drawn.svg()


def main() -> int:
    """Measure, draw, rewrite the page."""
    pairs, markets = range(FIRST_SEED, FIRST_SEED + PAIRS), range(FIRST_SEED, FIRST_SEED + PERFORMANCES)
    walls = {readers: pushes(pairs, SHARES, readers=readers, told=tell) for readers in NAMES}
    earned = {
        (severity, readers): gains(markets, severity, readers=readers, told=tell)
        for severity in SEVERITIES
        for readers in NAMES
    }
    learned = beliefs(markets, tell)
    parts = {
        "effects": list(effect_table(walls)),
        "gains": list(gain_table(earned)),
        "beliefs": list(belief_table(learned)),
    }
    print("\n".join(line for lines in parts.values() for line in lines))
    rewrite(PAGE, parts)
    PICTURE.write_text(picture(walls), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
