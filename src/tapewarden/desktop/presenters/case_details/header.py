"""What stands above a case: its name, what it is about, how it stands, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass

from tapewarden.desktop.presenters.numbers import clock_text, date_text
from tapewarden.desktop.presenters.tone import Tone, pattern_tone, severity_tone
from tapewarden.domain.case import Case, CaseState, Closing
from tapewarden.domain.casework import CaseFile


@dataclass(frozen=True, slots=True)
class Chip:
    """A word on a tinted ground."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Header:
    """A case in two lines."""

    title: str
    chips: tuple[Chip, ...]
    risk: str
    about: str


def header_of(file: CaseFile, *, simulated: bool) -> Header:
    """The header of a case; what is simulated says so."""
    case = file.case
    patterns = sorted({(one.signal.family, one.signal.typology) for one in file.signals})
    chips = [Chip("SIM", Tone.DOUBTFUL)] if simulated else []
    chips.append(Chip(f"{case.state} · {case.assignee or 'nobody'}", _state_tone(case)))
    chips.append(Chip(str(case.severity).upper(), severity_tone(case.severity)))
    chips += [Chip(typology.capitalize(), pattern_tone(family, typology)) for family, typology in patterns]
    suspicion = case.suspicion_formed_ns
    since = "" if suspicion is None else f" · suspicion since {date_text(suspicion)} UTC"
    clock = "of market time" if simulated else "UTC"
    counted = "1 signal" if len(file.signals) == 1 else f"{len(file.signals)} signals"
    about = (
        f"{case.instrument} · {case.actor or 'accuses nobody'} · "
        f"{date_text(case.start_ns)}–{clock_text(case.end_ns)} {clock} · {counted}{since}"
    )
    return Header(f"CASE-{case.id:04}", tuple(chips), f"risk {case.priority:.0f}", about)


def header_while_reading(case_id: int, told: str) -> Header:
    """The header of a case that is not read yet; ``told`` says that it is being read, or why it is not."""
    return Header(f"CASE-{case_id:04}", (), "", told)


def standing(case: Case) -> str:
    """What waits for a second person, or how the case was closed; empty for neither."""
    if case.proposed is not None:
        return f"{_said(case.proposed, 'proposes to close')}  A second person must approve."
    if case.closing is not None:
        approved = case.closing.approved_by
        return _said(case.closing, "closed") + (f"  Approved by {approved}." if approved else "")
    return ""


def _said(closing: Closing, verb: str) -> str:
    reason = " ".join(closing.reason.split())
    other = "" if closing.duplicate_of is None else f" of CASE-{closing.duplicate_of:04}"
    return f"{closing.by} {verb} it as {closing.disposition}{other}: “{reason}”."


def _state_tone(case: Case) -> Tone:
    if case.state is CaseState.ESCALATED:
        return Tone.HIGH
    return Tone.MUTED if case.state is CaseState.CLOSED else Tone.ACCENT
