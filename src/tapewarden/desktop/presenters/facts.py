"""Facts about the tape for the top bar."""

from __future__ import annotations

from dataclasses import dataclass

from tapewarden.desktop.presenters.tape import TapeMeter
from tapewarden.desktop.presenters.tone import Tone


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact in a few words."""

    text: str
    tone: Tone


def tape_facts(meter: TapeMeter, dropped: int) -> tuple[Fact, ...]:
    """How fast the tape goes, how far it is, and what of it is missing here.

    ``dropped`` is how many rows this window did not take in time.
    """
    rate, lost = meter.events_per_second, dropped + meter.left_out
    return (
        Fact("– ev/s" if rate is None else f"{rate:,.0f} ev/s", Tone.MUTED),
        Fact(f"seq {meter.frame:,}", Tone.MUTED),
        Fact(f"gaps {meter.gaps:,}", _of_missing(meter.gaps)),
        Fact(f"dropped {lost:,}", _of_missing(lost)),
    )


def _of_missing(count: int) -> Tone:
    return Tone.DOUBTFUL if count else Tone.MUTED
