"""What a person did, as the audit trail tells it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tapewarden.domain.case import CaseState


def own_work(trail: Iterable[str], person: str) -> str | None:
    """Schemes that a person let loose and cases as the person left them, in words; ``None`` for neither.

    ``trail`` is the lines of an exported trail. A closing that was undone does not count.
    """
    let_loose, closings = 0, dict[str, bool]()
    for line in trail:
        entry = json.loads(line).get("entry")
        if entry is None or entry["actor"] != person:
            continue
        if entry["action"] == "simulation.inject":
            let_loose += 1
        elif entry["action"] == "case.close":
            closings[entry["subject"]] = entry["new"].get("state") == CaseState.CLOSED
        elif entry["action"] == "case.undo":
            closings.pop(entry["subject"], None)
    closed = sum(closings.values())
    counts = {
        "let loose": let_loose,
        "closed": closed,
        "proposed to be closed": len(closings) - closed,
    }
    told = [f"{_things(count, deed)} {deed}" for deed, count in counts.items() if count]
    return ", ".join(told) or None


def _things(count: int, deed: str) -> str:
    thing = "scheme" if deed == "let loose" else "case"
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
