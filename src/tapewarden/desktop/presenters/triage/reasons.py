"""Why a signal was given, as headings and bars, with what the server says beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tapewarden.desktop.presenters.conditions import Bar, Heading, model_bars, rule_bars
from tapewarden.desktop.presenters.numbers import clock_text
from tapewarden.desktop.presenters.tone import Tone, pattern_tone
from tapewarden.desktop.presenters.triage.weighed import weighed
from tapewarden.domain.case import Case
from tapewarden.domain.grounds import Alike, Contribution, Grounds
from tapewarden.domain.signal import Reason, Signal
from tapewarden.domain.weighing import Weighing

_MIDDLE: Final = 0.5  # of a bar: where what moves nothing would end


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
    if grounds is not None:
        lines += _peers(grounds.alike)
    if case is not None and weighing is not None:
        lines += weighed(case, weighing)
    if grounds is not None:
        lines += said(grounds)
    return lines


def _scored(signal: Signal) -> str:
    held = sum(reason.passed for reason in signal.reasons)
    if signal.anomaly is None:
        return f"{held} of {len(signal.reasons)} conditions hold; the white tick is the threshold."
    return (
        f"{held} features speak for it, to the right of the white tick, {len(signal.reasons) - held} against "
        "it, to the left. Unusual is no suspicion."
    )


def _contributions(contributions: Sequence[Contribution]) -> Iterator[Bar]:
    """How far each feature moved the score: to the right toward the unusual, to the left toward the usual."""
    most = max(abs(one.effect) for one in contributions) or 1.0
    for one in contributions:
        tone = Tone.ANOMALY if one.effect > 0 else Tone.GOOD
        told = one.words or f"{one.value:.3g}, usually {one.median:.3g}"
        text = f"{one.effect:+.2f} · {told}"
        share = _MIDDLE + _MIDDLE * one.effect / most
        yield Bar(one.meaning or one.feature, text, share, _MIDDLE, tone, _MIDDLE)


def _peers(alike: Sequence[Alike]) -> Iterator[Heading | Bar]:
    """The ordinary windows that are nearest; the shorter the bar, the nearer."""
    if not alike:
        return
    yield Heading("Nearest ordinary windows", "The shorter the bar, the more alike.", Tone.GOOD)
    most = max(one.distance for one in alike) or 1.0
    for one in alike:
        whose = f"{one.actor or 'the market'} on {one.instrument}, {clock_text(one.start_ns)}"
        differs = f" · differs in {one.differences[0]}" if one.differences else ""
        yield Bar(whose, f"{one.distance:.2f} apart{differs}", one.distance / most, None, Tone.GOOD)


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
