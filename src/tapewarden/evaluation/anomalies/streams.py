"""Anomalies in streams, scored as the Numenta Anomaly Benchmark does (Lavin and Ahmad 2015).

A series has labelled windows. A detector gives each point a score as it comes, and one threshold serves all
series. The first alert in a window earns up to 1, the earlier the more; a window without one costs; each
alert outside costs a little, the more the farther behind a window. The result is scaled so that no alerts at
all give 0 and all windows caught at once 100.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

PROBATION: Final = 0.15
"""Part of a series, of 5,000 points at most, in which alerts neither earn nor cost."""


@dataclass(frozen=True, slots=True)
class Series:
    """A labelled stream: values in order, and windows as first and last row."""

    name: str
    values: Numbers
    windows: tuple[tuple[int, int], ...]

    @property
    def probation(self) -> int:
        """Rows at the start that are not judged."""
        return int(PROBATION * min(len(self.values), 5_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What alerts outside of windows and missed windows cost."""

    name: str
    false_alarm: float
    missed: float


PROFILES: Final = (
    Profile(name="standard", false_alarm=0.11, missed=1.0),
    Profile(name="reward low FP", false_alarm=0.22, missed=1.0),
    Profile(name="reward low FN", false_alarm=0.11, missed=2.0),
)


def read_series(folder: Path) -> Iterator[Series]:
    """The labelled series below a folder of the benchmark (``data``, ``labels``), in order of their names."""
    labels = json.loads((folder / "labels" / "combined_windows.json").read_text(encoding="utf-8"))
    for name in sorted(labels):
        path = folder / "data" / name
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        times = [datetime.fromisoformat(row["timestamp"]) for row in rows]
        windows = []
        for first, last in labels[name]:
            begin, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
            inside = [row for row, time in enumerate(times) if begin <= time <= end]
            windows.append((inside[0], inside[-1]))
        yield Series(name, np.array([float(row["value"]) for row in rows]), tuple(windows))


def scaled_sigmoid(position: float) -> float:
    """What an alert is worth at a position: -1 the start of a window, 0 its end, beyond it is behind."""
    return -1.0 if position > 3 else 2.0 / (1.0 + exp(5.0 * position)) - 1.0


def best_score(series: Sequence[Series], scores: Sequence[Numbers], profile: Profile) -> float:
    """The benchmark's figure, at the threshold at which it is highest.

    ``scores`` holds one number per point of each series; a point is an alert from the threshold on.
    """
    points = sorted(_points(series, scores), key=lambda point: -point[0])
    windows = sum(len(one.windows) for one in series)
    earned: dict[int, float] = {}
    total = best = -profile.missed * windows
    for at, (score, window, worth) in enumerate(points):
        if window < 0:
            total += worth * profile.false_alarm
        else:
            before = earned.get(window, -profile.missed)
            earned[window] = max(before, worth)
            total += earned[window] - before
        if at + 1 == len(points) or points[at + 1][0] != score:
            best = max(best, total)
    return 100 * (best + profile.missed * windows) / (windows * (1 + profile.missed))


def _points(series: Sequence[Series], scores: Sequence[Numbers]) -> Iterator[tuple[float, int, float]]:
    """Each judged point with its score, the number of its window (-1 outside), and what an alert is worth."""
    first = 0
    for one, given in zip(series, scores, strict=True):
        for row in range(one.probation, len(one.values)):
            inside = next((i for i, (begin, end) in enumerate(one.windows) if begin <= row <= end), -1)
            if inside >= 0:
                begin, end = one.windows[inside]
                position = -(end - row + 1) / (end - begin + 1)
                yield float(given[row]), first + inside, scaled_sigmoid(position) / scaled_sigmoid(-1.0)
            else:
                past = [window for window in one.windows if window[1] < row]
                worth = -1.0
                if past:
                    begin, end = max(past)
                    worth = scaled_sigmoid((row - end) / max(end - begin, 1))
                yield float(given[row]), -1, worth
        first += len(one.windows)
