"""`pathway`: two simple rules over the same CSV file, beside a general stream processor."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.apart import ROOT
from benchmarks.figures import Figure, NotMeasuredError, Report
from benchmarks.market_file import write_market_file
from benchmarks.rounds import Timed, alternate, timed
from benchmarks.scale import Scale
from benchmarks.two_rules import Answers, run_rules

METHOD: Final = (
    "Self-trades of an owner per minute, and accounts that cancel more than nine tenths of at least 20 new "
    "orders within 10 s, over the same CSV file. tapewarden's side reads it with Arrow into rules that are "
    "compiled as the engine's are, in one thread; the engine itself, which rebuilds books as well, is not in "
    "this comparison. pathway 0.33 reads it with its own reader into `filter` and `groupby`; CPU time of its "
    "dataflow, imports left out. Equal on both sides: every row of both answers."
)
PYTHON: Final = ROOT / ".venv-bench" / "bin" / "python"
SCRIPT: Final = Path(__file__).with_name("pathway_rules.py")


def measure(scale: Scale) -> Report:
    """How many times pathway's CPU time ours is."""
    if not PYTHON.exists():
        raise NotMeasuredError("pathway is not installed; `make bench` installs it into .venv-bench")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "market.csv"
        write_market_file(path, scale.comparison, scale.instruments, scale.accounts)
        run_rules(path, scale.accounts)
        sides = {
            "tapewarden": lambda: timed(lambda: run_rules(path, scale.accounts)),
            "pathway": lambda: run_pathway(path),
        }
        rounds = alternate(sides, scale.rounds, Answers.__eq__)
        answers = run_rules(path, scale.accounts)
    events = scale.comparison / 1e6
    return Report(
        name="pathway",
        method=METHOD,
        figures=(
            Figure(
                what="tapewarden / pathway",
                measured=rounds.ratio("pathway", "tapewarden"),
                unit="x",
                least=15,
            ),
            Figure(what="tapewarden", measured=events / rounds.median("tapewarden"), unit="M events/s"),
            Figure(what="pathway", measured=events / rounds.median("pathway"), unit="M events/s"),
        ),
        notes=(f"{len(answers.matches)} windows of self-trades and {len(answers.cancels)} of cancels found",),
    )


def run_pathway(path: Path) -> Timed:
    """Run the rules in pathway; ``NotMeasuredError`` if it fails."""
    command = [str(PYTHON), "-P", str(SCRIPT), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise NotMeasuredError(f"pathway failed: {lines[-1]}")
    data = json.loads(done.stdout.splitlines()[-1])
    matches, cancels = ([tuple(row) for row in data[name]] for name in ("matches", "cancels"))
    return Timed(Answers(matches, cancels), data["seconds"])
