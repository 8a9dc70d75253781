"""Section 6: evidence with its hashes, and the chain of the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tapewarden.domain.counting import counted
from tapewarden.reports.content import Report
from tapewarden.reports.document import Block, Column, Look, Paragraph, Table, Weight
from tapewarden.reports.words import moment

_EVIDENCE: Final = (
    Column("Kind", 0.7),
    Column("What", 2.6),
    Column("When, UTC", 1.9, Look.CODE),
    Column("SHA-256", 3.6, Look.CODE),
)
_CHAIN: Final = (
    Column("Entry", 0.7, Look.NUMBER),
    Column("Time UTC", 1.9, Look.CODE),
    Column("Who", 1.0),
    Column("Action", 1.4),
    Column("Digest", 3.6, Look.CODE),
    Column("Fits", 0.5),
)
_HOW: Final = (
    "Each digest is SHA-256 over the digest of the entry ahead of it and the entry's canonical JSON."
    " That this report was made is itself an entry behind these, which holds the SHA-256 of this file."
    " The case as a ZIP file holds the entries in full, the signals, the files and a signature over all of"
    " them; it is checked without the system that wrote it."
)


def blocks(report: Report) -> Iterator[Block]:
    """What there is to hand over, and whether the trail was altered."""
    yield Table("Evidence", _EVIDENCE, tuple(_evidence(report)))
    yield _verdict(report)
    rows = tuple(
        (
            f"{one.link.number:,}",
            moment(one.link.entry.at_ns),
            one.link.entry.actor,
            one.link.entry.action,
            one.link.digest.hex(),
            "yes" if one.sound else "NO",
        )
        for one in report.entries
    )
    yield Table("Entries of the audit trail that made the case what it is", _CHAIN, rows)
    yield Paragraph(_HOW, Weight.QUIET)


def _evidence(report: Report) -> Iterator[tuple[str, ...]]:
    for one in report.signals:
        title = f"{one.signal.detector} {one.signal.typology}, signal {one.signal.id}"
        yield "signal", title, moment(one.signal.end_ns), one.digest
    for file in report.attachments:
        title = f"{file.name} ({file.media_type}, {counted(file.size, 'byte')}, from {file.by})"
        yield "file", title, moment(file.at_ns), file.digest


def _verdict(report: Report) -> Paragraph:
    known = counted(len(report.entries), "entry", "entries")
    if report.sound:
        return Paragraph(f"Audit trail: {known} recomputed, every digest fits. Verified.", Weight.NOTICE)
    wrong = next(one.link.number for one in report.entries if not one.sound)
    return Paragraph(
        f"Audit trail: {known} recomputed. Entry {wrong:,} is not what was written: its digest does not fit.",
        Weight.WARNING,
    )
