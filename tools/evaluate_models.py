"""Hold anomaly models against simulated and recorded markets and rewrite that part of `docs/anomaly.md`.

Run as `python -m tools.evaluate_models`; `make anomaly` does. It takes a quarter of an hour on one core.
Names of parts, `markets`, `pumps` or `alerts`, leave out the others.
Recordings lie in `../shared/data`; where they are missing that is said, and their part of the page stays.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.pumps import recordings
from tapewarden.anomaly.collection import Scope, Subject
from tapewarden.evaluation.accounts import WithAccounts
from tapewarden.evaluation.anomalies.markets import (
    CHOICES,
    FAMILIES,
    FOREST,
    JUDGED,
    LEARNED,
    MODEL,
    RATE,
    ROBUST_Z,
    SECONDS,
    Trial,
    windows_of,
)
from tapewarden.evaluation.anomalies.ranking import Ranking, at_recalls, average_precision_interval
from tapewarden.evaluation.anomalies.recordings import (
    Alerts,
    Split,
    alerts_of,
    place_of,
    windows_by_scope,
)
from tapewarden.evaluation.intervals import share
from tapewarden.evaluation.plots import Picture, curve
from tools.build_docs import rewrite, tell
from tools.evaluate import FOLDER, RECORDINGS, ROOT, import_recording

PARTS: Final = ("markets", "pumps", "alerts")
PAGE: Final = ROOT / "docs" / "anomaly.md"
PICTURE: Final = ROOT / "docs" / "images" / "anomaly-curves.svg"

COMBINED: Final = "rules, then ANM-01"
SHOWN: Final = ("rules", MODEL, COMBINED, FOREST, ROBUST_Z)
RECALLS: Final = (0.1, 0.19, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
CHANCES: Final = (0.02, 0.05)
CLEAN: Final = tuple(one for one in RECORDINGS if "pump" not in one.name)

EARLY_TARGET, RECALL_TARGET = 0.95, 0.5  # precision at recall 0.19, recall at precision 0.9; at least
TIMES_ROBUST_Z: Final = 1.5  # average precision, at least
FIRST: Final = 3  # rank of a pump, at most
OFF: Final = 0.2  # alerts less the budget, by the budget; at most


def market_lines(trials: Mapping[int, Trial]) -> Iterator[str]:
    """The simulated part of the page."""
    yield from target_lines(trials[SECONDS[0]])
    for seconds, trial in trials.items():
        windows = trial.clear
        episodes, seen = windows.episodes
        yield ""
        yield (
            f"**Windows of {seconds // 60} min.** {len(windows):,} windows, "
            f"{int(windows.abusive.sum()):,} of them abusive; {int(trial.judged.unclear.sum()):,} unclear "
            f"ones are left out. {seen} of {episodes} episodes have an abusive window. Learned from "
            f"{int(trial.usual.sum()):,} windows."
        )
        yield ""
        yield "| | average precision | precision at recall 0.19 | recall at precision 0.9 |"
        yield "|---|---:|---:|---:|"
        yield f"| guessing | {windows.abusive.mean():.3f} | {windows.abusive.mean():.2f} | – |"
        for name in reversed(SHOWN):
            yield _row(trial, name)
        yield ""
        yield from family_lines(trial)
    first = trials[SECONDS[0]]
    yield ""
    yield f"**Precision at each recall**, windows of {SECONDS[0] // 60} min."
    yield ""
    yield f"| | {' | '.join(f'{recall:g}' for recall in RECALLS)} |"
    yield f"|---|{'---:|' * len(RECALLS)}"
    for name in SHOWN:
        cells = [f"{value:.2f}" for value in at_recalls(first.ranking(name), RECALLS)]
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""
    yield "![Precision against recall](images/anomaly-curves.svg)"
    yield ""
    yield from choice_lines(first)
    yield ""
    yield from learned_lines(first)


def target_lines(trial: Trial) -> Iterator[str]:
    """What was to be reached with windows of the first length, what was, and whether it was missed.

    The model is the one that is chosen without the family that it is judged by.
    """
    found = {name: trial.ranking(name) for name in SHOWN}
    model, rules, combined = trial.chosen_without, found["rules"], found[COMBINED]
    times = model.average_precision / found[ROBUST_Z].average_precision
    worst = min(ours - theirs for ours, theirs in _beside(combined, rules))
    yield "| target, windows of 5 min | measured | |"
    yield "|---|---:|---|"
    yield _target("precision at recall 0.19, at least 0.95", model.early_precision, EARLY_TARGET)
    yield _target("recall at precision 0.9, at least 0.5", model.precise_recall, RECALL_TARGET)
    yield _target("average precision by that of robust z, at least 1.5", times, TIMES_ROBUST_Z)
    yield _target("precision of rules with the model behind them less that of rules, at least 0", worst, 0.0)


def _beside(combined: Ranking, rules: Ranking) -> Iterator[tuple[float, float]]:
    """Precision at each recall that rules reach, of both; and average precision."""
    reached = [recall for recall in rules.recall.tolist() if recall < 1]
    yield from zip(at_recalls(combined, reached), at_recalls(rules, reached), strict=True)
    yield combined.average_precision, rules.average_precision


def _target(what: str, value: float, least: float) -> str:
    return f"| {what} | {value:.2f} | {'met' if value >= least else '**missed**'} |"


def _row(trial: Trial, name: str) -> str:
    found, windows = trial.ranking(name), trial.clear
    interval = average_precision_interval(trial.scores[name], windows.abusive, windows.market)
    value = f"{interval.value:.3f} ({interval.low:.3f}–{interval.high:.3f})"
    return f"| {name} | {value} | {found.early_precision:.2f} | {found.precise_recall:.2f} |"


def family_lines(trial: Trial) -> Iterator[str]:
    """Average precision by family, among the windows of nobody's misconduct."""
    yield f"| average precision | abusive windows | {' | '.join(reversed(SHOWN))} |"
    yield f"|---|---:|{'---:|' * len(SHOWN)}"
    for family in FAMILIES:
        count = int((trial.clear.abusive & (trial.clear.families == family.value)).sum())
        cells = [f"{trial.ranking(name, family).average_precision:.3f}" for name in reversed(SHOWN)]
        yield f"| {family.value} | {count} | {' | '.join(cells)} |"


def choice_lines(trial: Trial) -> Iterator[str]:
    """Which model is chosen by whoever has seen nothing of a family."""
    yield f"| family left out | chosen among {len(CHOICES)} models |"
    yield "|---|---|"
    for family, name in trial.choices.items():
        yield f"| {family.value} | {name} |"


def learned_lines(trial: Trial) -> Iterator[str]:
    """What becomes of the model if it learns from something else."""
    yield "| learned from | average precision | precision at recall 0.19 | recall at precision 0.9 |"
    yield "|---|---:|---:|---:|"
    for what, found in (
        ("usual windows", trial.ranking(MODEL)),
        ("the same, chosen without the family", trial.chosen_without),
        ("the same, a model per liquidity group", trial.by_liquidity()),
        ("usual windows without look-alikes of the family", trial.without_twins()),
        ("everything but what rules told of", trial.with_abuse(MODEL, told=False)),
        ("everything", trial.with_abuse(MODEL, told=True)),
        ("everything, isolation forest", trial.with_abuse(FOREST, told=True)),
    ):
        numbers = f"{found.average_precision:.3f} | {found.early_precision:.2f} | {found.precise_recall:.2f}"
        yield f"| {what} | {numbers} |"


def picture(trial: Trial) -> str:
    """Precision against recall."""
    caption = f"windows of 5 min, {RATE:g} orders per second, {len(JUDGED)} simulated markets"
    with Picture("What the model adds to rules", caption) as drawn:
        panel = drawn.panel("recall", "precision")
        grid = [step / 100 for step in range(1, 101)]
        for name in SHOWN:
            found = trial.ranking(name)
            seen = [(at, value) for at, value in zip(grid, at_recalls(found, grid), strict=True) if value]
            curve(panel, [at for at, _ in seen], [value for _, value in seen], name)
        panel.set_ylim(0, 1.02)
    return drawn.svg()


def pump_lines(folder: Path) -> Iterator[str]:
    """Where announced pumps stand among the windows of their recordings."""
    scopes = [Scope(Subject.INSTRUMENT, seconds) for seconds in (60, 300, 3600)]
    yield f"| rank of the announced pump | days | 1 min | 5 min | 1 h | among the first {FIRST} |"
    yield "|---|---:|---:|---:|---:|---|"
    for recording in recordings(folder):
        tell(f"pumps: {recording.symbol}")
        found = windows_by_scope([recording.batch], recording.directory, scopes)
        places = [place_of(found[scope].rows, scope, recording.announced) for scope in scopes]
        cells = ["–" if one is None else f"{one.rank} of {one.windows:,}" for one in places]
        met = "met" if all(one and one.rank <= FIRST for one in places) else "**missed**"
        yield f"| {recording.symbol} | {recording.days:.0f} | {' | '.join(cells)} | {met} |"


def alert_lines(folder: Path) -> Iterator[str]:
    """Alerts beside their budget on recordings that nobody is known to have abused."""
    subjects = {Subject.INSTRUMENT: "instruments", Subject.ACCOUNT: "actors"}
    totals: dict[tuple[Subject, Split, float], Alerts] = {}
    for recording in CLEAN:
        tell(f"alerts: {recording.name}")
        recorded = import_recording(recording, sorted(folder.glob(recording.path)))
        tape = WithAccounts(recorded) if recording.accounts else recorded
        scopes = [Scope(subject, seconds) for subject in subjects for seconds in (1, 10, 60, 300)]
        found = windows_by_scope(tape.batches(), tape.directory, scopes)
        for scope, windows in found.items():
            for split in Split:
                for chance in CHANCES:
                    alerts = alerts_of(windows, scope, split, chance)
                    if alerts is not None:
                        key = (scope.subject, split, chance)
                        totals[key] = totals.get(key, Alerts(0, 0, 0)) + alerts
    yield (
        "| windows of | judged | budget per window | expected | alerts | ratio | 95 % of such ratios "
        "| within 20 % | if the threshold stood still |"
    )
    yield "|---|---|---:|---:|---:|---:|---|---|---:|"
    for (subject, split, chance), one in totals.items():
        yield _alert_line(f"{subjects[subject]} | {split}", chance, one)
    for chance in CHANCES:
        same = [one for (_, _, other), one in totals.items() if other == chance]
        yield _alert_line("**all** | both ways", chance, sum(same, Alerts(0, 0, 0)))


def _alert_line(whose: str, chance: float, one: Alerts) -> str:
    """Alerts of some windows beside their budget per window."""
    expected = chance * one.windows
    ratio = one.alerts / expected
    met = "met" if abs(ratio - 1) <= OFF else "**missed**"
    sure = share(one.alerts, one.windows)
    bounds = f"{sure.low / chance:.2f}–{sure.high / chance:.2f}"
    counts = f"{expected:.1f} | {one.alerts} | {ratio:.2f} | {bounds}"
    return f"| {whose} | {chance:g} | {counts} | {met} | {one.still / expected:.2f} |"


def main(parts: Sequence[str] = PARTS, folder: Path = FOLDER) -> int:
    """Measure, draw, rewrite these parts of the page."""
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"{', '.join(PARTS)} expected, received {unknown[0]}", file=sys.stderr)
        return 2
    if "markets" in parts:
        learned, judged = windows_of(LEARNED, tell), windows_of(JUDGED, tell)
        trials = {seconds: Trial(learned[seconds], judged[seconds]) for seconds in SECONDS}
        _write("markets", market_lines(trials))
        PICTURE.write_text(picture(trials[SECONDS[0]]), encoding="utf-8")
    for part, lines in (("pumps", pump_lines), ("alerts", alert_lines)):
        if part in parts and folder.is_dir():
            _write(part, lines(folder))
        elif part in parts:
            print(f"left out: {part}: no {folder}; their part of the page stays", file=sys.stderr)
    return 0


def _write(part: str, lines: Iterator[str]) -> None:
    told = list(lines)
    print("\n".join(told))
    rewrite(PAGE, {part: told})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PARTS))
