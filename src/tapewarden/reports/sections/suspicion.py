"""Section 3: what is suspected, and why: signals with their conditions, and what models made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tapewarden.domain.counting import counted
from tapewarden.domain.grounds import Contribution, Grounds
from tapewarden.domain.signal import Anomaly, Reason, Signal
from tapewarden.reports.content import Report, ReportedSignal
from tapewarden.reports.document import Block, Column, Fields, Heading, Look, Paragraph, Table, Weight
from tapewarden.reports.words import UNKNOWN, moment, number_text

DETAILED: Final = 50
"""Signals that people are shown with all that is known of them; beyond it, what happened repeats itself."""

_CONDITIONS: Final = (
    Column("Condition", 3.2),
    Column("Measured", 1.4, Look.NUMBER),
    Column("Threshold", 1.4, Look.NUMBER),
    Column("Unit", 1.4),
    Column("Met", 0.7),
)
_MOVED: Final = (
    Column("Feature", 3.2),
    Column("In this window", 2.2),
    Column("Effect", 0.8, Look.NUMBER),
    Column("Speaks", 1.2),
)
_FEATURES: Final = (Column("Feature", 4.0, Look.CODE), Column("Value", 1.4, Look.NUMBER))
_PROVISIONS: Final = (
    Column("Pattern", 1.2),
    Column("Provision it may fall under", 1.6),
    Column("Which is about", 3.0),
)
_SIGNALS: Final = (
    Column("Time UTC", 1.9, Look.CODE),
    Column("Detector", 1.0, Look.CODE),
    Column("Pattern", 1.2),
    Column("Severity", 0.8),
    Column("Score", 0.6, Look.NUMBER),
    Column("What was seen", 3.4),
)


def blocks(report: Report) -> Iterator[Block]:
    """All signals in one table, the law, then each signal by itself."""
    if report.case.closing is not None:
        yield Paragraph(
            f"The case was closed as {report.case.closing.disposition}: {report.case.closing.reason}"
        )
    rows = tuple(_outline(one.signal) for one in report.signals)
    yield Table(counted(len(rows), "signal"), _SIGNALS, rows)
    provisions = dict.fromkeys(
        (one.signal.typology, provision) for one in report.signals for provision in one.provisions
    )
    if provisions:
        told = tuple((pattern, str(provision), provision.says) for pattern, provision in provisions)
        yield Table("Provisions, as an aid for naming; no legal advice", _PROVISIONS, told)
    detailed = sorted(report.signals, key=lambda one: -one.signal.score)[:DETAILED]
    if len(detailed) < len(report.signals):
        fewer = (
            f"The {DETAILED} signals with the highest scores follow in detail, the XML has all of them so."
        )
        yield Paragraph(fewer, Weight.NOTICE)
    for number, one in enumerate(report.signals, start=1):
        if one in detailed:
            yield from _signal(number, one)


def _outline(signal: Signal) -> tuple[str, ...]:
    return (
        moment(signal.end_ns),
        f"{signal.detector} v{signal.version}",
        signal.typology,
        signal.severity,
        f"{signal.score:.2f}",
        signal.text,
    )


def _signal(number: int, one: ReportedSignal) -> Iterator[Block]:
    signal, grounds = one.signal, one.grounds
    yield Heading(f"Signal {number}: {one.title}")
    yield Fields(
        (
            ("Signal", signal.id),
            ("Rule", f"{signal.detector} version {signal.version}, parameters {signal.parameters}"),
            ("Window", f"{moment(signal.start_ns)} to {moment(signal.end_ns)} UTC"),
            ("Severity, score", f"{signal.severity}, {signal.score:.3f} of 1"),
            ("Accounts", ", ".join(f"{party.account} ({party.role})" for party in signal.parties) or UNKNOWN),
            ("Orders, trades", _evidence(signal)),
            ("Data", _health(signal)),
            ("What was seen", grounds.seen),
            *((title, told) for title, told in _told(grounds) if told),
        )
    )
    if signal.anomaly is not None:
        moved = tuple(map(_moved, grounds.contributions)) or tuple(map(_kept, signal.reasons))
        if moved:
            yield Table("What moved the score of the model", _MOVED, moved)
        yield from _model(signal.anomaly)
    elif signal.reasons:
        yield Table("Conditions of the rule", _CONDITIONS, tuple(map(_condition, signal.reasons)))


def _told(grounds: Grounds) -> Iterator[tuple[str, str]]:
    yield "What is usual" if grounds.contributions else "When the rule speaks", grounds.usual
    yield "What weighs most", grounds.reasons
    yield "What speaks against it", grounds.against


def _condition(reason: Reason) -> tuple[str, ...]:
    return (
        reason.name,
        number_text(reason.value),
        number_text(reason.threshold),
        reason.unit,
        "yes" if reason.passed else "no",
    )


def _moved(one: Contribution) -> tuple[str, ...]:
    return (one.meaning, one.words, f"{one.effect:+.2f}", _speaks(against=one.effect < 0))


def _kept(one: Reason) -> tuple[str, ...]:
    """What the signal itself says, where its model cannot be asked any more."""
    words = f"{number_text(one.value)}, usually {number_text(one.threshold)}"
    return (one.name, words, UNKNOWN, _speaks(against=not one.passed))


def _speaks(*, against: bool) -> str:
    return "against it" if against else "for it"


def _model(anomaly: Anomaly) -> Iterator[Block]:
    yield Fields(
        (
            ("Model", anomaly.model),
            ("Score of the model", number_text(anomaly.raw_score)),
            ("Alerts from", UNKNOWN if anomaly.level is None else number_text(anomaly.level)),
            (
                "So rare was that",
                f"{number_text(anomaly.p_value)} of windows held back when the model was made",
            ),
        )
    )
    rows = tuple(
        (one.name, UNKNOWN if one.value is None else number_text(one.value)) for one in anomaly.features
    )
    yield Table("What the model saw", _FEATURES, rows)


def _evidence(signal: Signal) -> str:
    evidence = signal.evidence
    orders = ", ".join(evidence.orders) or UNKNOWN
    more = evidence.orders_total - len(evidence.orders)
    told = orders + (f" and {more:,} more" if more > 0 else "")
    return told + (f"; trades {', '.join(evidence.trades)}" if evidence.trades else "")


def _health(signal: Signal) -> str:
    health = signal.health
    if not health.quality_facts and not health.blind:
        return "sound"
    facts = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in health.by_kind)
    return f"not sound: {facts or 'blind at the time'}"
