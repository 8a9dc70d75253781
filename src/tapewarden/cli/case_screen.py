"""What commands show of cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tapewarden.cli.screen import SEVERITY_STYLES, moment, new_console, signal_table
from tapewarden.cli.tables import shown
from tapewarden.domain.case import Case
from tapewarden.domain.case_words import closing_in_words, state_in_words
from tapewarden.domain.casework import CaseFile, Queued, Suppression
from tapewarden.domain.kinds import DAY, HOUR, MINUTE
from tapewarden.domain.trail import Link


def queue_table(cases: Iterable[Queued], now_ns: int) -> Table:
    """Cases, one row each; their age is how long ago they were opened."""
    table = Table(
        *(
            "case",
            "priority",
            "severity",
            "state",
            "assignee",
            "signals",
            "age",
            "actor, instrument",
            "family",
        ),
        box=box.SIMPLE_HEAD,
    )
    for column in (0, 1, 5, 6):
        table.columns[column].justify = "right"
    for queued in cases:
        case = queued.case
        table.add_row(
            str(case.id),
            f"{case.priority:.0f}",
            Text(case.severity, style=SEVERITY_STYLES[case.severity]),
            state_in_words(case),
            shown(case.assignee or "–"),
            f"{queued.signals:,}",
            _age(now_ns - case.opened_ns),
            f"{shown(case.actor) or '–'}\n{shown(case.instrument)}",
            case.family,
        )
    return table


def print_file(file: CaseFile) -> None:
    """A case with what belongs to it."""
    console = new_console()
    parts: list[RenderableType] = [_facts(file.case), signal_table(one.signal for one in file.signals)]
    if file.comments:
        parts.append(
            _table(
                ("time, UTC", "who", "comment"),
                ((moment(one.at_ns), shown(one.by), shown(one.text)) for one in file.comments),
            )
        )
    if file.attachments:
        parts.append(
            _table(
                ("attachment", "name", "bytes", "SHA-256"),
                ((str(one.id), shown(one.name), f"{one.size:,}", one.digest) for one in file.attachments),
            )
        )
    parts.append(history_table(file.history))
    allowed = [move.action for move in file.moves if move.refused is None]
    parts.append(Text(f"You may: {', '.join(allowed) or 'only look'}."))
    for part in parts:
        console.print(part)


def history_table(links: Iterable[Link]) -> Table:
    """Entries of the audit trail."""
    rows = (
        (
            str(link.number),
            moment(link.entry.at_ns),
            shown(link.entry.actor),
            link.entry.action,
            shown(link.entry.subject),
            shown(_change(link)),
        )
        for link in links
    )
    return _table(("entry", "time, UTC", "who", "did", "to", "what changed, why"), rows)


def suppression_table(suppressions: Iterable[Suppression]) -> Table:
    """Suppressions, one row each."""
    rows = (
        (
            str(one.id),
            moment(one.from_ns),
            moment(one.until_ns),
            shown(one.by),
            shown(_named(one)),
            shown(one.reason),
        )
        for one in suppressions
    )
    return _table(("suppression", "from, UTC", "until, UTC", "who", "what", "why"), rows)


def outline(case: Case) -> str:
    """A case in one line."""
    return (
        f"case {case.id}, version {case.version}: {state_in_words(case)}, "
        f"assigned to {shown(case.assignee) if case.assignee else 'nobody'}"
    )


def _facts(case: Case) -> Table:
    table = Table.grid(padding=(0, 2))
    facts = {
        f"case {case.id}": f"version {case.version}",
        "suspected": f"{case.family}, {case.severity}, priority {case.priority:.0f} of 100",
        "who, where": f"{case.actor or 'nobody'} on {case.instrument}",
        "signals from": f"{moment(case.start_ns)} to {moment(case.end_ns)} UTC",
        "opened": f"{moment(case.opened_ns)} UTC",
        "state": state_in_words(case),
        "assigned to": case.assignee or "nobody",
    }
    if case.suspicion_formed_ns is not None:
        facts["suspicion formed"] = f"{moment(case.suspicion_formed_ns)} UTC"
    if case.proposed is not None:
        facts["proposed"] = closing_in_words(case.proposed)
    if case.closing is not None:
        facts["closed"] = closing_in_words(case.closing)
    for name, value in facts.items():
        table.add_row(Text(name, style="dim"), shown(value))
    return table


def _change(link: Link) -> str:
    entry = link.entry
    old: Mapping[str, Any] = entry.old or {}
    new: Mapping[str, Any] = entry.new or {}
    told = [f"{name} {old[name]} → {new.get(name)}" for name in old if name != "version"]
    if not old and "text" in new:
        told = [str(new["text"])]
    return "; ".join([*told, *([entry.reason] if entry.reason else [])])


def _named(suppression: Suppression) -> str:
    muting = suppression.muting
    named = {"detector": muting.detector, "actor": muting.actor, "instrument": muting.instrument}
    named["family"] = muting.family
    return ", ".join(f"{name} {value}" for name, value in named.items() if value is not None)


def _age(age_ns: int) -> str:
    for length, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if age_ns >= length:
            return f"{age_ns // length} {unit}"
    return "new"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(*columns, box=box.SIMPLE_HEAD)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*row)
    return table
