"""Signals as rows of tables."""

from __future__ import annotations

from tapewarden.desktop.presenters.case_feed import CaseFeed
from tapewarden.desktop.presenters.numbers import date_text, time_text
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone, pattern_tone, severity_tone
from tapewarden.desktop.presenters.triage.standing import case_name, ending, standing
from tapewarden.domain.casework import StoredSignal
from tapewarden.domain.kinds import DAY


class SignalCells:
    """Cells of signals, with the state of their cases as it is now.

    Args:
        cases: What is known of cases.
    """

    def __init__(self, cases: CaseFeed) -> None:
        self._cases = cases

    def ranked(self, stored: StoredSignal) -> tuple[Cell, ...]:
        """Of the list: when, how grave, what, where, who, how sure, why, what became of it."""
        signal = stored.signal
        tone = severity_tone(signal.severity)
        return (
            Cell(time_text(signal.end_ns), Tone.MUTED),
            Cell(signal.severity.upper(), tone),
            Cell(signal.typology.capitalize(), pattern_tone(signal.family, signal.typology)),
            Cell(signal.instrument),
            Cell(signal.actor or "–"),
            Cell(f"{signal.score:.2f}", tone, signal.score),
            Cell(plain(signal.text)),
            self.state(stored),
        )

    def past(self, stored: StoredSignal) -> tuple[Cell, ...]:
        """Of the list of similar ones: when, how sure, what became of it."""
        case = self._cases.find(stored.case_id)
        words = "suppressed" if case is None else f"{case_name(case.case.id)} {ending(case.case)}"
        return (
            Cell(date_text(stored.signal.end_ns)[5:], Tone.MUTED),  # without the year
            Cell(f"{stored.signal.score:.2f}"),
            self.state(stored),
            Cell(plain(words), Tone.MUTED),
        )

    def state(self, stored: StoredSignal) -> Cell:
        """What became of it."""
        if stored.case_id is None:
            return Cell("SUPPRESSED", Tone.MUTED)
        case = self._cases.find(stored.case_id)
        return Cell("…", Tone.MUTED) if case is None else standing(case.case)


def age_text(nanoseconds: int) -> str:
    """A span of time as people say it.

    >>> age_text(93_784 * 10**9)
    '1 d 02 h'
    """
    days, rest = divmod(max(0, nanoseconds), DAY)
    minutes = rest // 60_000_000_000
    if days:
        return f"{days} d {minutes // 60:02} h"
    return f"{minutes // 60} h {minutes % 60:02} m" if minutes >= 60 else f"{minutes} min"


def plain(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
