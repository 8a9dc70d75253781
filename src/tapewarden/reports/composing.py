"""Composing a document from a report: the order of sections, and what is read first."""

from __future__ import annotations

from typing import Final

from tapewarden.domain.case_words import closing_in_words, state_in_words
from tapewarden.domain.counting import counted
from tapewarden.reports.content import Report
from tapewarden.reports.document import Block, Document, Fields, Paragraph, Section, Weight
from tapewarden.reports.sections import documentation, entity, investigation, market, persons, suspicion
from tapewarden.reports.words import UNKNOWN, moment

SIMULATED: Final = "SIM – simulated market: nothing in this report happened on a real venue"

NOTICE: Final = (
    "The sections stand in the order of the template for suspicious transaction and order reports in the"
    " annex of Commission Delegated Regulation (EU) 2016/957. Naming it is no legal advice, and no claim that"
    " this file can be submitted as it is. What the system cannot know is marked NA and must be completed by"
    " whoever submits. Signals are observations of a machine; whatever is said of conduct here is suspected,"
    " not established."
)

_SECTIONS: Final = (
    ("Identity of the entity submitting the report", entity.blocks),
    ("Transaction or order", market.blocks),
    ("Description of the nature of the suspicion", suspicion.blocks),
    ("Identity of the persons whose orders or transactions are suspected", persons.blocks),
    ("Additional information", investigation.blocks),
    ("Documentation attached", documentation.blocks),
)


def compose(report: Report) -> Document:
    """The document of a report."""
    case = report.case
    patterns = ", ".join(report.patterns) or case.family
    return Document(
        title="Suspicious transaction and order report",
        subtitle=f"Case {case.id} · suspected {patterns} · {case.instrument}",
        short=f"Case {case.id}",
        mark=SIMULATED if report.simulated else "",
        as_of_ns=as_of(report),
        opening=_opening(report),
        sections=tuple(
            Section(number, title, tuple(blocks(report)))
            for number, (title, blocks) in enumerate(_SECTIONS, start=1)
        ),
    )


def as_of(report: Report) -> int:
    """When the case became what is told of it, ns UTC: the report says nothing of later."""
    return report.entries[-1].link.entry.at_ns if report.entries else report.case.opened_ns


def _opening(report: Report) -> tuple[Block, ...]:
    case = report.case
    rows = [
        ("Case", f"{case.id}, version {case.version}"),
        ("Suspected", f"{', '.join(report.patterns) or UNKNOWN} ({case.family})"),
        ("Severity", case.severity),
        ("Priority", f"{case.priority:.0f} of 100"),
        ("State", state_in_words(case)),
        ("Market", case.instrument),
        ("Who", case.actor or "nobody: the signals accuse no one"),
        (
            "Signals",
            f"{counted(len(report.signals), 'signal')}, {moment(case.start_ns)} to {moment(case.end_ns)} UTC",
        ),
        ("Opened", f"{moment(case.opened_ns)} UTC"),
        ("Assigned to", case.assignee or "nobody"),
    ]
    if case.suspicion_formed_ns is not None:
        rows.append(("Suspicion formed", f"{moment(case.suspicion_formed_ns)} UTC"))
    for name, closing in (("Proposed", case.proposed), ("Closed", case.closing)):
        if closing is not None:
            rows.append((name, closing_in_words(closing, f"{moment(closing.at_ns)} UTC")))
    rows.append(("As of", f"{moment(as_of(report))} UTC, {_last_entry(report)}"))
    return Fields(tuple(rows)), Paragraph(NOTICE, Weight.NOTICE)


def _last_entry(report: Report) -> str:
    if not report.entries:
        return "without an entry of the audit trail"
    return f"entry {report.entries[-1].link.number:,} of the audit trail"
