"""A report as tables of texts: Markdown for the documentation, the same rows for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tapewarden.evaluation.baselines import Baseline
from tapewarden.evaluation.curves import Interval
from tapewarden.evaluation.intervals import Share
from tapewarden.evaluation.metrics import FalseAlarms, Performance, Scenario
from tapewarden.evaluation.report import DetectorResult, Report

NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under named columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report) -> Iterator[Table]:
    """Everything the report says, but for curves; tables without rows are left out."""
    found = (
        detector_table(report.detectors, report.overall),
        power_table("detector", {one.detector: one.power for one in report.detectors}),
        scenario_table(report.scenarios),
        power_table("scenario", {one.scenario: one.power for one in report.scenarios}),
        false_alarm_table(report.false_alarms),
        baseline_table(report.baselines),
        detector_table(report.market_quality, None),
    )
    return (table for table in found if table.rows)


def markdown(table: Table) -> Iterator[str]:
    """The lines of the table in Markdown, without its title; figures to the right."""
    yield f"| {' | '.join(table.columns)} |"
    yield f"|---|{'---:|' * (len(table.columns) - 1)}"
    for row in table.rows:
        cells = [cell.replace("|", r"\|") for cell in row]
        yield f"| {' | '.join(cells)} |"


def headline(report: Report) -> str:
    """What was judged, in one line."""
    parts = [f"{report.episodes:,} episodes of misconduct, {report.twins:,} benign twins"]
    if report.events is not None:
        parts.append(f"{report.events:,} events")
    if report.instrument_days is not None:
        parts.append(f"{report.instrument_days:.2f} instrument-days")
    return ", ".join(parts)


def detector_table(results: Iterable[DetectorResult], overall: Performance | None) -> Table:
    """One row per detector, and one for all of them together where that is given."""
    rows = [
        (one.detector, *(_figures(one.performance) if one.not_evaluated is None else _unseen(one)))
        for one in results
    ]
    if overall is not None:
        rows.append(("all", *_figures(overall)))
    return Table(
        "Detectors" if overall is not None else "Market quality",
        (
            "detector",
            "caught",
            "recall",
            "right",
            "precision",
            "average precision",
            "false per million",
            "per instrument-day",
            "delay, median",
            "delay, 90 %",
        ),
        tuple(rows),
    )


def power_table(what: str, curves: Mapping[str, Mapping[float, Share]]) -> Table:
    """Recall by severity to the nearest tenth, where there is any."""
    severities = sorted({severity for power in curves.values() for severity in power})
    return Table(
        f"Recall by severity and {what}",
        (what, *(f"{severity:g}" for severity in severities)),
        tuple(
            (name, *(_recall(power.get(severity)) for severity in severities))
            for name, power in curves.items()
            if power
        ),
    )


def scenario_table(scenarios: Iterable[Scenario]) -> Table:
    """One row per scenario of misconduct."""
    return Table(
        "Scenarios",
        ("scenario", "caught", "recall", "delay, median", "caught by", "not evaluated"),
        tuple(
            (
                one.scenario,
                _count(one.recall),
                _share(one.recall),
                _seconds(one.delay_median),
                _counted(one.caught_by),
                str(one.not_evaluated),
            )
            for one in scenarios
        ),
    )


def false_alarm_table(alarms: Iterable[FalseAlarms]) -> Table:
    """What false alarms were about, and how many of it there were to be mistaken about."""
    return Table(
        "False alarms",
        ("about", "labelled", "false alarms", "by"),
        tuple(
            (
                one.about,
                str(one.labelled) if one.labelled else NONE,
                str(one.alarms),
                _counted(one.by_detector),
            )
            for one in alarms
        ),
    )


def baseline_table(found: Iterable[Baseline]) -> Table:
    """A family's detectors beside guessing and a plain ranking, over pairs of actor and instrument."""
    return Table(
        "Beside trivial rules",
        (
            "family",
            "pairs wanted",
            "average precision",
            "of guessing",
            "of the trivial rule",
            "rule",
            "precision",
            "of the rule at as many",
        ),
        tuple(
            (
                one.family,
                f"{one.wanted:,} of {one.pairs:,}",
                f"{one.average_precision:.3f}",
                f"{one.prevalence:.4f}",
                f"{one.trivial_average_precision:.3f}",
                one.statistic,
                _number(one.precision, 3),
                _number(one.trivial_precision, 3),
            )
            for one in found
        ),
    )


def _figures(one: Performance) -> Sequence[str]:
    return (
        _count(one.recall),
        _share(one.recall),
        _count(one.precision),
        _share(one.precision),
        _interval(one.average_precision),
        _number(one.per_million, 2),
        _number(one.per_instrument_day, 2),
        _seconds(one.delay_median),
        _seconds(one.delay_p90),
    )


def _unseen(one: DetectorResult) -> Sequence[str]:
    return ("not evaluated", *[NONE] * 8)


def _count(one: Share) -> str:
    return f"{one.hits:,} of {one.total:,}" if one.total else NONE


def _share(one: Share) -> str:
    return NONE if one.value is None else f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


def _recall(one: Share | None) -> str:
    return NONE if one is None or one.value is None else f"{one.value:.2f} of {one.total}"


def _interval(one: Interval | None) -> str:
    return NONE if one is None else f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


def _number(value: float | None, digits: int) -> str:
    return NONE if value is None else f"{value:,.{digits}f}"


def _seconds(value: float | None) -> str:
    return NONE if value is None else f"{value:,.1f} s"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or NONE
