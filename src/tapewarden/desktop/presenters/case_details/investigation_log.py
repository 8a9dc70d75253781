"""The investigation log: entries of the audit trail about a case, in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tapewarden.desktop.presenters.numbers import date_text
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.trail import Entry, Link, Value

_MACHINE: Final = ("case.open", "case.grow")
_TONES: Final = {
    "case.comment": Tone.PLAIN,
    "case.escalate": Tone.HIGH,
    "case.close": Tone.MEDIUM,
    "case.approve": Tone.GOOD,
    "case.decline": Tone.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry in words. ``number`` is its place in the trail, ``link`` the entry itself."""

    number: int
    at_ns: int
    by: str
    text: str
    tone: Tone
    link: Link

    @property
    def full_text(self) -> str:
        """All that the entry says, with its place in the chain."""
        entry = self.link.entry
        parts = [
            f"{date_text(entry.at_ns)} UTC · {entry.actor} · {entry.action} · {entry.subject}",
            str((entry.new or {}).get("text", "")) or entry.reason,
            *(
                f"{name}:\n{_json(value)}"
                for name, value in (("before", entry.old), ("after", entry.new))
                if value
            ),
            f"entry {self.link.number} of the audit trail, chained as {self.link.digest.hex()}",
        ]
        return "\n\n".join(part for part in parts if part)


def log_lines(history: Sequence[Link]) -> list[LogLine]:
    """The entries, the latest first; line breaks in what people wrote become spaces."""
    return [_line(link) for link in reversed(history)]


def log_cells(line: LogLine) -> tuple[Cell, ...]:
    """A line in a table: when, who, what."""
    return (
        Cell(date_text(line.at_ns), Tone.MUTED),
        Cell(line.by, Tone.ACCENT if line.tone is Tone.MUTED else Tone.PLAIN),
        Cell(line.text, line.tone if line.tone is not Tone.MUTED else Tone.PLAIN),
    )


def _line(link: Link) -> LogLine:
    entry = link.entry
    tone = Tone.MUTED if entry.action in _MACHINE else _TONES.get(entry.action, Tone.PLAIN)
    return LogLine(link.number, entry.at_ns, entry.actor, " ".join(_words(entry).split()), tone, link)


def _json(value: Value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _words(entry: Entry) -> str:
    new = entry.new or {}
    because = f": {entry.reason}" if entry.reason else ""
    plain = {
        "open": f"case opened from {_count(new)}",
        "grow": f"{_count(new)} joined the case",
        "assign": f"assigned to {new.get('assignee') or 'nobody'}",
        "comment": f"commented: {new.get('text', '')}",
        "attach": f"attached {new.get('name', '')}",
        "close": _closing(new) + because,
        "approve": f"approved the closing{because}",
        "decline": f"declined the closing{because}",
        "investigate": "began to investigate",
        "escalate": f"escalated{because}",
        "form suspicion": f"suspicion formed{because}",
        "reopen": f"reopened{because}",
        "undo": f"took back the last change{because}",
    }
    action = entry.action.removeprefix("case.")
    return plain.get(action, action + because)


def _closing(new: Value) -> str:
    for key, verb in (("closing", "closed as"), ("proposed", "proposed to close as")):
        closing = new.get(key)
        if isinstance(closing, dict):
            return f"{verb} {closing.get('disposition')}"
    return "closed"


def _count(new: Value) -> str:
    signals = new.get("signals")
    count = len(signals) if isinstance(signals, list | tuple) else 0
    return f"{count} signal" + ("" if count == 1 else "s") if count else "a signal"
