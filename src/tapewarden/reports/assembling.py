"""Putting a report together from what the store has of a case and what the market did."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from hashlib import sha256

from tapewarden.cases.audit import link
from tapewarden.cases.bundle import Contents
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.law import Provision, legal_basis
from tapewarden.domain.signal import Signal
from tapewarden.domain.trail import Link
from tapewarden.domain.typology import Typology
from tapewarden.reports.content import ChainedEntry, Entity, Report, ReportedSignal
from tapewarden.reports.market import MarketWindow


def signals_of(contents: Contents) -> tuple[Signal, ...]:
    """The signals of a case, in their order."""
    return tuple(map(Signal.from_json, contents.signal_lines))


def suspects_of(contents: Contents) -> frozenset[str]:
    """Names of the accounts and owners that the case is about; none where it accuses nobody."""
    named = {party.account for one in signals_of(contents) for party in one.parties}
    return frozenset({contents.case.actor, *named} - {""})


def assemble(
    contents: Contents,
    entity: Entity,
    explain: Callable[[Signal], tuple[str, Grounds]],
    windows: Sequence[MarketWindow] = (),
    missing: Collection[str] = (),
) -> Report:
    """A report of a case; ``explain`` gives the title of a signal's detector and the signal's grounds."""
    return Report(
        case=contents.case,
        entity=entity,
        signals=tuple(_reported(line, explain) for line in contents.signal_lines),
        windows=tuple(windows),
        missing=tuple(missing),
        comments=contents.comments,
        attachments=contents.attachments,
        entries=tuple(_chained(before, one) for before, one in contents.entries),
    )


def _reported(line: str, explain: Callable[[Signal], tuple[str, Grounds]]) -> ReportedSignal:
    signal = Signal.from_json(line)
    title, grounds = explain(signal)
    return ReportedSignal(
        signal=signal,
        digest=sha256(line.encode()).hexdigest(),
        title=title,
        grounds=grounds,
        provisions=_provisions(signal.typology),
    )


def _provisions(typology: str) -> tuple[Provision, ...]:
    """What a pattern may fall under; nothing is known of those of third parties."""
    return legal_basis(Typology(typology)) if typology in set(Typology) else ()


def _chained(before: bytes, one: Link) -> ChainedEntry:
    return ChainedEntry(one, before, link(one.number, before, one.entry).digest == one.digest)
