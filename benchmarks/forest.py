"""`forest`: scores of an isolation forest by the compiled kernel, beside libraries that could give them."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchmarks.apart import ROOT
from benchmarks.figures import Figure, NotMeasuredError, Report
from benchmarks.rounds import Rounds, Timed, alternate, timed
from benchmarks.scale import Scale

METHOD: Final = (
    "200 trees on 256 samples each of 24 features, grown once by scikit-learn with one seed. Scores of 1,000 "
    "rows at once, and of single rows, which is what a live market asks for; one thread, CPU time. Equal on "
    "both sides: scores, to 1e-12. treelite (GTIL) and ONNX Runtime (by skl2onnx) run in an environment of "
    "their own with the same forest and rows; they score in float32 and need not agree beyond 1e-5."
)
PYTHON: Final = ROOT / ".venv-bench" / "bin" / "python"
SCRIPT: Final = Path(__file__).with_name("forest_libraries.py")

TREES: Final = 200
SEED: Final = 7
FEATURES: Final = 24
BATCH: Final = 1_000
SINGLE: Final = 50

Rows = npt.NDArray[np.float32]
Score = Callable[[Rows], npt.NDArray[np.float64]]


def measure(scale: Scale) -> Report:
    """How many times the kernel's CPU time scikit-learn and others take."""
    from sklearn.ensemble import IsolationForest

    from tapewarden.anomaly.growing import flatten

    rows = made_rows(scale.forest)
    library = IsolationForest(n_estimators=TREES, max_samples=256, random_state=SEED).fit(rows)
    forest = flatten([tree.tree_ for tree in library.estimators_], np.zeros(FEATURES, np.float32), 256)
    scorers = {"kernel": forest.score, "scikit-learn": lambda some: -library.score_samples(some)}
    many = compare(scorers, rows[:BATCH], scale.rounds)
    single = compare(scorers, rows[:1], scale.rounds)
    gap = float(np.abs(forest.score(rows) + library.score_samples(rows)).max())
    batch = min(BATCH, len(rows))
    figures = [
        Figure(
            what="scikit-learn / kernel, 1,000 rows",
            measured=many.ratio("scikit-learn", "kernel"),
            unit="x",
            least=5,
        ),
        Figure(
            what="scikit-learn / kernel, one row",
            measured=single.ratio("scikit-learn", "kernel"),
            unit="x",
            least=200,
        ),
        Figure(
            what="largest difference of scores, in 1e-12", measured=max(gap, 1e-16) * 1e12, unit="", most=1
        ),
        Figure(what="kernel, 1,000 rows", measured=1e6 * many.median("kernel") / batch, unit="us/row"),
        Figure(what="kernel, one row", measured=1e6 * single.median("kernel"), unit="us"),
    ]
    notes: list[str] = []
    try:
        figures += beside(scale, forest.score(rows[:BATCH]), many, single)
    except NotMeasuredError as error:
        notes.append(f"treelite and ONNX Runtime not measured: {error}")
    return Report(name="forest", method=METHOD, figures=tuple(figures), notes=tuple(notes))


def made_rows(count: int) -> Rows:
    """Normal rows; the same in every process."""
    return np.random.default_rng(SEED).standard_normal((count, FEATURES)).astype(np.float32)


def compare(scorers: dict[str, Score], rows: Rows, rounds: int) -> Rounds:
    """CPU seconds per call of each scorer; many calls where there is one row."""
    calls = SINGLE if len(rows) == 1 else 3
    for score in scorers.values():
        score(rows)
    sides = {name: partial(repeated, score, rows, calls) for name, score in scorers.items()}
    return alternate(sides, rounds, partial(np.allclose, rtol=0, atol=1e-12))


def repeated(score: Score, rows: Rows, calls: int) -> Timed:
    """The scores, and the seconds of one of several calls."""
    done = timed(lambda: [score(rows) for _ in range(calls)])
    return Timed(done.output[0], done.seconds / calls)


def beside(scale: Scale, scores: npt.NDArray[np.float64], many: Rounds, single: Rounds) -> Iterator[Figure]:
    """The other libraries' times by the kernel's; ``NotMeasuredError`` where they are not installed."""
    if not PYTHON.exists():
        raise NotMeasuredError("they are not installed; `make bench` installs them into .venv-bench")
    for name, found in run_libraries(scale).items():
        if not np.allclose(found["scores"], scores, rtol=0, atol=1e-5):
            raise NotMeasuredError(f"{name} gives other scores")
        yield Figure(
            what=f"{name} / kernel, 1,000 rows", measured=found["many"] / many.median("kernel"), unit="x"
        )
        yield Figure(
            what=f"{name} / kernel, one row", measured=found["single"] / single.median("kernel"), unit="x"
        )


def run_libraries(scale: Scale) -> dict[str, Any]:
    """Scores and seconds per call of each library, in their own environment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npy"
        np.save(path, made_rows(scale.forest))
        command = [str(PYTHON), "-P", str(SCRIPT), str(path), str(TREES), str(SEED), str(scale.rounds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise NotMeasuredError(lines[-1])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
