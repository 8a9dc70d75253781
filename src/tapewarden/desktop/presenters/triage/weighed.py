"""How the priority of a case comes about, with its numbers, as headings and bars."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Final

from tapewarden.desktop.presenters.conditions import Bar, Heading
from tapewarden.desktop.presenters.tone import Tone, pattern_tone
from tapewarden.domain.case import Case
from tapewarden.domain.counting import counted
from tapewarden.domain.weighing import Voice, Weighing

_MIDDLE: Final = 0.5  # what an unknown materiality counts as
_SAME: Final = 0.5  # of 100: priorities that read alike


def weighed(case: Case, weighing: Weighing) -> Iterator[Heading | Bar]:
    """The formula of the priority with its numbers, then a bar for each of them."""
    material = _MIDDLE if weighing.materiality is None else weighing.materiality
    factors = " × ".join(f"(1 − {chance:.2f})" for chance in _chances(weighing))
    text = (
        f"{weighing.priority:.0f} = 100 × suspicion × (0.5 + 0.5 × materiality)"
        f" = 100 × {weighing.suspicion:.2f} × (0.5 + 0.5 × {material:.2f})."
        f" Suspicion {weighing.suspicion:.2f} = 1 − {factors or '1'}: a detector counts for its weight times"
        " its highest score; the weight is how often its cases proved right."
    )
    if abs(weighing.priority - case.priority) >= _SAME:
        text += f" With its latest signal it was {case.priority:.0f}: other cases have come since."
    yield Heading(f"Priority of its case {weighing.priority:.0f} of 100", text, Tone.PLAIN)
    caps = dict(weighing.caps)
    for voice in weighing.voices:
        yield _voice(voice, caps.get(voice.family))
    if weighing.earlier_cases:
        name = f"{counted(weighing.earlier_cases, 'earlier case')} of the actor"
        yield Bar(name, f"{weighing.repetition:.2f}", weighing.repetition, None, Tone.MEDIUM)
    told = "unknown, counts as the middle"
    if weighing.materiality is not None:
        told = f"more at stake than in {weighing.materiality:.0%} of others"
    yield Bar("Materiality", f"{material:.2f} · {told}", material, None, Tone.MUTED)


def _voice(voice: Voice, cap: float | None) -> Bar:
    chance = voice.weight * voice.score
    at_most = "" if cap is None else f" · at most {cap:.2f}"
    text = f"weight {voice.weight:.2f} × {voice.score:.2f} = {chance:.2f}{at_most}"
    return Bar(voice.detector, text, chance, cap, pattern_tone(voice.family, ""))


def _chances(weighing: Weighing) -> Iterator[float]:
    """Of each family of detectors, and of repetition."""
    caps = dict(weighing.caps)
    for family in dict.fromkeys(one.family for one in weighing.voices):
        against = prod(1 - one.weight * one.score for one in weighing.voices if one.family == family)
        yield min(caps.get(family, 1.0), 1 - against)
    if weighing.earlier_cases:
        yield weighing.repetition
