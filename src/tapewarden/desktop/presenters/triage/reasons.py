"""Why a signal was given, as headings and bars, with what the server says beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tapewarden.desktop.presenters.conditions import Bar, Heading, model_bars, rule_bars
from tapewarden.desktop.presenters.tone import Tone, pattern_tone
from tapewarden.desktop.presenters.triage.weighed import weighed
from tapewarden.domain.case import Case
from tapewarden.domain.grounds import Contribution, Grounds
from tapewarden.domain.signal import Reason, Signal
from tapewarden.domain.weighing import Weighing


def why(
    signal: Signal, case: Case | None, grounds: Grounds | None, weighing: Weighing | None = None
) -> list[Heading | Bar]:
    """What was seen, each condition or feature, the priority of its case, and what speaks against it."""
    tone = pattern_tone(signal.family, signal.typology)
    seen = signal.text if grounds is None else grounds.seen
    where = f"{signal.typology.capitalize()} · {signal.instrument} · {signal.actor or 'nobody accused'}"
    lines: list[Heading | Bar] = [Heading(where, seen, tone)]
    lines.append(Heading(f"Score {signal.score:.2f} · {signal.detector}", _scored(signal), Tone.PLAIN))
    if signal.anomaly is None:
        lines += [one for one in rule_bars([signal]) if isinstance(one, Bar)]
    else:
        lines += model_bars([signal])
        known = () if grounds is None else grounds.contributions
        lines += _contributions(known) if known else _features(signal.reasons)
    if case is not None and weighing is not None:
        lines += weighed(case, weighing)
    if grounds is not None:
        lines += said(grounds)
    return lines


def _scored(signal: Signal) -> str:
    held = sum(reason.passed for reason in signal.reasons)
    if signal.anomaly is None:
        return f"{held} of {len(signal.reasons)} conditions hold; the white tick is the threshold."
    return f"{held} features speak for it, {len(signal.reasons) - held} against it."


def _contributions(contributions: Sequence[Contribution]) -> Iterator[Bar]:
    """How far each feature moved the score, with its sign."""
    most = max(abs(one.effect) for one in contributions) or 1.0
    for one in contributions:
        tone = Tone.ANOMALY if one.effect > 0 else Tone.GOOD
        text = f"{one.effect:+.2f} · {one.value:.3g}, usually {one.median:.3g}"
        yield Bar(one.feature, text, abs(one.effect) / most, None, tone)


def _features(reasons: Sequence[Reason]) -> Iterator[Bar]:
    """Features of a model that cannot be asked any more: beside the usual, and for or against."""
    for one in reasons:
        most = max(abs(one.value), abs(one.threshold)) * 1.25 or 1.0
        sign, tone = ("+ for", Tone.ANOMALY) if one.passed else ("− against", Tone.GOOD)
        text = f"{one.value:.3g}, usually {one.threshold:.3g} · {sign}"
        yield Bar(one.name, text, min(abs(one.value) / most, 1.0), abs(one.threshold) / most, tone)


def said(grounds: Grounds) -> Iterator[Heading]:
    """What the server says of a signal beside its conditions, a heading each."""
    told = (
        ("What is usual", grounds.usual, Tone.MUTED),
        ("What weighs most", grounds.reasons, Tone.PLAIN),
        ("What speaks against it", grounds.against, Tone.GOOD),
        ("Look at next", grounds.next, Tone.ACCENT),
    )
    for title, text, tone in told:
        if text:
            yield Heading(title, text, tone)
