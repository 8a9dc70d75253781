"""Cases as rows of a table."""

from __future__ import annotations

from tapewarden.desktop.presenters.numbers import UNKNOWN
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone, pattern_tone, severity_tone
from tapewarden.desktop.presenters.triage.signal_cells import age_text
from tapewarden.desktop.presenters.triage.standing import case_name, standing
from tapewarden.domain.case import Case, CaseState
from tapewarden.domain.casework import Queued


def case_cells(queued: Queued, now_ns: int) -> tuple[Cell, ...]:
    """Which, how grave, what, where, who, where it stands, whose, how urgent, how many signals, how old."""
    case = queued.case
    tone = severity_tone(case.severity)
    return (
        Cell(case_name(case.id)),
        Cell(case.severity.upper(), tone),
        Cell(case.family.capitalize(), pattern_tone(case.family, "")),
        Cell(case.instrument),
        Cell(case.actor or UNKNOWN),
        standing(case),
        Cell(case.assignee or "nobody", Tone.PLAIN if case.assignee else Tone.MUTED),
        Cell(f"{case.priority:.0f}", tone, case.priority / 100),
        Cell(f"{queued.signals:,}"),
        _age(case, now_ns),
    )


def _age(case: Case, now_ns: int) -> Cell:
    """Since its opening; of a closed one, until it was closed. Red and "late" beyond the target."""
    end_ns = now_ns if case.closing is None else case.closing.at_ns
    late = case.state is not CaseState.CLOSED and now_ns > case.due_ns
    text = age_text(end_ns - case.opened_ns)
    return Cell(f"late {text}" if late else text, Tone.BAD if late else Tone.MUTED)
