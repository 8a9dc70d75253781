"""The result of the clean-tape gate as Markdown: what `docs/evaluation.md` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tapewarden.evaluation.clean import CleanTape, Rate
from tapewarden.runtime.summary import DetectorReport


def tape_table(tapes: Sequence[CleanTape]) -> Iterator[str]:
    """One row per tape, one column per detector: signals, or why it could not see."""
    names = list(tapes[0].reports) if tapes else []
    yield f"| tape | tier | events | days | {' | '.join(names)} |"
    yield f"|---|---|---:|---:|{'---:|' * len(names)}"
    for tape in tapes:
        cells = [_cell(tape.reports[name]) for name in names]
        yield f"| {tape.name} | {tape.tier} | {tape.events:,} | {tape.days:.2f} | {' | '.join(cells)} |"


def rate_table(rates: Iterable[Rate]) -> Iterator[str]:
    """One row per detector: how often it speaks where it can see, beside its budget."""
    yield "| detector | | signals | events seen | per million | 95 % bound | per day | budget |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for rate in rates:
        if rate.events:
            daily = f"{rate.signals / rate.days:.2f}" if rate.days else "–"
            figures = f"{rate.per_million:.2f} | {rate.bound:.2f}"
            measured = f"{rate.signals:,} | {rate.events:,} | {figures} | {daily}"
        else:
            measured = "not evaluated | 0 | – | – | –"
        budget = "none" if rate.budget is None else f"{rate.budget:g}"
        yield f"| {rate.detector} | {rate.title} | {measured} | {budget} |"


def _cell(report: DetectorReport) -> str:
    """Signals; a dash where the tape shows too little, `cold` where it is too short, `off` where disabled."""
    why = report.not_evaluated
    if why is None:
        return str(report.signals)
    return "cold" if why.startswith("baselines") else "–"
