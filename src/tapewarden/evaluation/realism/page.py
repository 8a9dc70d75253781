"""The facts beside each other as Markdown: what `docs/realism.md` shows and the command prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tapewarden.domain.kinds import MINUTE
from tapewarden.evaluation.realism.fact import Result, Verdict
from tapewarden.evaluation.realism.measuring import FACTS
from tapewarden.evaluation.realism.record import Record

Results = Sequence[Sequence[Result]]


def record_table(records: Sequence[Record]) -> Iterator[str]:
    """What each tape is: where it comes from, its instrument, tier and length."""
    yield "| tape | origin | instrument | tier | minutes | trades | market orders | orders |"
    yield "|---|---|---|---|---:|---:|---:|---:|"
    for one in records:
        minutes = (one.last - one.first) / MINUTE
        orders = "–" if one.lives is None else f"{len(one.lives.duration):,}"
        trades, market_orders = len(one.trades.ts), len(one.market_orders().ts)
        origin = "simulated" if one.simulated else "recorded"
        counts = f"{trades:,} | {market_orders:,} | {orders}"
        yield f"| {one.name} | {origin} | {one.instrument} | T{one.tier} | {minutes:,.1f} | {counts} |"


def fact_table(records: Sequence[Record], results: Results) -> Iterator[str]:
    """One row per fact, one column per tape."""
    yield f"| fact | band | {' | '.join(one.name for one in records)} |"
    yield f"|---|---|{'---|' * len(records)}"
    for row in zip(*results, strict=True):
        fact = row[0].fact
        yield f"| {fact.name} | {fact.band} | {' | '.join(map(_cell, row))} |"
    yield f"| *in all* | | {' | '.join(map(_count, results))} |"


def definition_table() -> Iterator[str]:
    """What is measured, by group, and where the formula comes from."""
    yield "| | fact | statistic | band | source |"
    yield "|---|---|---|---|---|"
    for group, facts in FACTS.items():
        for number, fact in enumerate(facts):
            shown = "" if number else group
            yield f"| {shown} | {fact.name} | {fact.statistic} | {fact.band} | {fact.source} |"


def note_table(records: Sequence[Record], results: Results) -> Iterator[str]:
    """What was noticed beside a statistic."""
    yield "| fact | tape | |"
    yield "|---|---|---|"
    for row in zip(*results, strict=True):
        for record, result in zip(records, row, strict=True):
            if result.measured is not None and result.measured.note:
                yield f"| {result.fact.name} | {record.name} | {result.measured.note} |"


def _cell(result: Result) -> str:
    found = result.measured
    if found is None:
        return f"– {result.why}"
    around = "" if found.error is None else f" ± {found.error:.2g}"
    return f"**{result.verdict}** {_number(found.value)}{around} ({found.sample:,})"


def _number(value: float) -> str:
    if value == float("inf"):
        return "∞"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _count(results: Sequence[Result]) -> str:
    counts = Counter(result.verdict for result in results)
    met = counts[Verdict.MET] + counts[Verdict.LIKELY_MET]
    missed = counts[Verdict.MISSED] + counts[Verdict.LIKELY_MISSED]
    return f"{met} met, {missed} missed, {counts[Verdict.NOT_MEASURABLE]} not measurable"
