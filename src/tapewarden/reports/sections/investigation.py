"""Section 5: the log of the investigation, and what people said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tapewarden.domain.trail import Entry
from tapewarden.domain.trail_words import entry_words
from tapewarden.reports.content import Report
from tapewarden.reports.document import Block, Column, Look, Paragraph, Table
from tapewarden.reports.words import moment

_LOG: Final = (
    Column("Time UTC", 1.9, Look.CODE),
    Column("Who", 1.2),
    Column("What", 5.0),
)
_COMMENTS: Final = (Column("Time UTC", 1.9, Look.CODE), Column("Who", 1.2), Column("Comment", 5.0))


def blocks(report: Report) -> Iterator[Block]:
    """What was done to the case, then comments in full."""
    entries = [one.link.entry for one in report.entries if one.link.entry.subject == f"case {report.case.id}"]
    rows = tuple((moment(one.at_ns), one.actor, _deed(one)) for one in entries)
    yield Table("Log of the investigation", _LOG, rows)
    if report.comments:
        said = tuple((moment(one.at_ns), one.by, one.text) for one in report.comments)
        yield Table("Comments", _COMMENTS, said)
    else:
        yield Paragraph("Nobody commented on the case.")


def _deed(entry: Entry) -> str:
    return "commented, in full below" if entry.action == "case.comment" else entry_words(entry)
