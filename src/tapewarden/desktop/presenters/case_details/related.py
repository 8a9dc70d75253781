"""What is related to a case: accounts it names, accounts they traded with, other cases about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from tapewarden.desktop.presenters.replay.replay import Scene
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone, severity_tone
from tapewarden.domain.casework import CaseFile, Queued
from tapewarden.domain.kinds import EventKind

_MOST_COUNTERPARTIES: Final = 5


@dataclass(frozen=True, slots=True)
class Related:
    """Another case (``case_id``), or an account."""

    key: str
    kind: str
    name: str
    note: str
    tone: Tone
    case_id: int | None = None


def related_cases(queued: Iterable[Queued], than: int) -> list[Related]:
    """Other cases about the same actor."""
    return [
        Related(
            f"case {one.case.id}",
            f"case {one.case.id}",
            f"{one.case.family} · {one.case.instrument}",
            f"{one.case.severity} · {one.case.state} · {one.signals} signals",
            severity_tone(one.case.severity),
            one.case.id,
        )
        for one in queued
        if one.case.id != than
    ]


def named_accounts(file: CaseFile) -> list[Related]:
    """The accounts that signals of a case name, and the parts they played."""
    roles: dict[str, set[str]] = {}
    for stored in file.signals:
        for party in stored.signal.parties:
            roles.setdefault(party.account, set()).add(party.role)
    return [
        Related(f"account {name}", "account", name, ", ".join(sorted(parts)), Tone.SPOOFING)
        for name, parts in sorted(roles.items())
    ]


def counterparties(scene: Scene) -> list[Related]:
    """With whom the accounts in question traded most in a window."""
    events = scene.events
    rows = np.flatnonzero(scene.concerned & (events.kind == EventKind.TRADE))
    if not len(rows):
        return []
    sizes: dict[int, int] = {}
    for row in rows.tolist():
        for account in {int(events.account[row]), int(events.counter_account[row])} - scene.accounts - {-1}:
            sizes[account] = sizes.get(account, 0) + max(int(events.size[row]), 0)
    total = sum(sizes.values()) or 1
    most = sorted(sizes.items(), key=lambda item: -item[1])[:_MOST_COUNTERPARTIES]
    return [
        Related(
            f"with {events.accounts[account].name}",
            "traded with",
            events.accounts[account].name,
            f"{size / total:.0%} of what they traded here",
            Tone.PLAIN,
        )
        for account, size in most
    ]


def related_cells(related: Related) -> tuple[Cell, ...]:
    """In a table: kind, name, what is to be said of it."""
    return (
        Cell(related.kind, Tone.ACCENT if related.case_id is not None else Tone.MUTED),
        Cell(related.name, related.tone),
        Cell(related.note, Tone.MUTED),
    )
