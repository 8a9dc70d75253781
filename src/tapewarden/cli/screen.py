"""What commands show of signals and summaries: the same words on every screen, plain when not a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tapewarden.cli.tables import FILE_WIDTH, shown
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Anomaly, Reason, Signal
from tapewarden.runtime.summary import DetectorReport, Summary

SEVERITY_STYLES = {"low": "cyan", "medium": "yellow", "high": "bold red", "critical": "bold white on red"}
_QUIET = "quiet"


def new_console() -> Console:
    """Where a command prints; a wide page without colors when that is no terminal."""
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = FILE_WIDTH
    return console


def moment(nanoseconds: int) -> str:
    """A time to the millisecond, UTC: ``2024-01-01 00:10:04.800``."""
    seconds, rest = divmod(nanoseconds, SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest // 1_000_000:03d}"


def list_signals(console: Console, signals: Sequence[Signal], total: int) -> None:
    """Print the first signals of a run, and how many more there are of the ``total``."""
    console.print(signal_table(signals))
    if total > len(signals):
        console.print(f"... and {total - len(signals):,} more; --signals OUT.jsonl writes them all")


def signal_table(signals: Iterable[Signal]) -> Table:
    """Which detector and how sure, when, who and where, and what it says; one row per signal."""
    table = Table("detector, score", "time, UTC", "actor, instrument", "what", box=box.SIMPLE_HEAD, leading=1)
    for column in table.columns[:2]:
        column.no_wrap = True
    table.columns[2].overflow = "fold"
    for signal in signals:
        style = SEVERITY_STYLES.get(signal.severity, "")
        table.add_row(
            Text(signal.detector, style=style).append(f"\n{signal.score:.2f}", style="not bold default"),
            moment(signal.end_ns).replace(" ", "\n"),
            f"{shown(signal.actor) or '–'}\n{shown(signal.instrument)}",
            shown(signal.text),
        )
    return table


def instrument_table(summary: Summary) -> Table:
    """Events, book and data health of each instrument, and of the facts that concern all of them."""
    table = Table("instrument", "events", "best bid", "best ask", "levels", "orders", "data health")
    table.box = box.SIMPLE_HEAD
    for column in table.columns[1:6]:
        column.justify = "right"
    for one in summary.instruments:
        table.add_row(
            shown(one.name),
            f"{one.events:,}",
            one.bid or "–",
            one.ask or "–",
            f"{one.levels:,}",
            f"{one.orders:,}",
            _health(one.quality, one.blind_seconds),
        )
    if summary.unplaced:
        table.add_row("all", *[""] * 5, _health(summary.unplaced, summary.blind_seconds))
    return table


def detector_table(detectors: Iterable[DetectorReport]) -> Table:
    """How each detector fared: its signals, quiet, or why it could not see."""
    table = Table("detector", "", "result", box=box.SIMPLE_HEAD)
    for one in detectors:
        table.add_row(one.id, one.title, _result(one))
    return table


def headline(summary: Summary) -> Text:
    """The tape in one line: its events, tier and span of event time."""
    tier = "tier unknown: no detector is held back" if summary.tier is None else f"tier {summary.tier}"
    text = Text(f"{shown(summary.tape)}: {summary.events:,} events, {tier}")
    if summary.first_ns is not None and summary.last_ns is not None:
        text.append(f", {moment(summary.first_ns)} to {moment(summary.last_ns)} UTC")
    return text


def five_lines(grounds: Grounds) -> Table:
    """Why a signal was given, for who sees the first one."""
    lines = Table.grid(padding=(0, 2))
    for name, text in (
        ("seen", grounds.seen),
        ("usual", grounds.usual),
        ("reasons", grounds.reasons),
        ("against", grounds.against),
        ("next", grounds.next),
    ):
        lines.add_row(Text(name, style="bold"), shown(text or "–"))
    return lines


def why(signal: Signal) -> Panel:
    """Why a signal was given: each condition or feature as measured, and the evidence."""
    parts: list[RenderableType] = [Text(shown(signal.text))]
    parts.append(_conditions(signal.reasons) if signal.anomaly is None else _features(signal))
    facts = Table.grid(padding=(0, 2))
    for name, value in _evidence(signal):
        facts.add_row(Text(name, style="dim"), shown(value))
    parts.append(facts)
    suspected = signal.anomaly is None
    what = f"suspected {signal.typology}" if suspected else "unusual, which is no suspicion"
    title = f"Why {signal.detector} fired: {what}, severity {signal.severity}"
    return Panel(Group(*parts), title=title, title_align="left", box=box.ROUNDED, padding=(1, 2))


def _conditions(reasons: Iterable[Reason]) -> Table:
    table = Table("condition", "measured", "", "threshold", "unit", box=box.SIMPLE_HEAD)
    for column in (1, 3):
        table.columns[column].justify = "right"
    for one in reasons:
        table.add_row(one.name, f"{one.value:,.4g}", _mark(one), f"{one.threshold:,.4g}", one.unit)
    return table


def _features(signal: Signal) -> Table:
    """What speaks for it and what against, in words; by name where a feature is no longer known."""
    from tapewarden.anomaly.collection import Subject
    from tapewarden.anomaly.wording import in_short, number_text, value_text

    known = in_short((Subject.ACCOUNT if signal.actor else Subject.INSTRUMENT).features)
    table = Table("feature", "measured", "usually", "speaks", box=box.SIMPLE_HEAD)
    for column in (1, 2):
        table.columns[column].justify = "right"
    for one in signal.reasons:
        feature = known.get(one.name)
        numbers = [
            number_text(value) if feature is None else value_text(feature, value)
            for value in (one.value, one.threshold)
        ]
        speaks = Text("for it") if one.passed else Text("against it", style="green")
        table.add_row(one.name if feature is None else feature.meaning, *numbers, speaks)
    return table


def _mark(reason: Reason) -> Text:
    return Text("✓", style="green") if reason.passed else Text("✗", style="red")


def _evidence(signal: Signal) -> Iterable[tuple[str, str]]:
    evidence = signal.evidence
    if signal.parties:
        yield "accounts", ", ".join(f"{party.account} ({party.role})" for party in signal.parties)
    if evidence.orders:
        listed = ", ".join(evidence.orders)
        rest = evidence.orders_total - len(evidence.orders)
        yield "orders", f"{listed} and {rest} earlier" if rest else listed
    if evidence.trades:
        yield "trades", ", ".join(evidence.trades)
    if signal.anomaly is not None:
        yield "model", f"{signal.anomaly.model}, {_score(signal.anomaly)}"
    yield "event time", f"{moment(signal.start_ns)} to {moment(signal.end_ns)} UTC"
    yield "on the tape", f"source {evidence.source or 'unnamed'}, up to sequence {evidence.sequence:,}"
    yield "data health", _facts(dict(signal.health.by_kind), blind=signal.health.blind)
    yield "identity", f"{signal.id}, rule version {signal.version}, parameters {signal.parameters}"


def _score(anomaly: Anomaly) -> str:
    """How unusual a window was, beside the level from which on it was an alert and windows held back."""
    rarer = 100 * (1 - anomaly.p_value)
    level = "" if anomaly.level is None else f", an alert from {anomaly.level:.3f} on"
    return f"score {anomaly.raw_score:.3f}{level}, above {rarer:.4g} % of windows held back"


def _facts(by_kind: dict[str, int], *, blind: bool) -> str:
    facts = ", ".join(f"{count} {kind}" for kind, count in by_kind.items()) or "clean"
    return f"{facts}; blind at the time" if blind else facts


def _health(quality: Mapping[str, int], blind_seconds: float) -> Text:
    facts = [f"{count:,} {kind.replace('_', ' ')}" for kind, count in quality.items()]
    if blind_seconds:
        facts.append(f"blind {blind_seconds / 60:.1f} min")
    return Text(", ".join(facts), style="yellow") if facts else Text("clean", style="green")


def _result(one: DetectorReport) -> Text:
    if one.not_evaluated is not None:
        return Text(f"not evaluated: {one.not_evaluated}", style="dim")
    words: Sequence[str] = [
        f"{one.signals:,} signal{'s' if one.signals != 1 else ''}" if one.signals else _QUIET,
        *([f"not evaluated on {', '.join(map(shown, one.cold_on))}: cold"] if one.cold_on else []),
        *([f"{one.held_back:,} held back while cold"] if one.held_back else []),
    ]
    return Text("; ".join(words), style="bold" if one.signals else "")
