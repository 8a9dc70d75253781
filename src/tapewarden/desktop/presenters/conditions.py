"""Conditions: values beside what they had to reach, and what models say, as bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tapewarden.desktop.presenters.numbers import clock_text
from tapewarden.desktop.presenters.tone import Tone, pattern_tone
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Reason, Signal

_SHORT: Final = 8  # digits that tell models apart
_WHOLE: Final = 100  # from here on decimals say nothing
_SHARE_OF: Final = "of "  # so units begin of which a value is a share
_ROOM: Final = 1.25  # a bar goes so much farther than the larger of value and threshold


@dataclass(frozen=True, slots=True)
class Heading:
    """What the bars below it are of; ``note`` is a sentence."""

    title: str
    note: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Bar:
    """A value as a bar that ends at ``share``, 0 to 1, with a tick at ``mark`` if there is a threshold.

    It begins at ``start``, which is the middle for what may be above and below zero.
    """

    name: str
    text: str
    share: float
    mark: float | None
    tone: Tone
    start: float = 0.0


def rule_bars(signals: Iterable[Signal]) -> list[Heading | Bar]:
    """The conditions of rules that fired, a heading for each signal."""
    lines: list[Heading | Bar] = []
    for signal in signals:
        tone = pattern_tone(signal.family, signal.typology)
        title = f"{signal.detector}  {signal.typology} · score {signal.score:.2f}"
        lines.append(Heading(title, signal.text, tone))
        lines += [_condition(reason, tone) for reason in signal.reasons]
    return lines


def model_bars(signals: Iterable[Signal]) -> list[Heading | Bar]:
    """What anomaly models say: which one, its score, the level that it had to reach, and how rare it is."""
    lines: list[Heading | Bar] = []
    for signal in signals:
        if (anomaly := signal.anomaly) is not None:
            rarer = 1 - anomaly.p_value
            level = "" if anomaly.level is None else f" ≥ {anomaly.level:.3f}"
            text = f"{anomaly.raw_score:.3f}{level} · above {100 * rarer:.4g}% of usual windows"
            name = f"{_window(signal)} · model {anomaly.model[:_SHORT]}"
            lines.append(Bar(name, text, _within(rarer), None, Tone.ANOMALY))
    return lines


def _window(signal: Signal) -> str:
    """How long the window is that a model judged, and when it began."""
    seconds = (signal.end_ns - signal.start_ns) // SECOND
    length = f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"
    return f"{length} from {clock_text(signal.start_ns)}"


def _condition(reason: Reason, tone: Tone) -> Bar:
    most = max(reason.value, reason.threshold) * _ROOM
    number = _percent if reason.unit.startswith(_SHARE_OF) else _number
    text = f"{number(reason.value)} {_relation(reason)} {number(reason.threshold)}"
    verdict = "met" if reason.passed else "not met"
    return Bar(
        reason.name[:1].upper() + reason.name[1:],
        f"{text} {verdict} · {reason.unit}",  # where there is no room, the unit goes first
        _within(reason.value / most) if most > 0 else 0.0,
        _within(reason.threshold / most) if most > 0 else None,
        tone if reason.passed else Tone.MUTED,
    )


def _relation(reason: Reason) -> str:
    """How a value is beside its threshold; a condition that holds includes the threshold."""
    if reason.value >= reason.threshold:
        return "≥" if reason.passed else ">"
    return "≤" if reason.passed else "<"


def _number(value: float) -> str:
    large = abs(value) >= _WHOLE or value == round(value)
    return f"{value:,.0f}" if large and abs(value) < 1e9 else f"{value:,.3g}"


def _percent(share: float) -> str:
    return f"{_number(100 * share)}%"


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
