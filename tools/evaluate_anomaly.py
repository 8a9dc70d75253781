"""Hold the anomaly model against public sets with published tables and rewrite `docs/anomaly.md`.

Run as `python -m tools.evaluate_anomaly` or `make anomaly`; some minutes. The sets lie in `../shared/data`;
where they are missing that is said, and the part of the page stays as it is. The exit code is 1 if the
forest is farther from scikit-learn's than it may be.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from tapewarden.evaluation.anomalies.outliers import (
    differences,
    measure,
    outlier_table,
    read_published,
    read_set,
)
from tapewarden.evaluation.anomalies.streaming import STREAMING, surprise
from tapewarden.evaluation.anomalies.streams import PROFILES, Series, best_score, read_series
from tools.build_docs import rewrite, tell
from tools.evaluate import FOLDER, ROOT

PAGE: Final = ROOT / "docs" / "anomaly.md"
OUTLIERS: Final = "anomaly_pyod17"
STREAMS: Final = "anomaly_nab"

PUBLISHED: Final = (
    "Numenta HTM",
    "Random Cut Forest",
    "Windowed Gaussian",
    "Bayesian Changepoint",
    "EXPoSE",
    "Random",
)
"""Detectors of the published scoreboard that are shown beside ours."""


def outlier_lines(folder: Path) -> tuple[list[str], list[str]]:
    """The table of outlier sets, and where the forest is too far from scikit-learn's."""
    found = {}
    for path in sorted(folder.glob("*.mat")):
        tell(f"outliers: {path.stem}")
        found[path.stem] = measure(read_set(path))
    return list(outlier_table(found, read_published(folder / "published_roc.csv"))), list(differences(found))


def stream_lines(folder: Path) -> list[str]:
    """The table of streams, the published scoreboard behind ours."""
    series = read_archive(folder / "nab_dev.tar.xz")
    windows, points = sum(len(one.windows) for one in series), sum(len(one.values) for one in series)
    lines = [f"{len(series)} series, {points:,} points, {windows} windows.", ""]
    lines += [f"| | {' | '.join(profile.name for profile in PROFILES)} |", "|---|---:|---:|---:|"]
    for name, score in STREAMING.items():
        tell(f"streams: {name}")
        raw = [score(one.values, one.probation) for one in series]
        rare = [surprise(given, one.probation) for given, one in zip(raw, series, strict=True)]
        for told, scores in ((name, raw), (f"{name}, calibrated", rare)):
            cells = [f"{best_score(series, scores, profile):.1f}" for profile in PROFILES]
            lines.append(f"| {told} | {' | '.join(cells)} |")
    return [*lines, *scoreboard(folder / "scoreboard.md")]


def read_archive(path: Path) -> list[Series]:
    """The labelled series of the archive."""
    with tempfile.TemporaryDirectory() as place, tarfile.open(path) as archive:
        archive.extractall(place, filter="data")
        return list(read_series(Path(place)))


def scoreboard(path: Path) -> list[str]:
    """Rows of the published table, as they stand there, without links and footnotes."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = cells[0].lstrip("[ ").split("]")[0].rstrip("*")
        if len(cells) == 4 and name in PUBLISHED:
            rows.append(f"| published, all 58 series: {name} | {' | '.join(cells[1:])} |")
    return rows


def main(folder: Path = FOLDER) -> int:
    """Measure, print, rewrite the page; give the exit code."""
    parts: dict[str, list[str]] = {}
    too_far: list[str] = []
    for part, name in (("outliers", OUTLIERS), ("streams", STREAMS)):
        place = folder / name
        if not place.is_dir():
            print(
                f"left out: {part}: no {name} in {folder.name}; that part of the page stays", file=sys.stderr
            )
        elif part == "outliers":
            parts[part], too_far = outlier_lines(place)
        else:
            parts[part] = stream_lines(place)
    print("\n".join(line for lines in parts.values() for line in lines))
    if parts:
        rewrite(PAGE, parts)
    for line in too_far:
        print(line, file=sys.stderr)
    return 1 if too_far else 0


if __name__ == "__main__":
    sys.exit(main())
