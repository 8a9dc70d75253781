"""Entries of the audit trail about a case, in words."""

from __future__ import annotations

from tapewarden.domain.trail import Entry, Value


def entry_words(entry: Entry) -> str:
    """What was done to a case, as people say it; line breaks in what they wrote become spaces."""
    return " ".join(_words(entry).split())


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
