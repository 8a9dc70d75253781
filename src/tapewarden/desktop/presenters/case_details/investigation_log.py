"""The investigation log: entries of the audit trail about a case, in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tapewarden.desktop.presenters.numbers import date_text
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.trail import Link, Value
from tapewarden.domain.trail_words import entry_words

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
    return LogLine(link.number, entry.at_ns, entry.actor, entry_words(entry), tone, link)


def _json(value: Value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
